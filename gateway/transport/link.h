#pragma once

#include <atomic>
#include <chrono>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "gateway/base/deadline.h"
#include "gateway/transport/courier.h"
#include "gateway/transport/poller.h"
#include "gateway/transport/reader.h"
#include "gateway/transport/resolver.h"
#include "gateway/transport/wire.h"

namespace stafett::transport {

/// One request on its way to a receiver.
struct Errand {
    std::string bytes;                        ///< as it goes on the wire
    std::shared_ptr<BodySource> source = {};  ///< follows them
    std::string method;
    Courier::Done done;
    Deadline waits_until = Deadline::never();  ///< for a connection
};

/// One connection of the courier to one receiver: found, connected, judged, used, idle, used again.
/// Whoever holds its lock drives it; the poller tells when.
class Link {
public:
    using Steady = std::chrono::steady_clock;
    enum class State : std::uint8_t {
        Waiting,   ///< for the socket: leave it
        Answered,  ///< `response`; the link is idle, or over when not reusable
        Failed,    ///< `code`; the link is over
        Over,      ///< an idle link has ended
    };
    struct Outcome {
        State state = State::Waiting;
        HttpResponse response = {};
        bool reusable = false;
        Code code = Code::DeliverUnreachable;
        bool stale = false;  ///< kept alive, and gone before a byte of an answer came
    };

    Link(Poller& poller, Poller::Token token, const config::Courier& settings, std::string host,
         std::uint16_t port, std::shared_ptr<const security::Context> context);

    /// The errand the link is made for, or an idle link's next one. Then drive() it.
    void give(Errand errand);
    /// Connects to the first of these that answers. When none can be tried it is due at once.
    void connect(Resolver::Addresses addresses);
    Outcome drive();
    /// The time set has passed: what that means where it stands.
    Outcome expire();
    /// Lets go of the errand, to report on it or to try again.
    std::optional<Errand> takeErrand() { return std::exchange(errand_, std::nullopt); }

    bool idle() const { return phase_ == Phase::Idle; }
    bool due() const { return due_.load() <= Steady::now().time_since_epoch().count(); }
    const std::shared_ptr<const security::Context>& context() const { return context_; }
    Poller::Token token() const { return token_; }
    std::mutex& lock() { return lock_; }
    void wake() { poller_.tellSoon(wire_.fd(), token_); }
    void close();

private:
    enum class Phase : std::uint8_t { Resolving, Connecting, Handshake, Exchanging, Idle, Over };

    Outcome connectNext();
    Outcome finishConnect();
    Outcome shakeHands();
    Outcome exchange();
    bool allSent() const;
    bool sendSome();
    Outcome receive();
    Outcome waitIdly();
    Outcome answered(bool rest_follows);
    Outcome fail(Code code);
    Outcome cut();
    Outcome wait(Wire::Io want);
    void beginExchange();
    void dueIn(std::chrono::milliseconds time);

    std::mutex lock_;
    Poller& poller_;
    const Poller::Token token_;
    const config::Courier& settings_;
    const std::string host_;
    const std::uint16_t port_;
    const std::shared_ptr<const security::Context> context_;
    Resolver::Addresses addresses_;
    std::size_t next_address_ = 0;
    Phase phase_ = Phase::Resolving;
    Wire wire_;
    std::optional<Errand> errand_;
    std::optional<AnswerReader> reader_;
    std::size_t sent_ = 0;  ///< of the errand's bytes
    Bytes piece_;           ///< of its source
    std::size_t piece_sent_ = 0;
    bool source_ended_ = true;
    bool source_failed_ = false;
    bool used_before_ = false;
    bool cannot_send_ = false;
    std::atomic<std::int64_t> due_{INT64_MAX};
};

}  // namespace stafett::transport
