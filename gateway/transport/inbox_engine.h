#pragma once

#include <atomic>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <string_view>

#include "gateway/transport/body_room.h"
#include "gateway/transport/connections.h"
#include "gateway/transport/inbox.h"

namespace stafett::transport {

/// What drives the connections of an inbox server, from whichever thread is told that one is ready.
/// A connection is touched only under the lock of its slot, and never while its request is with the
/// Inbox. Lives as long as the last Responder, so that a late answer finds nobody, safely.
class InboxEngine : public std::enable_shared_from_this<InboxEngine> {
public:
    InboxEngine(const config::Listener& settings, security::ContextSource context, Inbox& inbox,
                InboxWatch watch);

    bool ready() const { return poller_.ready(); }
    /// Takes an accepted socket over, or closes it when a cap is reached.
    void welcome(int fd, const PeerAddress& peer);
    /// One worker: serves until stop().
    void work();
    void stop() { poller_.stop(); }
    /// Ends what is past its time, and tells what there is to tell: to be called every few moments
    /// while ticks().
    void sweep();
    bool ticks() const { return open() > 0 || turnedAway() != told_away_ || shown_open_ != open(); }
    /// Ends idle connections; the others end with their answer. waitUntilEmpty() tells when.
    void beginDrain();
    bool waitUntilEmpty(Deadline deadline);
    void closeAll();
    void judgeAgain();
    InboxServer::Counts counts() const;
    std::uint32_t open() const { return connections_.open(); }

private:
    /// A connection under its lock.
    struct Held {
        std::uint32_t index;
        Slot& slot;
        Connection& at;
        std::unique_lock<std::mutex>& lock;
        unsigned handed = 0;  ///< requests handed over in this turn
    };
    enum class Go : std::uint8_t { On, Left };  ///< go on with it, or leave it to a later event

    void drive(Poller::Token token);
    Go step(Held& held);
    Go shakeHands(Held& held);
    Go read(Held& held);
    Go readMore(Held& held);
    Go consume(Held& held, std::string_view bytes);
    Refusal withLimit(Refusal refusal) const;
    std::optional<Refusal> admit(Held& held);
    Go sendContinue(Held& held);
    Go hand(Held& held);
    Go turnAway(Held& held, Refusal refusal);
    void countTurnedAway(Room room, bool said);
    void tellTurnedAway();
    std::uint64_t turnedAway() const { return turned_away_ + closed_unsaid_; }
    Go render(Held& held);
    Go write(Held& held);
    Go linger(Held& held);
    Go refuse(Held& held, Refusal refusal);
    Go endSending(Held& held);
    Go wait(Held& held, Wire::Io want);
    Go drop(Held& held);
    void expire(Held& held);
    void setParked(Held& held, bool parked);
    void identify(Held& held, const security::Context& context);
    void answer(std::uint32_t index, std::uint32_t generation, HttpResponse response);

    config::Listener settings_;
    security::ContextSource context_;
    Inbox& inbox_;
    const InboxWatch watch_;
    Poller poller_;
    Connections connections_;
    std::shared_ptr<BodyRoom> room_;
    std::atomic<bool> draining_{false};
    std::mutex emptied_lock_;
    std::condition_variable emptied_;
    std::atomic<std::uint64_t> accepted_{0}, refused_{0}, requests_{0}, malformed_{0}, timeouts_{0};
    std::atomic<std::uint32_t> parked_{0};
    std::atomic<std::uint64_t> turned_away_{0}, closed_unsaid_{0};
    // The sweeping thread's own:
    std::uint64_t told_away_ = 0, told_unsaid_ = 0;
    std::uint32_t shown_open_ = 0;
    Steady::time_point tell_next_{};
};

}  // namespace stafett::transport
