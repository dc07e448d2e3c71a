#include <algorithm>
#include <cstdint>
#include <cstring>

#include "gateway/codec/builder.h"
#include "gateway/codec/encoding.h"
#include "gateway/codec/write.h"

namespace stafett::codec {
namespace {

/// The byte a character has in a one-byte encoding. The C1 control characters have none: our own
/// reader refuses them in ISO-8859-1, and Windows-1252 uses their places otherwise.
std::optional<unsigned char> byteOf(char32_t c, Encoding encoding) {
    if (c < 0x80 || (c >= 0xA0 && c <= 0xFF)) return static_cast<unsigned char>(c);
    if (encoding != Encoding::Windows1252) return std::nullopt;
    for (unsigned byte = 0x80; byte < 0xA0; ++byte) {
        if (windows1252(static_cast<unsigned char>(byte)) == c)
            return static_cast<unsigned char>(byte);
    }
    return std::nullopt;
}

/// Where in an XML document one stands, as far as it decides whether &#N; may be written.
class Standing {
public:
    /// Moves over one ASCII character of well-formed XML that begins at `rest`.
    void pass(std::string_view rest) {
        const char c = rest.front();
        if (!closing_.empty()) {
            if (rest.starts_with(closing_)) closing_ = {};
        } else if (quote_ != 0) {
            if (c == quote_) quote_ = 0;
        } else if (in_tag_) {
            if (c == '"' || c == '\'') quote_ = c;
            if (c == '>') in_tag_ = false;
        } else if (rest.starts_with("<!--")) {
            closing_ = "-->";
        } else if (rest.starts_with("<![CDATA[")) {
            closing_ = "]]>";
        } else if (rest.starts_with("<?")) {
            closing_ = "?>";
        } else if (c == '<') {
            in_tag_ = true;
        }
    }
    bool mayRefer() const { return closing_.empty() && (quote_ != 0 || !in_tag_); }

private:
    std::string_view closing_;  ///< what ends the comment, instruction or CDATA section
    char quote_ = 0;
    bool in_tag_ = false;
};

Bytes toUtf16(std::string_view utf8) {
    Bytes out = "\xFF\xFE";
    const auto put = [&](char32_t unit) {
        out += static_cast<char>(unit & 0xFFU);
        out += static_cast<char>((unit >> 8U) & 0xFFU);
    };
    for (std::size_t at = 0; at < utf8.size();) {
        const char32_t c = nextCharacter(utf8, at);
        if (c < 0x10000) {
            put(c);
        } else {
            put(0xD800 + ((c - 0x10000) >> 10U));
            put(0xDC00 + ((c - 0x10000) & 0x3FFU));
        }
    }
    return out;
}

/// Where the ASCII that begins at `at` ends; looked over eight bytes at a time.
std::size_t endOfAscii(std::string_view text, std::size_t at) {
    for (; at + 8 <= text.size(); at += 8) {
        std::uint64_t eight = 0;
        std::memcpy(&eight, text.data() + at, 8);
        if ((eight & 0x8080808080808080ULL) != 0) break;
    }
    while (at < text.size() && static_cast<unsigned char>(text[at]) < 0x80) ++at;
    return at;
}

}  // namespace

Result<Bytes> encodeXml(std::string_view utf8, Encoding encoding, Unencodable unencodable) {
    if (encoding == Encoding::Utf8) return Bytes(utf8);
    if (encoding == Encoding::Utf16) return toUtf16(utf8);
    Bytes out;
    out.reserve(utf8.size() + 16);
    Standing standing;
    std::size_t stood = 0;  ///< up to where the document was looked at; only a reference asks
    for (std::size_t at = 0; at < utf8.size();) {
        const std::size_t run = at;
        at = endOfAscii(utf8, at);
        out.append(utf8, run, at - run);
        if (at == utf8.size()) break;
        const std::size_t begin = at;
        const char32_t c = nextCharacter(utf8, at);
        if (const auto byte = byteOf(c, encoding)) {
            out += static_cast<char>(*byte);
            continue;
        }
        for (; stood < begin; ++stood) {
            if (static_cast<unsigned char>(utf8[stood]) < 0x80) standing.pass(utf8.substr(stood));
        }
        if (unencodable == Unencodable::CharacterReference && standing.mayRefer()) {
            out.append("&#").append(std::to_string(static_cast<std::uint32_t>(c))).append(";");
        } else {
            const auto position = positionOf(utf8, begin);
            return tl::make_unexpected(Error(
                Code::EncodingCannotHold, Place{.line = position.line, .column = position.column}));
        }
    }
    return out;
}

}  // namespace stafett::codec
