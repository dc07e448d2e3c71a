// interpret: what a receiver's whole answer means for the delivery.
#include <algorithm>
#include <charconv>
#include <ctime>

#include "gateway/plugin/loaded_adapter.h"
#include "gateway/plugin/soap.h"

namespace stafett::plugin {
namespace {

using std::chrono::seconds;

constexpr seconds kLongestWait{7LL * 24 * 3600};

/// An IMF-fixdate: "Sun, 06 Nov 1994 08:49:37 GMT".
std::optional<std::time_t> readDate(std::string_view text) {
    const std::string held(text);
    std::tm parts{};
    const char* end = strptime(held.c_str(), "%a, %d %b %Y %H:%M:%S GMT", &parts);
    if (end == nullptr || *end != '\0') return std::nullopt;
    return timegm(&parts);
}

seconds readRetryAfter(const Headers* headers) {
    const auto header = findHeader(headers, "Retry-After");
    if (header.count != 1) return seconds(0);
    long long count = 0;
    const auto* last = header.value.data() + header.value.size();
    const auto [end, error] = std::from_chars(header.value.data(), last, count);
    if (error == std::errc() && end == last) {
        return std::clamp(seconds(count), seconds(0), kLongestWait);
    }
    const auto then = readDate(header.value);
    if (!then) return seconds(0);
    const auto now = readDate(findHeader(headers, "Date").value).value_or(std::time(nullptr));
    return std::clamp(seconds(*then - now), seconds(0), kLongestWait);
}

/// What may stand in a trace: a code's characters, and no run of digits that could be a person's.
std::string safeCode(std::string_view code) {
    std::string out;
    int digits = 0;
    for (const char c : code.substr(0, 64)) {
        const bool digit = c >= '0' && c <= '9';
        const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
        digits += digit ? 1 : 0;
        out +=
            digit || letter || std::string_view("._:-").find(c) != std::string_view::npos ? c : '?';
    }
    return digits >= 10 ? std::string("?") : out;
}

bool isFault(const codec::Document* document) {
    if (document == nullptr || document->root().name != "Fault") return false;
    const auto space = document->root().space;
    return space != 0 && document->space(space) == kSoapSpace;
}

bool namesOurId(const WireAnswer& answer) {
    if (answer.our_id.empty()) return false;
    if (answer.body.find(answer.our_id) != std::string_view::npos) return true;
    return answer.headers != nullptr &&
           std::any_of(answer.headers->begin(), answer.headers->end(), [&](const auto& header) {
               return header.second.find(answer.our_id) != std::string::npos;
           });
}

Fate fateOfStatus(const WireAnswer& answer, const codec::Document* document) {
    const int status = answer.status;
    if (isFault(document)) return Fate::Retry;
    if (status >= 200 && status < 300) return Fate::Delivered;
    if (status == 408 || status == 425 || status == 429 || status >= 500 || status < 200) {
        return Fate::Retry;
    }
    if (status == 401 || status == 403 || status < 400) return Fate::Denied;  // 3xx: not followed
    if (status == 409 && namesOurId(answer)) return Fate::Delivered;
    return Fate::Refused;
}

}  // namespace

Interpretation interpretStatus(const WireAnswer& answer, const codec::Document* document) {
    Interpretation made;
    made.fate = fateOfStatus(answer, document);
    made.code = isFault(document) ? "soap-fault" : "http-" + std::to_string(answer.status);
    if (made.fate == Fate::Retry) made.retry_after = readRetryAfter(answer.headers);
    return made;
}

std::optional<codec::Document> LoadedAdapter::readAnswer(const WireAnswer& answer) const {
    if (answer.body.empty()) return std::nullopt;
    const auto media = readMediaType(findHeader(answer.headers, "Content-Type").value);
    bool json = manifest_.format == codec::Format::Json;
    codec::ReadOptions options;
    options.limits.bytes = manifest_.body;
    if (media) {
        if (media->type.ends_with("json")) json = true;
        if (media->type.ends_with("xml")) json = false;
        options.charset = media->charset;
    }
    if (!json) options.allowed = manifest_.encodings;
    auto document =
        json ? codec::readJson(answer.body, options) : codec::readXml(answer.body, options);
    if (!document) return std::nullopt;
    if (json || !manifest_.envelope.soap11) return std::move(*document);
    mapping::Attributes ignored;
    const auto root = openEnvelope(*document, manifest_.envelope, ignored);
    if (!root) return std::nullopt;
    return std::move(*document).subtree(*root);
}

Interpretation LoadedAdapter::interpret(const WireAnswer& answer) const {
    const bool reads = functions_.interpret != nullptr || manifest_.envelope.soap11;
    const auto document = reads ? readAnswer(answer) : std::nullopt;
    auto made = interpretStatus(answer, document ? &*document : nullptr);
    if (functions_.interpret == nullptr) return made;
    CallFrame frame({.document = document ? &*document : nullptr, .headers = answer.headers},
                    state_, 0);
    const stafett_answer view{.struct_size = sizeof(stafett_answer),
                              .http_status = static_cast<std::uint32_t>(std::max(0, answer.status)),
                              .has_document = document ? 1U : 0U,
                              .our_id = lent(answer.our_id),
                              .form = lent(answer.form)};
    int32_t fate = STAFETT_FAILED;
    if (!call(functions_.interpret, frame, view, fate) || fate > STAFETT_DENIED) {
        // What the receiver said is not known: the same bytes and id go again.
        return {.fate = Fate::Retry, .code = std::string(info(Code::PluginFailed).id)};
    }
    const Put& put = frame.put();
    if (fate == STAFETT_DELIVERED) made.fate = Fate::Delivered;
    if (fate == STAFETT_RETRY) made.fate = Fate::Retry;
    if (fate == STAFETT_REFUSED) made.fate = Fate::Refused;
    if (fate == STAFETT_DENIED) made.fate = Fate::Denied;
    if (put.code) made.code = safeCode(*put.code);
    if (put.receiver_id) made.receiver_id = *put.receiver_id;
    made.info = put.info && made.fate == Fate::Delivered;
    made.retry_after = seconds(0);
    if (made.fate == Fate::Retry) {
        made.retry_after = put.retry_after.value_or(readRetryAfter(answer.headers));
    }
    return made;
}

}  // namespace stafett::plugin
