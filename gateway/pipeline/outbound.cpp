#include "gateway/pipeline/outbound.h"

#include <algorithm>
#include <cmath>

#include "gateway/pipeline/consent.h"
#include "gateway/pipeline/frame.h"
#include "gateway/pipeline/view.h"

namespace stafett::pipeline {
namespace {

constexpr std::chrono::seconds kLeaseTime{120};
/// How late a delivery may be tried while answers to others are waited for.
constexpr std::chrono::milliseconds kWhileUnderWay{20};

double chance() {
    thread_local std::mt19937_64 engine{std::random_device{}()};
    return std::uniform_real_distribution<double>(0.0, 1.0)(engine);
}

trace::Event attemptEvent(const store::Lease& lease, trace::Step step, Time now,
                          trace::Fields more) {
    trace::Fields fields = {
        {"delivery", lease.id}, {"receiver", lease.receiver}, {"attempt", lease.attempt}};
    std::move(more.begin(), more.end(), std::back_inserter(fields));
    return {step, now, std::move(fields)};
}

trace::Label labelOf(store::Attempt::Outcome outcome) {
    switch (outcome) {
        case store::Attempt::Outcome::Delivered:
            return "delivered";
        case store::Attempt::Outcome::Retry:
            return "retry";
        case store::Attempt::Outcome::Withdrawn:
            return "withdrawn";
        case store::Attempt::Outcome::Held:
            break;
    }
    return "held";
}

store::Attempt retry(const store::Lease& lease, Code code, std::chrono::seconds asked,
                     const config::Delivery& settings, Time now, double spread, trace::Fields why) {
    store::Attempt attempt;
    attempt.id = lease.id;
    attempt.code = code;
    if (now - lease.first_due >= settings.give_up) {
        attempt.outcome = store::Attempt::Outcome::Held;
        attempt.code = Code::DeliverExpired;
        attempt.events.push_back(attemptEvent(lease, trace::Step::Held, now, std::move(why)));
        return attempt;
    }
    attempt.outcome = store::Attempt::Outcome::Retry;
    const auto wait =
        std::max<std::chrono::milliseconds>(waitAfter(lease.attempt, settings, spread), asked);
    attempt.next = now + wait;
    why.emplace_back("code", code);
    why.emplace_back("next", attempt.next);
    attempt.events.push_back(attemptEvent(lease, trace::Step::Retry, now, std::move(why)));
    return attempt;
}

store::Attempt hold(const store::Lease& lease, Code code, Time now, trace::Fields why) {
    store::Attempt attempt;
    attempt.id = lease.id;
    attempt.outcome = store::Attempt::Outcome::Held;
    attempt.code = code;
    why.emplace_back("code", code);
    attempt.events.push_back(attemptEvent(lease, trace::Step::Held, now, std::move(why)));
    return attempt;
}

/// The consent fell while it waited: it does not leave, and what stands behind it goes on.
store::Attempt withdraw(const store::Lease& lease, Time now) {
    store::Attempt attempt;
    attempt.id = lease.id;
    attempt.outcome = store::Attempt::Outcome::Withdrawn;
    attempt.code = Code::DeliverConsent;
    trace::Fields why = {{"code", Code::DeliverConsent}};
    if (lease.consent->withdrawn.empty()) {
        why.emplace_back("because", "consent expired");
    } else {
        why.emplace_back("because", "consent withdrawn");
    }
    attempt.events.push_back(attemptEvent(lease, trace::Step::Withdrawn, now, std::move(why)));
    return attempt;
}

}  // namespace

std::chrono::milliseconds waitAfter(std::uint32_t attempts, const config::Delivery& settings,
                                    double chance) {
    const double doubled =
        double(settings.first_wait.count()) *
        std::exp2(double(std::min<std::uint32_t>(std::max(attempts, 1U) - 1, 30)));
    const double wait = std::min(doubled, double(settings.last_wait.count()));
    return std::chrono::milliseconds(
        static_cast<std::int64_t>(wait * (1.0 + settings.spread * (2.0 * chance - 1.0))));
}

store::Attempt judge(const store::Lease& lease, const Result<transport::HttpResponse>& answer,
                     const Snapshot& snapshot, Time now, double spread) {
    const auto& settings = snapshot.config.settings.delivery;
    if (!answer) {
        return retry(lease, answer.error().code(), std::chrono::seconds(0), settings, now, spread,
                     {});
    }
    const auto* adapter = snapshot.registry.find(lease.dialect);
    if (adapter == nullptr) return hold(lease, Code::PluginLoad, now, {});
    const std::string our_id = lease.message.text();
    const auto meaning = adapter->interpret({.status = answer->status,
                                             .headers = &answer->headers.all(),
                                             .body = answer->body,
                                             .our_id = our_id,
                                             .form = lease.form.value});
    trace::Fields said = {{"status", answer->status}};
    if (!meaning.code.empty()) {
        said.emplace_back("said", trace::SafeText::foreignCode(meaning.code));
    }
    switch (meaning.fate) {
        case plugin::Fate::Delivered:
            break;
        case plugin::Fate::Retry:
            return retry(lease, Code::DeliverTemporary, meaning.retry_after, settings, now, spread,
                         std::move(said));
        case plugin::Fate::Refused:
            return hold(lease, Code::DeliverRefused, now, std::move(said));
        case plugin::Fate::Denied:
            return hold(lease, Code::DeliverNotAllowed, now, std::move(said));
    }
    store::Attempt attempt;
    attempt.id = lease.id;
    attempt.outcome = store::Attempt::Outcome::Delivered;
    if (meaning.info) said.emplace_back("info", true);
    attempt.events.push_back(attemptEvent(lease, trace::Step::Delivered, now, std::move(said)));
    return attempt;
}

Outbound::Outbound(const Shared& shared, SnapshotSource snapshot, transport::Courier& courier,
                   Notices& notices)
    : shared_(shared), snapshot_(std::move(snapshot)), courier_(courier), notices_(notices) {
    shared_.store.onDue([this] { wake(); });
    thread_ = std::thread([this] { run(); });
}

Outbound::~Outbound() {
    drain(Deadline::in(std::chrono::milliseconds(0)));
    shared_.store.onDue({});
    thread_.join();
}

void Outbound::drain(Deadline deadline) {
    std::unique_lock lock(mutex_);
    stopping_ = true;
    changed_.notify_all();
    changed_.wait_until(lock, deadline.at(), [this] { return under_way_ == 0; });
}

std::uint32_t Outbound::underWay() const {
    const std::lock_guard lock(mutex_);
    return under_way_;
}

void Outbound::wake() {
    const std::lock_guard lock(mutex_);
    due_ = true;
    changed_.notify_all();
}

void Outbound::run() {
    for (;;) {
        const auto snapshot = snapshot_();
        const auto& settings = snapshot->config.settings.delivery;
        std::uint32_t room = 0;
        std::vector<PartyId> full;
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
                    const auto due = shared_.store.nextDue();
                    lock.lock();
                    if (due && *due) {
                        wait = std::clamp(std::chrono::duration_cast<std::chrono::milliseconds>(
                                              **due - shared_.clock.now()),
                                          std::chrono::milliseconds(1), wait);
                    }
                }
                changed_.wait_for(lock, wait, ready);
            }
            if (stopping_) return;
            due_ = false;
            room = settings.at_once - std::min(settings.at_once, under_way_);
            for (const auto& [party, count] : per_receiver_) {
                if (count >= settings.at_once_per_receiver) full.push_back(party);
            }
        }
        if (room == 0) continue;
        auto leases = shared_.store.lend(shared_.clock.now(), kLeaseTime, room, full);
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
    const auto key = shared_.sealer.openKey(lease.message.uuid, lease.data_key);
    const auto opened = key ? key->open(deliveryColumn(lease.id), lease.request)
                            : Result<Bytes>(tl::make_unexpected(key.error()));
    auto wire = opened ? unframe(*opened)
                       : Result<plugin::WireMessage>(tl::make_unexpected(opened.error()));
    if (!wire) return settle(lease, hold(lease, wire.error().code(), now, {}));

    transport::HttpRequest request;
    request.method = std::move(wire->method);
    request.path = door->path + wire->path;
    for (auto& [name, value] : wire->headers)
        request.headers.add(std::move(name), std::move(value));
    request.body = std::move(wire->body);
    const transport::Destination destination{lease.receiver.value, door->host, door->port};
    lease.request.clear();
    lease.data_key.clear();
    courier_.send(destination, std::move(request),
                  [this, lease = std::move(lease)](const Result<transport::HttpResponse>& answer) {
                      answered(lease, answer);
                  });
}

