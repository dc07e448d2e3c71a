#pragma once

#include "gateway/custody/state.h"

/// Who takes part in a case, and who may speak for whom. Within custody alone.
namespace stafett::custody {

/// Who must act on an open offer: its receiver, or its giver when a supplement is asked for.
const Holder& owes(const Offer& offer);
/// The other side of it.
const Holder& waits(const Offer& offer);

/// Whether `by` may speak as `side`. A party answers for any of its functions: who inside it writes
/// is its own affair. But one that has handed over inside itself speaks by function (R11).
bool answersFor(const CaseState& state, const Holder& by, const Holder& side);

/// Whether this party has, has had, or has just been offered or asked for a part.
bool takesPart(const CaseState& state, const PartyId& party);

/// Takes a part, again if it had ended.
void join(CaseState& state, const Holder& who);

/// The other side is told what happens in the case no more.
void endPart(CaseState& state, const Holder& who);

/// Those who have a part, but for the side that `by` speaks for.
std::vector<Holder> others(const CaseState& state, const Holder& by);

/// Whether the case is held out to somebody: an open lead offer, or one accepted for later.
const Offer* waitingLead(const CaseState& state);

/// The baton changes hands. The giver of a handover has no part any more; one who has referred
/// somebody keeps it.
void takeOver(CaseState& state, Offer& offer);

/// Makes promises whose day has come into the facts they are. False when there was none.
bool settlePromises(CaseState& state, std::string_view today);

}  // namespace stafett::custody
