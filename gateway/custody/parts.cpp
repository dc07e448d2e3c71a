#include "gateway/custody/parts.h"

#include <algorithm>

namespace stafett::custody {
namespace {

bool speaksByFunction(const CaseState& state, const PartyId& party) {
    return std::any_of(state.offers.begin(), state.offers.end(), [&](const Offer& o) {
        return o.from.party == party && o.to.party == party;
    });
}

std::vector<Participant>::iterator find(CaseState& state, const Holder& who) {
    return std::find_if(state.participants.begin(), state.participants.end(),
                        [&](const Participant& p) { return p.who == who; });
}

}  // namespace

bool isOpen(const Offer& offer) {
    return offer.state == OfferState::Offered || offer.state == OfferState::SupplementAsked;
}

bool isPromised(const Offer& offer) {
    const bool accepted = offer.state == OfferState::Accepted || offer.state == OfferState::Started;
    return accepted && !offer.takes_over.empty();
}

const Holder& owes(const Offer& offer) {
    return offer.state == OfferState::SupplementAsked ? offer.from : offer.to;
}

const Holder& waits(const Offer& offer) {
    return offer.state == OfferState::SupplementAsked ? offer.to : offer.from;
}

bool answersFor(const CaseState& state, const Holder& by, const Holder& side) {
    return by.party == side.party &&
           (by.function == side.function || !speaksByFunction(state, by.party));
}

bool takesPart(const CaseState& state, const PartyId& party) {
    const auto isTheirs = [&](const Holder& who) { return who.party == party; };
    return isTheirs(state.holder) ||
           std::any_of(state.participants.begin(), state.participants.end(),
                       [&](const Participant& p) { return isTheirs(p.who); }) ||
           std::any_of(state.offers.begin(), state.offers.end(),
                       [&](const Offer& o) { return isOpen(o) && isTheirs(o.to); }) ||
           std::any_of(state.assessments.begin(), state.assessments.end(), [&](const auto& a) {
               return a.state != Assessment::State::Withdrawn &&
                      std::any_of(a.to.begin(), a.to.end(), isTheirs);
           });
}

void join(CaseState& state, const Holder& who) {
    const auto known = find(state, who);
    if (known == state.participants.end()) {
        state.participants.push_back({.who = who});
    } else {
        known->ended = false;
    }
}

void endPart(CaseState& state, const Holder& who) {
    if (const auto known = find(state, who); known != state.participants.end()) known->ended = true;
}

std::vector<Holder> others(const CaseState& state, const Holder& by) {
    std::vector<Holder> found;
    for (const auto& participant : state.participants) {
        if (participant.ended || answersFor(state, by, participant.who)) continue;
        found.push_back(participant.who);
    }
    return found;
}

const Offer* waitingLead(const CaseState& state) {
    const auto found = std::find_if(state.offers.begin(), state.offers.end(), [](const Offer& o) {
        return o.role == Role::Lead && (isOpen(o) || isPromised(o));
    });
    return found == state.offers.end() ? nullptr : &*found;
}

void takeOver(CaseState& state, Offer& offer) {
    offer.takes_over.clear();
    if (offer.role != Role::Lead) return;
    if (offer.kind == "handover") {
        endPart(state, state.holder);
        endPart(state, offer.from);
    }
    state.holder = offer.to;
    state.exit = offer.exit;
    join(state, offer.to);
}

bool settlePromises(CaseState& state, std::string_view today) {
    bool settled = false;
    for (auto& offer : state.offers) {
        if (!isPromised(offer) || offer.takes_over > today) continue;
        takeOver(state, offer);
        settled = true;
    }
    return settled;
}

}  // namespace stafett::custody
