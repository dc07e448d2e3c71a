#include "gateway/trace/json_text.h"

#include <cstddef>
#include <cstdint>

namespace stafett::trace {
namespace {

constexpr char kHex[] = "0123456789abcdef";

struct Read {
    std::uint32_t point;
    std::size_t length;  ///< 0: not UTF-8
};

bool isTail(unsigned char c) { return (c & 0xC0) == 0x80; }

/// One code point of well-formed UTF-8 (Unicode 15, table 3-7): nothing overlong, no surrogates.
Read readPoint(std::string_view text) {
    const auto at = [&](std::size_t i) {
        return i < text.size() ? static_cast<unsigned char>(text[i])
                               : static_cast<unsigned char>(0);
    };
    const unsigned char first = at(0);
    if (first < 0x80) return {first, 1};
    if (first >= 0xC2 && first <= 0xDF && isTail(at(1))) {
        return {(first & 0x1FU) << 6 | (at(1) & 0x3FU), 2};
    }
    if (first >= 0xE0 && first <= 0xEF && isTail(at(1)) && isTail(at(2))) {
        const std::uint32_t point = (first & 0x0FU) << 12 | (at(1) & 0x3FU) << 6 | (at(2) & 0x3FU);
        if (point >= 0x800 && (point < 0xD800 || point > 0xDFFF)) return {point, 3};
    }
    if (first >= 0xF0 && first <= 0xF4 && isTail(at(1)) && isTail(at(2)) && isTail(at(3))) {
        const std::uint32_t point =
            (first & 0x07U) << 18 | (at(1) & 0x3FU) << 12 | (at(2) & 0x3FU) << 6 | (at(3) & 0x3FU);
        if (point >= 0x10000 && point <= 0x10FFFF) return {point, 4};
    }
    return {0, 0};
}

bool mustBeEscaped(std::uint32_t point) {
    return point < 0x20 || (point >= 0x7F && point <= 0x9F) || point == 0x061C || point == 0x200E ||
           point == 0x200F || (point >= 0x2028 && point <= 0x202E) ||
           (point >= 0x2066 && point <= 0x2069) || point == 0xFEFF;
}

/// ASCII that stands as it is: nearly all that is ever printed.
bool isPlain(char c) { return c >= 0x20 && c < 0x7F && c != '"' && c != '\\'; }

void appendEscape(std::string& out, std::uint32_t point) {
    out += "\\u";
    for (int shift = 12; shift >= 0; shift -= 4) out.push_back(kHex[(point >> shift) & 15U]);
}

}  // namespace

void appendJsonText(std::string& out, std::string_view text) {
    out.push_back('"');
    while (!text.empty()) {
        std::size_t plain = 0;
        while (plain < text.size() && isPlain(text[plain])) ++plain;
        out.append(text.substr(0, plain));
        text.remove_prefix(plain);
        if (text.empty()) break;
        const Read read = readPoint(text);
        if (read.length == 0) {
            out += "\\ufffd";
            text.remove_prefix(1);
            continue;
        }
        if (read.point == '"' || read.point == '\\') {
            out.push_back('\\');
            out.push_back(static_cast<char>(read.point));
        } else if (mustBeEscaped(read.point)) {
            appendEscape(out, read.point);
        } else {
            out.append(text.substr(0, read.length));
        }
        text.remove_prefix(read.length);
    }
    out.push_back('"');
}

}  // namespace stafett::trace
