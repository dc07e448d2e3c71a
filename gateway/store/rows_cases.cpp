// Cases: from one state to the next, by a message or by a date.
#include "gateway/store/rows.h"

namespace stafett::store {
namespace {

constexpr char kCaseVersion[] = "SELECT version FROM case_file WHERE id = ?";
constexpr char kOpenCase[] =
    "INSERT INTO case_file (id, version, state, holder, holder_function, next_due, between_since, "
    "closed_on, municipality, opened_at, changed_at, consent) VALUES (?1, ?2, ?3, ?4, ?5, "
    "nullif(?6, ''), nullif(?7, ''), nullif(?8, ''), nullif(?9, ''), ?10, ?10, ?11)";
constexpr char kMoveCase[] =
    "UPDATE case_file SET version = ?2, state = ?3, holder = ?4, holder_function = ?5, "
    "next_due = nullif(?6, ''), between_since = nullif(?7, ''), closed_on = nullif(?8, ''), "
    "municipality = coalesce(nullif(?9, ''), municipality), changed_at = ?10, "
    "consent = coalesce(?11, consent) WHERE id = ?1";
constexpr char kJoin[] = "INSERT OR IGNORE INTO case_party (party, case_id) VALUES (?, ?)";

}  // namespace

Result<bool> Rows::caseStands(const CaseMove& move) {
    Cursor version = connection_.query(kCaseVersion, move.case_id);
    ST_TRY(const bool known, version.next());
    const auto stands = known ? static_cast<std::uint64_t>(version.integer(0)) : 0;
    return stands == move.case_version;
}

Status Rows::moveCase(const CaseMove& move, std::uint64_t version, Time now) {
    const bool opens = move.case_version == 0;
    ST_CHECK(connection_.run(opens ? kOpenCase : kMoveCase, move.case_id, version, move.case_state,
                             move.holder, move.holder_function, move.next_due, move.between_since,
                             move.closed_on, move.municipality, now, move.rests_on));
    for (const auto& party : move.joined) ST_CHECK(connection_.run(kJoin, party, move.case_id));
    if (opens) changes_[Tally::Cases] += 1;
    if (!move.next_due.empty() &&
        (changes_.case_due.empty() || move.next_due < changes_.case_due)) {
        changes_.case_due = move.next_due;
    }
    return {};
}

Status Rows::addNotices(const std::vector<Keep>& notices, std::uint64_t after) {
    for (const Keep& notice : notices) {
        ST_CHECK(addWhole(notice, printed(notice.events), ++after));
    }
    return {};
}

Result<Kept> Rows::tick(const Tick& tick) {
    ST_TRY(const bool stands, caseStands(tick));
    if (!stands) return Kept{Kept::Outcome::CaseMoved, {}, {}};
    const std::uint64_t place = tick.case_version + 1;
    ST_CHECK(moveCase(tick, place + tick.notices.size(), tick.now));
    ST_CHECK(addNotices(tick.notices, place));
    for (const auto& [about, event] : tick.notes) {
        ST_TRY(const bool found, note(about, trace::print(event)));
        if (!found) return tl::unexpected(Error(Code::StoreNotFound));
    }
    return Kept{Kept::Outcome::Stored, {}, {}};
}

}  // namespace stafett::store
