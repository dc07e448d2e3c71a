#pragma once

#include <string_view>
#include <vector>

#include "gateway/base/result.h"
#include "gateway/plugin/registry.h"

namespace stafett::pipeline {

/// Where in a body the base64 of a content of its message belongs.
struct Splice {
    std::uint64_t at = 0;  ///< in the body without any content
    std::uint32_t content = 0;
    std::uint64_t size = 0;  ///< of the content

    bool operator==(const Splice&) const = default;
};

/// A delivery's request, and what is put into its body while it is sent: in the order of their
/// places.
struct Parcel : plugin::WireMessage {
    std::vector<Splice> splices = {};
};

/// The request as the store keeps it, sealed: every attempt sends these very bytes.
Bytes frame(const plugin::WireMessage& request, const std::vector<Splice>& splices = {});
Result<Parcel> unframe(std::string_view bytes);

}  // namespace stafett::pipeline
