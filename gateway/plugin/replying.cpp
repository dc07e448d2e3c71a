// reply: our outcome in the sender's own form, or in the gateway's.
#include <algorithm>

#include "gateway/plugin/escape.h"
#include "gateway/plugin/loaded_adapter.h"

namespace stafett::plugin {
namespace {

constexpr std::size_t kLines = 50;
constexpr std::size_t kReplyLimit = std::size_t{1} << 20;

int statusOfCode(Code code) {
    switch (code) {
        case Code::HttpNoRoute:
            return 404;
        case Code::HttpMethod:
            return 405;
        case Code::HttpTimeout:
            return 408;
        case Code::HttpLengthRequired:
            return 411;
        case Code::HttpTooLarge:
            return 413;
        case Code::HttpUriTooLong:
            return 414;
        case Code::HttpMediaType:
            return 415;
        case Code::HttpMisdirected:
            return 421;
        case Code::HttpTooMany:
            return 429;
        case Code::HttpHeadTooLarge:
            return 431;
        case Code::HttpNotImplemented:
            return 501;
        default:
            return 0;
    }
}

bool isAccepted(const ReplyInput& input) { return replyOutcome(input.outcome) == STAFETT_ACCEPTED; }

/// What the gateway alone may say, over whatever the body says.
void addOwnHeaders(const ReplyInput& input, Headers& headers) {
    headers.emplace_back("Stafett-Outcome", outcomeWord(input.outcome));
    if (isAccepted(input) && !input.receipt.empty()) {
        headers.emplace_back("Stafett-Receipt", input.receipt);
    }
    if (replyOutcome(input.outcome) == STAFETT_BUSY) {
        const auto seconds = std::max<long long>(1, input.retry_after.count());
        headers.emplace_back("Retry-After", std::to_string(seconds));
    }
}

void appendLines(std::string& body, const ReplyInput& input) {
    body += ",\"problems\":[";
    for (std::size_t i = 0; i < std::min(kLines, input.lines.size()); ++i) {
        const auto& line = input.lines[i];
        body += i == 0 ? "{\"code\":" : ",{\"code\":";
        appendJson(body, line.code);
        body += ",\"place\":";
        appendJson(body, line.place);
        body += ",\"text\":";
        appendJson(body, line.text);
        body += line.warning ? ",\"warning\":true}" : "}";
    }
    body += "],\"count\":" + std::to_string(input.count);
}

void appendOptional(std::string& body, std::string_view key, std::string_view value) {
    if (value.empty()) return;
    body.append(",\"").append(key).append("\":");
    appendJson(body, value);
}

}  // namespace

stafett_outcome replyOutcome(Outcome outcome) {
    switch (outcome) {
        case Outcome::Accepted:
        case Outcome::Warning:
        case Outcome::Loss:
            return STAFETT_ACCEPTED;
        case Outcome::ContentRefused:
            return STAFETT_CONTENT_REFUSED;
        case Outcome::NotAllowed:
            return STAFETT_NOT_ALLOWED;
        case Outcome::Conflict:
            return STAFETT_CONFLICT;
        case Outcome::Malformed:
        case Outcome::Usage:
            return STAFETT_MALFORMED;
        case Outcome::Busy:
        case Outcome::Retry:
        case Outcome::Hold:
        case Outcome::Configuration:
            return STAFETT_BUSY;
    }
    return STAFETT_BUSY;
}

std::string_view outcomeWord(Outcome outcome) {
    switch (replyOutcome(outcome)) {
        case STAFETT_ACCEPTED:
            return "accepted";
        case STAFETT_CONTENT_REFUSED:
            return "content_refused";
        case STAFETT_NOT_ALLOWED:
            return "not_allowed";
        case STAFETT_CONFLICT:
            return "conflict";
        case STAFETT_MALFORMED:
            return "malformed";
        case STAFETT_BUSY:
            break;
    }
    return "busy";
}

int replyStatus(const ReplyInput& input) {
    const auto outcome = replyOutcome(input.outcome);
    if (outcome == STAFETT_ACCEPTED) return 200;
    if (outcome == STAFETT_MALFORMED || outcome == STAFETT_BUSY) {
        if (const int status = statusOfCode(input.code); status != 0) return status;
    }
    switch (outcome) {
        case STAFETT_CONTENT_REFUSED:
            return 422;
        case STAFETT_NOT_ALLOWED:
            return 403;
        case STAFETT_CONFLICT:
            return 409;
        case STAFETT_MALFORMED:
            return 400;
        default:
            return 503;
    }
}

WireMessage problemReply(const ReplyInput& input, int status) {
    WireMessage made;
    made.status = status;
    std::string& body = made.body;
    if (isAccepted(input)) {
        made.headers.emplace_back("Content-Type", "application/json");
        body += "{\"outcome\":\"accepted\",\"id\":";
        appendJson(body, input.id);
        appendOptional(body, "receipt", input.receipt);
    } else {
        const auto& info = stafett::info(input.code);
        made.headers.emplace_back("Content-Type", "application/problem+json");
        body += "{\"type\":";
        appendJson(body, "urn:stafett:code:" + std::string(info.id));
        appendOptional(body, "title", info.what(input.language));
        body += ",\"status\":" + std::to_string(status);
        appendOptional(body, "detail", info.todo(input.language));
        if (!input.id.empty()) appendOptional(body, "instance", "urn:uuid:" + input.id);
        appendOptional(body, "code", info.id);
        appendOptional(body, "outcome", outcomeWord(input.outcome));
    }
    appendOptional(body, "senderId", input.sender_id);
    appendOptional(body, "case", input.case_own);
    appendOptional(body, "time", timeText(input.now));
    appendLines(body, input);
    body += "}";
    made.headers.emplace_back("Content-Language",
                              input.language == Language::English ? "en" : "sv");
    return made;
}

WireMessage LoadedAdapter::reply(const ReplyInput& input) const {
    const int status = replyStatus(input);
    auto said = functions_.reply != nullptr ? askReply(input, status) : std::nullopt;
    WireMessage made = said ? std::move(*said) : problemReply(input, status);
    addOwnHeaders(input, made.headers);
    return made;
}

std::optional<WireMessage> LoadedAdapter::askReply(const ReplyInput& input, int status) const {
    std::vector<stafett_line> lines;
    for (std::size_t i = 0; i < std::min(kLines, input.lines.size()); ++i) {
        const auto& line = input.lines[i];
        lines.push_back({sizeof(stafett_line), lent(line.code), lent(line.place), lent(line.text),
                         line.warning ? 1U : 0U});
    }
    const bool accepted = isAccepted(input);
    const auto& info = stafett::info(input.code);
    const auto time = timeText(input.now);
    const bool english = input.language == Language::English;
    const auto wait = std::clamp<long long>(input.retry_after.count(), 0, 7LL * 24 * 3600);
    const stafett_reply view{
        .struct_size = sizeof(stafett_reply),
        .outcome = static_cast<std::uint32_t>(replyOutcome(input.outcome)),
        .english = english ? 1U : 0U,
        .http_status = static_cast<std::uint32_t>(status),
        .retry_after = static_cast<std::uint32_t>(wait),
        .id = lent(input.id),
        .sender_id = lent(input.sender_id),
        .case_own = lent(input.case_own),
        .receipt = lent(input.receipt),
        .code = lent(accepted ? std::string_view() : info.id),
        .text = lent(accepted ? std::string_view() : info.what(input.language)),
        .time = lent(time),
        .form = lent(input.form),
        .lines = lines.data(),
        .line_count = lines.size(),
        .problem_count = input.count};
    CallFrame frame({}, state_, kReplyLimit);
    int32_t result = STAFETT_FAILED;
    if (!call(functions_.reply, frame, view, result)) return std::nullopt;
    Put& put = frame.put();
    const bool untyped = !put.body.empty() && findHeader(&put.headers, "Content-Type").count != 1;
    if (result < 200 || result > 599 || untyped || (result == 204 && !put.body.empty())) {
        health_->failures.fetch_add(1);
        return std::nullopt;
    }
    WireMessage made;
    made.status = result;
    made.headers = std::move(put.headers);
    made.body = std::move(put.body);
    return made;
}

}  // namespace stafett::plugin
