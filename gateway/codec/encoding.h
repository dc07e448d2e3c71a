#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "gateway/codec/read.h"

namespace stafett::codec {

/// A document as UTF-8 without mark of order.
struct Utf8 {
    std::string made;            ///< what was decoded; empty when the bytes were UTF-8 already
    std::string_view as_it_was;  ///< the bytes read, without mark of order
    Encoding encoding = Encoding::Utf8;
    std::string declared;  ///< the encoding the XML declaration was seen to name; empty = none

    std::string_view text() const { return encoding == Encoding::Utf8 ? as_it_was : made; }
};

/// Finds an XML document's encoding from its mark of order, its declaration and `charset`, which
/// must agree (ST-ENC-001) and be allowed (ST-ENC-002), and decodes it (ST-ENC-003, ST-ENC-004).
Result<Utf8> decodeXml(std::string_view bytes, const ReadOptions& options);

/// Offset of the first byte that is not UTF-8; the size when all is.
std::size_t firstInvalid(std::string_view utf8);

/// The character of a byte in Windows-1252; 0 for the five that have none.
char32_t windows1252(unsigned char byte);

void appendUtf8(std::string& out, char32_t character);
/// Decodes one character of valid UTF-8 and moves `at` behind it.
char32_t nextCharacter(std::string_view utf8, std::size_t& at);

}  // namespace stafett::codec
