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

std::string Metrics::text() const {
    return prometheus::TextSerializer().Serialize(families_->registry.Collect());
}

}  // namespace stafett::trace
