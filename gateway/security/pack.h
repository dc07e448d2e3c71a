#pragma once

#include <optional>
#include <string_view>

#include "gateway/base/bytes.h"

namespace stafett::security {

/// The most bytes one value may have, unpacked.
inline constexpr std::size_t kLargestValue = 256U << 20;

/// Compresses a value before it is sealed: zstd with a dictionary of what documents of the four
/// dialects have in common (docs/decisions/008). Nothing when it would not be smaller. Many threads
/// may call it.
std::optional<Bytes> pack(std::string_view plain);

/// What pack() was given, also by a gateway that had no dictionary yet. Nothing when the bytes are
/// damaged, or packed with a dictionary this gateway does not have.
std::optional<Bytes> unpack(std::string_view packed);

}  // namespace stafett::security
