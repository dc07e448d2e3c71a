#include "gateway/plugin/conformance.h"

#include <algorithm>
#include <ostream>

#include "gateway/plugin/loaded_adapter.h"

namespace stafett::plugin {
namespace {

/// What was checked, told as it goes.
class Findings {
public:
    explicit Findings(std::ostream& out) : out_(&out) {}

    void that(const std::string& what, const std::string& why_not) {
        ++count_;
        if (why_not.empty()) return;
        ++wrong_;
        *out_ << "wrong  " << what << ": " << why_not << "\n";
    }
    bool close(const std::string& part) {
        *out_ << (wrong_ == 0 ? "ok     " : "wrong  ") << part << " (" << count_ << " checks";
        if (wrong_ != 0) *out_ << ", " << wrong_ << " wrong";
        *out_ << ")\n";
        const bool good = wrong_ == 0;
        count_ = wrong_ = 0;
        return good;
    }

private:
    std::ostream* out_;
    int count_ = 0, wrong_ = 0;
};

constexpr std::string_view kHostile = "]]>\"'</x><b a='1'>&amp;\\ å 😀 {\"k\":1}\r\n\t";

ReplyInput replyTo(Outcome outcome, Code code, Language language, std::string_view text) {
    ReplyInput input;
    input.outcome = outcome;
    input.code = code;
    input.language = language;
    input.id = "0198c0de-0000-7000-8000-000000000001";
    input.sender_id = std::string(text);
    input.case_own = std::string(text);
    input.now = Time(std::chrono::hours(24) * 20'000);
    input.retry_after = std::chrono::seconds(5);
    if (outcome == Outcome::Accepted) input.receipt = "eyJh.eyJi.c2ln";
    for (int i = 0; i < 50; ++i) {
        input.lines.push_back({i % 2 == 0 ? "ST-MAP-014" : std::string(text), std::string(text),
                               std::string(text), i % 3 == 0 || outcome == Outcome::Accepted});
    }
    input.count = input.lines.size();
    return input;
}

/// Reads a body back as what its Content-Type says; why not when it cannot be.
std::string unreadable(const WireMessage& made) {
    if (made.body.empty()) return {};
    const auto media = readMediaType(findHeader(&made.headers, "Content-Type").value);
    if (!media) return "no Content-Type";
    codec::ReadOptions options;
    options.charset = media->charset;
    static constexpr codec::Encoding kAll[] = {codec::Encoding::Latin1,
                                               codec::Encoding::Windows1252};
    if (media->type.ends_with("json")) {
        if (auto document = codec::readJson(made.body, options); !document)
            return describe(document.error(), Language::English);
    } else if (media->type.ends_with("xml")) {
        options.allowed = kAll;
        if (auto document = codec::readXml(made.body, options); !document)
            return describe(document.error(), Language::English);
    }
    return {};
}

std::string failedCall(const Adapter& adapter, std::uint64_t failures) {
    return adapter.health().failures == failures
               ? ""
               : "the function failed (see docs/plugin-authors.md: A call that fails)";
}

void checkReply(const Adapter& adapter, const ReplyInput& input, const std::string& what,
                Findings& found) {
    const auto failures = adapter.health().failures;
    const auto first = adapter.reply(input);
    const auto second = adapter.reply(input);
    found.that(what, failedCall(adapter, failures));
    found.that(what, first.status >= 200 && first.status <= 599
                         ? ""
                         : "status " + std::to_string(first.status));
    found.that(what, first.body == second.body && first.headers == second.headers &&
                             first.status == second.status
                         ? ""
                         : "the same input gave another reply");
    found.that(what, unreadable(first));
    const bool ok = first.status < 300;
    const bool accepted = replyOutcome(input.outcome) == STAFETT_ACCEPTED;
    found.that(what, accepted && !ok ? "accepted, but no 2xx" : "");
    if (!accepted && ok) {
        found.that(what,
                   first.body.empty() ? "refused with an empty 2xx: the sender cannot tell" : "");
    }
    if (!accepted) {
        auto positive = input;
        positive.outcome = Outcome::Accepted;
        found.that(what, adapter.reply(positive).body == first.body && ok
                             ? "reads as if it were accepted"
                             : "");
    }
    found.that(what, accepted || first.body.find(input.id) != std::string::npos
                         ? ""
                         : "the refusal id is not in it");
}

/// Every form that is read, and none: a refused document may not have been recognised.
std::vector<std::string> formsOf(const Manifest& manifest, mapping::Direction direction) {
    std::vector<std::string> forms;
    if (direction == mapping::Direction::Read) {
        for (const auto& route : manifest.inbound) {
            for (const auto& choice : route.forms) forms.push_back(choice.form.value);
        }
    } else {
        for (const auto& outbound : manifest.outbound) forms.push_back(outbound.form.value);
    }
    forms.emplace_back();
    return forms;
}

bool checkReplies(const Adapter& adapter, const Manifest& manifest, std::ostream& out) {
    Findings found(out);
    const std::pair<Outcome, Code> outcomes[] = {{Outcome::Accepted, Code::HttpMalformed},
                                                 {Outcome::ContentRefused, Code::MapUnknownValue},
                                                 {Outcome::NotAllowed, Code::TlsNotForParty},
                                                 {Outcome::Conflict, Code::NoForm},
                                                 {Outcome::Malformed, Code::XmlMalformed},
                                                 {Outcome::Malformed, Code::HttpMediaType},
                                                 {Outcome::Busy, Code::HttpTooMany},
                                                 {Outcome::Hold, Code::PluginFailed}};
    for (const auto& [outcome, code] : outcomes) {
        for (const auto& form : formsOf(manifest, mapping::Direction::Read)) {
            if (form.empty() && outcome == Outcome::Accepted && !manifest.inbound.empty()) continue;
            for (const auto text : {std::string_view("M-17"), kHostile, std::string_view()}) {
                const auto what = "reply " + std::string(outcomeWord(outcome)) + " to '" + form +
                                  "'" +
                                  (text == kHostile ? " with hostile text"
                                   : text.empty()   ? " with empty text"
                                                    : "");
                for (const auto language : {Language::Swedish, Language::English}) {
                    auto input = replyTo(outcome, code, language, text);
                    input.form = form;
                    checkReply(adapter, input, what, found);
                    input.lines.clear();
                    input.count = 0;
                    checkReply(adapter, input, what + ", no lines", found);
                }
            }
        }
    }
    return found.close("replies");
}

std::vector<std::string> hostileBodies(const std::string& our_id) {
    return {
        "",
        " ",
        "{}",
        "[]",
        "null",
        "{\"a\":",
        "<a/>",
        "<a>",
        "<!DOCTYPE a><a/>",
        std::string("\0\1\2", 3),
        std::string(200'000, 'x'),
        "{\"id\":\"" + our_id + "\"}",
        "{\"resourceType\":\"Bundle\",\"entry\":[{},{\"resource\":null}]}",
        "<s:Envelope xmlns:s='http://schemas.xmlsoap.org/soap/envelope/'><s:Body/></s:Envelope>",
        "<s:Envelope "
        "xmlns:s='http://schemas.xmlsoap.org/soap/envelope/'><s:Body><s:Fault/></s:Body></"
        "s:Envelope>",
        "<s:Envelope "
        "xmlns:s='http://schemas.xmlsoap.org/soap/envelope/'><s:Body><a><b>191212121212</b></a></"
        "s:Body></s:Envelope>",
        std::string(90, '[') + std::string(90, ']'),
        "<a>" + std::string(100'000, ' ') + "</a>"};
}

void checkAnswer(const Adapter& adapter, const WireAnswer& answer, const std::string& what,
                 Findings& found) {
    const auto failures = adapter.health().failures;
    const auto first = adapter.interpret(answer);
    const auto second = adapter.interpret(answer);
    found.that(what, failedCall(adapter, failures));
    found.that(what, first.fate == second.fate && first.code == second.code &&
                             first.receiver_id == second.receiver_id
                         ? ""
                         : "the same answer was judged otherwise");
    const bool ok = answer.status >= 200 && answer.status < 300;
    const bool conflict =
        answer.status == 409 && answer.body.find(answer.our_id) != std::string_view::npos;
    found.that(what, first.fate == Fate::Delivered && !ok && !conflict
                         ? "delivered, though the status says no"
                         : "");
    found.that(what, answer.status >= 502 && first.fate != Fate::Retry
                         ? "a gateway's 5xx must be tried again"
                         : "");
    found.that(what, (answer.status == 401 || answer.status == 403) && first.fate == Fate::Delivered
                         ? "delivered, though not let in"
                         : "");
    found.that(what, first.code.find("191212121212") != std::string::npos
                         ? "a personal number in the code"
                         : "");
}

bool checkAnswers(const Adapter& adapter, const Manifest& manifest, std::ostream& out) {
    Findings found(out);
    const std::string our_id = "0198c0de-0000-7000-8000-000000000001";
    const auto forms = formsOf(manifest, mapping::Direction::Write);
    for (const int status :
         {200, 201, 204, 301, 400, 401, 403, 404, 408, 409, 422, 429, 500, 502, 503, 504}) {
        for (const char* type : {"application/json", "text/xml; charset=utf-8", ""}) {
            for (const auto& body : hostileBodies(our_id)) {
                for (const auto& form : forms) {
                    Headers headers;
                    if (*type != '\0') headers.emplace_back("Content-Type", type);
                    const WireAnswer answer{status, &headers, body, our_id, form};
                    checkAnswer(adapter, answer, "interpret " + std::to_string(status) + " " + type,
                                found);
                }
            }
        }
    }
    return found.close("answers");
}

bool checkRequests(const Adapter& adapter, const Manifest& manifest, std::ostream& out) {
    Findings found(out);
    for (const auto& route : manifest.inbound) {
        for (const auto& body : hostileBodies("x")) {
            const Headers headers = {{"Content-Type", route.content_types.front()},
                                     {"SOAPAction", "\"\""}};
            const WireRequest request{route.method, route.path, "a=%zz&b", &headers, body};
            const auto what = "decode " + route.path;
            const auto failures = adapter.health().failures;
            const auto first = adapter.decode(request);
            const auto second = adapter.decode(request);
            found.that(what, failedCall(adapter, failures));
            found.that(what, first.has_value() == second.has_value() &&
                                     (first || first.error().code() == second.error().code())
                                 ? ""
                                 : "the same request was judged otherwise");
            if (first) adapter.check(first->form, first->document);
            found.that(what + " check", failedCall(adapter, failures));
        }
    }
    return found.close("requests");
}

}  // namespace

bool checkPlugin(const std::filesystem::path& file, std::ostream& out) {
    const auto registry = Registry::load({{file}}, Profile::Dev);
    if (!registry) {
        for (const auto& error : registry.error())
            out << "wrong  " << describe(error, Language::English) << "\n       "
                << error.info().todo(Language::English) << "\n";
        return false;
    }
    const Adapter& adapter = *registry->all().front();
    out << "ok     loaded " << adapter.id() << " " << adapter.version() << ", sha256 "
        << adapter.digest().hex() << "\n";
    const auto manifest = readManifest(adapter.manifest(), adapter.id());  // whole, or not loaded
    bool good = checkReplies(adapter, *manifest, out);
    good = checkAnswers(adapter, *manifest, out) && good;
    good = checkRequests(adapter, *manifest, out) && good;
    const auto health = adapter.health();
    if (health.overruns != 0) {
        out << "wrong  " << health.overruns << " of " << health.calls
            << " calls took longer than 100 ms\n";
        good = false;
    }
    out << (good ? "The plugin holds the contract.\n"
                 : "The plugin breaks the contract: docs/plugin-authors.md.\n");
    return good;
}

}  // namespace stafett::plugin
