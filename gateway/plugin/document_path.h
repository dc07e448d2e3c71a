#pragma once

#include <cstdint>
#include <string_view>

#include "gateway/codec/tree.h"

namespace stafett::plugin {

/// A place in a document, as guards and plugins name it: "a/b[1]/@c", "" for the root.
struct Found {
    codec::NodeIndex node = codec::kNoNode;  ///< kNoNode when there is none
    std::int32_t count = 0;                  ///< how many stand under the last name
};

/// From `from` on. Names without prefix, in any namespace; without an index the first. Many
/// threads.
Found findPath(const codec::Document& document, std::string_view path, codec::NodeIndex from = 0);

/// Whether a path is one: no empty step, an index of digits, '@' in the last step alone.
bool isDocumentPath(std::string_view path);

}  // namespace stafett::plugin
