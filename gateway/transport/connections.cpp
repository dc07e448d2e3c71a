#include "gateway/transport/connections.h"

namespace stafett::transport {

Connections::Connections(std::uint32_t most, std::uint32_t most_per_peer)
    : most_(most), most_per_peer_(most_per_peer), slots_(std::make_unique<Slot[]>(most)) {
    free_.reserve(most);
    for (std::uint32_t i = most; i > 0; --i) free_.push_back(i - 1);
}

std::optional<std::uint32_t> Connections::claim(const PeerAddress& peer) {
    const std::lock_guard guard(lock_);
    if (free_.empty()) return std::nullopt;
    auto& held = per_peer_[peer];
    if (held >= most_per_peer_) return std::nullopt;
    ++held;
    ++open_;
    const auto index = free_.back();
    free_.pop_back();
    return index;
}

void Connections::release(std::uint32_t index, const PeerAddress& peer) {
    const std::lock_guard guard(lock_);
    const auto held = per_peer_.find(peer);
    if (held != per_peer_.end() && --held->second == 0) per_peer_.erase(held);
    free_.push_back(index);
    --open_;
}

}  // namespace stafett::transport
