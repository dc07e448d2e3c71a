#include "gateway/transport/reader.h"

#include <algorithm>
#include <array>

#include "gateway/transport/framing.h"
#include "gateway/transport/grammar.h"
#include "gateway/transport/target.h"

namespace stafett::transport {
namespace {

constexpr unsigned kInterimAnswers = 8;

/// Fields only a proxy of ours could set. There is none, so they are never true.
bool isForeign(std::string_view name) {
    constexpr std::array<std::string_view, 4> kNames{"Forwarded", "X-Real-IP", "Client-Cert",
                                                     "Client-Cert-Chain"};
    constexpr std::array<std::string_view, 4> kBeginnings{"X-Forwarded-", "X-Client-Cert", "X-SSL-",
                                                          "SSL-Client-"};
    for (const auto known : kNames) {
        if (sameName(name, known)) return true;
    }
    for (const auto known : kBeginnings) {
        if (sameName(name.substr(0, known.size()), known)) return true;
    }
    return false;
}

struct ReadRequest {
    HttpRequest request;
    std::string target;

    void start(std::string_view method, std::string_view whole_target) {
        request.method = method;
        target = whole_target;
    }
    void field(std::string_view name, std::string_view value) {
        if (!isForeign(name)) request.headers.add(std::string(name), std::string(value));
    }
};

struct ReadAnswer {
    HttpResponse response;

    void start(int status) { response.status = status; }
    void field(std::string_view name, std::string_view value) {
        response.headers.add(std::string(name), std::string(value));
    }
};

enum class Method : std::uint8_t { Plain, NeedsLength, Forbidden, Unknown };

Method judgeMethod(std::string_view method) {
    if (method == "POST" || method == "PUT" || method == "PATCH") return Method::NeedsLength;
    if (method == "GET" || method == "HEAD" || method == "DELETE") return Method::Plain;
    return method == "TRACE" || method == "OPTIONS" ? Method::Forbidden : Method::Unknown;
}

}  // namespace

struct RequestReader::State {
    using Frame = Framing<true, ReadRequest>;

    explicit State(const config::Listener& settings) : limits(settings) { renew(); }

    void renew() {
        frame.emplace(HeadScan::Limits{limits.head, limits.fields, limits.target},
                      std::max(limits.body, limits.large_body));
        refusal.reset();
    }

    /// What can be judged once the head is there. Empty when it is good.
    std::optional<Refusal> judgeHead() {
        auto& read = frame->message();
        if (frame->chunked()) frame->limitBody(limits.body);  // nobody can say how large it gets
        switch (judgeMethod(read.request.method)) {
            case Method::Unknown:
                return Refusal{501, Code::HttpNotImplemented};
            case Method::Forbidden:
                return Refusal{405, Code::HttpMethod};
            case Method::NeedsLength:
                if (!frame->hasLength()) return Refusal{411, Code::HttpLengthRequired};
                break;
            case Method::Plain:
                break;
        }
        const auto host = read.request.headers.get("Host");
        if (!limits.host.empty() && !sameName(hostName(host), limits.host)) {
            return Refusal{421, Code::HttpMisdirected};
        }
        auto target = readTarget(read.target, host);
        if (!target) return target.error();
        read.request.path = std::move(target->path);
        read.request.query = std::move(target->query);
        const auto coding = read.request.headers.get("Content-Encoding");
        if (!coding.empty() && !sameName(coding, "identity")) {
            return Refusal{415, Code::HttpMediaType};
        }
        if (read.request.headers.has("Expect") &&
            !sameName(read.request.headers.get("Expect"), "100-continue")) {
            return Refusal{417, Code::HttpNotImplemented};
        }
        return std::nullopt;
    }

    const config::Listener& limits;
    std::optional<Frame> frame;
    std::optional<Refusal> refusal;
    bool judged = false;
};

RequestReader::RequestReader(const config::Listener& limits)
    : state_(std::make_unique<State>(limits)) {}
RequestReader::~RequestReader() = default;
RequestReader::RequestReader(RequestReader&&) noexcept = default;
RequestReader& RequestReader::operator=(RequestReader&&) noexcept = default;

Step RequestReader::put(std::string_view bytes) {
    if (state_->refusal) return {Step::State::Refused, 0};
    const auto step = state_->frame->put(bytes);
    if (step.state == Step::State::Refused) {
        state_->refusal = state_->frame->refusal();
    } else if (step.state != Step::State::More && !state_->judged) {
        state_->judged = true;
        state_->refusal = state_->judgeHead();
    }
    if (state_->refusal) return {Step::State::Refused, step.used};
    return step;
}

Refusal RequestReader::refusal() const {
    return state_->refusal.value_or(Refusal{400, Code::HttpMalformed});
}

std::uint64_t RequestReader::length() const { return state_->frame->length(); }

void RequestReader::makeRoom() { state_->frame->body().reserve(length()); }

bool RequestReader::waitsForContinue() const {
    return !state_->frame->bodyBegun() && !state_->frame->whole() &&
           state_->frame->message().request.headers.has("Expect");
}

const HttpRequest& RequestReader::request() const { return state_->frame->message().request; }

bool RequestReader::keepsAlive() const { return state_->frame->keepsAlive(); }

HttpRequest RequestReader::take() {
    HttpRequest request = std::move(state_->frame->message().request);
    request.body = std::move(state_->frame->body());
    state_->judged = false;
    state_->renew();
    return request;
}

struct AnswerReader::State {
    using Frame = Framing<false, ReadAnswer>;

    State(Limits given, bool without_body) : limits(given), no_body(without_body) { renew(); }

    void renew() {
        frame.emplace(HeadScan::Limits{limits.head, limits.fields, limits.head}, limits.body);
        if (no_body) frame->skipBody();
    }

    Limits limits;
    bool no_body;
    bool begun = false;
    unsigned interim = 0;
    std::optional<Frame> frame;
};

AnswerReader::AnswerReader(Limits limits, std::string_view method)
    : state_(std::make_unique<State>(limits, method == "HEAD")) {}
AnswerReader::~AnswerReader() = default;
AnswerReader::AnswerReader(AnswerReader&&) noexcept = default;
AnswerReader& AnswerReader::operator=(AnswerReader&&) noexcept = default;

Step AnswerReader::put(std::string_view bytes) {
    std::size_t used = 0;
    while (true) {
        const auto rest = bytes.substr(used);
        if (!rest.empty()) state_->begun = true;
        auto step = state_->frame->put(rest);
        step.used += used;
        if (step.state != Step::State::Whole || !state_->frame->whole()) return step;
        const int status = state_->frame->message().response.status;
        if (status >= 200) return step;
        // An interim answer: the real one follows. Nobody asked for another protocol.
        if (status == 101 || ++state_->interim > kInterimAnswers) {
            return {Step::State::Refused, step.used};
        }
        used = step.used;
        state_->renew();
        if (used == bytes.size()) return {Step::State::More, used};
    }
}

bool AnswerReader::finish() { return state_->frame->endsWithConnection(); }

bool AnswerReader::begun() const { return state_->begun; }

bool AnswerReader::keepsAlive() const { return state_->frame->keepsAlive(); }

HttpResponse AnswerReader::take() {
    HttpResponse response = std::move(state_->frame->message().response);
    response.body = std::move(state_->frame->body());
    return response;
}

}  // namespace stafett::transport
