// What parties tell each other while one of them holds the case: it never moves the baton.
#include <algorithm>

#include "gateway/custody/move.h"
#include "gateway/custody/parts.h"
#include "gateway/custody/timers.h"

namespace stafett::custody {
namespace {

constexpr std::string_view kDone = "done";  // of the value set step_status

std::vector<Holder> addressed(const Act& act) {
    std::vector<Holder> found;
    found.reserve(act.to.size());
    for (const auto& to : act.to) found.push_back(to.who);
    return found;
}

void say(PlanStep& step, std::string_view status, const std::string& on) {
    if (status.empty()) return;
    step.status = status;
    if (status != kDone) {
        step.reached.clear();
    } else if (step.reached.empty()) {
        step.reached = on;
    }
}

PlanStep* findStep(CaseState& state, std::uint32_t number) {
    const auto found = std::find_if(state.steps.begin(), state.steps.end(),
                                    [&](const PlanStep& step) { return step.number == number; });
    return found == state.steps.end() ? nullptr : &*found;
}

/// A step keeps what has been reached when a newer plan moves it; one that the newer plan leaves
/// out stays known, for progress that is still under way.
void learnSteps(CaseState& state, const Act& act) {
    for (const auto& planned : act.steps) {
        PlanStep* known = findStep(state, planned.number);
        if (known == nullptr) known = &state.steps.emplace_back(PlanStep{planned.number});
        known->from = planned.from;
        known->to = planned.to;
        say(*known, planned.status, act.today);
    }
    std::sort(state.steps.begin(), state.steps.end(),
              [](const PlanStep& a, const PlanStep& b) { return a.number < b.number; });
}

void learnExit(CaseState& state, const Act& act) {
    if (act.exit.on.empty() || !answersFor(state, act.by, state.holder)) return;
    if (act.exit.on != state.exit.on) state.exit.told.clear();
    state.exit.on = act.exit.on;
    state.exit.warn = act.exit.warn;
}

/// The follow-up that is meant: by its month, else the first that is not done.
void doFollowUp(CaseState& state, const Act& act) {
    const auto found = std::find_if(
        state.follow_ups.begin(), state.follow_ups.end(),
        [&](const FollowUp& f) { return act.month != 0 ? f.month == act.month : f.done.empty(); });
    if (found == state.follow_ups.end()) return;
    found->done = act.on.empty() ? act.today : act.on;
    found->kept = act.kept;
}

bool isSideOf(const CaseState& state, const Assessment& a, const Holder& who) {
    return answersFor(state, who, a.from) ||
           std::any_of(a.to.begin(), a.to.end(),
                       [&](const Holder& to) { return answersFor(state, who, to); });
}

/// The request that is booked or has come to a result: the one named, else the only one open.
Result<std::size_t> findAssessment(const CaseState& state, const Act& act) {
    std::optional<std::size_t> found;
    for (std::size_t i = 0; i < state.assessments.size(); ++i) {
        const Assessment& a = state.assessments[i];
        const bool open =
            a.state == Assessment::State::Requested || a.state == Assessment::State::Booked;
        if (!open || !isSideOf(state, a, act.by)) continue;
        if (act.about && a.message == *act.about) return i;
        if (found) return forbidden(Code::CustodyConflict, "several requests fit");
        found = i;
    }
    if (!found) return forbidden(Code::CustodyConflict, "no joint assessment is asked for");
    return *found;
}

}  // namespace

Status findReceivers(Move& move) {
    for (const auto& to : move.act.to) {
        if (!takesPart(move.state(), to.who.party)) {
            return forbidden(Code::CustodyNotParty, "party " + to.who.party.value);
        }
    }
    return passOn(move);
}

Status passOn(Move& move) {
    move.decision.receivers =
        move.act.to.empty() ? others(move.state(), move.act.by) : addressed(move.act);
    return {};
}

Status plan(Move& move) {
    ST_CHECK(findReceivers(move));
    CaseState& state = move.state();
    const Act& act = move.act;
    learnSteps(state, act);
    learnExit(state, act);
    for (const auto& id : act.related) {
        if (std::find(state.related.begin(), state.related.end(), id) == state.related.end()) {
            state.related.push_back(id);
        }
    }
    if (act.coordinator) state.coordinator = act.coordinator;
    return {};
}

Status requestAssessment(Move& move) {
    const Act& act = move.act;
    if (act.to.empty()) return forbidden(Code::CustodyConflict, "nobody is asked");
    ST_CHECK(passOn(move));
    move.state().assessments.push_back({.message = act.message,
                                        .from = act.by,
                                        .to = move.decision.receivers,
                                        .dates = completed(act.dates)});
    return {};
}

Status meetAssessment(Move& move) {
    CaseState& state = move.state();
    const Act& act = move.act;
    ST_TRY(const std::size_t index, findAssessment(state, act));
    ST_CHECK(findReceivers(move));
    Assessment& a = state.assessments[index];
    if (act.kind == Act::Kind::BookAssessment) {
        a.state = Assessment::State::Booked;
        a.meets = act.on;
    } else {
        a.state = Assessment::State::Done;
    }
    if (!act.to.empty()) return {};
    move.decision.receivers.clear();
    if (!answersFor(state, act.by, a.from)) move.decision.receivers.push_back(a.from);
    for (const auto& to : a.to) {
        if (!answersFor(state, act.by, to)) move.decision.receivers.push_back(to);
    }
    return {};
}

Status progress(Move& move) {
    CaseState& state = move.state();
    const Act& act = move.act;
    if (state.phase == Phase::Closed && !act.follow_up) {
        return forbidden(Code::CustodyClosed, "closed " + state.closure->date);
    }
    if (act.step) {
        PlanStep* step = findStep(state, *act.step);
        if (step == nullptr) {
            return forbidden(Code::CustodyNoStep, "step " + std::to_string(*act.step));
        }
        say(*step, act.step_status, act.on.empty() ? act.today : act.on);
    }
    if (act.follow_up) doFollowUp(state, act);
    return findReceivers(move);
}

Status changeCaseworker(Move& move) {
    auto& changes = move.state().caseworker_changes;
    const PartyId& party = move.act.by.party;
    const auto known = std::find_if(changes.begin(), changes.end(),
                                    [&](const auto& one) { return one.party == party; });
    if (known == changes.end()) {
        changes.push_back({.party = party, .count = 1});
    } else {
        ++known->count;
    }
    return findReceivers(move);
}

Status passNotice(Move& move) {
    move.decision.receivers = addressed(move.act);
    return {};
}

}  // namespace stafett::custody
