#pragma once

#include <memory>
#include <string_view>

#include "gateway/base/result.h"
#include "gateway/message/message.h"

namespace stafett::codec {

/// Reads a canonical message as message::print wrote it, or as a person wrote it: strict JSON,
/// every field known to the schema (ST-MAP-001), of its JSON type and not empty (ST-MSG-001), each
/// error with its path. Values are not judged: that is message::validate. Many threads.
Result<message::Message> readCanonical(std::string_view json,
                                       std::shared_ptr<const message::Schema> schema);

}  // namespace stafett::codec
