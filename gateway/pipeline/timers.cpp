#include "gateway/pipeline/timers.h"

#include <algorithm>
#include <atomic>
#include <latch>

#include "gateway/message/dates.h"
#include "gateway/pipeline/gateway_word.h"

namespace stafett::pipeline {
namespace {

constexpr std::uint32_t kPage = 64;  // ticks under way at once: about one commit
/// When a case could not be ticked: the store was busy, or a notice could not be written.
constexpr std::chrono::seconds kAgain{60};
/// No wait is longer: the machine may have slept, or its clock been set.
constexpr std::chrono::hours kLongest{1};

/// Midnight in Stockholm, when the day begins.
Time beginOf(const std::string& date) {
    const auto midnight = message::fromStockholm(date + "T00:00:00");
    const auto time = midnight ? message::parseTime(midnight->utc) : std::nullopt;
    return time.value_or(Time::max());
}

trace::SafeText plain(std::string_view text) {
    return trace::SafeText::fromConfiguration(std::string(text));
}

/// The message of the case that an event is written beside.
MessageId besideWhat(const custody::CaseState& state, const MessageId& about) {
    if (about != MessageId{} || state.counted.empty()) return about;
    return state.counted.front();
}

void noteHolder(const custody::CaseState& before, const custody::CaseState& after,
                store::Tick& tick) {
    if (before.holder == after.holder) return;
    const auto taken =
        std::find_if(after.offers.rbegin(), after.offers.rend(), [&](const custody::Offer& offer) {
            return offer.to == after.holder && offer.role == custody::Role::Lead;
        });
    if (taken == after.offers.rend()) return;
    tick.notes.push_back({taken->message,
                          {trace::Step::Taken,
                           tick.now,
                           {{"case", tick.case_id},
                            {"place", tick.case_version + 1},
                            {"holder", after.holder.party},
                            {"holder_function", after.holder.function}}}});
}

}  // namespace

Timers::Timers(const Shared& shared, SnapshotSource snapshot)
    : shared_(shared), snapshot_(std::move(snapshot)) {
    shared_.store.onCaseDue([this](const std::string& date) {
        const std::lock_guard lock(mutex_);
        if (next_ && date >= *next_) return;
        awake_ = true;
        changed_.notify_all();
    });
    thread_ = std::thread([this] { run(); });
}

Timers::~Timers() {
    stop();
    shared_.store.onCaseDue({});
}

void Timers::wake() {
    const std::lock_guard lock(mutex_);
    awake_ = true;
    changed_.notify_all();
}

void Timers::stop() {
    {
        const std::lock_guard lock(mutex_);
        stopping_ = true;
    }
    changed_.notify_all();
    if (thread_.joinable()) thread_.join();
}

bool Timers::isStopping() {
    const std::lock_guard lock(mutex_);
    return stopping_;
}

void Timers::run() {
    while (!isStopping()) {
        {
            const std::lock_guard lock(mutex_);
            awake_ = false;
            next_.reset();
        }
        const Time now = shared_.clock.now();
        const Pass pass = firePass(*snapshot_(), now);
        if (pass != Pass::Moved) sleep(pass, now);
    }
}

void Timers::sleep(Pass last, Time now) {
    const auto next = shared_.store.nextCaseDue();
    std::unique_lock lock(mutex_);
    // Whatever a commit has set since the pass wakes: until now every date did.
    next_ = next && *next ? **next : std::string();
    if (next_->empty()) next_.reset();
    std::chrono::duration<double> wait = kLongest;
    if (last == Pass::Failed || !next) {
        wait = kAgain;
    } else if (next_) {
        // A day that has come and made nothing due will not be looked at in vain again at once.
        const std::chrono::duration<double> left = beginOf(*next_) - now;
        wait = left.count() > 0 ? std::min(wait, left / shared_.pace) : kAgain;
    }
    changed_.wait_for(lock, wait, [this] { return stopping_ || awake_; });
}

/// Everything that is due, and what a party still holds whose time is over.
Timers::Pass Timers::firePass(const Snapshot& snapshot, Time now) {
    const auto today = message::stockholmDate(now);
    Pass pass = fireAll({.due_by = today, .limit = kPage}, snapshot, now);
    const auto holders = shared_.store.holders();
    if (!holders) return Pass::Failed;
    for (const auto& [party, count] : *holders) {
        const auto* known = snapshot.config.party(party);
        if (known != nullptr && config::holdsOn(known->valid_from, known->valid_to, today))
            continue;
        pass =
            std::max(pass, fireAll({.holder = party, .open = true, .limit = kPage}, snapshot, now));
    }
    return pass;
}

Timers::Pass Timers::fireAll(store::CaseQuery query, const Snapshot& snapshot, Time now) {
    Pass pass = Pass::Done;
    while (!isStopping()) {
        const auto page = shared_.store.cases(query);
        if (!page) {
            shared_.log.error("timers_failed", {{"code", page.error().code()}});
            return Pass::Failed;
        }
        pass = std::max(pass, firePage(*page, snapshot, now));
        if (page->size() < kPage) break;
        query.after = page->back().key;
    }
    return pass;
}

Timers::Pass Timers::firePage(const std::vector<store::ListedCase>& page, const Snapshot& snapshot,
                              Time now) {
    struct Under {
        explicit Under(std::size_t count) : kept(static_cast<std::ptrdiff_t>(count)) {}
        std::atomic<bool> moved = false;
        std::atomic<bool> failed = false;
        std::latch kept;
    };
    const auto under = std::make_shared<Under>(page.size());
    const auto end = [this, under](const CaseId& id, Pass how, std::optional<Code> why) {
        if (why) shared_.log.error("tick_failed", {{"case", id}, {"code", *why}});
        if (how == Pass::Moved) under->moved = true;
        if (how == Pass::Failed) under->failed = true;
        under->kept.count_down();
    };
    for (const auto& one : page) {
        auto tick = tickOf(one, snapshot, now);
        if (!tick) {
            end(one.row.id, Pass::Failed, tick.error().code());
            continue;
        }
        const bool same = tick->notices.empty() && tick->notes.empty() &&
                          tick->next_due == one.next_due &&
                          tick->between_since == one.between_since;
        if (same) {
            end(one.row.id, Pass::Done, {});
            continue;
        }
        shared_.store.tick(
            std::move(*tick), [end, id = one.row.id](const Result<store::Kept>& done) {
                const bool moved = done && done->outcome == store::Kept::Outcome::CaseMoved;
                if (!done) return end(id, Pass::Failed, done.error().code());
                end(id, moved ? Pass::Moved : Pass::Done, {});
            });
    }
    under->kept.wait();
    if (under->failed) return Pass::Failed;
    return under->moved ? Pass::Moved : Pass::Done;
}

Result<store::Tick> Timers::tickOf(const store::ListedCase& one, const Snapshot& snapshot,
                                   Time now) {
    const auto today = message::stockholmDate(now);
    ST_TRY(const auto before, custody::parse(one.row.state));
    custody::Act act;
    act.kind = custody::Act::Kind::Tick;
    act.today = today;
    ST_TRY(auto decision, custody::decide(before, act));
    auto state = std::move(decision.state);
    state.version = one.row.version + 1;
    store::Tick tick;
    tick.case_id = one.row.id;
    tick.case_version = one.row.version;
    tick.now = now;
    for (const auto& obligation : decision.obligations) {
        shared_.log.info("due", {{"case", tick.case_id},
                                 {"what", plain(obligation.code)},
                                 {"party", obligation.to.party}});
        tick.notes.push_back({besideWhat(state, obligation.about),
                              {trace::Step::Due,
                               now,
                               {{"what", plain(obligation.code)},
                                {"party", obligation.to.party},
                                {"function", obligation.to.function},
                                {"due", plain(obligation.due)}}}});
    }
    noteHolder(before, state, tick);
    ST_CHECK(say(shared_, snapshot, tick.case_id, decision.obligations, now, state, tick.notices));
    tick.between_since = one.between_since;
    fill(tick, before, state, snapshot.config, today);
    return tick;
}

}  // namespace stafett::pipeline
