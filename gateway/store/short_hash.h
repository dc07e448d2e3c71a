#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "gateway/base/sha256.h"

namespace stafett::store {

inline constexpr std::size_t kShortHash = 8;

/// The first eight bytes, as a number that has their order.
inline std::uint64_t shortHash(std::string_view bytes) {
    std::uint64_t hash = 0;
    for (std::size_t i = 0; i < kShortHash; ++i) {
        hash = hash << 8 | static_cast<unsigned char>(bytes[i]);
    }
    return hash;
}

inline std::uint64_t shortHash(const Digest& digest) {
    return shortHash({reinterpret_cast<const char*>(digest.bytes.data()), digest.bytes.size()});
}

/// The bytes again.
inline std::array<char, kShortHash> bytesOf(std::uint64_t hash) {
    std::array<char, kShortHash> bytes{};
    for (std::size_t i = 0; i < kShortHash; ++i) {
        bytes[i] = static_cast<char>(hash >> (8 * (kShortHash - 1 - i)));
    }
    return bytes;
}

}  // namespace stafett::store
