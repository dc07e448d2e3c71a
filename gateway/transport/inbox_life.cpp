// What happens to connections from outside their own turn: time, draining, a new judgement.
#include "gateway/transport/inbox_engine.h"

namespace stafett::transport {

void InboxEngine::sweep() {
    tellTurnedAway();
    const auto now = Steady::now().time_since_epoch().count();
    for (std::uint32_t i = 0; i < connections_.size(); ++i) {
        auto& slot = connections_.at(i);
        if (slot.due.load(std::memory_order_relaxed) > now) continue;
        std::unique_lock lock(slot.lock);
        if (!slot.connection || slot.due > now) continue;
        Held held{i, slot, *slot.connection, lock};
        expire(held);
    }
}

void InboxEngine::expire(Held& held) {
    auto& c = held.at;
    switch (c.phase) {
        case Connection::Phase::Reading:
            if (c.begun) {
                refuse(held, {408, Code::HttpTimeout});
                break;
            }
            c.wire.endSending();
            drop(held);
            return;
        case Connection::Phase::Answering:
            refuse(held, {503, Code::HttpNoAnswer});
            break;
        case Connection::Phase::Answered:
            return;  // a worker has been told
        case Connection::Phase::Handshake:
        case Connection::Phase::Writing:
            ++timeouts_;
            [[fallthrough]];
        case Connection::Phase::Lingering:
            drop(held);
            return;
    }
    while (step(held) == Go::On) {
    }
}

void InboxEngine::beginDrain() {
    draining_ = true;
    for (std::uint32_t i = 0; i < connections_.size(); ++i) {
        auto& slot = connections_.at(i);
        std::unique_lock lock(slot.lock);
        if (!slot.connection) continue;
        Held held{i, slot, *slot.connection, lock};
        const auto phase = held.at.phase;
        if (phase == Connection::Phase::Handshake) {
            drop(held);
        } else if (phase == Connection::Phase::Reading && !held.at.begun &&
                   held.at.unread.empty()) {
            held.at.wire.endSending();
            drop(held);
        }
    }
}

bool InboxEngine::waitUntilEmpty(Deadline deadline) {
    std::unique_lock lock(emptied_lock_);
    return emptied_.wait_until(lock, deadline.at(), [this] { return connections_.open() == 0; });
}

void InboxEngine::closeAll() {
    draining_ = true;
    for (std::uint32_t i = 0; i < connections_.size(); ++i) {
        auto& slot = connections_.at(i);
        std::unique_lock lock(slot.lock);
        if (!slot.connection) continue;
        Held held{i, slot, *slot.connection, lock};
        held.at.wire.endSending();
        drop(held);
    }
}

void InboxEngine::judgeAgain() {
    if (!context_) return;
    const auto context = context_();
    for (std::uint32_t i = 0; i < connections_.size(); ++i) {
        auto& slot = connections_.at(i);
        std::unique_lock lock(slot.lock);
        if (!slot.connection || slot.connection->phase == Connection::Phase::Handshake) continue;
        Held held{i, slot, *slot.connection, lock};
        if (held.at.wire.ssl() == nullptr) continue;
        if (context) identify(held, *context);
        if (!context || held.at.stranger) drop(held);
    }
}

InboxServer::Counts InboxEngine::counts() const {
    return {accepted_,           refused_, requests_,    malformed_,    timeouts_,
            connections_.open(), parked_,  turned_away_, closed_unsaid_};
}

}  // namespace stafett::transport
