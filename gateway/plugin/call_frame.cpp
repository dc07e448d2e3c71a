#include "gateway/plugin/call_frame.h"

#include <charconv>

#include "gateway/plugin/document_path.h"

namespace stafett::plugin {
namespace {

constexpr std::size_t kHeaders = 64, kProblems = 50, kAttributes = 64;
constexpr std::size_t kSmall = std::size_t{64} << 10;  // all that is put outside the body
constexpr std::size_t kCode = 64, kId = 256, kPath = 2048;
constexpr long long kLongestWait = 7LL * 24 * 3600;

std::string_view view(stafett_bytes bytes) {
    return bytes.size == 0 || bytes.data == nullptr ? std::string_view()
                                                    : std::string_view(bytes.data, bytes.size);
}

int32_t give(std::string_view text, stafett_bytes* found) {
    *found = {text.data(), text.size()};
    return 1;
}

bool setOnce(std::optional<std::string>& place, std::string_view value, std::size_t longest) {
    if (place || value.empty() || value.size() > longest || !isPlainText(value)) return false;
    place = std::string(value);
    return true;
}

}  // namespace

CallFrame::CallFrame(const Shown& shown, void* state, std::size_t body_limit)
    : shown_(shown), body_limit_(body_limit) {
    raw_ = {sizeof(stafett_call), this, state, 0, &CallFrame::onLook, &CallFrame::onPut};
}

const stafett_call* CallFrame::begin(std::uint64_t deadline_ns) {
    raw_.deadline_ns = deadline_ns;
    return &raw_;
}

int32_t CallFrame::onLook(const stafett_call* call, int32_t what, stafett_bytes name,
                          stafett_bytes* found) {
    return static_cast<CallFrame*>(call->gateway)->look(what, view(name), found);
}

int32_t CallFrame::onPut(const stafett_call* call, int32_t what, stafett_bytes name,
                         stafett_bytes value) {
    auto* frame = static_cast<CallFrame*>(call->gateway);
    if (frame->broken_) return STAFETT_FULL;
    if (what != STAFETT_PUT_BODY) frame->small_ += view(name).size() + view(value).size();
    frame->broken_ = frame->small_ > kSmall || !frame->take(what, view(name), view(value));
    return frame->broken_ ? STAFETT_FULL : STAFETT_OK;
}

int32_t CallFrame::look(int32_t what, std::string_view name, stafett_bytes* found) {
    *found = {nullptr, 0};
    switch (what) {
        case STAFETT_TEXT:
        case STAFETT_NAME:
        case STAFETT_SPACE:
        case STAFETT_COUNT:
            return lookInDocument(what, name, found);
        case STAFETT_HEADER: {
            const auto header = findHeader(shown_.headers, name);
            if (header.count > 0) give(header.value, found);
            return header.count;
        }
        case STAFETT_QUERY: {
            auto value = queryValue(shown_.query, name);
            return value ? give(kept_.emplace_back(std::move(*value)), found) : 0;
        }
        case STAFETT_ATTRIBUTE: {
            const auto* value = shown_.attributes ? shown_.attributes->find(name) : nullptr;
            return value != nullptr ? give(*value, found) : 0;
        }
        case STAFETT_SETTING: {
            if (shown_.settings == nullptr) return 0;
            const auto value = shown_.settings->find(name);
            return value != shown_.settings->end() ? give(value->second, found) : 0;
        }
        default:
            return 0;  // asked for by a plugin that knows more than we do
    }
}

int32_t CallFrame::lookInDocument(int32_t what, std::string_view path, stafett_bytes* found) {
    if (shown_.document == nullptr) return 0;
    const auto place = findPath(*shown_.document, path, shown_.root);
    if (what == STAFETT_COUNT) return place.count;
    if (place.node == codec::kNoNode) return 0;
    const auto& node = shown_.document->node(place.node);
    if (what == STAFETT_TEXT) return give(node.text, found);
    if (what == STAFETT_NAME) return give(node.name, found);
    return node.space == 0 ? 0 : give(shown_.document->space(node.space), found);
}

bool CallFrame::take(int32_t what, std::string_view name, std::string_view value) {
    switch (what) {
        case STAFETT_PUT_BODY:
            if (value.size() > body_limit_ - put_.body.size()) return false;
            put_.body += value;
            return true;
        case STAFETT_PUT_HEADER:
            if (put_.headers.size() >= kHeaders || !isHeaderName(name) || !isHeaderValue(value) ||
                isReservedHeader(name)) {
                return false;
            }
            put_.headers.emplace_back(name, value);
            return true;
        case STAFETT_PUT_ATTRIBUTE:
            if (put_.attributes.size() >= kAttributes || name.empty() || !isPlainText(value))
                return false;
            put_.attributes.emplace_back(name, value);
            return true;
        case STAFETT_PUT_PROBLEM:
            if (put_.problems.size() >= kProblems || name.size() > kCode || value.size() > kPath)
                return false;
            put_.problems.emplace_back(name, value);
            return true;
        case STAFETT_PUT_METHOD:
            return (value == "POST" || value == "PUT") && setOnce(put_.method, value, kCode);
        case STAFETT_PUT_PATH:
            return value.starts_with('/') && value.find(' ') == std::string_view::npos &&
                   setOnce(put_.path, value, kPath);
        case STAFETT_PUT_FORM:
            return setOnce(put_.form, value, kCode);
        case STAFETT_PUT_DOCUMENT:
            return setOnce(put_.document, value, kPath);
        case STAFETT_PUT_CODE:
            return setOnce(put_.code, value.substr(0, kCode), kCode);
        case STAFETT_PUT_RECEIVER_ID:
            return setOnce(put_.receiver_id, value, kId);
        case STAFETT_PUT_INFO:
            return put_.info = true;
        case STAFETT_PUT_RETRY_AFTER: {
            long long seconds = 0;
            const auto [end, error] =
                std::from_chars(value.data(), value.data() + value.size(), seconds);
            if (error != std::errc() || end != value.data() + value.size() || seconds < 0)
                return false;
            put_.retry_after = std::chrono::seconds(std::min(seconds, kLongestWait));
            return true;
        }
        default:
            return false;
    }
}

}  // namespace stafett::plugin
