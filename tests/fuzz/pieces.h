#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace stafett::fuzz {

/// Cuts the input: the first byte is the seed of the pieces' sizes, the rest is what comes.
class Pieces {
public:
    Pieces(const std::uint8_t* bytes, std::size_t size)
        : seed_(size > 0 ? bytes[0] : 0U),
          all_(reinterpret_cast<const char*>(bytes) + (size > 0 ? 1 : 0), size > 0 ? size - 1 : 0) {
    }

    std::string_view all() const { return all_; }

    /// How long the next piece is. Seed 0: always all that is left.
    std::size_t next(std::size_t left) {
        if (seed_ == 0) return left;
        state_ = state_ * 1664525U + 1013904223U + seed_;
        const std::size_t most = seed_ < 64 ? 3 : 200;
        return std::min(left, 1 + (state_ >> 16U) % most);
    }

private:
    std::uint32_t seed_;
    std::uint32_t state_ = 1;
    std::string_view all_;
};

}  // namespace stafett::fuzz