void Outbound::answered(const store::Lease& lease, const Result<transport::HttpResponse>& answer) {
    settle(lease, judge(lease, answer, *snapshot_(), shared_.clock.now(), chance()));
}

void Outbound::settle(const store::Lease& lease, store::Attempt attempt) {
    const auto outcome = attempt.outcome;
    shared_.metrics.countDelivery(lease.dialect, labelOf(outcome));
    const auto code = attempt.code;
    shared_.store.settle(std::move(attempt), [this, lease, outcome, code](const Status& done) {
        if (!done)
            shared_.log.error("settle_failed",
                              {{"delivery", lease.id}, {"code", done.error().code()}});
        {
            const std::lock_guard lock(mutex_);
            --under_way_;
            auto count = per_receiver_.find(lease.receiver);
            if (count != per_receiver_.end() && --count->second == 0) per_receiver_.erase(count);
            due_ = true;
            changed_.notify_all();
        }
        if (!done || lease.kind == "notice" || outcome == store::Attempt::Outcome::Retry) return;
        std::string notice =
            outcome == store::Attempt::Outcome::Withdrawn ? "withdrawn" : "delivered";
        if (outcome == store::Attempt::Outcome::Held) {
            notice = code == Code::DeliverRefused ? "refused_by_receiver" : "held";
            shared_.log.warn("held", {{"delivery", lease.id},
                                      {"receiver", lease.receiver},
                                      {"code", code.value_or(Code::DeliverRefused)}});
        }
        const auto snapshot = snapshot_();
        notices_.tell({lease.message, lease.case_id, lease.sender, lease.receiver, notice, code},
                      snapshot);
        if (outcome != store::Attempt::Outcome::Withdrawn) return;
        notices_.tell({.message = lease.message,
                       .case_id = lease.case_id,
                       .sender = lease.receiver,
                       .receiver = lease.sender,
                       .code = notice,
                       .problem = code,
                       .about = NoticeCause::About::Anothers},
                      snapshot);
    });
}

}  // namespace stafett::pipeline
