// The rules of who holds the baton (design 9), as one pure function.
#include <algorithm>

#include "gateway/custody/custody.h"

namespace stafett::custody {
namespace {

bool isOpen(const Offer& offer) {
    return offer.state == OfferState::Offered || offer.state == OfferState::SupplementAsked;
}

bool isPromised(const Offer& offer) {
    return offer.state == OfferState::Accepted || offer.state == OfferState::Started;
}

/// A party answers for any of its functions: who inside it answers is its own affair.
bool sameParty(const Holder& a, const Holder& b) { return a.party == b.party; }

tl::unexpected<Error> forbidden(Code code, std::string state) {
    return tl::make_unexpected(Error(code, Place{.path = {}, .row = std::move(state)}));
}

std::string stateText(const Offer& offer) { return "offer " + std::string(name(offer.state)); }

/// Makes a promise whose day has come into the fact it is.
void settlePromises(CaseState& state, std::string_view today) {
    state.holder = holderOn(state, today);
    for (auto& offer : state.offers) {
        if (isPromised(offer) && !offer.takes_over.empty() && offer.takes_over <= today) {
            offer.takes_over.clear();
        }
    }
}

Result<Decision> offer(const std::optional<CaseState>& before, const Act& act) {
    CaseState state = before.value_or(CaseState{.version = 0, .holder = act.by, .offers = {}});
    settlePromises(state, act.today);
    if (!sameParty(state.holder, act.by)) {
        return forbidden(Code::CustodyNotHolder, "holder " + state.holder.party.value);
    }
    const auto waiting = std::find_if(state.offers.begin(), state.offers.end(), [](const Offer& o) {
        return o.role == Role::Lead && (isOpen(o) || (isPromised(o) && !o.takes_over.empty()));
    });
    if (waiting != state.offers.end()) {
        return forbidden(Code::CustodyOpenOffer, stateText(*waiting));
    }
    const auto leads = std::count_if(act.to.begin(), act.to.end(),
                                     [](const auto& to) { return to.second == Role::Lead; });
    if (act.to.empty() || leads != 1) return forbidden(Code::CustodyConflict, "one lead is needed");
    Decision decision;
    for (const auto& [to, role] : act.to) {
        if (role == Role::Lead && to == state.holder) {
            return forbidden(Code::CustodyConflict, "the receiver holds the case");
        }
        state.offers.push_back(
            Offer{.message = act.message,
                  .kind = act.kind == Act::Kind::HandOver ? "handover" : "referral",
                  .from = act.by,
                  .to = to,
                  .role = role,
                  .state = OfferState::Offered,
                  .answer_by = act.answer_by,
                  .takes_over = {}});
        decision.receivers.push_back(to);
    }
    ++state.version;
    decision.state = std::move(state);
    return decision;
}

/// The offer this act is about, seen from the side that must be `by`.
template <class Side>
Result<std::size_t> findOffer(const CaseState& state, const Act& act, Side side,
                              bool (*fits)(const Offer&)) {
    std::optional<std::size_t> mine;
    bool about_known = false;
    std::size_t fitting = 0;
    for (std::size_t i = 0; i < state.offers.size(); ++i) {
        const Offer& o = state.offers[i];
        if (act.about && o.message != *act.about) continue;
        about_known = true;
        if (!sameParty(side(o), act.by)) continue;
        if (fits(o)) ++fitting;
        if (!mine || fits(o)) mine = i;  // the newest that fits, else the newest
    }
    if (!mine) {
        return forbidden(about_known ? Code::CustodyNotYours : Code::CustodyConflict, "no offer");
    }
    if (!fits(state.offers[*mine])) {
        return forbidden(Code::CustodyConflict, stateText(state.offers[*mine]));
    }
    // Two questions wait for a supplement: which one is meant is never guessed.
    if (!act.about && fitting > 1 && act.kind != Act::Kind::Status) {
        return forbidden(Code::CustodyConflict, "several offers fit");
    }
    return *mine;
}

const Holder& receiverSide(const Offer& o) { return o.to; }
const Holder& giverSide(const Offer& o) { return o.from; }

bool mayBeAnswered(const Offer& o) { return isOpen(o); }
bool mayBeAsked(const Offer& o) { return o.state == OfferState::Offered; }
bool mayBeSupplemented(const Offer& o) { return o.state == OfferState::SupplementAsked; }
bool mayStart(const Offer& o) { return o.state == OfferState::Accepted; }
bool always(const Offer&) { return true; }

void accept(CaseState& state, Offer& o, const Act& act) {
    o.state = OfferState::Accepted;
    if (!act.takes_over.empty() && act.takes_over > act.today) {
        o.takes_over = act.takes_over;
    } else if (o.role == Role::Lead) {
        state.holder = o.to;
    }
}

void start(CaseState& state, Offer& o) {
    o.state = OfferState::Started;
    o.takes_over.clear();
    if (o.role == Role::Lead) state.holder = o.to;
}

Result<Decision> answer(const CaseState& before, const Act& act) {
    CaseState state = before;
    settlePromises(state, act.today);
    const bool by_giver = act.kind == Act::Kind::Supplement;
    const auto fits = [&] {
        switch (act.kind) {
            case Act::Kind::Accept:
            case Act::Kind::Decline:
                return mayBeAnswered;
            case Act::Kind::Ask:
                return mayBeAsked;
            case Act::Kind::Supplement:
                return mayBeSupplemented;
            case Act::Kind::Started:
                return mayStart;
            default:
                return always;
        }
    }();
    ST_TRY(const std::size_t index,
           findOffer(state, act, by_giver ? giverSide : receiverSide, fits));
    Offer& o = state.offers[index];
    switch (act.kind) {
        case Act::Kind::Accept:
            accept(state, o, act);
            break;
        case Act::Kind::Decline:
            o.state = OfferState::Declined;
            break;
        case Act::Kind::Ask:
            o.state = OfferState::SupplementAsked;
            break;
        case Act::Kind::Supplement:
            o.state = OfferState::Offered;
            break;
        case Act::Kind::Started:
            start(state, o);
            break;
        default:
            break;
    }
    Decision decision;
    decision.receivers.push_back(by_giver ? o.to : o.from);
    ++state.version;
    decision.state = std::move(state);
    return decision;
}

}  // namespace

Result<Decision> decide(const std::optional<CaseState>& before, const Act& act) {
    switch (act.kind) {
        case Act::Kind::Refer:
        case Act::Kind::HandOver:
            return offer(before, act);
        default:
            break;
    }
    if (!before) return forbidden(Code::CustodyConflict, "no case");
    if (act.kind == Act::Kind::Other) {
        CaseState state = *before;
        settlePromises(state, act.today);
        ++state.version;
        return Decision{.state = std::move(state), .receivers = {}};
    }
    return answer(*before, act);
}

Holder holderOn(const CaseState& state, std::string_view today) {
    Holder holder = state.holder;
    for (const auto& o : state.offers) {
        if (isPromised(o) && o.role == Role::Lead && !o.takes_over.empty() &&
            o.takes_over <= today) {
            holder = o.to;
        }
    }
    return holder;
}

}  // namespace stafett::custody
