// Search, a page at a time: newest first, by time of receipt and order of commit.
#include <array>
#include <charconv>

#include "gateway/store/sqlite_store.h"

namespace stafett::store {
namespace {

constexpr std::uint32_t kMostRows = 500;

// Unset values are null and their conditions fall away. Held deliveries are few: they lead to their
// messages through their own index; everything else walks the messages by time.
const std::string kFound =
    "SELECT m.id, m.case_id, m.sender, m.kind, m.received_at, m.n, m.seq FROM message AS m "
    "WHERE (m.received_at, m.n) < (?1, ?2) AND m.received_at >= ?3 "
    "AND (?4 IS NULL OR m.kind = ?4) "
    "AND (?5 IS NULL OR m.sender = ?5 OR EXISTS (SELECT 1 FROM delivery AS d "
    "  WHERE d.case_id = m.case_id AND d.receiver = ?5 AND d.seq = m.seq)) ";
const std::string kNewestFirst = "ORDER BY m.received_at DESC, m.n DESC LIMIT ?6";

const std::string kAll = kFound + kNewestFirst;
const std::string kInState = kFound +
                             "AND EXISTS (SELECT 1 FROM delivery AS s WHERE s.case_id = m.case_id "
                             "AND s.seq = m.seq AND s.state = ?7 "
                             "AND (?5 IS NULL OR m.sender = ?5 OR s.receiver = ?5)) " +
                             kNewestFirst;
const std::string kHeld = kFound +
                          "AND (m.case_id, m.seq) IN (SELECT s.case_id, s.seq FROM delivery AS s "
                          "WHERE s.state = 2 "
                          "AND (?5 IS NULL OR m.sender = ?5 OR s.receiver = ?5)) " +
                          kNewestFirst;
const std::string kInCase = kFound +
                            "AND m.case_id = ?7 AND (?8 IS NULL OR EXISTS (SELECT 1 FROM delivery "
                            "AS s WHERE s.case_id = m.case_id AND s.seq = m.seq AND s.state = ?8 "
                            "AND (?5 IS NULL OR m.sender = ?5 OR s.receiver = ?5))) " +
                            kNewestFirst;
constexpr char kStates[] =
    "SELECT state, count(*) FROM delivery WHERE case_id = ? AND seq = ? GROUP BY state ORDER BY "
    "state";
constexpr char kBySenderId[] = "SELECT id FROM message WHERE n = ? AND sender_id = ?";
constexpr char kRefusals[] = "SELECT id FROM refusal WHERE sender_id = ? ORDER BY at, id";

struct Key {
    std::int64_t received_at = INT64_MAX;
    std::int64_t n = INT64_MAX;
};

std::string print(const Key& key) {
    return std::to_string(key.received_at) + "." + std::to_string(key.n);
}

std::optional<Key> parseKey(const std::string& text) {
    Key key;
    const char* const end = text.data() + text.size();
    const auto first = std::from_chars(text.data(), end, key.received_at);
    if (first.ec != std::errc{} || first.ptr == end || *first.ptr != '.') return std::nullopt;
    const auto second = std::from_chars(first.ptr + 1, end, key.n);
    if (second.ec != std::errc{} || second.ptr != end) return std::nullopt;
    return key;
}

Result<std::string> states(Connection& reader, const CaseId& case_id, std::int64_t seq) {
    std::string text;
    Cursor row = reader.query(kStates, case_id, seq);
    while (true) {
        ST_TRY(const bool found, row.next());
        if (!found) return text;
        if (!text.empty()) text += ", ";
        text += name(static_cast<DeliveryState>(row.integer(0)));
        text += " " + std::to_string(row.integer(1));
    }
}

Result<std::vector<Found>> readAll(Connection& reader, Cursor rows) {
    std::vector<Found> all;
    while (true) {
        ST_TRY(const bool more, rows.next());
        if (!more) return all;
        Found found;
        found.id = rows.id<MessageTag>(0);
        found.case_id = rows.id<CaseTag>(1);
        found.sender = rows.name<PartyTag>(2);
        found.kind = rows.text(3);
        found.received_at = rows.time(4);
        found.key = print(Key{rows.integer(4), rows.integer(5)});
        ST_TRY(found.states, states(reader, found.case_id, rows.integer(6)));
        all.push_back(std::move(found));
    }
}

}  // namespace

Result<std::vector<Found>> SqliteStore::search(const Query& query) {
    Key before;
    if (query.to) before = {query.to->time_since_epoch().count(), INT64_MIN};
    if (!query.after.empty()) {
        const auto key = parseKey(query.after);
        if (!key) return tl::unexpected(Error(Code::StoreNotFound, Place{.path = "after"}));
        before = *key;
    }
    const std::int64_t from = query.from ? query.from->time_since_epoch().count() : INT64_MIN;
    const std::uint32_t limit = std::min(query.limit, kMostRows);
    const auto reader = readers_->take();
    const auto ask = [&](const std::string& sql, const auto&... more) {
        return readAll(*reader, reader->query(sql.c_str(), before.received_at, before.n, from,
                                              query.kind, query.party, limit, more...));
    };
    const auto state = query.state ? std::optional(static_cast<int>(*query.state)) : std::nullopt;
    if (query.case_id) return ask(kInCase, *query.case_id, state);
    if (!state) return ask(kAll);
    if (*query.state == DeliveryState::Held) return ask(kHeld);
    return ask(kInState, *state);
}

Result<std::vector<MessageId>> SqliteStore::findBySenderId(const std::vector<Digest>& hashes) {
    const auto reader = readers_->take();
    std::vector<MessageId> ids;
    for (const Digest& hash : hashes) {
        ST_TRY(const auto numbers, names_.find(*reader, hash));
        for (const auto n : numbers) {
            Cursor row = reader->query(kBySenderId, n, hash);
            ST_TRY(const bool found, row.next());
            if (found) ids.push_back(row.id<MessageTag>(0));
        }
    }
    return ids;
}

Result<std::vector<RefusalId>> SqliteStore::findRefusals(const std::vector<Digest>& sender_ids) {
    const auto reader = readers_->take();
    std::vector<RefusalId> ids;
    for (const Digest& hash : sender_ids) {
        Cursor row = reader->query(kRefusals, hash);
        while (true) {
            ST_TRY(const bool found, row.next());
            if (!found) break;
            ids.push_back(row.id<RefusalTag>(0));
        }
    }
    return ids;
}

}  // namespace stafett::store
