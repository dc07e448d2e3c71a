// The calendar: what becomes due, who is told, and that nobody is told twice.
#include "gateway/custody/timers.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <cstdio>

#include "gateway/custody/parts.h"

namespace stafett::custody {
namespace {

unsigned numberIn(std::string_view text) {
    unsigned number = 0;
    std::from_chars(text.data(), text.data() + text.size(), number);
    return number;
}

std::string dayAfter(std::string_view date) {
    using namespace std::chrono;
    const sys_days day = year(static_cast<int>(numberIn(date.substr(0, 4)))) /
                         month(numberIn(date.substr(5, 2))) /
                         std::chrono::day(numberIn(date.substr(8, 2)));
    const year_month_day next(day + days(1));
    std::array<char, 16> text{};
    std::snprintf(text.data(), text.size(), "%04d-%02u-%02u", static_cast<int>(next.year()),
                  static_cast<unsigned>(next.month()), static_cast<unsigned>(next.day()));
    return text.data();
}

enum class Ring : std::uint8_t { Reminder, Escalation, ExitNear, FollowUpDue };

/// A timer that has not fired, and may as things stand.
struct Timer {
    Ring ring;
    const std::string& day;
    std::size_t index;  ///< which offer, assessment or follow-up
};

bool isDue(const Timer& timer, std::string_view today) {
    return !timer.day.empty() && timer.day <= today;
}

template <class Visit>
void eachOf(const OfferDates& dates, const Told& told, std::size_t index, Visit& visit) {
    // The days behind the mark have fired, whatever the clock says now.
    for (const auto& day : dates.remind_on) {
        if (day > told.reminded) visit(Timer{Ring::Reminder, day, index});
    }
    if (told.escalated.empty()) visit(Timer{Ring::Escalation, dates.escalate_on, index});
}

/// The one list of timers: what a tick fires and what nextDue() waits for cannot differ.
/// A timer without a day never fires.
template <class Offers, class Assessments, class Rest>
void eachTimer(const CaseState& state, Offers offers, Assessments assessments, Rest rest) {
    for (std::size_t i = 0; i < state.offers.size(); ++i) {
        const Offer& o = state.offers[i];
        if (isOpen(o)) eachOf(o.dates, o.told, i, offers);
    }
    for (std::size_t i = 0; i < state.assessments.size(); ++i) {
        const Assessment& a = state.assessments[i];
        if (a.state == Assessment::State::Requested) eachOf(a.dates, a.told, i, assessments);
    }
    if (state.phase == Phase::Open && state.exit.told.empty() && waitingLead(state) == nullptr) {
        rest(Timer{Ring::ExitNear, state.exit.warn.empty() ? state.exit.on : state.exit.warn, 0});
    }
    if (state.phase != Phase::Closed || state.consents.state == Consents::State::Withdrawn) return;
    for (std::size_t i = 0; i < state.follow_ups.size(); ++i) {
        const FollowUp& f = state.follow_ups[i];
        if (f.told.empty() && f.done.empty()) rest(Timer{Ring::FollowUpDue, f.due, i});
    }
}

/// An offer or a request as its timers see it.
struct Waiting {
    OfferDates& dates;
    Told& told;
    const MessageId& message;
    std::vector<Holder> owe;
    Holder waits;
};

void tellThose(Decision& decision, std::string_view code, const Waiting& waiting) {
    for (const auto& one : waiting.owe) {
        decision.obligations.push_back(
            {code, one, waiting.message, waiting.waits.party, waiting.dates.answer_by});
    }
}

void tellBoth(Decision& decision, std::string_view code, const Waiting& waiting) {
    tellThose(decision, code, waiting);
    decision.obligations.push_back(
        {code, waiting.waits, waiting.message, waiting.owe.front().party, waiting.dates.answer_by});
}

/// Of several days that have passed at once, one reminder comes. "Soon" told after the day itself
/// would be a lie: those are spent in silence.
void remindOf(Decision& decision, const Waiting& waiting, const std::string& day,
              std::string_view today) {
    waiting.told.reminded = day;
    const auto& all = waiting.dates.remind_on;
    const auto next = std::upper_bound(all.begin(), all.end(), day);
    if (next != all.end() && *next <= today) return;
    if (day > waiting.dates.answer_by) {
        tellBoth(decision, "overdue", waiting);
    } else if (today <= waiting.dates.answer_by) {
        tellThose(decision, "reminder_soon", waiting);
    }
}

void fire(Decision& decision, const Waiting& waiting, const Timer& timer, std::string_view today) {
    if (timer.ring == Ring::Reminder) {
        remindOf(decision, waiting, timer.day, today);
    } else {
        waiting.told.escalated = today;
        tellBoth(decision, "escalated", waiting);
    }
}

void fireOffer(Decision& decision, const Timer& timer, std::string_view today) {
    Offer& o = decision.state.offers[timer.index];
    Waiting waiting{o.dates, o.told, o.message, {owes(o)}, waits(o)};
    // What a receiver leaves lying goes to the function that answers for it there.
    if (timer.ring == Ring::Escalation && owes(o) == o.to && !o.dates.escalate_to.empty()) {
        waiting.owe.front().function = o.dates.escalate_to;
    }
    fire(decision, waiting, timer, today);
}

void fireAssessment(Decision& decision, const Timer& timer, std::string_view today) {
    Assessment& a = decision.state.assessments[timer.index];
    fire(decision, Waiting{a.dates, a.told, a.message, a.to, a.from}, timer, today);
}

void fireRest(Decision& decision, const Timer& timer, std::string_view today) {
    CaseState& state = decision.state;
    const bool exit = timer.ring == Ring::ExitNear;
    const std::string& due = exit ? state.exit.on : state.follow_ups[timer.index].due;
    (exit ? state.exit.told : state.follow_ups[timer.index].told) = today;
    decision.obligations.push_back(
        {exit ? "exit_near" : "follow_up_due", state.holder, MessageId{}, state.holder.party, due});
}

}  // namespace

OfferDates completed(OfferDates dates) {
    if (dates.answer_by.empty()) return dates;
    if (dates.remind_on.empty() || dates.remind_on.back() <= dates.answer_by) {
        dates.remind_on.push_back(dayAfter(dates.answer_by));
    }
    return dates;
}

Decision tick(const CaseState& before, std::string_view today) {
    Decision decision{.state = before};
    bool changed = settlePromises(decision.state, today);
    const CaseState settled = decision.state;
    const auto firing = [&](auto fire) {
        return [&, fire](const Timer& timer) {
            if (!isDue(timer, today)) return;
            fire(decision, timer, today);
            changed = true;
        };
    };
    eachTimer(settled, firing(fireOffer), firing(fireAssessment), firing(fireRest));
    if (changed) ++decision.state.version;
    return decision;
}

std::string nextDue(const CaseState& state) {
    std::string next;
    const auto earlier = [&](const std::string& day) {
        if (!day.empty() && (next.empty() || day < next)) next = day;
    };
    for (const auto& offer : state.offers) {
        if (isPromised(offer)) earlier(offer.takes_over);
    }
    const auto ofTimer = [&](const Timer& timer) { earlier(timer.day); };
    eachTimer(state, ofTimer, ofTimer, ofTimer);
    return next;
}

}  // namespace stafett::custody
