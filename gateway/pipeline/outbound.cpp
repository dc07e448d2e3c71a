#include "gateway/pipeline/outbound.h"

#include <algorithm>
#include <utility>

#include "gateway/base/fault_point.h"
#include "gateway/pipeline/consent.h"
#include "gateway/pipeline/contents.h"
#include "gateway/pipeline/judge.h"

namespace stafett::pipeline {
namespace {

constexpr std::chrono::seconds kLeaseTime{120};
constexpr std::chrono::seconds kLeaseInRehearsal = std::chrono::hours(24 * 366 * 100);
/// How late a delivery may be tried while answers to others are waited for.
constexpr std::chrono::milliseconds kWhileUnderWay{20};

/// All but those who fetch, or are written files for.
store::Receivers whoIsCalled(const config::Config& config) {
    store::Receivers called{.parties = config.reachedBy(config::Door::By::Mailbox)};
    for (auto& party : config.reachedBy(config::Door::By::Folder)) {
        called.parties.push_back(std::move(party));
    }
    return called;
}

}  // namespace

Outbound::Outbound(const Shared& shared, SnapshotSource snapshot, transport::Courier& courier,
                   Notices& notices)
    : shared_(shared),
      snapshot_(snapshot),
      courier_(courier),
      settling_(shared, std::move(snapshot), notices) {
    thread_ = std::thread([this] { run(); });
}

Outbound::~Outbound() {
    drain(Deadline::in(std::chrono::milliseconds(0)));
    thread_.join();
}

void Outbound::drain(Deadline deadline) {
    std::unique_lock lock(mutex_);
    stopping_ = true;
    changed_.notify_all();
    changed_.wait_until(lock, deadline.at(), [this] { return under_way_ == 0; });
}

/// At every commit that makes something due: what knows of work already is not told again, nor
/// while it waits for room, which an answer makes.
void Outbound::wake() {
    const std::lock_guard lock(mutex_);
    if (!std::exchange(due_, true)) changed_.notify_all();
}

void Outbound::run() {
    // A lease is for the world's time: where the clock leaps, it lasts until there is an answer.
    const auto lease_time = shared_.rehearsal ? kLeaseInRehearsal : kLeaseTime;
    for (;;) {
        const auto snapshot = snapshot_();
        const auto& settings = snapshot->config.settings.delivery;
        std::uint32_t room = 0;
        store::Receivers called = whoIsCalled(snapshot->config);
        {
            std::unique_lock lock(mutex_);
            const auto ready = [&] { return stopping_ || (due_ && under_way_ < settings.at_once); };
            if (!ready()) {
                // A clock that is set by hand may jump: look at it again at least once a second.
                auto wait = std::chrono::milliseconds(1000);
                if (under_way_ > 0) {
                    // Each answer wakes us, and may make room. Asking the store what else falls due
                    // would cost a look into it at every commit.
                    wait = kWhileUnderWay;
                } else {
                    lock.unlock();
                    const auto due = shared_.store.nextDue(called);
                    lock.lock();
                    if (due && *due) {
                        wait = std::clamp(std::chrono::duration_cast<std::chrono::milliseconds>(
                                              (**due - shared_.clock.now()) / shared_.pace),
                                          std::chrono::milliseconds(1), wait);
                    }
                }
                changed_.wait_for(lock, wait, ready);
            }
            if (stopping_) return;
            due_ = false;
            room = settings.at_once - std::min(settings.at_once, under_way_);
            for (const auto& [party, count] : per_receiver_) {
                if (count >= settings.at_once_per_receiver) called.parties.push_back(party);
            }
        }
        if (room == 0) continue;
        auto leases = shared_.store.lend(shared_.clock.now(), lease_time, room, called);
        if (!leases) {
            shared_.log.error("lend_failed", {{"code", leases.error().code()}});
            continue;
        }
        if (!leases->empty()) {
            const std::lock_guard lock(mutex_);
            due_ = true;  // there may be more behind these
            for (const auto& lease : *leases) {
                ++under_way_;
                ++per_receiver_[lease.receiver];
            }
        }
        for (auto& lease : *leases) deliver(std::move(lease));
    }
}

void Outbound::deliver(store::Lease lease) {
    const auto snapshot = snapshot_();
    const Time now = shared_.clock.now();
    if (!mayStillLeave(lease, now)) return settle(lease, withdraw(lease, now));
    const auto* door = snapshot->config.door(lease.receiver, lease.function);
    if (door == nullptr) return settle(lease, hold(lease, Code::AddressNoDoor, now, {}));
    if (door->by != config::Door::By::Push) {  // since a moment ago: by the new door next time
        const auto& settings = snapshot->config.settings.delivery;
        return settle(lease, retry(lease, Code::DeliverTemporary, {}, settings, now, chance(), {}));
    }
    auto wire = openRequest(shared_, lease);
    if (!wire) return settle(lease, hold(lease, wire.error().code(), now, {}));

    transport::HttpRequest request;
    request.method = std::move(wire->method);
    request.path = door->path + wire->path;
    for (auto& [name, value] : wire->headers)
        request.headers.add(std::move(name), std::move(value));
    auto source = bodyOf(shared_, lease, *wire);
    if (!source) return settle(lease, hold(lease, source.error().code(), now, {}));
    request.source = std::move(*source);
    request.body = std::move(wire->body);
    const transport::Destination destination{lease.receiver.value, door->host, door->port};
    lease.request.clear();
    lease.data_key.clear();
    reached("before_send");
    courier_.send(destination, std::move(request),
                  [this, lease = std::move(lease)](const Result<transport::HttpResponse>& answer) {
                      answered(lease, answer);
                  });
}

void Outbound::answered(const store::Lease& lease, const Result<transport::HttpResponse>& answer) {
    reached("answered");
    settle(lease, judge(lease, answer, *snapshot_(), shared_.clock.now(), chance()));
}

void Outbound::settle(const store::Lease& lease, store::Attempt attempt) {
    settling_.settle(lease, std::move(attempt), [this, receiver = lease.receiver](const Status&) {
        const std::lock_guard lock(mutex_);
        --under_way_;
        auto count = per_receiver_.find(receiver);
        if (count != per_receiver_.end() && --count->second == 0) per_receiver_.erase(count);
        due_ = true;
        changed_.notify_all();
    });
}

}  // namespace stafett::pipeline
