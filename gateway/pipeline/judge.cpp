#include "gateway/pipeline/judge.h"

#include <algorithm>
#include <cmath>
#include <random>

namespace stafett::pipeline {

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

store::Attempt retry(const store::Lease& lease, Code code, std::chrono::seconds asked,
                     const config::Delivery& settings, Time now, double spread, trace::Fields why) {
    const bool reached = code != Code::DeliverUnreachable && code != Code::DeliverTls;
    if (now - lease.first_due >= settings.give_up) {
        auto held = hold(lease, Code::DeliverExpired, now, std::move(why));
        held.reached = reached;
        return held;
    }
    store::Attempt attempt;
    attempt.id = lease.id;
    attempt.code = code;
    attempt.reached = reached;
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

store::Attempt delivered(const store::Lease& lease, Time now, trace::Fields said) {
    store::Attempt attempt;
    attempt.id = lease.id;
    attempt.outcome = store::Attempt::Outcome::Delivered;
    attempt.events.push_back(attemptEvent(lease, trace::Step::Delivered, now, std::move(said)));
    return attempt;
}

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
    if (!answer && answer.error().code() == Code::StoreDamaged) {
        return hold(lease, Code::StoreDamaged, now, {});
    }
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
    if (meaning.info) said.emplace_back("info", true);
    return delivered(lease, now, std::move(said));
}

}  // namespace stafett::pipeline
