// Consent, and the end of a case.
#include <algorithm>

#include "gateway/custody/move.h"
#include "gateway/custody/parts.h"
#include "gateway/custody/questions.h"

namespace stafett::custody {
namespace {

constexpr std::string_view kWithdrawn = "withdrawn";  // of the value set notice_code

void addOnce(std::vector<Holder>& list, const Holder& who) {
    if (std::find(list.begin(), list.end(), who) == list.end()) list.push_back(who);
}

/// Stops what is on its way: what is offered and what is promised. Both sides are told; the baton
/// stays with whoever has it, since somebody must.
void stopOffers(Move& move) {
    for (auto& o : move.state().offers) {
        if (!isOpen(o) && !isPromised(o)) continue;
        takeBack(move, o);
        move.tell(kWithdrawn, o, o.to, o.from);
        move.tell(kWithdrawn, o, o.from, o.to);
        if (o.to.party != move.act.by.party) addOnce(move.decision.receivers, o.to);
    }
}

void stopAssessments(Move& move) {
    for (auto& a : move.state().assessments) {
        if (a.state != Assessment::State::Requested && a.state != Assessment::State::Booked) {
            continue;
        }
        a.state = Assessment::State::Withdrawn;
        for (const auto& to : a.to) {
            move.decision.take_back.push_back({a.message, to});
            if (to.party != move.act.by.party) addOnce(move.decision.receivers, to);
        }
    }
}

/// Whether the consent withdrawn is one of several, and others still hold. A withdrawal that names
/// none we know of is taken as the whole person's.
bool othersStillHold(Consents& consents, const std::optional<MessageId>& withdrawn) {
    if (!withdrawn) return false;
    const auto known = std::find(consents.given.begin(), consents.given.end(), *withdrawn);
    if (known == consents.given.end()) return false;
    consents.given.erase(known);
    return !consents.given.empty();
}

bool isFollowedUp(std::string_view outcome) { return outcome == "arbete" || outcome == "studier"; }

Status mayClose(const CaseState& state, const Act& act) {
    if (!answersFor(state, act.by, state.holder)) {
        return forbidden(Code::CustodyNotHolder,
                         "holder " + state.holder.party.value + " " + state.holder.function.value);
    }
    if (act.outcome.empty()) return forbidden(Code::CustodyConflict, "no outcome");
    if (const auto* waiting = waitingLead(state)) {
        return forbidden(Code::CustodyOpenOffer, "offer " + std::string(name(waiting->state)));
    }
    return {};
}

}  // namespace

Status giveConsent(Move& move) {
    auto& consents = move.state().consents;
    consents.state = Consents::State::Given;
    consents.withdrawn.clear();
    consents.given.push_back(move.act.message);
    return passOn(move);
}

Status withdrawConsent(Move& move) {
    CaseState& state = move.state();
    move.decision.receivers = others(state, move.act.by);
    for (const auto& to : move.act.to) addOnce(move.decision.receivers, to.who);
    if (othersStillHold(state.consents, move.act.about)) return {};
    if (state.consents.state != Consents::State::Withdrawn) {
        state.consents = {.state = Consents::State::Withdrawn, .withdrawn = move.act.today};
    }
    stopOffers(move);
    stopAssessments(move);
    return {};
}

Status close(Move& move) {
    CaseState& state = move.state();
    const Act& act = move.act;
    ST_CHECK(mayClose(state, act));
    ST_CHECK(findReceivers(move));
    // Parts that nobody has taken are taken back: there is nothing left to take part in.
    for (auto& o : state.offers) {
        if (!isOpen(o) && !isPromised(o)) continue;
        takeBack(move, o);
        move.tell(kWithdrawn, o, o.to, o.from);
    }
    for (auto& a : state.assessments) {
        if (a.state == Assessment::State::Requested) a.state = Assessment::State::Withdrawn;
    }
    state.phase = Phase::Closed;
    state.closure =
        Closure{.outcome = act.outcome, .date = act.on.empty() ? act.today : act.on, .by = act.by};
    state.exit = {};
    if (isFollowedUp(act.outcome)) {
        for (const auto& f : act.follow_ups) state.follow_ups.push_back({f.month, f.due});
    }
    state.support_after = state.support_after || act.support_after;
    return {};
}

}  // namespace stafett::custody
