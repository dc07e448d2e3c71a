#include "gateway/codec/encoding.h"

#include <simdjson.h>

#include <algorithm>
#include <array>

#include "gateway/codec/builder.h"

namespace stafett::codec {
namespace {

constexpr std::string_view kBlank = " \t\r\n";

constexpr std::array<std::pair<std::string_view, Encoding>, 17> kNames{{
    {"utf-8", Encoding::Utf8},
    {"utf8", Encoding::Utf8},
    {"utf-16", Encoding::Utf16},
    {"utf-16le", Encoding::Utf16},
    {"utf-16be", Encoding::Utf16},
    {"iso-8859-1", Encoding::Latin1},
    {"iso_8859-1", Encoding::Latin1},
    {"iso_8859-1:1987", Encoding::Latin1},
    {"iso8859-1", Encoding::Latin1},
    {"iso-ir-100", Encoding::Latin1},
    {"latin1", Encoding::Latin1},
    {"latin-1", Encoding::Latin1},
    {"l1", Encoding::Latin1},
    {"ibm819", Encoding::Latin1},
    {"cp819", Encoding::Latin1},
    {"windows-1252", Encoding::Windows1252},
    {"cp1252", Encoding::Windows1252},
}};

constexpr std::array<char16_t, 32> kWindows1252 = {
    0x20AC, 0,      0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160,
    0x2039, 0x0152, 0,      0x017D, 0,      0,      0x2018, 0x2019, 0x201C, 0x201D, 0x2022,
    0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0,      0x017E, 0x0178};

tl::unexpected<Error> refused(Code code) { return tl::make_unexpected(Error(code)); }
/// With the place, counted in what was decoded so far.
tl::unexpected<Error> refusedAt(Code code, std::string_view decoded) {
    const auto position = positionOf(decoded, decoded.size());
    return tl::make_unexpected(
        Error(code, Place{.line = position.line, .column = position.column}));
}

/// The encoding an XML declaration names, found without judging the rest of it: expat does that,
/// and what it reads is compared with this.
std::string_view declaredIn(std::string_view bytes) {
    if (!bytes.starts_with("<?xml") || bytes.size() < 6 ||
        kBlank.find(bytes[5]) == std::string_view::npos)
        return {};
    const std::string_view text = bytes.substr(0, std::min(bytes.find("?>"), bytes.size()));
    for (std::size_t at = 5; (at = text.find("encoding", at)) != std::string_view::npos; ++at) {
        std::size_t i = text.find_first_not_of(kBlank, at + 8);
        if (i == std::string_view::npos || text[i] != '=') continue;
        i = text.find_first_not_of(kBlank, i + 1);
        if (i == std::string_view::npos || (text[i] != '"' && text[i] != '\'')) continue;
        const auto end = text.find(text[i], i + 1);
        if (end == std::string_view::npos) return {};
        return text.substr(i + 1, end - i - 1);
    }
    return {};
}

Result<std::string> fromUtf16(std::string_view bytes, bool big) {
    std::string made;
    made.reserve(bytes.size());
    const auto unit = [&](std::size_t i) {
        const auto a = static_cast<unsigned char>(bytes[i]);
        const auto b = static_cast<unsigned char>(bytes[i + 1]);
        return static_cast<char32_t>(big ? (a << 8U) | b : (b << 8U) | a);
    };
    for (std::size_t i = 0; i < bytes.size(); i += 2) {
        if (i + 1 == bytes.size()) return refusedAt(Code::EncodingInvalid, made);
        char32_t c = unit(i);
        if (c >= 0xD800 && c <= 0xDFFF) {
            const char32_t low = i + 3 < bytes.size() ? unit(i + 2) : 0;
            if (c >= 0xDC00 || low < 0xDC00 || low > 0xDFFF)
                return refusedAt(Code::EncodingInvalid, made);
            c = 0x10000 + ((c - 0xD800) << 10U) + (low - 0xDC00);
            i += 2;
        }
        appendUtf8(made, c);
    }
    return made;
}

Result<std::string> fromOneByte(std::string_view bytes, Encoding encoding) {
    std::string made;
    made.reserve(bytes.size() + bytes.size() / 8 + 16);
    std::size_t begin = 0;
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        const auto byte = static_cast<unsigned char>(bytes[i]);
        if (byte < 0x80) continue;
        made.append(bytes, begin, i - begin);
        begin = i + 1;
        if (byte < 0xA0 && encoding == Encoding::Latin1)
            return refusedAt(Code::EncodingControl, made);
        const char32_t c = encoding == Encoding::Latin1 ? byte : windows1252(byte);
        if (c == 0) return refusedAt(Code::EncodingInvalid, made);
        appendUtf8(made, c);
    }
    made.append(bytes, begin, bytes.size() - begin);
    return made;
}

/// Bytes of the character that begins here; 0 when it is not valid UTF-8 (RFC 3629).
std::size_t sequenceSize(std::string_view utf8) {
    const auto byte = [&](std::size_t i) {
        return i < utf8.size() ? static_cast<unsigned char>(utf8[i]) : 0U;
    };
    const unsigned lead = byte(0);
    if (lead < 0x80) return 1;
    const std::size_t size = lead < 0xC2   ? 0
                             : lead < 0xE0 ? 2
                             : lead < 0xF0 ? 3
                             : lead < 0xF5 ? 4
                                           : 0;
    for (std::size_t i = 1; i < size; ++i) {
        if ((byte(i) & 0xC0U) != 0x80U) return 0;
    }
    const bool overlong = (lead == 0xE0 && byte(1) < 0xA0) || (lead == 0xF0 && byte(1) < 0x90);
    const bool outside = (lead == 0xED && byte(1) > 0x9F) || (lead == 0xF4 && byte(1) > 0x8F);
    return overlong || outside ? 0 : size;
}

/// What a mark of order says, and how long it is.
struct Mark {
    std::optional<Encoding> encoding;
    std::size_t size = 0;
    bool big = false;
};
Mark markOf(std::string_view bytes) {
    if (bytes.starts_with("\xEF\xBB\xBF")) return {Encoding::Utf8, 3, false};
    if (bytes.starts_with("\xFE\xFF")) return {Encoding::Utf16, 2, true};
    if (bytes.starts_with("\xFF\xFE")) return {Encoding::Utf16, 2, false};
    return {};
}

/// Keeps the first encoding that was stated and refuses one that differs, or is unknown.
Status agree(std::optional<Encoding>& so_far, std::string_view stated) {
    if (stated.empty()) return {};
    const auto encoding = encodingByName(stated);
    if (!encoding) return refused(Code::EncodingNotAllowed);
    if (so_far && *so_far != *encoding) return refused(Code::EncodingMismatch);
    so_far = encoding;
    return {};
}

}  // namespace

