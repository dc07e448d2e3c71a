#pragma once

#include <optional>

#include "gateway/custody/offer.h"

/// What is known of one case: who holds it and what has been promised. Ids, parties, codes and
/// calendar dates (YYYY-MM-DD, Stockholm) only: never a word about the person. An empty date is
/// none.
namespace stafett::custody {

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
