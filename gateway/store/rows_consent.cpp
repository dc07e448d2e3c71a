// Consents: what is on record of them, and what their withdrawal stops.
#include <nlohmann/json.hpp>

#include "gateway/store/rows.h"
#include "gateway/store/sqlite_store.h"

namespace stafett::store {
namespace {

// What was withdrawn stands again only when a later consent is given under its reference.
constexpr char kGiven[] =
    "INSERT INTO consent (ref, person, case_id, seq, giver, parties, kinds, purpose, form, given, "
    "valid_from, valid_to) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, nullif(?8, ''), nullif(?9, ''), "
    "?10, nullif(?11, ''), nullif(?12, '')) "
    "ON CONFLICT (ref) DO UPDATE SET case_id = ?3, seq = ?4, giver = ?5, parties = ?6, kinds = ?7, "
    "purpose = excluded.purpose, form = excluded.form, given = ?10, "
    "valid_from = excluded.valid_from, valid_to = excluded.valid_to, withdrawn = NULL "
    "WHERE coalesce(given, '') <= ?10 AND (withdrawn IS NULL OR withdrawn < ?10)";
// A withdrawal always counts, also where nothing was on record: what rests on it stops.
constexpr char kWithdrawn[] =
    "INSERT INTO consent (ref, person, case_id, seq, giver, parties, kinds, withdrawn) "
    "VALUES (?1, ?2, ?3, ?4, ?5, '[]', '[]', ?6) "
    "ON CONFLICT (ref) DO UPDATE SET case_id = ?3, seq = ?4, "
    "withdrawn = min(coalesce(withdrawn, ?6), ?6)";
constexpr char kHurry[] =
    "UPDATE delivery SET due = ?3 WHERE case_id = ?1 AND consent = ?2 AND state = 0 AND due > ?3 "
    "RETURNING receiver, parcel";
constexpr char kFind[] =
    "SELECT parties, kinds, purpose, form, valid_from, valid_to, withdrawn FROM consent "
    "WHERE ref = ?";

std::string listText(const std::vector<std::string>& items) { return nlohmann::json(items).dump(); }

Result<std::vector<std::string>> listOf(const std::string& text) {
    const auto json = nlohmann::json::parse(text, nullptr, false);
    std::vector<std::string> items;
    if (!json.is_array()) return tl::unexpected(Error(Code::StoreDamaged));
    for (const auto& item : json) {
        if (!item.is_string()) return tl::unexpected(Error(Code::StoreDamaged));
        items.push_back(item.get<std::string>());
    }
    return items;
}

}  // namespace

Status Rows::addConsent(const Keep& keep, std::uint64_t seq) {
    const NewConsent& consent = *keep.consent;
    changes_.consents.push_back(consent.ref);
    if (consent.act == NewConsent::Act::Given) {
        const auto& record = consent.record;
        return connection_.run(kGiven, consent.ref, consent.person, keep.case_id, seq, keep.sender,
                               listText(record.parties), listText(record.kinds), record.purpose,
                               record.form, consent.date, record.from, record.to);
    }
    ST_CHECK(connection_.run(kWithdrawn, consent.ref, consent.person, keep.case_id, seq,
                             keep.sender, consent.date));
    return hurry(keep.case_id, consent.ref, keep.received_at);
}

/// Those of the case that wait to be tried again are looked at now, so that both sides are told
/// soon that they will not leave.
Status Rows::hurry(const CaseId& case_id, const Digest& consent, Time now) {
    Cursor row = connection_.query(kHurry, case_id, consent, now);
    while (true) {
        ST_TRY(const bool found, row.next());
        if (!found) return {};
        changes_.ready.push_back({row.name<PartyTag>(0), {now, row.integer(1)}});
    }
}

Result<std::optional<KnownConsent>> SqliteStore::findConsent(const std::vector<Digest>& refs) {
    std::vector<Digest> perhaps;
    for (const auto& ref : refs) {
        if (sieve_.mayHoldConsent(ref)) perhaps.push_back(ref);
    }
    if (perhaps.empty()) return std::nullopt;
    const auto reader = readers_->take();
    for (const auto& ref : perhaps) {
        Cursor row = reader->query(kFind, ref);
        ST_TRY(const bool found, row.next());
        if (!found) continue;
        message::Consent consent;
        ST_TRY(consent.parties, listOf(row.text(0)));
        ST_TRY(consent.kinds, listOf(row.text(1)));
        consent.purpose = row.text(2);
        consent.form = row.text(3);
        consent.from = row.text(4);
        consent.to = row.text(5);
        consent.withdrawn = row.text(6);
        return KnownConsent{ref, std::move(consent)};
    }
    return std::nullopt;
}

}  // namespace stafett::store
