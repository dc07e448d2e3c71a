#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "gateway/base/bytes.h"

namespace stafett::transport {

/// A body that is made while it is sent, so that it is never whole in memory. One thread at a time.
class BodySource {
public:
    virtual ~BodySource() = default;
    virtual std::uint64_t size() const = 0;
    /// From its first byte again.
    virtual void begin() = 0;
    /// Appends the next bytes, some ten thousand of them; none when all have been. False: they
    /// cannot be had, and what was sent of it is worth nothing.
    virtual bool next(Bytes& out) = 0;
};

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
    std::shared_ptr<BodySource> source = {};  ///< sent in place of the body
};

/// Instead of a status: the connection is closed without an answer. Simulated receivers do that.
inline constexpr int kCutConnection = 0;

struct HttpResponse {
    int status = 200;
    Headers headers;  ///< Content-Length, Date and Connection are the server's own
    Bytes body;
    std::shared_ptr<BodySource> source = {};  ///< sent in place of the body
};

}  // namespace stafett::transport
