#pragma once

#include "gateway/base/result.h"
#include "gateway/custody/act.h"
#include "gateway/custody/state.h"

namespace stafett::custody {

/// Something the gateway must tell a party that no message tells it.
struct Obligation {
    std::string_view code;  ///< of the value set notice_code
    Holder to;
    MessageId about;       ///< the offer, request or, for exit_near and follow_up_due, nil
    PartyId party;         ///< whom it is about: who owes the answer, or the other side
    std::string due = {};  ///< the date that makes it so
    bool operator==(const Obligation&) const = default;
};

/// A copy of a message that must not go out any more, if it has not gone yet.
struct TakeBack {
    MessageId message;
    Holder from;  ///< the receiver of that copy
    bool operator==(const TakeBack&) const = default;
};

/// What comes of an act. All of it is kept in one transaction, or nothing.
struct Decision {
    CaseState state;
    std::vector<Holder> receivers = {};  ///< who gets the message itself
    std::vector<Obligation> obligations = {};
    std::vector<TakeBack> take_back = {};
};

/// The rules of who holds the baton (docs/custody.md). A pure function: nothing is read, nothing
/// kept. `before` is nothing for a new case.
///
/// A tick that has nothing to do gives the state as it was, version and all. Every other act raises
/// the version by one. Failure: ST-CUS-…, with the state that forbids it in the place's row; a
/// message that is counted already is ST-CUS-001.
Result<Decision> decide(const std::optional<CaseState>& before, const Act& act);

/// The earliest day on which a tick would do something; empty = never, as things stand.
std::string nextDue(const CaseState& state);

/// Whether a copy of this kind may still go out when the case's consent has been withdrawn.
bool goesWithoutConsent(Act::Kind kind);

std::string print(const CaseState& state);  ///< JSON, clear: no personal data
/// Reads what any version of print() has written. ST-STO-… when it is none of them.
Result<CaseState> parse(std::string_view json);

}  // namespace stafett::custody
