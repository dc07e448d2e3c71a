#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "gateway/base/result.h"
#include "gateway/store/contents.h"
#include "gateway/store/data_keys.h"
#include "gateway/store/records.h"
#include "gateway/store/story.h"
#include "gateway/trace/log.h"
#include "gateway/trace/metrics.h"

namespace stafett::store {

/// Keeps every accepted message until it is delivered, and its trace after that.
///
/// What keep() has reported survives a crash of this process and of this machine. Safe to call from
/// many threads. `done` is called once, with no lock held: from the store's writer thread after the
/// commit, or, where nothing is begun (StoreBusy: the queue is full; StoreFailed: the store has
/// stopped or is closed), from the calling thread. After a failed write or sync the store takes
/// nothing more: the process ends and starts anew from what the disk holds. A full disk is
/// StoreBusy until there is room again.
class MessageStore : public Contents {
public:
    virtual void keep(Keep keep, std::function<void(Result<Kept>)> done) = 0;
    virtual void refuse(Refusal refusal, std::function<void(Status)> done) = 0;
    /// Stored, or CaseMoved when the case no longer stands at case_version: then nothing is kept.
    virtual void tick(Tick tick, std::function<void(Result<Kept>)> done) = 0;
    /// StoreNotFound when there is no such delivery; MailboxLease: see Attempt::fetched. An attempt
    /// whose lease has run out is told of too; only an open delivery changes its state.
    virtual void settle(Attempt attempt, std::function<void(Status)> done) = 0;
    /// Adds events to a message that is kept: Repeated, Viewed. StoreNotFound when it is not.
    virtual void note(MessageId id, std::vector<trace::Event> events,
                      std::function<void(Status)> done) = 0;

    /// Notices that were owed with a message or an attempt and that no message has paid yet, oldest
    /// first, at most `most`.
    virtual Result<std::vector<OwedNotice>> owed(std::uint32_t most) = 0;
    /// A notice that cannot or need not be made: it is owed no more.
    virtual void forgetOwed(std::int64_t number, std::function<void(Status)> done) = 0;

    virtual Result<std::optional<KnownMessage>> findRepeat(const SystemId& system,
                                                           const Digest& repeat_digest) = 0;
    virtual Result<std::optional<KnownMessage>> findSenderId(const PartyId& sender,
                                                             const Digest& sender_id) = 0;
    virtual Result<std::optional<CaseRow>> findCase(const CaseId& id) = 0;
    /// What is on record under the first of these hashes that has something.
    virtual Result<std::optional<KnownConsent>> findConsent(const std::vector<Digest>& refs) = 0;
    virtual Result<std::vector<ListedCase>> cases(const CaseQuery& query) = 0;
    /// The earliest date of any case; nothing when none has one.
    virtual Result<std::optional<std::string>> nextCaseDue() = 0;
    /// Called from the writer thread with the earliest date (YYYY-MM-DD) a commit has set.
    virtual void onCaseDue(std::function<void(const std::string& date)> wake) = 0;
    /// How many open cases each party holds; parties that hold none are left out.
    virtual Result<std::map<PartyId, std::uint64_t>> holders() = 0;
    /// When the newest message was received; nothing when there is none.
    virtual Result<std::optional<Time>> newest() = 0;
    /// A message this party sent, or one that was made out to it; nothing when it is another's.
    virtual Result<std::optional<KnownMessage>> findSentTo(const MessageId& id,
                                                           const PartyId& party) = 0;
    virtual Result<std::vector<CaseId>> findAlias(const PartyId& party, const Digest& hash) = 0;
    /// Whom the case's messages are about, as they name him or her: one, but for a new number.
    virtual Result<std::vector<Digest>> personsOf(const CaseId& id) = 0;
    /// Sealed text of a party's alias of a case in this form, with the data key it is sealed with.
    struct Alias {
        Bytes data_key, sealed;
        MessageId message;  ///< associated data of the sealing
    };
    virtual Result<std::optional<Alias>> aliasOf(const CaseId& id, const PartyId& party,
                                                 const std::string& form) = 0;
    /// The next number of this party's sequence, from 1. Gaps are fine; the same number never
    /// twice. Waits for a commit now and then: not to be called from a `done`.
    virtual Result<std::uint64_t> reserve(const PartyId& party, const std::string& form) = 0;
    /// The raw residue of the first message of a case from this party (sealed), for writing back.
    struct Sealed {
        MessageId message;
        Bytes data_key, bytes;
    };
    virtual Result<std::optional<Sealed>> canonicalOf(const MessageId& id) = 0;

