#pragma once

#include <map>
#include <mutex>
#include <thread>

#include "gateway/store/agenda.h"
#include "gateway/store/message_store.h"
#include "gateway/store/readers.h"
#include "gateway/store/writer.h"

namespace stafett::store {

/// The file is this process's alone while this lives, also over a kill: the kernel gives it back.
class FileLock {
public:
    static Result<FileLock> take(const std::string& path);
    FileLock(FileLock&& other) noexcept : file_(std::exchange(other.file_, -1)) {}
    FileLock& operator=(FileLock&&) = delete;
    ~FileLock();

private:
    explicit FileLock(int file) : file_(file) {}
    int file_;
};

/// A folder that is removed with all in it; holds a store that only tests see.
class PassingFolder {
public:
    static Result<PassingFolder> make();
    PassingFolder() = default;
    PassingFolder(PassingFolder&& other) noexcept : path_(std::exchange(other.path_, {})) {}
    PassingFolder& operator=(PassingFolder&&) = delete;
    ~PassingFolder();
    const std::string& path() const { return path_; }

private:
    std::string path_;
};

/// MessageStore on one SQLite file in WAL mode with full sync.
class SqliteStore final : public MessageStore, private DataKeys {
public:
    static Result<std::unique_ptr<SqliteStore>> open(const SqliteOptions& options);
    ~SqliteStore() override;

    void keep(Keep keep, std::function<void(Result<Kept>)> done) override;
    void refuse(Refusal refusal, std::function<void(Status)> done) override;
    void tick(Tick tick, std::function<void(Result<Kept>)> done) override;
    void settle(Attempt attempt, std::function<void(Status)> done) override;
    void note(MessageId id, std::vector<trace::Event> events,
              std::function<void(Status)> done) override;

    Result<std::vector<OwedNotice>> owed(std::uint32_t most) override;
    void forgetOwed(std::int64_t number, std::function<void(Status)> done) override;

    Result<std::optional<KnownMessage>> findRepeat(const SystemId& system,
                                                   const Digest& repeat_digest) override;
    Result<std::optional<KnownMessage>> findSenderId(const PartyId& sender,
                                                     const Digest& sender_id) override;
    Result<std::optional<CaseRow>> findCase(const CaseId& id) override;
    Result<std::optional<KnownConsent>> findConsent(const std::vector<Digest>& refs) override;
    Result<std::vector<ListedCase>> cases(const CaseQuery& query) override;
    Result<std::optional<std::string>> nextCaseDue() override;
    void onCaseDue(std::function<void(const std::string&)> wake) override;
    Result<std::map<PartyId, std::uint64_t>> holders() override;
    Result<std::optional<Time>> newest() override;
    Result<std::optional<KnownMessage>> findSentTo(const MessageId& id,
                                                   const PartyId& party) override;
    Result<std::vector<CaseId>> findAlias(const PartyId& party, const Digest& hash) override;
    Result<std::vector<Digest>> personsOf(const CaseId& id) override;
    Result<std::optional<Alias>> aliasOf(const CaseId& id, const PartyId& party,
                                         const std::string& form) override;
    Result<std::uint64_t> reserve(const PartyId& party, const std::string& form) override;
    Result<std::optional<Sealed>> canonicalOf(const MessageId& id) override;

    Result<std::vector<Lease>> lend(Time now, std::chrono::seconds time, std::uint32_t most,
                                    const Receivers& to) override;
    Result<std::optional<Time>> nextDue(const Receivers& to) override;
    Result<std::vector<Lease>> unfetched(const PartyId& receiver, Time now, Time since,
                                         std::uint32_t most) override;
    Result<std::optional<Standing>> standing(const DeliveryId& id) override;
    void onDue(std::function<void()> wake) override;
    Status release(const DeliveryId& id, const trace::Event& event) override;
    Status skip(const DeliveryId& id, const trace::Event& event) override;

    Result<std::optional<Story>> story(const Uuid& id) override;
    Result<std::vector<MessageId>> findBySenderId(const std::vector<Digest>& hashes) override;
    Result<std::vector<RefusalId>> findRefusals(const std::vector<Digest>& sender_ids) override;
    Result<std::vector<Found>> search(const Query& query) override;
    Result<std::vector<CaseId>> casesWithMessages(Time from, Time to) override;
    Result<std::vector<Counted>> messagesOf(const CaseId& id) override;
    Result<std::optional<Time>> firstReceived() override;
    Result<std::uint64_t> purge(Time now) override;

    void keepPieces(const MessageId& message, std::vector<NewPiece> pieces,
                    std::function<void(Status)> done) override;
    void dropPieces(const MessageId& message) override;
    Result<std::uint64_t> sweepPieces() override;
    Result<std::optional<Bytes>> piece(const MessageId& message, std::uint32_t content,
                                       std::uint32_t piece) override;
    Result<std::optional<KnownAttachment>> attachment(const AttachmentId& id) override;
    Result<Counts> counts() override;
    DataKeys& dataKeys() override { return *this; }
    Result<std::vector<WrappedKey>> after(std::int64_t place, std::uint32_t most) override;
    Result<std::vector<KeyUsers>> users() override;
    Status replace(const std::vector<WrappedKey>& keys) override;
    Status health() override;
    void close() override;

private:
    struct Numbers {
        std::uint64_t next = 0, end = 0;
    };
    static Result<std::unique_ptr<SqliteStore>> open(const SqliteOptions& options,
                                                     const std::string& path, PassingFolder folder,
                                                     FileLock lock);
    SqliteStore(PassingFolder folder, FileLock lock)
        : folder_(std::move(folder)), lock_(std::move(lock)) {}
    Result<std::optional<KnownMessage>> known(const char* sql, const Digest& name,
                                              std::string_view whose);

    Status learn(const std::string& path);
    void look(Time now);
    Result<std::optional<Lease>> leaseOf(Connection& reader, const DeliveryId& id);
    /// Pieces of contents whose messages were never kept: nothing is under way yet.
    static Status dropUnfinished(Connection& connection);

    PassingFolder folder_;
    FileLock lock_;
    Agenda agenda_;
    Sieve sieve_;
    Names names_{sieve_};
    AtHand at_hand_;
    std::unique_ptr<Readers> readers_;
    std::mutex numbers_mutex_;
    std::map<std::pair<PartyId, std::string>, Numbers> numbers_;
    std::atomic<Time> looked_at_{Time::max()};  ///< by the clock, when deliveries were last lent
    std::atomic<bool> learns_no_more_{false};
    std::thread learning_;            ///< reads the store into the sieve
    std::unique_ptr<Writer> writer_;  ///< the last: its thread uses the agenda and the names
};

}  // namespace stafett::store
