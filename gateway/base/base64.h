#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "gateway/base/bytes.h"

namespace stafett {

/// Reads base64 (RFC 4648 section 4, with its padding) as it comes, in any pieces. White space
/// between is passed over. One thread.
class Base64Reader {
public:
    /// In a JSON string a slash and a line end may be escaped: \/ \n \r \t.
    enum class In : std::uint8_t { Text, JsonString };
    explicit Base64Reader(In in) : in_(in) {}

    /// Appends what it says; false from the first character on that has no place there.
    bool put(std::string_view text, Bytes& out);
    /// Whether what was put is whole.
    bool whole() const { return good_ && !escaped_ && count_ == 0; }

private:
    bool special(char c, Bytes& out);
    bool pad(Bytes& out);

    In in_;
    std::uint32_t group_ = 0;
    unsigned count_ = 0;    ///< characters of the group under way, padding too
    unsigned padding_ = 0;  ///< of them, padding
    bool ended_ = false;    ///< a padded group has been
    bool escaped_ = false;
    bool good_ = true;
};

/// RFC 4648 section 4, padded. Pieces whose size is a multiple of three follow each other.
void appendBase64(std::string& out, std::string_view bytes);
std::string base64(std::string_view bytes);  ///< the same, of the whole

constexpr std::uint64_t base64Size(std::uint64_t bytes) { return (bytes + 2) / 3 * 4; }

}  // namespace stafett
