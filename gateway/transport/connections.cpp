#include "gateway/transport/connections.h"

#include <algorithm>

namespace stafett::transport {
namespace {

/// Of the places for telling, one peer takes at most this part.
constexpr std::uint32_t kToldPart = 4;

std::string keyOf(const PeerAddress& peer) {
    return "address " + std::string(reinterpret_cast<const char*>(peer.data()), peer.size());
}
std::string keyOf(const SystemId& system) { return "system " + system.value; }

}  // namespace

Connections::Connections(const config::Listener& limits)
    : most_(limits.connections),
      most_per_peer_(limits.connections_per_peer),
      most_requests_(limits.requests_per_peer),
      most_told_(limits.turned_away),
      most_told_per_peer_((limits.turned_away + kToldPart - 1) / kToldPart),
      slots_(std::make_unique<Slot[]>(size())),
      places_(size()) {
    free_.reserve(size());
    for (std::uint32_t i = size(); i > 0; --i) free_.push_back(i - 1);
}

Room Connections::roomFor(const Share& share) const {
    if (share.connections >= most_per_peer_) return Room::PeerFull;
    return serving_ < most_ ? Room::Given : Room::AllFull;
}

bool Connections::mayBeTold(const Share& share) {
    if (telling_ >= most_told_ || share.told >= most_told_per_peer_) return false;
    const auto now = Steady::now();
    if (now - lately_ >= std::chrono::seconds(1)) {
        lately_ = now;
        told_lately_ = 0;
    }
    return told_lately_ < most_told_;
}

void Connections::enter(Place& place, Shares::iterator share, Room room) {
    place = {share, room};
    if (room == Room::Given) {
        ++share->second.connections;
        ++serving_;
    } else {
        ++share->second.told;
        ++telling_;
    }
}

void Connections::leave(Place& place) {
    auto& share = place.share->second;
    if (place.room == Room::Given) {
        --share.connections;
        --serving_;
    } else {
        --share.told;
        --telling_;
    }
    if (share.empty()) shares_.erase(place.share);
}

Connections::Claim Connections::claim(const PeerAddress& peer) {
    const std::lock_guard guard(lock_);
    const auto share = shares_.try_emplace(keyOf(peer)).first;
    const auto room = roomFor(share->second);
    if (room != Room::Given && !mayBeTold(share->second)) {
        if (share->second.empty()) shares_.erase(share);
        return {room, std::nullopt};
    }
    if (room != Room::Given) ++told_lately_;
    const auto index = free_.back();
    free_.pop_back();
    enter(places_[index], share, room);
    ++open_;
    return {room, index};
}

Connections::Claim Connections::know(std::uint32_t index, const SystemId& system) {
    const std::lock_guard guard(lock_);
    auto& place = places_[index];
    const auto share = shares_.try_emplace(keyOf(system)).first;
    const auto before = place.room;
    if (before == Room::Given) --serving_;  // it does not stand in its own way
    const auto room = roomFor(share->second);
    if (before == Room::Given) ++serving_;
    const bool fits =
        room == Room::Given || (before == Room::Given ? mayBeTold(share->second)
                                                      : share->second.told < most_told_per_peer_);
    if (!fits) {
        if (share->second.empty()) shares_.erase(share);
        return {room, std::nullopt};
    }
    if (room != Room::Given && before == Room::Given) ++told_lately_;
    leave(place);
    enter(place, share, room);
    return {room, index};
}

void Connections::release(std::uint32_t index) {
    const std::lock_guard guard(lock_);
    leave(places_[index]);
    free_.push_back(index);
    --open_;
}

std::shared_ptr<void> Connections::beginRequest(std::uint32_t index) {
    const std::lock_guard guard(lock_);
    const auto share = places_[index].share;
    if (share->second.requests >= most_requests_) return nullptr;
    ++share->second.requests;
    return {&share->second, [this, share](void*) {
                const std::lock_guard ending(lock_);
                --share->second.requests;
                if (share->second.empty()) shares_.erase(share);
            }};
}

}  // namespace stafett::transport
