#include "gateway/transport/head_scan.h"

#include "gateway/transport/grammar.h"

namespace stafett::transport {
namespace {

constexpr std::size_t kValueLimit = 8U << 10;
constexpr std::size_t kMethodAndVersion = 64;
constexpr std::string_view kVersion = "HTTP/1.1";

bool looksLikeVersion(std::string_view text) {
    return text.size() == kVersion.size() && text.substr(0, 5) == "HTTP/" &&
           isDigits(text.substr(5, 1)) && text[6] == '.' && isDigits(text.substr(7, 1));
}

bool isForbiddenControl(char c) {
    const auto byte = static_cast<unsigned char>(c);
    return (byte < 0x20 && c != '\t' && c != '\r') || byte == 0x7F;
}

}  // namespace

bool HeadScan::refuse(int status, Code code) {
    refusal_ = {status, code};
    return false;
}

HeadScan::Seen HeadScan::look(std::string_view all) {
    for (; at_ < all.size(); ++at_) {
        const char c = all[at_];
        const bool after_return = at_ > line_ && all[at_ - 1] == '\r';
        if (c != '\n') {
            if (after_return || isForbiddenControl(c)) {
                refuse(400, Code::HttpMalformed);
                return Seen::Refused;
            }
            continue;
        }
        if (!after_return) {
            refuse(400, Code::HttpMalformed);
            return Seen::Refused;
        }
        if (!judgeLine(all.substr(line_, at_ - 1 - line_))) return Seen::Refused;
        line_ = at_ + 1;
        if (whole_) {
            ++at_;
            return withinLimits(at_) ? Seen::Whole : Seen::Refused;
        }
    }
    return withinLimits(all.size()) ? Seen::More : Seen::Refused;
}

bool HeadScan::withinLimits(std::size_t size) {
    if (!first_line_seen_ && kind_ == Kind::Request &&
        size - start_ > limits_.target + kMethodAndVersion) {
        return refuse(414, Code::HttpUriTooLong);
    }
    if (size - start_ > limits_.head) {
        return first_line_seen_ ? refuse(431, Code::HttpHeadTooLarge)
                                : refuse(414, Code::HttpUriTooLong);
    }
    return true;
}

bool HeadScan::judgeLine(std::string_view line) {
    if (!first_line_seen_) {
        if (line.empty() && start_ == 0 && kind_ == Kind::Request) {
            start_ = 2;
            return true;
        }
        first_line_seen_ = true;
        return judgeFirstLine(line);
    }
    if (line.empty()) return judgeEnd();
    return judgeField(line);
}

bool HeadScan::judgeFirstLine(std::string_view line) {
    if (kind_ == Kind::Answer) {
        return line.substr(0, kVersion.size()) == kVersion || refuse(400, Code::HttpMalformed);
    }
    if (line.size() > limits_.target + kMethodAndVersion) {
        return refuse(414, Code::HttpUriTooLong);
    }
    const auto first = line.find(' ');
    const auto last = line.rfind(' ');
    if (first == std::string_view::npos || last == first) return refuse(400, Code::HttpMalformed);
    const auto target = line.substr(first + 1, last - first - 1);
    if (!isToken(line.substr(0, first)) || target.empty() ||
        target.find(' ') != std::string_view::npos) {
        return refuse(400, Code::HttpMalformed);
    }
    if (target.size() > limits_.target) return refuse(414, Code::HttpUriTooLong);
    const auto version = line.substr(last + 1);
    if (!looksLikeVersion(version)) return refuse(400, Code::HttpMalformed);
    if (version != kVersion) return refuse(505, Code::HttpNotImplemented);
    return true;
}

bool HeadScan::judgeField(std::string_view line) {
    const auto colon = line.find(':');
    if (colon == std::string_view::npos || !isToken(line.substr(0, colon))) {
        return refuse(400, Code::HttpMalformed);  // a folded line begins with a space: no token
    }
    if (++fields_ > limits_.fields) return refuse(431, Code::HttpHeadTooLarge);
    const auto name = line.substr(0, colon);
    const auto value = trimmed(line.substr(colon + 1));
    if (value.size() > kValueLimit) return refuse(431, Code::HttpHeadTooLarge);
    if (hasEncodedWord(value)) return refuse(400, Code::HttpMalformed);

    if (sameName(name, "Host")) {
        ++hosts_;
        if (!isHost(value)) return refuse(400, Code::HttpMalformed);
    } else if (sameName(name, "Content-Length")) {
        ++lengths_;
        if (value.size() > 10 || !isDigits(value)) return refuse(400, Code::HttpMalformed);
    } else if (sameName(name, "Transfer-Encoding")) {
        ++codings_;
        auto coding = line.substr(colon + 1);
        while (!coding.empty() && coding.front() == ' ') coding.remove_prefix(1);
        if (coding != "chunked") return refuse(400, Code::HttpMalformed);
    }
    return true;
}

bool HeadScan::judgeEnd() {
    if (lengths_ + codings_ > 1) return refuse(400, Code::HttpMalformed);
    if (kind_ == Kind::Request && hosts_ != 1) return refuse(400, Code::HttpMalformed);
    whole_ = true;
    return true;
}

}  // namespace stafett::transport
