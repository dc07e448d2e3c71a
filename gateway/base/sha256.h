#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace stafett {

struct Digest {
    std::array<std::uint8_t, 32> bytes{};

    std::string hex() const;
    auto operator<=>(const Digest&) const = default;
};

/// SHA-256 of one run of bytes.
Digest sha256(std::string_view bytes);

/// SHA-256 over several fields, each led by its length as eight bytes, so that no two lists of
/// fields give the same bytes. One thread at a time.
class FieldDigest {
public:
    FieldDigest();
    ~FieldDigest();
    FieldDigest(const FieldDigest&) = delete;
    FieldDigest& operator=(const FieldDigest&) = delete;

    FieldDigest& add(std::string_view field);
    /// Bytes without a length: of nothing else but these, sha256() of them all.
    FieldDigest& raw(std::string_view bytes);
    Digest finish();

private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace stafett
