#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

namespace stafett::codec {

/// Where a JSON string ends whose text begins at `begin`, and whether it holds escapes. The string
/// must be closed, with eight readable bytes behind its quote.
struct StringEnd {
    const char* quote;
    bool escaped;
};
StringEnd endOfString(const char* begin);

/// Decodes the escapes of a JSON string's inside into `out` (as much room as `text`); the size
/// written. Nothing for an unknown escape or half of a surrogate pair.
std::optional<std::size_t> unescape(std::string_view text, char* out);

/// RFC 8259's number grammar, exactly.
bool isJsonNumber(std::string_view text);
/// Whether a number that follows the grammar fits a double.
bool fitsDouble(std::string_view number);

}  // namespace stafett::codec
