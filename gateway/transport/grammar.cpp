#include "gateway/transport/grammar.h"

#include <algorithm>
#include <array>
#include <cstdint>

namespace stafett::transport {
namespace {

constexpr bool isLetter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
constexpr bool isDigit(char c) { return c >= '0' && c <= '9'; }

constexpr std::array<bool, 256> charactersOf(std::string_view marks) {
    std::array<bool, 256> known{};
    for (int c = 0; c < 256; ++c) {
        const char letter = static_cast<char>(c);
        known[static_cast<std::size_t>(c)] = isLetter(letter) || isDigit(letter);
    }
    for (const char c : marks) known[static_cast<unsigned char>(c)] = true;
    return known;
}

constexpr auto kToken = charactersOf("!#$%&'*+-.^_`|~");
constexpr auto kPath = charactersOf("-._~!$&'()*+,=:@");
constexpr auto kHost = charactersOf("-._");

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c; }

bool allOf(std::string_view text, const std::array<bool, 256>& known) {
    return std::all_of(text.begin(), text.end(),
                       [&](char c) { return known[static_cast<unsigned char>(c)]; });
}

/// Length of the UTF-8 sequence at the front of `text`, 0 when it is none.
std::size_t sequence(std::string_view text) {
    const auto at = [&](std::size_t i) { return static_cast<std::uint8_t>(text[i]); };
    const auto follows = [&](std::size_t i) { return i < text.size() && (at(i) & 0xC0U) == 0x80U; };
    const std::uint8_t c = at(0);
    if (c < 0x80) return 1;
    if (c >= 0xC2 && c <= 0xDF) return follows(1) ? 2 : 0;
    if (c >= 0xE0 && c <= 0xEF) {
        if (!follows(1) || !follows(2)) return 0;
        if (c == 0xE0 && at(1) < 0xA0) return 0;
        if (c == 0xED && at(1) > 0x9F) return 0;
        return 3;
    }
    if (c >= 0xF0 && c <= 0xF4) {
        if (!follows(1) || !follows(2) || !follows(3)) return 0;
        if (c == 0xF0 && at(1) < 0x90) return 0;
        if (c == 0xF4 && at(1) > 0x8F) return 0;
        return 4;
    }
    return 0;
}

}  // namespace

bool sameName(std::string_view a, std::string_view b) {
    return a.size() == b.size() && std::equal(a.begin(), a.end(), b.begin(),
                                              [](char x, char y) { return lower(x) == lower(y); });
}

bool isToken(std::string_view text) { return !text.empty() && allOf(text, kToken); }

bool isDigits(std::string_view text) {
    return !text.empty() && std::all_of(text.begin(), text.end(), isDigit);
}

bool isFieldValue(std::string_view text) {
    return std::none_of(text.begin(), text.end(), [](char c) {
        const auto byte = static_cast<unsigned char>(c);
        return (byte < 0x20 && c != '\t') || byte == 0x7F;
    });
}

bool isHost(std::string_view text) {
    std::string_view port;
    if (!text.empty() && text.front() == '[') {
        const auto end = text.find(']');
        if (end == std::string_view::npos || end < 3) return false;
        for (const char c : text.substr(1, end - 1)) {
            if (hexDigit(c) < 0 && c != ':' && c != '.') return false;
        }
        const auto rest = text.substr(end + 1);
        if (rest.empty()) return true;
        if (rest.front() != ':') return false;
        port = rest.substr(1);
    } else {
        const auto colon = text.find(':');
        const auto name = text.substr(0, colon);
        if (name.empty() || name.size() > 255 || !allOf(name, kHost)) return false;
        if (colon == std::string_view::npos) return true;
        port = text.substr(colon + 1);
    }
    return port.size() <= 5 && isDigits(port);
}

std::string_view hostName(std::string_view host) {
    if (!host.empty() && host.front() == '[') {
        const auto end = host.find(']');
        return end == std::string_view::npos ? host : host.substr(1, end - 1);
    }
    return host.substr(0, host.find(':'));
}

bool isUtf8(std::string_view text) {
    while (!text.empty()) {
        const auto length = sequence(text);
        if (length == 0) return false;
        text.remove_prefix(length);
    }
    return true;
}

int hexDigit(char c) {
    if (isDigit(c)) return c - '0';
    const char small = lower(c);
    return small >= 'a' && small <= 'f' ? small - 'a' + 10 : -1;
}

bool isPathCharacter(char c) { return kPath[static_cast<unsigned char>(c)]; }

bool hasEncodedWord(std::string_view value) {
    for (auto at = value.find("=?"); at != std::string_view::npos; at = value.find("=?", at + 1)) {
        const auto word = value.substr(at + 2);
        const auto mark = word.find('?');
        if (mark == 0 || mark == std::string_view::npos || mark + 2 >= word.size()) continue;
        const char coding = lower(word[mark + 1]);
        if (!isToken(word.substr(0, mark)) || (coding != 'b' && coding != 'q')) continue;
        if (word[mark + 2] == '?' && word.find("?=", mark + 3) != std::string_view::npos)
            return true;
    }
    return false;
}

std::string_view trimmed(std::string_view value) {
    const auto first = value.find_first_not_of(" \t");
    if (first == std::string_view::npos) return {};
    return value.substr(first, value.find_last_not_of(" \t") - first + 1);
}

}  // namespace stafett::transport
