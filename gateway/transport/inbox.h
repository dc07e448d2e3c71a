#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "gateway/base/clock.h"
#include "gateway/base/deadline.h"
#include "gateway/base/result.h"
#include "gateway/config/transport.h"
#include "gateway/security/peer.h"
#include "gateway/trace/log.h"
#include "gateway/trace/metrics.h"
#include "gateway/transport/http.h"
#include "gateway/transport/refusal.h"

namespace stafett::transport {

/// A request read whole, within every limit, with exact framing, from a peer whose certificate
/// held.
struct RawRequest {
    security::Peer peer;  ///< empty system on a listener without TLS
    HttpRequest http;
    Time received_at{};
    Deadline deadline = Deadline::never();
    std::shared_ptr<const void> room = {};  ///< held while a large body is in memory
};

/// Gives the answer to one request, once, from any thread. Dropped without an answer it says 503.
class Responder {
public:
    using Send = std::function<void(HttpResponse)>;
    explicit Responder(Send send) : send_(std::move(send)) {}
    Responder(Responder&&) noexcept = default;
    Responder& operator=(Responder&&) noexcept = default;
    ~Responder();

    void answer(HttpResponse response);

private:
    Send send_;
};

/// What takes requests. Called from the server's workers, many at a time; may answer later.
class Inbox {
public:
    virtual ~Inbox() = default;
    virtual void take(RawRequest request, Responder responder) = 0;
    /// Whether a body larger than the listener's may follow this head: it carries attachments.
    virtual bool mayBeLarge(const security::Peer&, const HttpRequest&) const { return false; }
    /// What one is told whose share, or all room, is spent; `request` may come without its body.
    virtual HttpResponse turnAway(const RawRequest& request, Refusal refusal);
};

/// Who is told what becomes of connections; each may be null, and outlives the server.
struct InboxWatch {
    trace::Log* log = nullptr;
    trace::Metrics* metrics = nullptr;
    trace::SafeText listener = trace::SafeText::fromConfiguration("inbox");
};

/// The own strict HTTP/1.1 server (trust 1): idle connections are parked and cost no thread; a
/// wall-clock deadline per request; limits per peer and in all; nothing badly framed gets through.
/// A peer is the system whose certificate it showed, whatever addresses it calls from; an address
/// until then. Over its share it is told 429, over all room 503; beyond the few places there are
/// for telling it, connections are closed.
class InboxServer {
public:
    /// Binds and listens; port 0 takes a free one. The context supplier is asked at each new
    /// connection, so a reload reaches new connections at once; null = plain HTTP (admin,
    /// loopback).
    static Result<std::unique_ptr<InboxServer>> start(const config::Listener& listener,
                                                      security::ContextSource context, Inbox& inbox,
                                                      InboxWatch watch = {});
    virtual ~InboxServer() = default;

    virtual std::uint16_t port() const = 0;
    /// Stops accepting, lets requests under way be answered until the deadline, then closes all.
    virtual void drain(Deadline deadline) = 0;
    /// Judges every open connection again (a new revocation list) and closes those that fail.
    virtual void judgeAgain() = 0;
    /// Workers that a call inside the Inbox keeps; while there are any it cannot be destroyed.
    virtual unsigned kept() const = 0;

    struct Counts {
        std::uint64_t accepted, refused_connections, requests, malformed, timeouts;
        std::uint32_t open, parked;
        std::uint64_t turned_away, closed_unsaid;  ///< told to come again; not even told
    };
    virtual Counts counts() const = 0;
};

}  // namespace stafett::transport
