#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "gateway/transport/http.h"

namespace stafett::transport {

enum class After : std::uint8_t { KeepAlive, Close };
enum class BodySent : std::uint8_t { Yes, No };

/// Writes an answer with Content-Length, Date and, at the end of a connection, Connection: close.
/// False, and `out` unchanged, when a field could break the framing (line ends, controls, no
/// token).
bool renderResponse(std::string& out, const HttpResponse& response, After after, BodySent body);

/// Writes a request with Host and Content-Length. False as above; for path, query and method too.
bool renderRequest(std::string& out, const HttpRequest& request, std::string_view host);

}  // namespace stafett::transport
