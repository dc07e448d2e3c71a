#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "gateway/base/ids.h"

/// What is known of one case: who holds it and what has been promised. Ids, parties, codes and
/// calendar dates (YYYY-MM-DD, Stockholm) only: never a word about the person. An empty date is
/// none.
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

/// Somebody that has or has had a part in the case.
struct Participant {
    Holder who;
    bool ended = false;  ///< gave the baton on: is no longer told what happens
    bool operator==(const Participant&) const = default;
};

/// How often a party has changed the person's caseworker (R30).
struct CaseworkerChanges {
    PartyId party;
    unsigned count = 0;
    bool operator==(const CaseworkerChanges&) const = default;
};

/// A step that a plan has named, under its number (R37).
struct PlanStep {
    std::uint32_t number = 0;
    std::string from = {};
    std::string to = {};
    std::string status = {};   ///< a code of step_status: the newest said
    std::string reached = {};  ///< the day a progress said that it is done
    bool operator==(const PlanStep&) const = default;
};

/// A joint assessment that one party has asked others for.
struct Assessment {
    enum class State : std::uint8_t { Requested, Booked, Done, Withdrawn };
    MessageId message;  ///< the request
    Holder from;
    std::vector<Holder> to;
    State state = State::Requested;
    OfferDates dates;
    std::string meets = {};  ///< when booked
    Told told = {};
    bool operator==(const Assessment&) const = default;
};

/// After work or studies: is it kept (R36)?
struct FollowUp {
    std::uint32_t month = 0;  ///< how many months after the closure
    std::string due = {};
    std::string told = {};
    std::string done = {};
    std::optional<bool> kept = {};
    bool operator==(const FollowUp&) const = default;
};

/// Which consents the case rests on. Withdrawn, nothing more is told in it.
struct Consents {
    enum class State : std::uint8_t { Unknown, Given, Withdrawn };
    State state = State::Unknown;
    std::vector<MessageId> given = {};  ///< the consent messages that hold
    std::string withdrawn = {};         ///< since when
    bool operator==(const Consents&) const = default;
};

struct Closure {
    std::string outcome;  ///< a code of the value set outcome
    std::string date;
    Holder by;
    bool operator==(const Closure&) const = default;
};

enum class Phase : std::uint8_t { Open, Closed };

/// Who holds the baton of one case, and what has been promised. Transport is no part of it: a
/// delivered offer is not an accepted one.
struct CaseState {
    std::uint64_t version = 0;  ///< how many messages and ticks have changed the case
    Phase phase = Phase::Open;
    Holder holder;                 ///< exactly one, always; of a closed case, the last one
    Holder opened_by = {};         ///< where the case came from (R18)
    std::string opened_with = {};  ///< the kind of its first message
    std::vector<Offer> offers = {};
    std::vector<Participant> participants = {};
    std::vector<PlanStep> steps = {};  ///< of all plans, by number
    std::vector<Assessment> assessments = {};
    PlannedExit exit = {};
    std::vector<CaseworkerChanges> caseworker_changes = {};
    std::vector<CaseId> related = {};        ///< R40
    std::optional<Holder> coordinator = {};  ///< of the related cases' plan
    Consents consents = {};
    std::optional<Closure> closure = {};
    std::vector<FollowUp> follow_ups = {};
    bool support_after = false;           ///< followed up after the exit, without a decision (R12)
    std::vector<MessageId> counted = {};  ///< every message that made this state, each once
    bool operator==(const CaseState&) const = default;
};

}  // namespace stafett::custody
