#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/base/ids.h"
#include "gateway/base/result.h"

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
    Accepted,  ///< takes over on a date that has not come, or a part
    Declined,
    Withdrawn,
    Started,
};

enum class Role : std::uint8_t { Lead, Part };

/// One receiver's offer, from a referral or handover.
struct Offer {
    MessageId message;  ///< the referral or handover
    std::string kind;   ///< "referral" or "handover"
    Holder from;        ///< the giver, who is told the answer
    Holder to;
    Role role = Role::Lead;
    OfferState state = OfferState::Offered;
    std::string answer_by;   ///< YYYY-MM-DD, always
    std::string takes_over;  ///< YYYY-MM-DD, when accepted for later
    bool operator==(const Offer&) const = default;
};

/// Who holds the baton of one case, and what has been promised.
struct CaseState {
    std::uint64_t version = 0;  ///< the place in the case of the message that made this state
    Holder holder;              ///< exactly one, always
    std::vector<Offer> offers;
    bool operator==(const CaseState&) const = default;
};

/// What a message asks of the case. Made by the pipeline from a permitted message.
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
        Other
    };
    Kind kind = Kind::Other;
    MessageId message;
    Holder by;
    std::vector<std::pair<Holder, Role>> to;  ///< Refer, HandOver
    std::string answer_by = {};               ///< Refer, HandOver: never empty
    std::string takes_over = {};              ///< Accept: YYYY-MM-DD, empty = now
    std::optional<MessageId> about = {};      ///< answers: the referral or handover answered
    std::string today = {};                   ///< YYYY-MM-DD, Stockholm
};

/// What must be told to whom because of the act: who gets the message itself.
struct Decision {
    CaseState state;
    std::vector<Holder> receivers;  ///< of answers: the giver of the offer
};

/// A pure function: nothing is read, nothing kept. `before` is nothing for a new case.
/// ST-CUS-… with the state that forbids it.
Result<Decision> decide(const std::optional<CaseState>& before, const Act& act);

/// The holder at a date: an acceptance for later has become the holder's when its day has come.
Holder holderOn(const CaseState& state, std::string_view today);

std::string print(const CaseState& state);  ///< JSON, clear: no personal data
Result<CaseState> parse(std::string_view json);

/// "accepted, takes over on 2026-02-01" and the like, for people.
std::string describe(const Offer& offer, Language language);
std::string_view name(OfferState state);

}  // namespace stafett::custody
