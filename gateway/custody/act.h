#pragma once

#include <string_view>

#include "gateway/custody/state.h"

namespace stafett::custody {

/// A receiver that a document names.
struct Addressed {
    Holder who;
    Role role = Role::Lead;
    OfferDates dates = {};  ///< Refer, HandOver: this receiver's; answer_by is never empty
    bool operator==(const Addressed&) const = default;
};

/// What a message, or the calendar, asks of a case. Made by the pipeline from a permitted message:
/// who says it, about what, to whom, and the dates it needs. Each field says which kinds read it.
struct Act {
    enum class Kind : std::uint8_t {
        Refer,
        HandOver,
        Accept,
        Decline,
        Ask,
        Supplement,
        Started,
        Status,
        Plan,
        RequestAssessment,
        BookAssessment,
        AssessmentResult,
        Progress,
        Deviation,
        GiveConsent,
        WithdrawConsent,
        Close,
        Cancel,
        Remind,
        ChangeCaseworker,
        Notice,  ///< the gateway's own: counted, and changes nothing
        Tick,    ///< the calendar: `today` alone is read
    };
    Kind kind = Kind::Notice;
    MessageId message;
    Holder by;
    /// The receivers the document names. Offers and requests need some; the others go to the case's
    /// participants when nobody is named.
    std::vector<Addressed> to;
    /// The message this one refers to: the offer answered, the request booked, the consent
    /// withdrawn, what is cancelled or reminded of.
    std::optional<MessageId> about = {};
    std::string today = {};  ///< Stockholm's date when the gateway got it

    OfferDates dates = {};        ///< RequestAssessment: until it is booked. Supplement: new ones
    std::string takes_over = {};  ///< Accept: from which day; none = now
    PlannedExit exit = {};        ///< Refer, HandOver: the taker's. Plan: the case's

    std::vector<PlanStep> steps = {};        ///< Plan
    std::vector<CaseId> related = {};        ///< Plan
    std::optional<Holder> coordinator = {};  ///< Plan

    std::string on = {};  ///< the day it speaks of: Progress, BookAssessment, Close
    std::optional<std::uint32_t> step = {};  ///< Progress: the step of the plan
    std::string step_status = {};            ///< Progress: a code of step_status
    bool follow_up = false;                  ///< Progress: a follow-up after the closure
    std::uint32_t month = 0;                 ///< Progress, follow_up: which one
    std::optional<bool> kept = {};           ///< Progress, follow_up: is the work kept

    std::string outcome = {};               ///< Close
    std::vector<FollowUp> follow_ups = {};  ///< Close: month and due; kept after work and studies
    bool support_after = false;             ///< Close, HandOver
};

/// What a message of this kind does. `type` is its answer/type, assessment/type or
/// consentRecord/type; nothing when kind or type is not known.
std::optional<Act::Kind> actKind(std::string_view kind, std::string_view type);

}  // namespace stafett::custody
