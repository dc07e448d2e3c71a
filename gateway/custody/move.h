#pragma once

#include "gateway/custody/custody.h"

/// One act at work on a case: each rule changes the decision's state, or says what forbids it.
/// Within custody alone; decide.cpp says which rule is whose.
namespace stafett::custody {

struct Move {
    const Act& act;
    Decision decision;

    CaseState& state() { return decision.state; }
    void tell(std::string_view code, const Offer& offer, const Holder& to, const Holder& other);
};

/// The state that forbids it stands in the place's row: ids, codes and parties only.
tl::unexpected<Error> forbidden(Code code, std::string state);

// offers.cpp
Status offer(Move& move);
Status cancel(Move& move);
Status remind(Move& move);
/// Takes an offer back: its copy does not go out any more, and its answer is no longer waited for.
void takeBack(Move& move, Offer& offer);

// answers.cpp
Status answer(Move& move);

// talk.cpp
Status plan(Move& move);
Status requestAssessment(Move& move);
Status meetAssessment(Move& move);
Status progress(Move& move);
Status changeCaseworker(Move& move);
Status passNotice(Move& move);
/// Those addressed, who must take part in the case; nobody addressed: all others who do.
Status findReceivers(Move& move);
/// To outsiders too, where policy has let it through: a deviation, a consent, a request.
Status passOn(Move& move);

// ending.cpp
Status giveConsent(Move& move);
Status withdrawConsent(Move& move);
Status close(Move& move);

}  // namespace stafett::custody
