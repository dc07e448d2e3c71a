#pragma once

#include <string_view>

#include "gateway/base/result.h"
#include "gateway/plugin/registry.h"

namespace stafett::pipeline {

/// A delivery's request as the store keeps it, sealed: every attempt sends these very bytes.
Bytes frame(const plugin::WireMessage& request);
Result<plugin::WireMessage> unframe(std::string_view bytes);

}  // namespace stafett::pipeline
