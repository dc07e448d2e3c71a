#pragma once

#include <cstdint>
#include <string>
#include <string_view>

/// Part of adapter.h: text made safe for XML, JSON and ISO-8859-1. All text is UTF-8.
namespace stafett::plugin {

/// For character data and for attribute values in double quotes. What XML 1.0 cannot hold becomes
/// U+FFFD.
inline void appendXml(std::string& out, std::string_view text) {
    for (const char c : text) {
        switch (c) {
            case '&':
                out += "&amp;";
                break;
            case '<':
                out += "&lt;";
                break;
            case '>':
                out += "&gt;";
                break;
            case '"':
                out += "&quot;";
                break;
            case '\n':
                out += "&#10;";
                break;
            case '\r':
                out += "&#13;";
                break;
            case '\t':
                out += "&#9;";
                break;
            default:
                if (static_cast<unsigned char>(c) < 0x20) {
                    out += "\xEF\xBF\xBD";
                } else {
                    out += c;
                }
        }
    }
}

/// A JSON string with its quotes.
inline void appendJson(std::string& out, std::string_view text) {
    constexpr char kHex[] = "0123456789abcdef";
    out += '"';
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (c == '"' || c == '\\') {
            out += '\\';
            out += c;
        } else if (byte < 0x20) {
            out += "\\u00";
            out += kHex[byte >> 4];
            out += kHex[byte & 15];
        } else {
            out += c;
        }
    }
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
