#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace stafett {

using Bytes = std::string;  ///< any bytes; text only where a name says so

inline std::span<const std::uint8_t> octets(std::string_view text) {
    return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}
inline std::string_view text(std::span<const std::uint8_t> bytes) {
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

std::string hex(std::span<const std::uint8_t> bytes);  ///< lower case
std::optional<Bytes> fromHex(std::string_view hex);
std::string base64Url(std::string_view bytes);  ///< RFC 4648 section 5, no padding
std::optional<Bytes> fromBase64Url(std::string_view text);

}  // namespace stafett
