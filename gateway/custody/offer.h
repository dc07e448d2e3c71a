#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "gateway/base/ids.h"

/// The baton held out: to whom, as what, until when. Dates are calendar dates in Stockholm,
/// YYYY-MM-DD; an empty one is none.
namespace stafett::custody {

/// An address that can hold a case: never a person.
struct Holder {
    PartyId party;
    FunctionId function;
    bool operator==(const Holder&) const = default;
};

enum class OfferState : std::uint8_t {
    Offered,
    SupplementAsked,
    Accepted,  ///< takes over on a date that has not come, or has taken over, or a part
    Declined,
    Withdrawn,
    Started,
};

enum class Role : std::uint8_t { Lead, Part };

/// The days one offer, or one request for a joint assessment, is held to. Made by the deadlines in
/// force; custody only compares them.
struct OfferDates {
    std::string rule = {};       ///< id of the rule that gave them
    std::string answer_by = {};  ///< the last day. An offer always has one
    /// Rising. Up to answer_by who owes the answer is told that it is soon due, after it both sides
    /// that it is overdue. Custody adds the day after where none comes after.
    std::vector<std::string> remind_on = {};
    std::string escalate_on = {};
    FunctionId escalate_to = {};  ///< of the receiver; empty = the one that was asked
    bool operator==(const OfferDates&) const = default;
};

/// Which timers have fired. They never fire again.
struct Told {
    std::string reminded = {};   ///< the last day of remind_on that is behind us
    std::string escalated = {};  ///< the day it went on
    bool operator==(const Told&) const = default;
};

/// When the one who holds the case means to leave it, and from which day nobody having been offered
/// it is told (R35).
struct PlannedExit {
    std::string on = {};
    std::string warn = {};
    std::string told = {};  ///< the day the warning was given
    bool operator==(const PlannedExit&) const = default;
};

/// One receiver's offer, from a referral or handover.
struct Offer {
    MessageId message;  ///< the referral or handover
    std::string kind;   ///< "referral" or "handover"
    Holder from;        ///< the giver, who is told the answer
    Holder to;
    Role role = Role::Lead;
    OfferState state = OfferState::Offered;
    OfferDates dates;
    std::string takes_over = {};  ///< when accepted for a day that has not come
    Told told = {};
    PlannedExit exit = {};   ///< the case's, once the lead has taken over
    unsigned reminders = 0;  ///< sent by the side that waits
    bool operator==(const Offer&) const = default;
};

/// Waits for an answer or a supplement.
bool isOpen(const Offer& offer);
/// Accepted for a day that has not come: the giver still holds the case.
bool isPromised(const Offer& offer);

}  // namespace stafett::custody
