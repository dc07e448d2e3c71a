// What a receiver may say to an offer, and its giver to a question.
#include <algorithm>

#include "gateway/custody/move.h"
#include "gateway/custody/parts.h"
#include "gateway/custody/questions.h"
#include "gateway/custody/timers.h"

namespace stafett::custody {
namespace {

bool fits(Act::Kind kind, const Offer& o) {
    switch (kind) {
        case Act::Kind::Accept:
        case Act::Kind::Decline:
            return isOpen(o);
        case Act::Kind::Ask:
            return o.state == OfferState::Offered;
        case Act::Kind::Supplement:
            return o.state == OfferState::SupplementAsked;
        case Act::Kind::Started:
            return o.state == OfferState::Accepted;
        default:
            return true;
    }
}

const Holder& sideOf(Act::Kind kind, const Offer& o) {
    return kind == Act::Kind::Supplement ? o.from : o.to;
}

/// The offer that is answered: the newest of this side's that fits, else the newest of its own.
struct Search {
    std::optional<std::size_t> newest;
    std::size_t fitting = 0;
    bool exact = false;  ///< `newest` is the very function's that speaks
    bool about_known = false;
};

Search search(const CaseState& state, const Act& act) {
    Search found;
    for (std::size_t i = 0; i < state.offers.size(); ++i) {
        const Offer& o = state.offers[i];
        if (act.about && o.message != *act.about) continue;
        found.about_known = true;
        const Holder& side = sideOf(act.kind, o);
        if (!answersFor(state, act.by, side)) continue;
        // Of two offers to one party, each function answers its own.
        const bool exact = side == act.by;
        if (fits(act.kind, o)) {
            if (exact && !found.exact) found.fitting = 0;
            if (exact || !found.exact) {
                ++found.fitting;
                found.newest = i;
                found.exact = exact;
            }
        } else if (found.fitting == 0) {
            found.newest = i;
        }
    }
    return found;
}

Result<std::size_t> findOffer(const CaseState& state, const Act& act) {
    const Search found = search(state, act);
    if (!found.newest) {
        return forbidden(found.about_known ? Code::CustodyNotYours : Code::CustodyConflict,
                         "no offer");
    }
    if (found.fitting == 0) {
        return forbidden(Code::CustodyConflict,
                         "offer " + std::string(name(state.offers[*found.newest].state)));
    }
    // Which of two questions or offers is meant is never guessed; a status is about the newest.
    const bool told_apart = act.kind == Act::Kind::Status || found.fitting == 1;
    if (!told_apart) return forbidden(Code::CustodyConflict, "several offers fit");
    return *found.newest;
}

void accept(CaseState& state, Offer& o, const Act& act) {
    o.state = OfferState::Accepted;
    if (o.role == Role::Part) join(state, o.to);
    if (act.takes_over > act.today) {
        o.takes_over = act.takes_over;
    } else {
        takeOver(state, o);
    }
}

/// Whoever starts before the promised day has taken over. A start told late, when the baton has
/// gone on, takes nothing back.
void start(CaseState& state, Offer& o) {
    if (isPromised(o)) takeOver(state, o);
    o.state = OfferState::Started;
}

/// A supplement may bring new dates, never earlier ones; their timers begin anew.
void supplement(Offer& o, const OfferDates& dates) {
    o.state = OfferState::Offered;
    if (dates.answer_by <= o.dates.answer_by) return;
    o.dates = completed(dates);
    o.told = {};
}

}  // namespace

Status answer(Move& move) {
    CaseState& state = move.state();
    const Act& act = move.act;
    ST_TRY(const std::size_t index, findOffer(state, act));
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
            supplement(o, act.dates);
            break;
        case Act::Kind::Started:
            start(state, o);
            break;
        default:
            break;
    }
    move.decision.receivers.push_back(act.kind == Act::Kind::Supplement ? o.to : o.from);
    return {};
}

}  // namespace stafett::custody
