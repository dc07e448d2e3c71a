#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>

#include "gateway/trace/field.h"

namespace stafett::trace {

/// The value of a label: few in number and free of personal data, so a plain string does not
/// compile here either.
class Label {
public:
    template <std::size_t N>
    Label(const char (&literal)[N]) : value_(literal) {}
    template <std::size_t N>
    Label(char (&buffer)[N]) = delete;
    template <class Tag>
    Label(const Name<Tag>& name) : value_(name.value) {}
    Label(Code code) : value_(info(code).id) {}
    template <DeclaredSafe T>
    Label(const T& value) : value_(value.text()) {}

    const std::string& value() const { return value_; }

private:
    std::string value_;
};

/// What is counted and measured, for Prometheus. Many threads.
///
///   stafett_messages_total{kind,outcome}      messages answered
///   stafett_deliveries_total{dialect,outcome} attempts ended
///   stafett_request_seconds                   from the request read whole to its answer
///   stafett_store_commit_jobs                 jobs in one commit
///   stafett_store_commit_seconds              one commit, from its first job to durable
///   stafett_queue_length{queue}               what waits inside the gateway
///   stafett_held_deliveries                   what waits for a person
///   stafett_cases_between_chairs              cases that nobody answers for in time
///   stafett_connections{listener,state}       open, and of them parked
///   stafett_turned_away_total{listener,why,how}  whose share (peer) or all room (all) was spent:
///                                             told so, or closed; requests are always told
///   stafett_ends_in_seconds{what,name}        until a certificate or revocation list ends
///   stafett_plugin_overruns_total{dialect}    calls that passed their deadline
///   stafett_plugin_stuck_calls{dialect}       calls that are past it right now
class Metrics {
public:
    Metrics();
    ~Metrics();
    Metrics(const Metrics&) = delete;
    Metrics& operator=(const Metrics&) = delete;

    void countMessage(const Label& kind, const Label& outcome);
    void countDelivery(const Label& dialect, const Label& outcome);
    void observeRequest(std::chrono::nanoseconds taken);
    void observeCommit(std::size_t jobs, std::chrono::nanoseconds taken);
    void setQueue(const Label& queue, std::size_t length);
    void setHeld(std::uint64_t deliveries);
    void setBetweenChairs(std::uint64_t cases);
    void setConnections(const Label& listener, std::uint32_t open, std::uint32_t parked);
    void countTurnedAway(const Label& listener, const Label& why, const Label& how);
    void setEndsIn(const Label& what, const Label& name, std::chrono::seconds left);
    void setPlugin(const Label& dialect, std::uint64_t overruns, std::uint64_t stuck);

    /// The text exposition format, version 0.0.4.
    std::string text() const;

private:
    struct Families;
    std::unique_ptr<Families> families_;
};

}  // namespace stafett::trace
