#pragma once

#include <string>
#include <string_view>

namespace stafett::transport {

/// Small questions of RFC 9110 and RFC 3986 about characters. Pure; any thread.

/// Names of header fields compare without case (ASCII only).
bool sameName(std::string_view a, std::string_view b);
bool isToken(std::string_view text);
bool isDigits(std::string_view text);
/// No control character but the tab: what may stand in a field value.
bool isFieldValue(std::string_view text);
/// host or host:port, where host is a name, an IPv4 address or a bracketed IPv6 address.
bool isHost(std::string_view text);
/// Without the port and without brackets.
std::string_view hostName(std::string_view host);
/// Whole UTF-8, no surrogates, nothing overlong.
bool isUtf8(std::string_view text);
/// -1 when it is no hexadecimal digit.
int hexDigit(char c);
/// A character that may stand in a path segment as it is (pchar without '%' and ';').
bool isPathCharacter(char c);
/// "=?charset?B?...?=" anywhere: an encoded word of RFC 2047, which nobody here decodes.
bool hasEncodedWord(std::string_view value);
std::string_view trimmed(std::string_view value);

}  // namespace stafett::transport
