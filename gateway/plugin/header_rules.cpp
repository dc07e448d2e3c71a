#include "gateway/plugin/header_rules.h"

#include <algorithm>
#include <array>

#include "gateway/base/bytes.h"

namespace stafett::plugin {
namespace {

constexpr char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }

bool isTokenCharacter(char c) {
    const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    const bool digit = c >= '0' && c <= '9';
    return letter || digit || std::string_view("!#$%&'*+-.^_`|~").find(c) != std::string_view::npos;
}

bool isToken(std::string_view text) {
    return !text.empty() && std::all_of(text.begin(), text.end(), isTokenCharacter);
}

std::string_view trimmed(std::string_view text) {
    while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
    while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
    return text;
}

std::optional<std::string> percentDecoded(std::string_view text) {
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '+') {
            out += ' ';
        } else if (text[i] != '%') {
            out += text[i];
        } else {
            const auto byte =
                i + 2 < text.size() ? fromHex(lowerAscii(text.substr(i + 1, 2))) : std::nullopt;
            if (!byte) return std::nullopt;
            out += *byte;
            i += 2;
        }
    }
    return out;
}

/// Bytes of the UTF-8 sequence at `at`, 0 when it is none (overlong, surrogate, out of range).
std::size_t sequenceAt(std::string_view text, std::size_t at) {
    const auto byte = [&](std::size_t i) {
        return at + i < text.size() ? static_cast<unsigned char>(text[at + i]) : 0U;
    };
    const unsigned lead = byte(0);
    const auto tail = [&](std::size_t i, unsigned low = 0x80, unsigned high = 0xBF) {
        return byte(i) >= low && byte(i) <= high;
    };
    if (lead < 0x80) return 1;
    if (lead >= 0xC2 && lead <= 0xDF) return tail(1) ? 2 : 0;
    if (lead >= 0xE0 && lead <= 0xEF) {
        const bool first = tail(1, lead == 0xE0 ? 0xA0 : 0x80, lead == 0xED ? 0x9F : 0xBF);
        return first && tail(2) ? 3 : 0;
    }
    if (lead >= 0xF0 && lead <= 0xF4) {
        const bool first = tail(1, lead == 0xF0 ? 0x90 : 0x80, lead == 0xF4 ? 0x8F : 0xBF);
        return first && tail(2) && tail(3) ? 4 : 0;
    }
    return 0;
}

}  // namespace

bool isHeaderName(std::string_view name) { return name.size() <= 256 && isToken(name); }

bool isHeaderValue(std::string_view value) {
    return value.size() <= 8192 && std::all_of(value.begin(), value.end(), [](char c) {
               const auto byte = static_cast<unsigned char>(c);
               return (byte >= 0x20 && byte != 0x7F) || c == '\t';
           });
}

bool isReservedHeader(std::string_view name) {
    static constexpr std::array kReserved = {"content-length",
                                             "transfer-encoding",
                                             "connection",
                                             "host",
                                             "date",
                                             "retry-after",
                                             "upgrade",
                                             "te",
                                             "trailer",
                                             "keep-alive",
                                             "expect",
                                             "server",
                                             "proxy-connection"};
    const auto small = lowerAscii(name);
    return small.starts_with("stafett-") ||
           std::find(kReserved.begin(), kReserved.end(), small) != kReserved.end();
}

bool equalsAnyCase(std::string_view a, std::string_view b) {
    return a.size() == b.size() && std::equal(a.begin(), a.end(), b.begin(),
                                              [](char x, char y) { return lower(x) == lower(y); });
}

std::string lowerAscii(std::string_view text) {
    std::string out(text);
    std::transform(out.begin(), out.end(), out.begin(), lower);
    return out;
}

HeaderFound findHeader(const Headers* headers, std::string_view name) {
    HeaderFound found;
    if (headers == nullptr) return found;
    for (const auto& [key, value] : *headers) {
        if (!equalsAnyCase(key, name)) continue;
        if (found.count++ == 0) found.value = trimmed(value);
    }
    return found;
}

std::optional<MediaType> readMediaType(std::string_view value) {
    MediaType made;
    const auto semicolon = value.find(';');
    made.type = lowerAscii(trimmed(value.substr(0, semicolon)));
    const auto slash = made.type.find('/');
    if (slash == std::string::npos || !isToken(std::string_view(made.type).substr(0, slash)) ||
        !isToken(std::string_view(made.type).substr(slash + 1))) {
        return std::nullopt;
    }
    while (value.find(';') != std::string_view::npos) {
        value.remove_prefix(value.find(';') + 1);
        const auto part = trimmed(value.substr(0, value.find(';')));
        if (part.empty()) continue;
        const auto equals = part.find('=');
        if (equals == std::string_view::npos || !isToken(part.substr(0, equals))) {
            return std::nullopt;
        }
        auto text = part.substr(equals + 1);
        if (text.size() >= 2 && text.front() == '"' && text.back() == '"') {
            text = text.substr(1, text.size() - 2);
        } else if (!isToken(text)) {
            return std::nullopt;
        }
        if (!equalsAnyCase(part.substr(0, equals), "charset")) continue;
        if (!made.charset.empty() || text.empty()) return std::nullopt;
        made.charset = lowerAscii(text);
    }
    return made;
}

std::optional<std::string> queryValue(std::string_view query, std::string_view name) {
    std::optional<std::string> found;
    while (!query.empty()) {
        const auto end = query.find('&');
        const auto pair = query.substr(0, end);
        query = end == std::string_view::npos ? std::string_view() : query.substr(end + 1);
        const auto equals = pair.find('=');
        const auto key = percentDecoded(pair.substr(0, equals));
        if (!key || *key != name) continue;
        if (found || equals == std::string_view::npos) return std::nullopt;
        found = percentDecoded(pair.substr(equals + 1));
        if (!found) return std::nullopt;
    }
    return found;
}

bool isPlainText(std::string_view text) {
    for (std::size_t at = 0; at < text.size();) {
        const auto byte = static_cast<unsigned char>(text[at]);
        if (byte < 0x20 || byte == 0x7F) return false;
        const auto size = sequenceAt(text, at);
        if (size == 0) return false;
        if (size == 2 && byte == 0xC2 && static_cast<unsigned char>(text[at + 1]) < 0xA0)
            return false;
        at += size;
    }
    return true;
}

}  // namespace stafett::plugin
