// Lists of cases, a page at a time, each walked along an index of its own.

#include <algorithm>

#include "gateway/store/sqlite_store.h"

namespace stafett::store {
namespace {

constexpr std::uint32_t kMostRows = 500;

// Unset values are null and their conditions fall away.
const std::string kColumns =
    "SELECT c.id, c.version, c.state, c.holder, c.holder_function, c.next_due, c.between_since, "
    "c.closed_on, c.opened_at, c.changed_at FROM case_file AS c ";
const std::string kConditions =
    "(?1 IS NULL OR c.holder = ?1) AND (?2 IS NULL OR (c.closed_on IS NULL) = ?2) ";
const std::string kOfParty =
    "AND (?3 IS NULL OR EXISTS (SELECT 1 FROM case_party AS p WHERE p.party = ?3 "
    "AND p.case_id = c.id)) ";

const std::string kNewest = kColumns + "WHERE " + kConditions + kOfParty +
                            "AND (?4 IS NULL OR c.id < ?4) ORDER BY c.id DESC LIMIT ?5";
const std::string kHeld = kColumns +
                          "WHERE c.holder = ?1 AND (?2 IS NULL OR (c.closed_on IS NULL) = ?2) " +
                          kOfParty + "AND (?4 IS NULL OR c.id < ?4) ORDER BY c.id DESC LIMIT ?5";
const std::string kOfOneParty =
    kColumns + "JOIN case_party AS p ON p.case_id = c.id AND p.party = ?3 WHERE " + kConditions +
    "AND (?4 IS NULL OR p.case_id < ?4) ORDER BY p.case_id DESC LIMIT ?5";
const std::string kBetween = kColumns + "WHERE " + kConditions + kOfParty +
                             "AND c.between_since IS NOT NULL "
                             "AND (c.between_since, c.id) > (?6, ?4) "
                             "ORDER BY c.between_since, c.id LIMIT ?5";
const std::string kDue = kColumns + "WHERE " + kConditions + kOfParty +
                         "AND c.next_due IS NOT NULL AND c.next_due <= ?7 "
                         "AND (c.next_due, c.id) > (?6, ?4) "
                         "ORDER BY c.next_due, c.id LIMIT ?5";

constexpr char kNextDue[] = "SELECT min(next_due) FROM case_file WHERE next_due IS NOT NULL";
constexpr char kHolders[] =
    "SELECT holder, count(*) FROM case_file WHERE closed_on IS NULL GROUP BY holder";
constexpr char kNewestMessage[] = "SELECT max(received_at) FROM message";

/// The place after which a page begins: a date where the list goes by dates, and a case.
struct Key {
    std::string date;
    std::optional<CaseId> id;
};

std::optional<Key> parseKey(const std::string& text, bool by_date) {
    if (!by_date) {
        const auto id = CaseId::parse(text);
        return id ? std::optional(Key{{}, id}) : std::nullopt;
    }
    const auto dot = text.find('.');
    if (dot == std::string::npos) return std::nullopt;
    const auto id = CaseId::parse(std::string_view(text).substr(dot + 1));
    return id ? std::optional(Key{text.substr(0, dot), id}) : std::nullopt;
}

Result<std::vector<ListedCase>> readAll(Cursor row, const CaseQuery& query) {
    std::vector<ListedCase> all;
    while (true) {
        ST_TRY(const bool more, row.next());
        if (!more) return all;
        ListedCase one;
        one.row = {row.id<CaseTag>(0), static_cast<std::uint64_t>(row.integer(1)), row.text(2)};
        one.holder = row.name<PartyTag>(3);
        one.holder_function = row.name<FunctionTag>(4);
        one.next_due = row.text(5);
        one.between_since = row.text(6);
        one.closed_on = row.text(7);
        one.opened_at = row.time(8);
        one.changed_at = row.time(9);
        one.key = one.row.id.text();
        if (query.between_chairs) one.key = one.between_since + "." + one.key;
        if (query.due_by) one.key = one.next_due + "." + one.key;
        all.push_back(std::move(one));
    }
}

}  // namespace

Result<std::vector<ListedCase>> SqliteStore::cases(const CaseQuery& query) {
    const bool by_date = query.between_chairs || query.due_by;
    Key after;
    if (by_date) after.id = CaseId{};  // before the first
    if (!query.after.empty()) {
        const auto key = parseKey(query.after, by_date);
        if (!key) return tl::unexpected(Error(Code::StoreNotFound, Place{.path = "after"}));
        after = *key;
    }
    const auto open = query.open ? std::optional(int{*query.open}) : std::nullopt;
    const std::uint32_t limit = std::min(query.limit, kMostRows);
    const auto reader = readers_->take();
    const auto ask = [&](const std::string& sql, const auto&... more) {
        return readAll(
            reader->query(sql.c_str(), query.holder, open, query.party, after.id, limit, more...),
            query);
    };
    if (query.due_by) return ask(kDue, after.date, *query.due_by);
    if (query.between_chairs) return ask(kBetween, after.date);
    if (query.holder) return ask(kHeld);
    if (query.party) return ask(kOfOneParty);
    return ask(kNewest);
}

Result<std::optional<std::string>> SqliteStore::nextCaseDue() {
    const auto reader = readers_->take();
    Cursor row = reader->query(kNextDue);
    ST_TRY(const bool found, row.next());
    if (!found || row.isNull(0)) return std::nullopt;
    return row.text(0);
}

Result<std::map<PartyId, std::uint64_t>> SqliteStore::holders() {
    const auto reader = readers_->take();
    Cursor row = reader->query(kHolders);
    std::map<PartyId, std::uint64_t> all;
    while (true) {
        ST_TRY(const bool found, row.next());
        if (!found) return all;
        all.emplace(row.name<PartyTag>(0), static_cast<std::uint64_t>(row.integer(1)));
    }
}

Result<std::optional<Time>> SqliteStore::newest() {
    const auto reader = readers_->take();
    Cursor row = reader->query(kNewestMessage);
    ST_TRY(const bool found, row.next());
    if (!found || row.isNull(0)) return std::nullopt;
    return row.time(0);
}

}  // namespace stafett::store
