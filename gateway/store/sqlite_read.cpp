// What the pipeline asks while a message is under way, and what the courier is lent.
#include <algorithm>

#include "gateway/store/sqlite_store.h"

namespace stafett::store {
namespace {

constexpr char kFindRepeat[] =
    "SELECT id, case_id, kind, body_digest, transport_free_digest, receipt, sender FROM message "
    "WHERE n = ? AND repeat_digest = ? AND system = ?";
constexpr char kFindSenderId[] =
    "SELECT id, case_id, kind, body_digest, transport_free_digest, receipt, sender FROM message "
    "WHERE n = ? AND sender_id = ? AND sender = ?";
constexpr char kFindSentTo[] =
    "SELECT m.id, m.case_id, m.kind, m.body_digest, m.transport_free_digest, m.receipt, m.sender "
    "FROM message AS m WHERE m.id = ?1 AND (m.sender = ?2 OR EXISTS (SELECT 1 FROM delivery AS d "
    "WHERE d.case_id = m.case_id AND d.receiver = ?2 AND d.seq = m.seq))";
constexpr char kFindCase[] = "SELECT version, state, consent FROM case_file WHERE id = ?";
constexpr char kFindAlias[] =
    "SELECT m.case_id FROM alias AS a JOIN message AS m ON m.n = a.n "
    "WHERE a.n = ? AND a.party = ? AND a.hash = ?";
constexpr char kPersonsOf[] =
    "SELECT DISTINCT person FROM message WHERE case_id = ? AND person IS NOT NULL";
constexpr char kAliasOf[] =
    "SELECT m.data_key, a.sealed, m.id FROM message AS m "
    "CROSS JOIN alias AS a ON a.n = m.n AND a.party = ?2 AND a.form = ?3 "
    "WHERE m.case_id = ?1 ORDER BY m.seq LIMIT 1";
constexpr char kCanonicalOf[] = "SELECT data_key, canonical FROM message WHERE id = ?";
constexpr char kOwed[] = "SELECT number, notice FROM owed_notice ORDER BY number LIMIT ?";
constexpr char kLease[] =
    "SELECT m.id, d.case_id, m.sender, d.receiver, d.function, d.dialect, d.form, m.kind, "
    "d.attempts, d.first_due, m.data_key, p.request, d.consent IS NOT NULL, c.withdrawn, "
    "CASE WHEN c.ref IS NULL THEN d.consent_to ELSE c.valid_to END, "
    "d.state, d.due IS NOT NULL, d.code FROM delivery AS d "
    "JOIN message AS m ON m.case_id = d.case_id AND m.seq = d.seq "
    "JOIN parcel AS p ON p.n = d.parcel LEFT JOIN consent AS c ON c.ref = d.consent "
    "WHERE d.id = ?";
constexpr char kConsent[] = "SELECT valid_to, withdrawn FROM consent WHERE ref = ?";
constexpr char kUnfetched[] =
    "SELECT d.id FROM delivery AS d LEFT JOIN consent AS c ON c.ref = d.consent "
    "WHERE d.state = 0 AND d.due IS NOT NULL AND d.receiver = ?1 AND d.due <= ?2 "
    "AND (d.first_due <= ?3 OR c.withdrawn IS NOT NULL) ORDER BY d.due, d.parcel LIMIT ?4";
/// Walks an index that holds those alone.
constexpr char kBetweenChairs[] = "SELECT count(*) FROM case_file WHERE between_since IS NOT NULL";
constexpr char kCounts[] = "SELECT n FROM tally ORDER BY name";

constexpr std::chrono::minutes kClockStep{1};
constexpr std::chrono::hours kLongestWait{24};

/// All that is read while this stands is read at one commit's state, and its pages but once. Should
/// it fail to begin or end, each statement reads by itself: no less right.
class Snapshot {
public:
    explicit Snapshot(Connection& reader) : reader_(reader) { (void)reader_.run("BEGIN"); }
    Snapshot(const Snapshot&) = delete;
    Snapshot& operator=(const Snapshot&) = delete;
    ~Snapshot() { (void)reader_.run("COMMIT"); }

private:
    Connection& reader_;
};

Result<std::optional<KnownMessage>> knownIn(Cursor& row) {
    ST_TRY(const bool found, row.next());
    if (!found) return std::nullopt;
    return KnownMessage{row.id<MessageTag>(0), row.id<CaseTag>(1), row.text(2),
                        row.digest(3),         row.digest(4),      row.text(5),
                        row.name<PartyTag>(6)};
}

/// Nothing: there is no such delivery.
Result<std::optional<Standing>> standingOf(Connection& reader, const DeliveryId& id) {
    Cursor row = reader.query(kLease, id);
    ST_TRY(const bool found, row.next());
    if (!found) return std::nullopt;
    Standing standing;
    Lease& lease = standing.lease;
    lease.id = id;
    lease.message = row.id<MessageTag>(0);
    lease.case_id = row.id<CaseTag>(1);
    lease.sender = row.name<PartyTag>(2);
    lease.receiver = row.name<PartyTag>(3);
    lease.function = row.name<FunctionTag>(4);
    lease.dialect = row.name<DialectTag>(5);
    lease.form = row.name<FormTag>(6);
    lease.kind = row.text(7);
    lease.attempt = static_cast<std::uint32_t>(row.integer(8)) + 1;
    if (!row.isNull(9)) lease.first_due = row.time(9);
    lease.data_key = row.blob(10);
    lease.request = row.blob(11);
    if (row.integer(12) != 0) lease.consent = {.to = row.text(14), .withdrawn = row.text(13)};
    standing.state = static_cast<DeliveryState>(row.integer(15));
    standing.may_be_tried = standing.state == DeliveryState::Waiting && row.integer(16) != 0;
    standing.code = row.text(17);
    return standing;
}

}  // namespace

Result<std::optional<KnownMessage>> SqliteStore::known(const char* sql, const Digest& name,
                                                       std::string_view whose) {
    const auto reader = readers_->take();
    ST_TRY(const auto numbers, names_.find(*reader, name));
    for (const auto n : numbers) {
        Cursor row = reader->query(sql, n, name, whose);
        ST_TRY(auto found, knownIn(row));
        if (found) return found;
    }
    return std::nullopt;
}

Result<std::optional<KnownMessage>> SqliteStore::findRepeat(const SystemId& system,
                                                            const Digest& repeat_digest) {
    return known(kFindRepeat, repeat_digest, system.value);
}

Result<std::optional<KnownMessage>> SqliteStore::findSenderId(const PartyId& sender,
                                                              const Digest& sender_id) {
    return known(kFindSenderId, sender_id, sender.value);
}

Result<std::optional<KnownMessage>> SqliteStore::findSentTo(const MessageId& id,
                                                            const PartyId& party) {
    const auto reader = readers_->take();
    Cursor row = reader->query(kFindSentTo, id, party);
    return knownIn(row);
}

Result<std::optional<CaseRow>> SqliteStore::findCase(const CaseId& id) {
    const auto reader = readers_->take();
    Cursor row = reader->query(kFindCase, id);
    ST_TRY(const bool found, row.next());
    if (!found) return std::nullopt;
    CaseRow found_row{id, static_cast<std::uint64_t>(row.integer(0)), row.text(1)};
    if (!row.isNull(2)) found_row.consent = row.digest(2);
    return found_row;
}

Result<std::vector<CaseId>> SqliteStore::findAlias(const PartyId& party, const Digest& hash) {
    const auto reader = readers_->take();
    ST_TRY(const auto numbers, names_.find(*reader, hash));
    std::vector<CaseId> cases;
    for (const auto n : numbers) {
        Cursor row = reader->query(kFindAlias, n, party, hash);
        ST_TRY(const bool found, row.next());
        if (found) cases.push_back(row.id<CaseTag>(0));
    }
    std::sort(cases.begin(), cases.end());
    cases.erase(std::unique(cases.begin(), cases.end()), cases.end());
    return cases;
}

Result<std::vector<Digest>> SqliteStore::personsOf(const CaseId& id) {
    const auto reader = readers_->take();
    std::vector<Digest> persons;
    Cursor row = reader->query(kPersonsOf, id);
    while (true) {
        ST_TRY(const bool found, row.next());
        if (!found) return persons;
        persons.push_back(row.digest(0));
    }
}

Result<std::optional<SqliteStore::Alias>> SqliteStore::aliasOf(const CaseId& id,
                                                               const PartyId& party,
                                                               const std::string& form) {
    const auto reader = readers_->take();
    Cursor row = reader->query(kAliasOf, id, party, form);
    ST_TRY(const bool found, row.next());
    if (!found) return std::nullopt;
    return Alias{row.blob(0), row.blob(1), row.id<MessageTag>(2)};
}

Result<std::optional<SqliteStore::Sealed>> SqliteStore::canonicalOf(const MessageId& id) {
    const auto reader = readers_->take();
    Cursor row = reader->query(kCanonicalOf, id);
    ST_TRY(const bool found, row.next());
    if (!found) return std::nullopt;
    return Sealed{id, row.blob(0), row.blob(1)};
}

/// A clock that ran ahead and was set right again has left times behind that will not come for
/// years. Whatever waits for more than a day, when the clock went back or nothing is known of it,
/// is tried now; too early does no harm.
void SqliteStore::look(Time now) {
    const Time last = looked_at_.exchange(now);
    if (now > last - kClockStep) return;
    writer_->add({[now](Rows& rows) { return rows.bringForward(now + kLongestWait, now); },
                  [](const Status&) {}},
                 Writer::Room::Given);
}

Result<std::vector<Lease>> SqliteStore::lend(Time now, std::chrono::seconds time,
                                             std::uint32_t most, const Receivers& to) {
    ST_CHECK(writer_->health());  // what could not be settled must not be sent
    look(now);
    const auto reader = readers_->take();
    const Snapshot snapshot(*reader);
    ST_TRY(const auto ids, agenda_.lend(*reader, now, time, most, to));
    std::vector<Lease> leases;
    leases.reserve(ids.size());
    for (std::size_t i = 0; i < ids.size(); ++i) {
        auto lease = leaseOf(*reader, ids[i]);
        if (!lease) {
            for (const auto& id : ids) agenda_.giveBack(id);
            return tl::unexpected(lease.error());
        }
        if (*lease) {
            leases.push_back(std::move(**lease));
        } else {
            agenda_.giveBack(ids[i]);  // no longer there to be tried
        }
    }
    return leases;
}

/// What was kept a moment ago is at hand, but for its consent, which may have been withdrawn since.
Result<std::optional<Lease>> SqliteStore::leaseOf(Connection& reader, const DeliveryId& id) {
    auto fresh = at_hand_.take(id);
    if (!fresh) {
        ST_TRY(auto row, standingOf(reader, id));
        if (!row || !row->may_be_tried) return std::nullopt;
        return std::move(row->lease);
    }
    if (fresh->consent) {
        fresh->lease.consent = {.to = std::move(fresh->consent_to), .withdrawn = {}};
    }
    if (fresh->consent && sieve_.mayHoldConsent(*fresh->consent)) {
        Cursor row = reader.query(kConsent, *fresh->consent);
        ST_TRY(const bool found, row.next());
        if (found) fresh->lease.consent = {.to = row.text(0), .withdrawn = row.text(1)};
    }
    return std::move(fresh->lease);
}

Result<std::optional<Time>> SqliteStore::nextDue(const Receivers& to) {
    const auto reader = readers_->take();
    return agenda_.nextDue(*reader, to);
}

Result<std::vector<OwedNotice>> SqliteStore::owed(std::uint32_t most) {
    auto reader = readers_->take();
    Cursor row = reader->query(kOwed, most);
    std::vector<OwedNotice> notices;
    while (true) {
        ST_TRY(const bool found, row.next());
        if (!found) return notices;
        notices.push_back({row.integer(0), row.text(1)});
    }
}

Result<std::vector<Lease>> SqliteStore::unfetched(const PartyId& receiver, Time now, Time since,
                                                  std::uint32_t most) {
    const auto reader = readers_->take();
    const Snapshot snapshot(*reader);
    std::vector<DeliveryId> ids;
    {
        Cursor row = reader->query(kUnfetched, receiver, now, since, most);
        while (true) {
            ST_TRY(const bool found, row.next());
            if (!found) break;
            ids.push_back(row.id<DeliveryTag>(0));
        }
    }
    std::vector<Lease> leases;
    for (const auto& id : ids) {
        ST_TRY(auto row, standingOf(*reader, id));
        if (!row) continue;
        row->lease.request.clear();
        leases.push_back(std::move(row->lease));
    }
    return leases;
}

Result<std::optional<Standing>> SqliteStore::standing(const DeliveryId& id) {
    const auto reader = readers_->take();
    ST_TRY(auto row, standingOf(*reader, id));
    if (row) row->lease.request.clear();
    return row;
}

Result<SqliteStore::Counts> SqliteStore::counts() {
    const auto reader = readers_->take();
    Cursor row = reader->query(kCounts);
    std::array<std::uint64_t, kTallies> n{};
    for (auto& value : n) {
        ST_TRY(const bool found, row.next());
        if (found) value = static_cast<std::uint64_t>(row.integer(0));
    }
    Cursor between = reader->query(kBetweenChairs);
    ST_TRY(const bool counted, between.next());
    const auto of = [&n](Tally which) { return n.at(static_cast<std::size_t>(which)); };
    return Counts{.messages = of(Tally::Messages),
                  .waiting = of(Tally::Waiting),
                  .held = of(Tally::Held),
                  .delivered = of(Tally::Delivered),
                  .refusals = of(Tally::Refusals),
                  .cases = of(Tally::Cases),
                  .between_chairs = counted ? static_cast<std::uint64_t>(between.integer(0)) : 0};
}

}  // namespace stafett::store
