#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/base/bytes.h"
#include "gateway/base/clock.h"
#include "gateway/base/error.h"
#include "gateway/base/ids.h"
#include "gateway/base/sha256.h"
#include "gateway/message/consent.h"
#include "gateway/store/cases.h"
#include "gateway/store/contents.h"
#include "gateway/store/lease.h"
#include "gateway/trace/event.h"

// What goes into the store and comes out of it on a message's way: plain values, each used by one
// thread at a time.
namespace stafett::store {

/// One receiver's copy: the very bytes that every attempt sends.
struct NewDelivery {
    DeliveryId id;
    PartyId receiver;
    FunctionId function;
    DialectId dialect;
    FormId form;
    std::string versions;  ///< clear JSON: mapping, tables, plugin, each with digest
    std::string losses;    ///< clear JSON list: code, canonical path, reason; no values
    std::uint32_t loss_count = 0;
    Bytes request;                  ///< sealed: method, path, headers and body
    std::optional<Code> held = {};  ///< accepted and held from the start (fault of configuration)
    std::optional<Digest> consent = {};  ///< what it may not leave without; see NewConsent::ref
    std::string consent_to = {};  ///< until when, by the message; counts where nothing is on record
};

/// A consent given or withdrawn by this message. What was withdrawn stands again only when a later
/// one is given.
struct NewConsent {
    enum class Act : std::uint8_t { Given, Withdrawn } act = Act::Given;
    Digest ref = {};                    ///< keyed hash of the reference and the person
    std::optional<Digest> person = {};  ///< keyed hash
    std::string date = {};              ///< YYYY-MM-DD: the day it was given or withdrawn
    message::Consent record = {};       ///< Given
};

/// A party's own id of a case. The hash finds it; the sealed text is given back.
struct NewAlias {
    PartyId party;
    std::string form;  ///< the alias form, "text" or "digits:10"
    Digest hash;       ///< keyed
    Bytes sealed;
};

/// One accepted message with all that follows from it: kept in one transaction. Its place in the
/// case is case_version + 1.
struct Keep : CaseMove {
    MessageId id;
    SystemId system;
    PartyId sender;
    FunctionId sender_function;
    std::string kind;
    DialectId dialect;
    FormId form;
    std::string versions;  ///< clear JSON
    Time received_at{};
    Digest repeat_digest;          ///< route, id attributes and body: finds a repeat before reading
    Digest body_digest;            ///< form and body: what the receipt says
    Digest transport_free_digest;  ///< without fields marked transport
    Digest sender_id;              ///< keyed hash
    std::optional<Digest> person = {};  ///< keyed hash
    Bytes data_key;                     ///< wrapped
    Bytes raw, canonical, residue;      ///< sealed; residue may be empty
    std::vector<NewAlias> aliases;
    std::vector<NewDelivery> deliveries;
    std::vector<NewAttachment> attachments = {};
    std::vector<NewPiece> pieces = {};  ///< of their contents, where these are small
    bool pieces_before = false;         ///< they were written by keepPieces()
    std::optional<NewConsent> consent = {};
    std::vector<trace::Event> events;
    std::string receipt;
    /// Copies of earlier messages of this case: one that cannot have reached its receiver leaves
    /// the queue, and that receiver is not sent this message either; but a consent is told to
    /// whoever has been sent anything of the case.
    struct TakeBack {
        MessageId message;
        PartyId receiver;
        std::optional<Code> because = {};  ///< where it is not the sender's own wish
    };
    std::vector<TakeBack> take_back = {};
    std::vector<Keep> notices = {};  ///< the gateway's own, that follow from it: the next places
    std::vector<std::string> owed = {};     ///< notices still to be made of it, clear JSON
    std::optional<std::int64_t> pays = {};  ///< the owed notice that this message is
};

/// What a date that has come makes of a case, at place case_version + 1, and what the gateway says
/// of it at the places after that: one transaction.
struct Tick : CaseMove {
    struct Note {
        MessageId about;
        trace::Event event;
    };
    Time now{};
    std::vector<Keep> notices;
    std::vector<Note> notes;
};

/// A notice the gateway still has to make.
struct OwedNotice {
    std::int64_t number = 0;
    std::string notice;  ///< as it was kept
};

struct Kept {
    enum class Outcome : std::uint8_t {
        Stored,
        Repeat,     ///< the same message was kept before: `receipt` and `message` are the first's
        Conflict,   ///< the sender's id was used for other content
        CaseMoved,  ///< the case no longer stands at case_version: take again
    };
    Outcome outcome = Outcome::Stored;
    MessageId message;
    std::string receipt;
};

struct KnownMessage {
    MessageId id;
    CaseId case_id;
    std::string kind;
    Digest body_digest, transport_free_digest;
    std::string receipt;
    PartyId sender;
};

/// What is on record of a consent, and the hash it stands under.
struct KnownConsent {
    Digest ref;
    message::Consent consent;
};

/// A refused message: never its content (design 3).
struct Refusal {
    RefusalId id;
    Time at{};
    SystemId system;
    PartyId sender;  ///< empty when not known
    DialectId dialect;
    FormId form;  ///< empty when not known
    Digest body_digest;
    std::optional<Digest> sender_id = {};  ///< keyed hash, when it could be read
    std::string problems;                  ///< clear JSON list: code, place
    std::uint32_t count = 0;
    std::vector<trace::Event> events;
};

}  // namespace stafett::store