std::string_view name(Encoding encoding) {
    switch (encoding) {
        case Encoding::Utf8:
            return "UTF-8";
        case Encoding::Utf16:
            return "UTF-16";
        case Encoding::Latin1:
            return "ISO-8859-1";
        case Encoding::Windows1252:
            return "Windows-1252";
    }
    return {};
}

std::optional<Encoding> encodingByName(std::string_view name) {
    if (name.size() > 32) return std::nullopt;
    std::string lower(name);
    std::transform(lower.begin(), lower.end(), lower.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
    for (const auto& [known, encoding] : kNames) {
        if (known == lower) return encoding;
    }
    return std::nullopt;
}

char32_t windows1252(unsigned char byte) {
    return byte >= 0x80 && byte < 0xA0 ? kWindows1252[byte - 0x80U] : byte;
}

void appendUtf8(std::string& out, char32_t c) {
    const auto put = [&](char32_t byte) { out += static_cast<char>(byte); };
    if (c < 0x80) {
        put(c);
    } else if (c < 0x800) {
        put(0xC0U | (c >> 6U));
        put(0x80U | (c & 0x3FU));
    } else if (c < 0x10000) {
        put(0xE0U | (c >> 12U));
        put(0x80U | ((c >> 6U) & 0x3FU));
        put(0x80U | (c & 0x3FU));
    } else {
        put(0xF0U | (c >> 18U));
        put(0x80U | ((c >> 12U) & 0x3FU));
        put(0x80U | ((c >> 6U) & 0x3FU));
        put(0x80U | (c & 0x3FU));
    }
}

char32_t nextCharacter(std::string_view utf8, std::size_t& at) {
    const auto lead = static_cast<unsigned char>(utf8[at++]);
    if (lead < 0x80) return lead;
    const int more = lead < 0xE0 ? 1 : lead < 0xF0 ? 2 : 3;
    char32_t c = lead & (0x3FU >> static_cast<unsigned>(more));
    for (int i = 0; i < more && at < utf8.size(); ++i) {
        c = (c << 6U) | (static_cast<unsigned char>(utf8[at++]) & 0x3FU);
    }
    return c;
}

std::size_t firstInvalid(std::string_view utf8) {
    if (simdjson::validate_utf8(utf8.data(), utf8.size())) return utf8.size();
    for (std::size_t at = 0; at < utf8.size();) {
        const std::size_t size = sequenceSize(utf8.substr(at));
        if (size == 0) return at;
        at += size;
    }
    return utf8.size();
}

Result<Utf8> decodeXml(std::string_view bytes, const ReadOptions& options) {
    const Mark mark = markOf(bytes);
    Utf8 result;
    result.as_it_was = bytes.substr(mark.size);
    std::optional<Encoding> encoding = mark.encoding;
    if (encoding == Encoding::Utf16) {
        if (result.as_it_was.substr(0, 2) == std::string_view("\0\0", 2)) {
            return refused(Code::EncodingNotAllowed);  // UTF-32
        }
        ST_TRY(result.made, fromUtf16(result.as_it_was, mark.big));
    } else if (bytes.substr(0, 2).find('\0') != std::string_view::npos) {
        return refused(Code::EncodingMismatch);  // sixteen or thirty-two bits without mark of order
    }
    result.declared = declaredIn(encoding == Encoding::Utf16 ? result.made : result.as_it_was);
    ST_CHECK(agree(encoding, result.declared));
    ST_CHECK(agree(encoding, options.charset));
    result.encoding = encoding.value_or(Encoding::Utf8);
    if (result.encoding == Encoding::Utf16 && !mark.encoding)
        return refused(Code::EncodingMismatch);
    if (result.encoding == Encoding::Latin1 || result.encoding == Encoding::Windows1252) {
        const auto& allowed = options.allowed;
        if (std::find(allowed.begin(), allowed.end(), result.encoding) == allowed.end()) {
            return refused(Code::EncodingNotAllowed);
        }
        ST_TRY(result.made, fromOneByte(result.as_it_was, result.encoding));
    } else if (result.encoding == Encoding::Utf8) {
        if (const auto bad = firstInvalid(result.as_it_was); bad != result.as_it_was.size()) {
            return refusedAt(Code::EncodingInvalid, result.as_it_was.substr(0, bad));
        }
    }
    return result;
}

std::string asUtf8(std::string_view document) {
    constexpr Encoding kEvery[] = {Encoding::Latin1, Encoding::Windows1252};
    ReadOptions options;
    options.allowed = kEvery;
    const auto decoded = decodeXml(document, options);
    return std::string(decoded ? decoded->text() : document);
}

}  // namespace stafett::codec
