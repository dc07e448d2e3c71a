// Holding the baton out, taking it back, and reminding of it.
#include <algorithm>

#include "gateway/custody/move.h"
#include "gateway/custody/parts.h"
#include "gateway/custody/questions.h"
#include "gateway/custody/timers.h"
#include "gateway/message/dates.h"

namespace stafett::custody {
namespace {

Status mayOffer(const CaseState& state, const Act& act) {
    if (!answersFor(state, act.by, state.holder)) {
        return forbidden(Code::CustodyNotHolder,
                         "holder " + state.holder.party.value + " " + state.holder.function.value);
    }
    if (const auto* waiting = waitingLead(state)) {
        return forbidden(Code::CustodyOpenOffer, "offer " + std::string(name(waiting->state)));
    }
    return {};
}

/// One takes the baton, the others take parts; nobody is offered what they have.
Status mayReceive(const CaseState& state, const Act& act) {
    const auto leads = std::count_if(act.to.begin(), act.to.end(),
                                     [](const Addressed& to) { return to.role == Role::Lead; });
    if (leads != 1) return forbidden(Code::CustodyConflict, "one lead is needed");
    for (auto to = act.to.begin(); to != act.to.end(); ++to) {
        const Holder& who = to->who;
        if (who == state.holder || who == act.by) {
            return forbidden(Code::CustodyConflict, "the receiver holds the case");
        }
        // Inside one party only the function that holds the case may hand it to another (R11).
        if (who.party == state.holder.party && act.by.function != state.holder.function) {
            return forbidden(Code::CustodyNotHolder, "holder " + state.holder.function.value);
        }
        const bool twice = std::any_of(
            act.to.begin(), to, [&](const Addressed& earlier) { return earlier.who == who; });
        if (twice) return forbidden(Code::CustodyConflict, "the receiver is named twice");
        if (!message::isDate(to->dates.answer_by)) {
            return forbidden(Code::CustodyConflict, "an offer without a date");
        }
    }
    return {};
}

bool isAddressed(const Act& act, const Holder& who) {
    return act.to.empty() || std::any_of(act.to.begin(), act.to.end(),
                                         [&](const auto& to) { return to.who.party == who.party; });
}

void withdraw(Move& move, Assessment& assessment) {
    assessment.state = Assessment::State::Withdrawn;
    for (const auto& to : assessment.to) {
        move.decision.take_back.push_back({assessment.message, to});
        move.decision.receivers.push_back(to);
    }
}

}  // namespace

Status offer(Move& move) {
    CaseState& state = move.state();
    const Act& act = move.act;
    ST_CHECK(mayOffer(state, act));
    ST_CHECK(mayReceive(state, act));
    const PlannedExit exit{.on = act.exit.on, .warn = act.exit.warn};
    for (const auto& [to, role, dates] : act.to) {
        state.offers.push_back(
            Offer{.message = act.message,
                  .kind = act.kind == Act::Kind::HandOver ? "handover" : "referral",
                  .from = act.by,
                  .to = to,
                  .role = role,
                  .dates = completed(dates),
                  .exit = exit});
        move.decision.receivers.push_back(to);
    }
    state.support_after = state.support_after || act.support_after;
    return {};
}

void takeBack(Move& move, Offer& offer) {
    offer.state = OfferState::Withdrawn;
    offer.takes_over.clear();
    move.decision.take_back.push_back({offer.message, offer.to});
}

Status cancel(Move& move) {
    CaseState& state = move.state();
    const Act& act = move.act;
    const auto isMine = [&](const auto& asked) {
        return answersFor(state, act.by, asked.from) && (!act.about || asked.message == *act.about);
    };
    for (auto& o : state.offers) {
        if (!isMine(o) || !isOpen(o) || !isAddressed(act, o.to)) continue;
        takeBack(move, o);
        move.decision.receivers.push_back(o.to);
    }
    for (auto& a : state.assessments) {
        if (isMine(a) && a.state == Assessment::State::Requested) withdraw(move, a);
    }
    if (move.decision.take_back.empty()) {
        return forbidden(Code::CustodyNothingToCancel, "nothing of yours is open");
    }
    return {};
}

Status remind(Move& move) {
    CaseState& state = move.state();
    const Act& act = move.act;
    for (auto& o : state.offers) {
        if (!isOpen(o) || (act.about && o.message != *act.about)) continue;
        if (!answersFor(state, act.by, waits(o)) || !isAddressed(act, owes(o))) continue;
        ++o.reminders;
        move.decision.receivers.push_back(owes(o));
    }
    if (!move.decision.receivers.empty()) return {};
    // Of a plan or a meeting, too, one may be reminded: but then the reminder says whom.
    if (act.to.empty()) return forbidden(Code::CustodyConflict, "nobody owes you an answer");
    return findReceivers(move);
}

}  // namespace stafett::custody
