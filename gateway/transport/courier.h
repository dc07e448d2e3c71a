#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>

#include "gateway/base/result.h"
#include "gateway/config/transport.h"
#include "gateway/security/peer.h"
#include "gateway/transport/http.h"

namespace stafett::transport {

/// Where a receiver is reached. The host name is what its certificate must say.
struct Destination {
    std::string key;  ///< connections are pooled by it, one pool a receiver
    std::string host;
    std::uint16_t port = 443;
};

/// Sends requests over kept-alive mutual TLS connections and reads the answers with the same strict
/// parser as the inbox. A slow receiver holds up its own requests only.
class Courier {
public:
    static Result<std::unique_ptr<Courier>> start(const config::Courier& settings,
                                                  security::ContextSource context);
    virtual ~Courier() = default;

    /// The answer, or: DeliverUnreachable (nothing was sent), DeliverUnknown (sent, and no whole
    /// answer came), DeliverTls. `done` is called once, from a thread of the courier's.
    /// What could not have been processed (a kept-alive connection that was already closed) is
    /// tried once more on a new connection before it is reported.
    using Done = std::function<void(Result<HttpResponse>)>;
    virtual void send(const Destination& destination, HttpRequest request, Done done) = 0;

    /// The same, waited for. For commands and tests.
    Result<HttpResponse> exchange(const Destination& destination, HttpRequest request);

    virtual void stop() = 0;
    /// Workers that a call made for an answer keeps; while there are any it cannot be destroyed.
    virtual unsigned kept() const = 0;
};

}  // namespace stafett::transport
