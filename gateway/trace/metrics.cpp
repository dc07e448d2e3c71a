#include "gateway/trace/metrics.h"

#include <prometheus/counter.h>
#include <prometheus/family.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>

namespace stafett::trace {
namespace {

using prometheus::Counter;
using prometheus::Family;
using prometheus::Gauge;
using prometheus::Histogram;

const Histogram::BucketBoundaries kSeconds = {0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1,
                                              0.2,    0.5,   1,     2,     5,    10,   30};
const Histogram::BucketBoundaries kJobs = {1, 2, 4, 8, 16, 32, 64, 128};

Family<Counter>& counters(prometheus::Registry& registry, const char* name, const char* help) {
    return prometheus::BuildCounter().Name(name).Help(help).Register(registry);
}
Family<Gauge>& gauges(prometheus::Registry& registry, const char* name, const char* help) {
    return prometheus::BuildGauge().Name(name).Help(help).Register(registry);
}
Histogram& histogram(prometheus::Registry& registry, const char* name, const char* help,
                     const Histogram::BucketBoundaries& bounds) {
    return prometheus::BuildHistogram().Name(name).Help(help).Register(registry).Add({}, bounds);
}

double inSeconds(std::chrono::nanoseconds time) {
    return std::chrono::duration<double>(time).count();
}

}  // namespace

struct Metrics::Families {
    prometheus::Registry registry;
    Family<Counter>& messages =
        counters(registry, "stafett_messages_total", "Messages answered, by kind and outcome.");
    Family<Counter>& deliveries = counters(registry, "stafett_deliveries_total",
                                           "Delivery attempts ended, by dialect and outcome.");
    Histogram& requests =
        histogram(registry, "stafett_request_seconds",
                  "From the request read whole to its answer, in seconds.", kSeconds);
    Histogram& commit_jobs =
        histogram(registry, "stafett_store_commit_jobs", "Jobs in one commit.", kJobs);
    Histogram& commits =
        histogram(registry, "stafett_store_commit_seconds",
                  "One commit, from its first job to durable, in seconds.", kSeconds);
    Family<Gauge>& queues =
        gauges(registry, "stafett_queue_length", "What waits inside the gateway, by queue.");
    Gauge& held =
        gauges(registry, "stafett_held_deliveries", "Deliveries that wait for a person.").Add({});
    Gauge& between =
        gauges(registry, "stafett_cases_between_chairs", "Cases that nobody answers for in time.")
            .Add({});
    Family<Gauge>& connections =
        gauges(registry, "stafett_connections", "Connections, by listener and state.");
    Family<Counter>& turned_away =
        counters(registry, "stafett_turned_away_total",
                 "Turned away, by listener, whose room was spent, and whether it was said.");
    Family<Gauge>& ends = gauges(registry, "stafett_ends_in_seconds",
                                 "Until a certificate or revocation list ends, in seconds.");
    Family<Counter>& overruns = counters(registry, "stafett_plugin_overruns_total",
                                         "Calls into a plugin that passed their deadline.");
    Family<Gauge>& stuck = gauges(registry, "stafett_plugin_stuck_calls",
                                  "Calls into a plugin that are past their deadline right now.");
};

Metrics::Metrics() : families_(std::make_unique<Families>()) {}
Metrics::~Metrics() = default;

void Metrics::countMessage(const Label& kind, const Label& outcome) {
    families_->messages.Add({{"kind", kind.value()}, {"outcome", outcome.value()}}).Increment();
}

void Metrics::countDelivery(const Label& dialect, const Label& outcome) {
    families_->deliveries.Add({{"dialect", dialect.value()}, {"outcome", outcome.value()}})
        .Increment();
}

void Metrics::observeRequest(std::chrono::nanoseconds taken) {
    families_->requests.Observe(inSeconds(taken));
}

void Metrics::observeCommit(std::size_t jobs, std::chrono::nanoseconds taken) {
    families_->commit_jobs.Observe(static_cast<double>(jobs));
    families_->commits.Observe(inSeconds(taken));
}

void Metrics::setQueue(const Label& queue, std::size_t length) {
    families_->queues.Add({{"queue", queue.value()}}).Set(static_cast<double>(length));
}

void Metrics::setHeld(std::uint64_t deliveries) {
    families_->held.Set(static_cast<double>(deliveries));
}

void Metrics::setBetweenChairs(std::uint64_t cases) {
    families_->between.Set(static_cast<double>(cases));
}

void Metrics::setConnections(const Label& listener, std::uint32_t open, std::uint32_t parked) {
    families_->connections.Add({{"listener", listener.value()}, {"state", "open"}}).Set(open);
    families_->connections.Add({{"listener", listener.value()}, {"state", "parked"}}).Set(parked);
}

void Metrics::countTurnedAway(const Label& listener, const Label& why, const Label& how) {
    families_->turned_away
        .Add({{"listener", listener.value()}, {"why", why.value()}, {"how", how.value()}})
        .Increment();
}

void Metrics::setEndsIn(const Label& what, const Label& name, std::chrono::seconds left) {
    families_->ends.Add({{"what", what.value()}, {"name", name.value()}})
        .Set(static_cast<double>(left.count()));
}

void Metrics::setPlugin(const Label& dialect, std::uint64_t overruns, std::uint64_t stuck) {
    auto& counted = families_->overruns.Add({{"dialect", dialect.value()}});
    const auto before = counted.Value();
    if (static_cast<double>(overruns) > before) {
        counted.Increment(static_cast<double>(overruns) - before);
    }
    families_->stuck.Add({{"dialect", dialect.value()}}).Set(static_cast<double>(stuck));
}

std::string Metrics::text() const {
    return prometheus::TextSerializer().Serialize(families_->registry.Collect());
}

}  // namespace stafett::trace
