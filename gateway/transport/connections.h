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

#include "gateway/config/transport.h"
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
    std::optional<Refusal> stranger = {};     ///< the handshake held, but nobody knows the peer
    std::optional<Refusal> turned_away = {};  ///< it is here to be told so, and no more
    RequestReader reader;
    Language language = Language::Swedish;
    std::string unread = {};  ///< came with the request under way and belongs to the next
    std::string out = {};
    std::size_t out_at = 0;
    HttpResponse answer = {};
    std::shared_ptr<BodySource> source = {};  ///< what follows `out`
    std::size_t discarded = 0;
    std::shared_ptr<const void> room = {};  ///< for a large body
    bool begun = false;                     ///< a byte of the next request has come
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

/// What there is for one more: room, or none of its own, or none at all.
enum class Room : std::uint8_t { Given, PeerFull, AllFull };

/// What one is told for whom there is none; nothing when there is.
std::optional<Refusal> refusalOf(Room room);

/// All places and whose they are. Each peer has a share of its own that nobody else spends: a
/// system's, from whatever addresses it calls; an address's for those whose system is not known
/// yet. Beside the places that serve there are a few to tell those who find no room. Many threads.
class Connections {
public:
    explicit Connections(const config::Listener& limits);

    struct Claim {
        Room room;                           ///< other than Given: a place to be told so
        std::optional<std::uint32_t> index;  ///< empty: not even that
    };
    /// A place for one more connection from that address.
    Claim claim(const PeerAddress& peer);
    /// Its certificate is known: from now on it counts to the system's share. The index is empty
    /// when there is no room there, nor any to tell it so.
    Claim know(std::uint32_t index, const SystemId& system);
    /// Gives the place back. Its connection is gone already.
    void release(std::uint32_t index);

    /// One more request of this place's peer: null when its share is spent. It is under way as long
    /// as anybody holds what is returned, whatever becomes of the connection. Ends before this.
    std::shared_ptr<void> beginRequest(std::uint32_t index);

    Slot& at(std::uint32_t index) { return slots_[index]; }
    std::uint32_t size() const { return most_ + most_told_; }
    std::uint32_t open() const { return open_; }

    static Poller::Token token(std::uint32_t index, std::uint32_t generation) {
        return (static_cast<Poller::Token>(generation) << 32U) | index;
    }

private:
    struct Share {
        std::uint32_t connections = 0, told = 0, requests = 0;
        bool empty() const { return connections + told + requests == 0; }
    };
    using Shares = std::map<std::string, Share>;
    struct Place {
        Shares::iterator share;
        Room room = Room::Given;
    };
    // With the lock held:
    Room roomFor(const Share& share) const;
    bool mayBeTold(const Share& share);
    void enter(Place& place, Shares::iterator share, Room room);
    void leave(Place& place);

    const std::uint32_t most_, most_per_peer_, most_requests_;
    const std::uint32_t most_told_, most_told_per_peer_;
    std::unique_ptr<Slot[]> slots_;
    std::mutex lock_;
    std::vector<std::uint32_t> free_;
    std::vector<Place> places_;
    Shares shares_;
    std::uint32_t serving_ = 0, telling_ = 0;
    std::uint32_t told_lately_ = 0;  ///< since `lately_`
    Steady::time_point lately_{};
    std::atomic<std::uint32_t> open_{0};
};

}  // namespace stafett::transport
