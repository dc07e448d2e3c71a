#pragma once

#include <string>
#include <string_view>

#include "gateway/base/result.h"
#include "gateway/transport/refusal.h"

namespace stafett::transport {

struct Target {
    std::string path;   ///< percent-decoded once; begins with '/', no dot segments, UTF-8
    std::string query;  ///< raw, without '?'
};

/// Reads a request target: a path with query, or an absolute URI of `host` (the value of Host).
/// Refused: what two readers could understand in two ways (dot segments, empty segments, encoded
/// slashes, semicolons, controls or percent signs), and the URI of another host.
tl::expected<Target, Refusal> readTarget(std::string_view target, std::string_view host);

/// Writes a decoded path as it goes on the wire.
void appendEncodedPath(std::string& out, std::string_view path);

/// Only characters a query may hold, each '%' followed by two digits that are no control.
bool isQuery(std::string_view query);

}  // namespace stafett::transport
