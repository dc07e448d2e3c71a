#include "gateway/transport/target.h"

#include "gateway/transport/grammar.h"

namespace stafett::transport {
namespace {

constexpr Refusal kMalformed{400, Code::HttpMalformed};

/// The byte "%xy" stands for, or -1.
int encodedByte(std::string_view text) {
    if (text.size() < 3) return -1;
    const int high = hexDigit(text[1]);
    const int low = hexDigit(text[2]);
    return high < 0 || low < 0 ? -1 : high * 16 + low;
}

/// May an encoded byte stand in a path at all? Those that would mean something once decoded may
/// not.
bool mayBeEncoded(int byte) {
    if (byte <= 0x20 || byte == 0x7F) return byte == 0x20;
    return std::string_view("/\\%;?#").find(static_cast<char>(byte)) == std::string_view::npos;
}

bool isOrdinarySegment(std::string_view segment) {
    return !segment.empty() && segment != "." && segment != "..";
}

bool hasOrdinarySegments(std::string_view path) {
    path.remove_prefix(1);
    while (!path.empty()) {
        const auto slash = path.find('/');
        if (!isOrdinarySegment(path.substr(0, slash))) return false;
        if (slash == std::string_view::npos) return true;
        path.remove_prefix(slash + 1);
    }
    return true;
}

/// Takes scheme and authority away when they are there. Refused when they name another host.
tl::expected<std::string_view, Refusal> pathAndQuery(std::string_view target,
                                                     std::string_view host) {
    if (target.empty()) return tl::make_unexpected(kMalformed);
    if (target.front() == '/') return target;
    const auto mark = target.find("://");
    if (mark == std::string_view::npos) return tl::make_unexpected(kMalformed);
    const auto scheme = target.substr(0, mark);
    if (!sameName(scheme, "http") && !sameName(scheme, "https")) {
        return tl::make_unexpected(kMalformed);
    }
    target.remove_prefix(mark + 3);
    const auto end = target.find_first_of("/?#");
    if (!sameName(target.substr(0, end), host)) {
        return tl::make_unexpected(Refusal{421, Code::HttpMisdirected});
    }
    return end == std::string_view::npos ? std::string_view("/") : target.substr(end);
}

}  // namespace

bool isQuery(std::string_view query) {
    for (std::size_t i = 0; i < query.size(); ++i) {
        const char c = query[i];
        if (c == '%') {
            const int byte = encodedByte(query.substr(i));
            if (byte < 0x20 || byte == 0x7F) return false;
            i += 2;
        } else if (!isPathCharacter(c) && c != '/' && c != '?' && c != ';') {
            return false;
        }
    }
    return true;
}

tl::expected<Target, Refusal> readTarget(std::string_view target, std::string_view host) {
    const auto rest = pathAndQuery(target, host);
    if (!rest) return tl::make_unexpected(rest.error());
    const auto question = rest->find('?');
    auto raw = rest->substr(0, question);
    if (raw.empty()) raw = "/";
    if (raw.front() != '/') return tl::make_unexpected(kMalformed);

    Target read;
    read.path.reserve(raw.size());
    for (std::size_t i = 0; i < raw.size(); ++i) {
        if (raw[i] == '%') {
            const int byte = encodedByte(raw.substr(i));
            if (byte < 0 || !mayBeEncoded(byte)) return tl::make_unexpected(kMalformed);
            read.path.push_back(static_cast<char>(byte));
            i += 2;
        } else if (raw[i] == '/' || isPathCharacter(raw[i])) {
            read.path.push_back(raw[i]);
        } else {
            return tl::make_unexpected(kMalformed);
        }
    }
    if (!hasOrdinarySegments(read.path) || !isUtf8(read.path)) {
        return tl::make_unexpected(kMalformed);
    }
    if (question != std::string_view::npos) read.query = rest->substr(question + 1);
    if (!isQuery(read.query)) return tl::make_unexpected(kMalformed);
    return read;
}

void appendEncodedPath(std::string& out, std::string_view path) {
    constexpr char kDigits[] = "0123456789ABCDEF";
    for (const char c : path) {
        if (c == '/' || isPathCharacter(c)) {
            out.push_back(c);
            continue;
        }
        const auto byte = static_cast<unsigned char>(c);
        out.push_back('%');
        out.push_back(kDigits[byte >> 4U]);
        out.push_back(kDigits[byte & 15U]);
    }
}

}  // namespace stafett::transport
