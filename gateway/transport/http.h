#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "gateway/base/bytes.h"

namespace stafett::transport {

/// Headers in the order sent; names compare without case.
class Headers {
public:
    void add(std::string name, std::string value) {
        fields_.emplace_back(std::move(name), std::move(value));
    }
    /// First value of this name, or an empty view.
    std::string_view get(std::string_view name) const;
    bool has(std::string_view name) const;
    const std::vector<std::pair<std::string, std::string>>& all() const { return fields_; }

private:
    std::vector<std::pair<std::string, std::string>> fields_;
};

struct HttpRequest {
    std::string method;
    std::string path;   ///< percent-decoded once, no dot segments, no query
    std::string query;  ///< raw, without '?'
    Headers headers;
    Bytes body;
};

/// Instead of a status: the connection is closed without an answer. Simulated receivers do that.
inline constexpr int kCutConnection = 0;

struct HttpResponse {
    int status = 200;
    Headers headers;  ///< Content-Length, Date and Connection are the server's own
    Bytes body;
};

}  // namespace stafett::transport
