#pragma once

#include <cstdint>
#include <string>
#include <string_view>

/// Part of adapter.h: text made safe for XML, JSON and ISO-8859-1. All text is UTF-8.
namespace stafett::plugin {

/// For character data and for attribute values in double quotes. What XML 1.0 cannot hold becomes
/// U+FFFD.
inline void appendXml(std::string& out, std::string_view text) {
    const auto escapeOf = [](char c) -> std::string_view {
        switch (c) {
            case '&':
                return "&amp;";
            case '<':
                return "&lt;";
            case '>':
                return "&gt;";
            case '"':
                return "&quot;";
            case '\n':
                return "&#10;";
            case '\r':
                return "&#13;";
            case '\t':
                return "&#9;";
            default:
                return static_cast<unsigned char>(c) < 0x20 ? "\xEF\xBF\xBD" : std::string_view();
        }
    };
    std::size_t begin = 0;  // of what stands as it is
    for (std::size_t i = 0; i < text.size(); ++i) {
        const std::string_view escape = escapeOf(text[i]);
        if (escape.empty()) continue;
        out.append(text, begin, i - begin).append(escape);
        begin = i + 1;
    }
    out.append(text, begin);
}

/// A JSON string with its quotes.
inline void appendJson(std::string& out, std::string_view text) {
    constexpr char kHex[] = "0123456789abcdef";
    out += '"';
    std::size_t begin = 0;  // of what stands as it is
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        const auto byte = static_cast<unsigned char>(c);
        if (byte >= 0x20 && c != '"' && c != '\\') continue;
        out.append(text, begin, i - begin);
        begin = i + 1;
        if (byte >= 0x20) {
            out += '\\';
            out += c;
        } else {
            out += "\\u00";
            out += kHex[byte >> 4];
            out += kHex[byte & 15];
        }
    }
    out.append(text, begin);
    out += '"';
}

inline std::string xml(std::string_view text) {
    std::string out;
    appendXml(out, text);
    return out;
}
inline std::string json(std::string_view text) {
    std::string out;
    appendJson(out, text);
    return out;
}

/// XML text or a whole document with what lies above `last` (and C1 controls) as &#N;, the rest as
/// one byte.
inline std::string narrowXml(std::string_view utf8, std::uint32_t last) {
    std::string out;
    out.reserve(utf8.size());
    for (std::size_t i = 0; i < utf8.size();) {
        const auto lead = static_cast<unsigned char>(utf8[i]);
        const std::size_t size = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
        std::uint32_t point = size == 1 ? lead : lead & (0xFFU >> (size + 1));
        for (std::size_t k = 1; k < size && i + k < utf8.size(); ++k) {
            point = (point << 6) | (static_cast<unsigned char>(utf8[i + k]) & 0x3FU);
        }
        if (point < 0x80 || (point >= 0xA0 && point <= last)) {
            out += static_cast<char>(static_cast<unsigned char>(point));
        } else {
            out += "&#" + std::to_string(point) + ";";
        }
        i += size;
    }
    return out;
}
/// UTF-8 XML as ISO-8859-1; names of elements must be within it.
inline std::string latin1(std::string_view utf8) { return narrowXml(utf8, 0xFF); }
inline std::string asciiXml(std::string_view utf8) { return narrowXml(utf8, 0x7F); }

}  // namespace stafett::plugin
