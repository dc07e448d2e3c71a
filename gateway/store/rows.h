#pragma once

#include <array>
#include <unordered_map>
#include <vector>

#include "gateway/store/agenda.h"
#include "gateway/store/at_hand.h"
#include "gateway/store/message_store.h"
#include "gateway/store/names.h"
#include "gateway/store/sqlite.h"

namespace stafett::store {

/// What the store counts; the order of kTallyNames.
enum class Tally : std::uint8_t { Cases, Delivered, Held, Messages, Refusals, Waiting };
constexpr std::size_t kTallies = 6;

/// What one transaction changes beside its rows; it takes effect after the commit.
struct Changes {
    std::array<std::int64_t, kTallies> tally{};
    std::vector<ReadyDelivery> ready;
    std::vector<DeliveryId> settled;
    std::vector<Fresh> fresh;         ///< of messages that live until the commit is told of
    std::vector<DeliveryId> claimed;  ///< of those settled: given back when nothing comes of it
    std::string case_due;             ///< the earliest date set for a case; empty: none was
    NameChanges names;
    bool data_keys = false;        ///< some are wrapped anew
    std::vector<Digest> consents;  ///< told of

    std::int64_t& operator[](Tally which) { return tally[static_cast<std::size_t>(which)]; }
};

/// The writes of the store, each within the writer's open transaction. Whatever a job may be told
/// (repeat, conflict, not found) is judged by reads before its first write, so no job is half done;
/// an error after that means the whole transaction must be rolled back.
class Rows {
public:
    Rows(Connection& connection, Agenda& agenda, Names& names)
        : connection_(connection), agenda_(agenda), names_(names) {}

    /// Events come printed (see printed): that is done before, in the threads that hand them over.
    Result<Kept> keep(const Keep& keep, const std::string& events);
    Result<Kept> tick(const Tick& tick);
    Status refuse(const Refusal& refusal, const std::string& events);
    enum class Settled : std::uint8_t { Done, NoSuchDelivery, FetchedSince };
    Result<Settled> settle(const Attempt& attempt, const std::string& events);
    /// False: no such delivery, or it is not held.
    Result<bool> release(const DeliveryId& id, const trace::Event& event);
    Result<bool> skip(const DeliveryId& id, const trace::Event& event);
    /// What waits for a time later than `beyond` is due at `to`.
    Status bringForward(Time beyond, Time to);
    /// The notice is made, or need not be.
    Status pay(std::int64_t owed);
    /// False: no such message.
    Result<bool> note(const MessageId& id, const std::string& events);
    /// The first number of a block of `count`.
    Result<std::uint64_t> reserve(const PartyId& party, const std::string& form,
                                  std::uint64_t count);
    /// Puts these wrapped data keys in the place of those that stand there.
    Status rewrap(const std::vector<WrappedKey>& keys);
    Status keepPieces(const MessageId& message, const std::vector<NewPiece>& pieces, Time now);
    /// False: none wait for such a message.
    Result<bool> dropPieces(const MessageId& message);
    /// The pieces that have waited longest, since before `before`.
    Result<bool> sweepOldest(Time before);
    /// How many refusals were removed, at most `most`.
    Result<std::uint64_t> purge(Time now, std::uint32_t most);

    /// Writes the tally and some names; the last act before a commit.
    Status finish();
    const Changes& changes() const { return changes_; }
    void forgetChanges() { changes_ = {}; }
    /// To be called after a rollback: what was written with it is not there.
    void forgetVersions() { versions_.clear(); }

private:
    struct Row;  ///< a delivery as it stands
    Result<std::optional<Kept>> seenBefore(const Keep& keep);
    Result<std::optional<Kept>> sameSenderId(const Keep& keep);
    Result<std::int64_t> numberOf(const std::string& versions);
    Status addAlias(const CaseId& case_id, std::uint64_t seq, std::int64_t message,
                    const NewAlias& alias);
    Result<bool> caseStands(const CaseMove& move);
    Status moveCase(const CaseMove& move, std::uint64_t version, Time now);
    Status addWhole(const Keep& keep, const std::string& events, std::uint64_t seq);
    Status addNotices(const std::vector<Keep>& notices, std::uint64_t after);
    Status addMessage(const Keep& keep, const std::string& events, std::uint64_t seq);
    enum class Way : std::uint8_t { Out, Withdrawn };
    Status addDelivery(const Keep& keep, std::uint64_t seq, std::size_t which, Way way);
    Result<std::vector<PartyId>> takeBack(const Keep& keep);
    Result<std::vector<DeliveryId>> deliveriesOf(const Keep::TakeBack& copy);
    Result<bool> hasReached(const CaseId& case_id, const PartyId& receiver);
    Result<bool> withdraw(const Row& row, Time now, const std::optional<Code>& because);
    Status owe(const std::vector<std::string>& notices);
    Status addAttachments(const Keep& keep, std::uint64_t seq);
    Status addPieces(const MessageId& message, const std::vector<NewPiece>& pieces);
    Status addConsent(const Keep& keep, std::uint64_t seq);
    Status hurry(const CaseId& case_id, const Digest& consent, Time now);
    Result<std::optional<Row>> findDelivery(const DeliveryId& id);
    Result<bool> isFirst(const CaseId& case_id, const PartyId& receiver, std::uint64_t seq,
                         std::int64_t parcel);
    static bool fetchedSince(const Row& row, const Attempt& attempt);
    static std::uint32_t attemptsAfter(const Row& row, const Attempt& attempt);
    Status settleWaiting(const Row& row, const Attempt& attempt, Time now);
    Status close(const Row& row, DeliveryState state, std::uint32_t attempts, Time now,
                 const std::optional<Code>& code = {});
    Status addEvents(const CaseId& case_id, std::uint64_t seq, const std::optional<DeliveryId>& id,
                     const std::string& events);

    Connection& connection_;
    Agenda& agenda_;
    Names& names_;
    Changes changes_;
    std::unordered_map<std::string, std::int64_t> versions_;  ///< their numbers
};

/// A printed event a line.
std::string printed(const std::vector<trace::Event>& events);
std::vector<std::string> lines(const std::string& printed);

}  // namespace stafett::store
