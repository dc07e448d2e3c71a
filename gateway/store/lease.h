#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/base/bytes.h"
#include "gateway/base/clock.h"
#include "gateway/base/error.h"
#include "gateway/base/ids.h"
#include "gateway/trace/event.h"

// What is lent of the store to be delivered, and what became of it: plain values.
namespace stafett::store {

/// Transport state of one delivery; never the case's state (design 3: two machines).
enum class DeliveryState : std::uint8_t { Waiting, Delivered, Held, Skipped, Withdrawn };
std::string_view name(DeliveryState state);

/// A delivery lent to this process to be tried now.
struct Lease {
    DeliveryId id;
    MessageId message;
    CaseId case_id;
    PartyId sender, receiver;
    FunctionId function;
    DialectId dialect;
    FormId form;
    std::string kind;
    std::uint32_t attempt = 1;  ///< this one's number
    Time first_due{};  ///< when the delivery first became due: the schedule counts from here
    /// The consent it may not leave without, as it stands now.
    struct Consent {
        std::string to, withdrawn;  ///< YYYY-MM-DD or empty
    };
    std::optional<Consent> consent = {};
    Bytes data_key, request;
};

/// A delivery as it stands, whether or not it may be tried.
struct Standing {
    Lease lease;  ///< `attempt` is the next one's number; no request
    DeliveryState state = DeliveryState::Waiting;
    bool may_be_tried = false;  ///< waiting, and the first of its case and receiver
    std::string code;           ///< why it is not delivered; empty when nothing is the matter
};

/// Whose deliveries: those of all receivers but these, or of these alone.
struct Receivers {
    enum class Which : std::uint8_t { AllBut, Only } which = Which::AllBut;
    std::vector<PartyId> parties = {};

    bool has(const PartyId& party) const {
        const bool named = std::find(parties.begin(), parties.end(), party) != parties.end();
        return named == (which == Which::Only);
    }
};

/// What became of one attempt.
struct Attempt {
    DeliveryId id;
    enum class Outcome : std::uint8_t {
        Delivered,
        Retry,
        Held,
        Withdrawn,
        Fetched,  ///< the receiver has it, and has not yet said so; it has until `next`
    } outcome;
    Time next{};                    ///< Retry, Fetched: when again
    std::optional<Code> code = {};  ///< why, unless Delivered
    bool reached = true;            ///< whether the receiver may have got it
    /// Of a delivery that is fetched: how many times it had been when this was decided. Settles
    /// nothing, MailboxLease, if it has been fetched again or ended since. Of its outcomes Fetched
    /// alone counts as an attempt.
    std::optional<std::uint32_t> fetched = {};
    std::vector<trace::Event> events;
    std::optional<Bytes> receiver_id = {};  ///< sealed
    std::vector<std::string> owed = {};     ///< as Keep::owed; only where the delivery ends by it
};

}  // namespace stafett::store
