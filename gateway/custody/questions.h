#pragma once

#include "gateway/base/error.h"
#include "gateway/custody/state.h"

/// What people ask of a case. Pure functions of its state and a date; nothing here changes it.
namespace stafett::custody {

/// The holder at a date: an acceptance for later has become the holder's when its day has come.
Holder holderOn(const CaseState& state, std::string_view today);

/// Why a case stands between the chairs (R3, R35): nobody has taken the baton that is held out, or
/// nobody has been asked in time.
struct Gap {
    enum class Why : std::uint8_t {
        Overdue,     ///< an offer or request that is not answered in time
        ExitNear,    ///< a planned exit, and nobody has been offered the case
        PartyEnded,  ///< the holder's validity has ended
    };
    Why why = Why::Overdue;
    std::string since;     ///< the day that was missed; of an exit, the day it comes; may be empty
    Holder owes;           ///< who must act
    Holder holder;         ///< who holds the case meanwhile
    MessageId about = {};  ///< the offer or request; nil of the others
    bool escalated = false;
    bool operator==(const Gap&) const = default;
};
/// Empty: the case stands well, or is closed. `ended`: the parties whose validity is over.
std::vector<Gap> betweenTheChairs(const CaseState& state, std::string_view today,
                                  const std::vector<PartyId>& ended = {});

/// What somebody is waited for.
struct Turn {
    enum class Owes : std::uint8_t { Answer, Supplement, Booking, NewReceiver, Closure, FollowUp };
    Holder who;
    Owes owes = Owes::Answer;
    std::string by;        ///< the last day; empty when there is none
    MessageId about = {};  ///< nil when it is the case as a whole
    bool operator==(const Turn&) const = default;
};
std::vector<Turn> whoseTurn(const CaseState& state, std::string_view today);

/// Whether this party must give the case on or close it before it can be switched off (R35).
bool stillHeldBy(const CaseState& state, const PartyId& party, std::string_view today);

/// A step as it was planned, against what has been reached (R37).
enum class StepReached : std::uint8_t { NotYet, UnderWay, Late, Done };
StepReached reachedOn(const PlanStep& step, std::string_view today);

/// "accepted, takes over on 2026-02-01" and the like, for people.
std::string describe(const Offer& offer, Language language);
std::string describe(const Gap& gap, Language language);
std::string describe(const Turn& turn, Language language);
std::string_view name(OfferState state);
std::string_view name(Gap::Why why);
std::string_view name(Turn::Owes owes);
std::string_view name(StepReached reached);
std::string_view name(Consents::State state);
std::string_view name(Assessment::State state);

}  // namespace stafett::custody
