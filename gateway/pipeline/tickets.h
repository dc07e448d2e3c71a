#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "gateway/config/config.h"
#include "gateway/custody/custody.h"
#include "gateway/message/message.h"
#include "gateway/pipeline/snapshot.h"
#include "gateway/policy/policy.h"
#include "gateway/security/seal.h"
#include "gateway/store/message_store.h"
#include "gateway/trace/event.h"
#include "gateway/transport/inbox.h"

// The type is the ticket: each stage takes what the stage before made, and only that stage can make
// it. A message that was not permitted cannot be stored: it does not compile.
namespace stafett::pipeline {

/// By what the store knows a message again, as far as it has been read.
struct Marks {
    std::optional<Digest> repeat;     ///< of the request as it came
    std::optional<Digest> sender_id;  ///< keyed hash; known together with the two below
    Digest body, transport_free;
};

struct TakenContents;

/// What travels through the stages beside the ticket: the request, the configuration it is judged
/// by, and the events it has left so far. One thread at a time.
struct Journey {
    transport::RawRequest raw;
    std::shared_ptr<const Snapshot> snapshot;
    Time now{};
    std::string today;  ///< YYYY-MM-DD in Stockholm
    Language language = Language::Swedish;
    std::vector<trace::Event> events;

    // What is known so far, for the reply in the sender's own form, whatever stops the journey.
    const plugin::Adapter* adapter = nullptr;
    const config::Party* sender = nullptr;
    FormId form;
    std::string sender_id;
    std::string case_own;
    Marks marks;

    std::shared_ptr<TakenContents> contents = {};          ///< of attachments, cut out of the body
    std::shared_ptr<const security::MessageKey> key = {};  ///< the message's, once it is written

    void note(trace::Step step, trace::Fields fields = {}) {
        events.push_back(trace::Event{step, now, std::move(fields)});
    }
};

template <class Stage, class Content>
class Ticket {
public:
    const Content& operator*() const { return content_; }
    const Content* operator->() const { return &content_; }
    Content release() && { return std::move(content_); }

private:
    friend Stage;
    explicit Ticket(Content content) : content_(std::move(content)) {}
    Content content_;
};

struct SenderFacts {
    SystemId system;
    const plugin::Adapter* adapter = nullptr;
    std::vector<const config::Party*> parties;  ///< whom the system may speak for in this dialect
};
using Sender = Ticket<class Authenticate, SenderFacts>;

struct DocumentFacts {
    SenderFacts sender;
    plugin::Decoded decoded;
    const mapping::Form* form = nullptr;
};
using WireDocument = Ticket<class Read, DocumentFacts>;

/// One receiver, found.
struct Receiver {
    const config::Party* party = nullptr;
    FunctionId function;
    custody::Role role = custody::Role::Lead;
};

struct MessageFacts {
    SystemId system;
    const plugin::Adapter* adapter = nullptr;  ///< the sender's
    const mapping::Form* form = nullptr;       ///< the sender's
    const config::Party* sender = nullptr;
    message::Message message;
    mapping::Residue residue;
    Problems warnings;
    MessageId id;
    CaseId case_id;
    std::optional<store::CaseRow> case_row;         ///< nothing when the message opens the case
    std::optional<custody::CaseState> before = {};  ///< as case_row has it
    custody::Act act;
    std::optional<MessageId> question;  ///< the answer that this one replies to, when it names it
    std::vector<Receiver> receivers;
};
using ValidMessage = Ticket<class Understand, MessageFacts>;

struct PermittedFacts {
    MessageFacts of;
    std::vector<const policy::Flow*> flows;  ///< one a receiver
    std::optional<Digest> consent;           ///< the one the message names, where a flow demands it
    std::optional<store::NewConsent> told;   ///< a consent message: what goes on record
    std::vector<policy::Finding> findings;   ///< rules that spoke
};
using Permitted = Ticket<class Permit, PermittedFacts>;

struct TakenFacts {
    PermittedFacts of;
    custody::Decision decision;
    std::uint64_t case_version = 0;  ///< the case was read at
};
using Taken = Ticket<class Take, TakenFacts>;

/// What one receiver is not told.
struct NotTold {
    PartyId receiver;
    mapping::Loss loss;
};

/// Written for every receiver, sealed, signed: what the store keeps in one transaction.
struct WrittenFacts {
    store::Keep keep;
    std::vector<NotTold> losses;
    std::vector<PartyId> left_out;  ///< receivers that are not told something sensitive
    Problems warnings;
    /// Given back when the case has moved meanwhile, to be taken again.
    std::optional<PermittedFacts> again;
};
using Written = Ticket<class WriteOut, WrittenFacts>;

}  // namespace stafett::pipeline
