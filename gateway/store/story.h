#pragma once

#include "gateway/store/records.h"

// What a trace and a search tell. Never content.
namespace stafett::store {

struct StoryDelivery {
    DeliveryId id;
    PartyId receiver;
    FunctionId function;
    DialectId dialect;
    FormId form;
    DeliveryState state;
    std::uint32_t attempts = 0;
    std::optional<Code> code;
    std::optional<Time> next;
    std::string versions, losses;
};

struct StoryMessage {
    MessageId id;
    CaseId case_id;
    std::uint64_t seq = 0;
    PartyId sender;
    FunctionId sender_function;
    std::string kind;
    DialectId dialect;
    FormId form;
    std::string versions;
    Time received_at{};
    std::string receipt;
    std::vector<std::string> events;  ///< printed, in order; delivery events too
    std::vector<StoryDelivery> deliveries;
};

/// Everything there is to tell about an id, without content.
struct Story {
    std::optional<Refusal> refusal;  ///< its events are in refusal_events
    std::vector<std::string> refusal_events;
    std::optional<CaseRow> case_row;
    std::vector<StoryMessage> messages;  ///< of the case, in order
};

/// A message as follow-up counts it.
struct Counted {
    MessageId id;
    CaseId case_id;
    std::uint64_t seq = 0;
    Time received_at{};
    PartyId sender;
    FunctionId sender_function;
    std::string kind;
    std::optional<Digest> person = {};  ///< keyed hash
    std::string municipality;           ///< the case's kommunkod, or empty
    std::vector<std::pair<PartyId, FunctionId>> receivers;
};

struct Query {
    std::optional<PartyId> party = {};  ///< as sender or receiver
    std::optional<std::string> kind = {};
    std::optional<DeliveryState> state = {};
    std::optional<CaseId> case_id = {};
    std::optional<Time> from = {}, to = {};  ///< received from (included) to (not included)
    std::string after = {};                  ///< keyset: the last row's key
    std::uint32_t limit = 50;
};

struct Found {
    MessageId id;
    CaseId case_id;
    PartyId sender;
    std::string kind;
    Time received_at{};
    std::string states;  ///< "delivered 2, held 1"
    std::string key;     ///< for Query::after
};

}  // namespace stafett::store
