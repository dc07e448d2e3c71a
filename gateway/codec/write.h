#pragma once

#include <string>
#include <string_view>

#include "gateway/base/result.h"
#include "gateway/codec/read.h"

namespace stafett::codec {

enum class Unencodable : std::uint8_t { CharacterReference, Refuse };

/// Appends character data, escaped: & < > and carriage return. UTF-8 in, UTF-8 out.
void appendXmlText(std::string& out, std::string_view text);
/// Appends the inside of a double-quoted attribute value, escaped.
void appendXmlAttribute(std::string& out, std::string_view text);
/// Appends a JSON string with its quotes; escapes what RFC 8259 demands and nothing else.
void appendJsonString(std::string& out, std::string_view text);

/// Writes a tree back in the one canonical form: XML without insignificant white space, JSON
/// compact. What a mapping wrote and was then read gives the same bytes.
std::string print(const Document& document);

/// UTF-8 text of a whole XML document into its wire encoding. A character the encoding lacks
/// becomes
/// &#N; inside text and attribute values, or is refused; in names it is always refused.
Result<Bytes> encodeXml(std::string_view utf8, Encoding encoding, Unencodable unencodable);

}  // namespace stafett::codec
