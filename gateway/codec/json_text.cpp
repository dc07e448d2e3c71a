#include "gateway/codec/json_text.h"

#include <bit>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <cstring>

#include "gateway/codec/encoding.h"

namespace stafett::codec {
namespace {

static_assert(std::endian::native == std::endian::little);

constexpr std::uint64_t every(std::uint64_t byte) { return byte * 0x0101010101010101U; }
/// The high bit of each byte that is zero (and perhaps of later ones).
constexpr std::uint64_t zeroBytes(std::uint64_t word) {
    return (word - every(1)) & ~word & every(0x80);
}

bool isDigit(char c) { return c >= '0' && c <= '9'; }

std::optional<char32_t> fourHex(std::string_view text, std::size_t at) {
    if (at + 4 > text.size()) return std::nullopt;
    std::uint32_t value = 0;
    const char* const begin = text.data() + at;
    const auto [end, error] = std::from_chars(begin, begin + 4, value, 16);
    if (error != std::errc() || end != begin + 4) return std::nullopt;
    return value;
}

/// The character of \uXXXX whose digits begin at `at`; a pair is read whole.
std::optional<char32_t> readUnicode(std::string_view text, std::size_t& at) {
    const auto first = fourHex(text, at);
    if (!first || (*first >= 0xDC00 && *first <= 0xDFFF)) return std::nullopt;
    at += 4;
    if (*first < 0xD800 || *first > 0xDBFF) return first;
    if (text.substr(at, 2) != "\\u") return std::nullopt;
    const auto second = fourHex(text, at + 2);
    if (!second || *second < 0xDC00 || *second > 0xDFFF) return std::nullopt;
    at += 6;
    return 0x10000 + ((*first - 0xD800) << 10U) + (*second - 0xDC00);
}

char simpleEscape(char c) {
    switch (c) {
        case '"':
        case '\\':
        case '/':
            return c;
        case 'b':
            return '\b';
        case 'f':
            return '\f';
        case 'n':
            return '\n';
        case 'r':
            return '\r';
        case 't':
            return '\t';
        default:
            return 0;
    }
}

}  // namespace

StringEnd endOfString(const char* at) {
    bool escaped = false;
    while (true) {
        std::uint64_t word = 0;
        std::memcpy(&word, at, 8);
        const std::uint64_t found = zeroBytes(word ^ every('"')) | zeroBytes(word ^ every('\\'));
        if (found == 0) {
            at += 8;
            continue;
        }
        at += std::countr_zero(found) / 8;
        if (*at == '"') return {at, escaped};
        escaped = true;
        at += 2;
    }
}

std::optional<std::size_t> unescape(std::string_view text, char* out) {
    char* to = out;
    for (std::size_t i = 0; i < text.size();) {
        const std::size_t escape = std::min(text.find('\\', i), text.size());
        std::memcpy(to, text.data() + i, escape - i);
        to += escape - i;
        i = escape + 1;
        if (escape == text.size()) break;
        if (i == text.size()) return std::nullopt;
        const char kind = text[i++];
        if (kind == 'u') {
            const auto character = readUnicode(text, i);
            if (!character) return std::nullopt;
            std::string utf8;
            appendUtf8(utf8, *character);
            std::memcpy(to, utf8.data(), utf8.size());
            to += utf8.size();
        } else if (const char c = simpleEscape(kind); c != 0) {
            *to++ = c;
        } else {
            return std::nullopt;
        }
    }
    return static_cast<std::size_t>(to - out);
}

bool isJsonNumber(std::string_view text) {
    std::size_t i = 0;
    const auto digits = [&] {
        const std::size_t begin = i;
        while (i < text.size() && isDigit(text[i])) ++i;
        return i - begin;
    };
    if (i < text.size() && text[i] == '-') ++i;
    const std::size_t whole = i;
    const std::size_t count = digits();
    if (count == 0 || (count > 1 && text[whole] == '0')) return false;
    if (i < text.size() && text[i] == '.') {
        ++i;
        if (digits() == 0) return false;
    }
    if (i < text.size() && (text[i] == 'e' || text[i] == 'E')) {
        ++i;
        if (i < text.size() && (text[i] == '+' || text[i] == '-')) ++i;
        if (digits() == 0) return false;
    }
    return i == text.size();
}

bool fitsDouble(std::string_view number) {
    if (number.size() < 300 && number.find_first_of("eE") == std::string_view::npos) return true;
    double value = 0;
    const auto [end, error] = std::from_chars(number.data(), number.data() + number.size(), value);
    return error == std::errc() && std::isfinite(value);
}

}  // namespace stafett::codec
