#pragma once

#include <optional>
#include <string_view>

#include "gateway/pipeline/shared.h"
#include "gateway/pipeline/tickets.h"

// Consents in the pipeline: what is on record, what a message says of one, and what may not leave
// without one (design 3, stages 7 and 11).
namespace stafett::pipeline {

/// A consent as a message names it: the hash it stands, or would stand, under, and what is on
/// record.
struct NamedConsent {
    Digest ref;
    std::optional<message::Consent> on_record;
};
/// Nothing when the message names no consent, or no person whose consent it could be.
Result<std::optional<NamedConsent>> namedConsent(const Shared& shared,
                                                 const message::Message& message);

/// What a message of the kind consent puts on record; nothing for any other kind. Kinds of
/// information that policy.json does not declare cover nothing. ST-MAP-002 where it does not say
/// which consent is meant.
Result<std::optional<store::NewConsent>> consentTold(const Shared& shared,
                                                     const MessageFacts& facts,
                                                     const policy::Policy& policy,
                                                     std::string_view today);

/// What a delivery may not leave without: the consent its message names where its flow demands one,
/// else the one its case rests on. Nothing for what ends a case or tells of a consent.
std::optional<Digest> restsOn(const PermittedFacts& permitted, const policy::Flow& flow);

/// Whether a lent delivery may still leave: the consent it rests on stands today.
bool mayStillLeave(const store::Lease& lease, Time now);

}  // namespace stafett::pipeline
