#include "gateway/custody/questions.h"

#include <algorithm>

#include "gateway/custody/parts.h"

namespace stafett::custody {
namespace {

bool isLate(const OfferDates& dates, std::string_view today) {
    return !dates.answer_by.empty() && dates.answer_by < today;
}

void findOverdue(const CaseState& state, const Holder& holder, std::string_view today,
                 std::vector<Gap>& gaps) {
    for (const auto& o : state.offers) {
        if (!isOpen(o) || !isLate(o.dates, today)) continue;
        gaps.push_back({Gap::Why::Overdue, o.dates.answer_by, owes(o), holder, o.message,
                        !o.told.escalated.empty()});
    }
    for (const auto& a : state.assessments) {
        if (a.state != Assessment::State::Requested || !isLate(a.dates, today)) continue;
        for (const auto& to : a.to) {
            gaps.push_back({Gap::Why::Overdue, a.dates.answer_by, to, holder, a.message,
                            !a.told.escalated.empty()});
        }
    }
}

/// The newest lead offer was declined, and the case is held out to nobody.
bool needsNewReceiver(const CaseState& state) {
    if (waitingLead(state) != nullptr) return false;
    const auto last = std::find_if(state.offers.rbegin(), state.offers.rend(),
                                   [](const Offer& o) { return o.role == Role::Lead; });
    return last != state.offers.rend() && last->state == OfferState::Declined;
}

std::vector<Turn> followUpTurns(const CaseState& state, std::string_view today) {
    std::vector<Turn> turns;
    if (state.consents.state == Consents::State::Withdrawn) return turns;
    for (const auto& f : state.follow_ups) {
        if (f.done.empty() && f.due <= today) {
            turns.push_back({state.holder, Turn::Owes::FollowUp, f.due});
        }
    }
    return turns;
}

}  // namespace

Holder holderOn(const CaseState& state, std::string_view today) {
    Holder holder = state.holder;
    for (const auto& o : state.offers) {
        if (isPromised(o) && o.role == Role::Lead && o.takes_over <= today) holder = o.to;
    }
    return holder;
}

std::vector<Gap> betweenTheChairs(const CaseState& state, std::string_view today,
                                  const std::vector<PartyId>& ended) {
    std::vector<Gap> gaps;
    if (state.phase == Phase::Closed) return gaps;
    const Holder holder = holderOn(state, today);
    findOverdue(state, holder, today, gaps);
    const auto& warn = state.exit.warn.empty() ? state.exit.on : state.exit.warn;
    if (!warn.empty() && warn <= today && waitingLead(state) == nullptr) {
        gaps.push_back({Gap::Why::ExitNear, state.exit.on, holder, holder});
    }
    if (std::find(ended.begin(), ended.end(), holder.party) != ended.end()) {
        gaps.push_back({Gap::Why::PartyEnded, {}, holder, holder});
    }
    return gaps;
}

std::vector<Turn> whoseTurn(const CaseState& state, std::string_view today) {
    if (state.phase == Phase::Closed) return followUpTurns(state, today);
    std::vector<Turn> turns;
    for (const auto& o : state.offers) {
        if (!isOpen(o)) continue;
        const bool asked = o.state == OfferState::SupplementAsked;
        turns.push_back({owes(o), asked ? Turn::Owes::Supplement : Turn::Owes::Answer,
                         o.dates.answer_by, o.message});
    }
    for (const auto& a : state.assessments) {
        if (a.state != Assessment::State::Requested) continue;
        for (const auto& to : a.to) {
            turns.push_back({to, Turn::Owes::Booking, a.dates.answer_by, a.message});
        }
    }
    const Holder holder = holderOn(state, today);
    if (state.consents.state == Consents::State::Withdrawn) {
        turns.push_back({holder, Turn::Owes::Closure, {}});
    } else if (needsNewReceiver(state)) {
        turns.push_back({holder, Turn::Owes::NewReceiver, state.exit.on});
    }
    return turns;
}

bool stillHeldBy(const CaseState& state, const PartyId& party, std::string_view today) {
    // What only tells of a deviation is nobody's to hand on.
    const bool deviation = state.opened_with == "deviation" && state.offers.empty();
    if (state.phase == Phase::Closed || deviation) return false;
    return state.holder.party == party || holderOn(state, today).party == party;
}

StepReached reachedOn(const PlanStep& step, std::string_view today) {
    if (!step.reached.empty()) return StepReached::Done;
    if (!step.to.empty() && step.to < today) return StepReached::Late;
    return step.status == "under_way" ? StepReached::UnderWay : StepReached::NotYet;
}

}  // namespace stafett::custody
