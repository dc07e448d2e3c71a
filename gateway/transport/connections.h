#pragma once

#include <array>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "gateway/security/peer.h"
#include "gateway/transport/poller.h"
#include "gateway/transport/reader.h"
#include "gateway/transport/wire.h"

namespace stafett::transport {

using Steady = std::chrono::steady_clock;
using PeerAddress = std::array<std::uint8_t, 16>;

/// One connection of the inbox and where it stands.
struct Connection {
    enum class Phase : std::uint8_t {
        Handshake,
        Reading,    ///< parked while no byte of a request has come
        Answering,  ///< the request is with the Inbox; nothing is read meanwhile
        Answered,   ///< the answer is here and not yet written
        Writing,
        Lingering,  ///< all is said; what the peer still sends is thrown away, so that it can read
    };

    Connection(Wire taken, const PeerAddress& from, const config::Listener& settings)
        : wire(std::move(taken)), address(from), reader(settings) {}

    Wire wire;
    PeerAddress address;
    Phase phase = Phase::Handshake;
    std::shared_ptr<const security::Context> context = {};
    security::Peer peer = {};
    std::optional<Refusal> stranger = {};  ///< the handshake held, but nobody knows the peer
    RequestReader reader;
    Language language = Language::Swedish;
    std::string unread = {};  ///< came with the request under way and belongs to the next
    std::string out = {};
    std::size_t out_at = 0;
    HttpResponse answer = {};
    std::size_t discarded = 0;
    bool begun = false;  ///< a byte of the next request has come
    bool parked = false;
    bool keeps_alive = true;
    bool head_only = false;
};

/// A place for one connection. Places are never freed, so a late event finds a place whose
/// generation has moved on, never freed memory.
struct Slot {
    std::mutex lock = {};
    std::uint32_t generation = 0;
    std::unique_ptr<Connection> connection = {};
    std::atomic<std::int64_t> due{INT64_MAX};  ///< when its time is up, on the steady clock

    void dueAt(Steady::time_point at) { due = at.time_since_epoch().count(); }
    void dueIn(std::chrono::milliseconds time) { dueAt(Steady::now() + time); }
};

/// All places, who is free, and how many each peer address holds. Safe for many threads.
class Connections {
public:
    Connections(std::uint32_t most, std::uint32_t most_per_peer);

    /// A free place for one more connection of that peer; empty when a cap is reached.
    std::optional<std::uint32_t> claim(const PeerAddress& peer);
    /// Gives the place back. Its connection is gone already.
    void release(std::uint32_t index, const PeerAddress& peer);

    Slot& at(std::uint32_t index) { return slots_[index]; }
    std::uint32_t size() const { return most_; }
    std::uint32_t open() const { return open_; }

    static Poller::Token token(std::uint32_t index, std::uint32_t generation) {
        return (static_cast<Poller::Token>(generation) << 32U) | index;
    }

private:
    std::uint32_t most_;
    std::uint32_t most_per_peer_;
    std::unique_ptr<Slot[]> slots_;
    std::mutex lock_;
    std::vector<std::uint32_t> free_;
    std::map<PeerAddress, std::uint32_t> per_peer_;
    std::atomic<std::uint32_t> open_{0};
};

}  // namespace stafett::transport