    /// Deliveries that are due, at most `most`, oldest first, one per case and receiver. Each is
    /// lent until settle() or the time is up.
    virtual Result<std::vector<Lease>> lend(Time now, std::chrono::seconds time, std::uint32_t most,
                                            const Receivers& to) = 0;
    /// When the next delivery is due; nothing when none waits.
    virtual Result<std::optional<Time>> nextDue(const Receivers& to) = 0;
    /// Due deliveries of a receiver that nobody has fetched since `since`, or whose consent has
    /// fallen, at most `most`. They are not lent, and come without their request.
    virtual Result<std::vector<Lease>> unfetched(const PartyId& receiver, Time now, Time since,
                                                 std::uint32_t most) = 0;
    virtual Result<std::optional<Standing>> standing(const DeliveryId& id) = 0;
    /// Called from the writer thread when new deliveries may be due, or due at another time.
    virtual void onDue(std::function<void()> wake) = 0;

    /// An operator's acts on a held delivery (or all held ones of a receiver are listed by search).
    /// StoreNotFound when there is no such delivery or it is not held. They wait for the commit:
    /// not to be called from a `done`.
    virtual Status release(const DeliveryId& id, const trace::Event& event) = 0;
    virtual Status skip(const DeliveryId& id, const trace::Event& event) = 0;

    /// By message, refusal, case or delivery id.
    virtual Result<std::optional<Story>> story(const Uuid& id) = 0;
    /// By a sender's own id.
    virtual Result<std::vector<MessageId>> findBySenderId(const std::vector<Digest>& hashes) = 0;
    virtual Result<std::vector<RefusalId>> findRefusals(const std::vector<Digest>& sender_ids) = 0;
    /// Newest first.
    virtual Result<std::vector<Found>> search(const Query& query) = 0;

    /// Cases with a message received in [from, to), in no order.
    virtual Result<std::vector<CaseId>> casesWithMessages(Time from, Time to) = 0;
    /// The messages of a case, in order.
    virtual Result<std::vector<Counted>> messagesOf(const CaseId& id) = 0;
    /// When the first message was received; nothing in an empty store.
    virtual Result<std::optional<Time>> firstReceived() = 0;

    /// Removes refusals whose 90 days are over; how many. Waits for the commits.
    virtual Result<std::uint64_t> purge(Time now) = 0;

    struct Counts {
        std::uint64_t messages, waiting, held, delivered, refusals, cases, between_chairs;
    };
    virtual Result<Counts> counts() = 0;

    /// The data keys of messages, to turn the key that wraps them.
    virtual DataKeys& dataKeys() = 0;

    /// Whether the store still takes messages; the error that stopped it when not.
    virtual Status health() = 0;

    /// Commits what is queued and stops the writer. Reading goes on. Calling it again does nothing.
    virtual void close() = 0;
};

struct SqliteOptions {
    std::string path;                        ///< ":memory:" for tests
    std::uint32_t group = 64;                ///< jobs a commit at most
    std::chrono::microseconds linger{2000};  ///< a commit gathers no longer than this
    std::uint32_t queue = 4096;              ///< jobs waiting at most; more is ST-STO-002
    std::uint32_t readers = 4;               ///< read connections
    trace::Log* log = nullptr;               ///< told when the store stops; outlives it
    trace::Metrics* metrics = nullptr;       ///< commits and queue; outlives the store
};
/// Makes or brings up to date what stands at `path`, and takes it for this process alone.
/// StoreMigration when a newer version made it, StoreInUse when another process has it.
Result<std::unique_ptr<MessageStore>> openSqlite(const SqliteOptions& options);

}  // namespace stafett::store
