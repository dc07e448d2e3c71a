// Messages, refusals, notes, numbers: what comes in.
#include <algorithm>

#include "gateway/store/rows.h"
#include "gateway/store/short_hash.h"

namespace stafett::store {
namespace {

constexpr std::chrono::hours kRefusalsAreKept{24 * 90};

constexpr char kByRepeat[] =
    "SELECT id, receipt FROM message WHERE n = ? AND repeat_digest = ? AND system = ?";
constexpr char kBySenderId[] =
    "SELECT id, receipt, body_digest, transport_free_digest FROM message "
    "WHERE n = ? AND sender_id = ? AND sender = ?";
constexpr char kAddMessage[] =
    "INSERT INTO message (case_id, seq, id, received_at, system, sender, sender_function, kind, "
    "dialect, form, repeat_digest, body_digest, transport_free_digest, sender_id, person, receipt, "
    "data_key, versions, events, canonical, raw, residue, versions_n) "
    "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, '', ?, ?, ?, ?, ?)";
constexpr char kAddAlias[] =
    "INSERT OR IGNORE INTO alias (n, party, hash, form, sealed) VALUES (?, ?, ?, ?, ?)";
constexpr char kHasAlias[] =
    "SELECT 1 FROM message AS m CROSS JOIN alias AS a ON a.n = m.n AND a.party = ?2 "
    "AND a.hash = ?3 WHERE m.case_id = ?1 LIMIT 1";
constexpr char kAddParcel[] =
    "INSERT INTO parcel (versions, losses, loss_count, request, versions_n) "
    "VALUES ('', ?, ?, ?, ?)";
constexpr char kFindVersions[] = "SELECT n FROM version_text WHERE text = ?";
constexpr char kAddVersions[] = "INSERT INTO version_text (text) VALUES (?)";
constexpr char kAddDelivery[] =
    "INSERT INTO delivery (case_id, receiver, seq, parcel, id, function, dialect, form, state, "
    "attempts, due, first_due, code, consent, consent_to) "
    "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 0, ?, ?, ?, ?, nullif(?, ''))";
constexpr char kAddRefusal[] =
    "INSERT INTO refusal (id, at, until, system, sender, dialect, form, body_digest, sender_id, "
    "count, problems, events) "
    "VALUES (?, ?, ?, ?, nullif(?, ''), ?, nullif(?, ''), ?, ?, ?, ?, ?)";
constexpr char kOwe[] = "INSERT INTO owed_notice (notice) VALUES (?)";
constexpr char kPay[] = "DELETE FROM owed_notice WHERE number = ?";
constexpr char kMessageInCase[] = "SELECT case_id, seq FROM message WHERE id = ?";
constexpr char kAddEvents[] =
    "INSERT INTO event (case_id, seq, n, delivery, events) VALUES (?1, ?2, "
    "(SELECT coalesce(max(n), 0) + 1 FROM event WHERE case_id = ?1 AND seq = ?2), ?3, ?4)";
constexpr char kReserve[] =
    "INSERT INTO sequence (party, form, next) VALUES (?1, ?2, 1 + ?3) "
    "ON CONFLICT (party, form) DO UPDATE SET next = next + ?3 RETURNING next - ?3";
constexpr char kPurge[] =
    "DELETE FROM refusal WHERE id IN (SELECT id FROM refusal WHERE until <= ? LIMIT ?)";
constexpr char kAddTally[] = "UPDATE tally SET n = n + ? WHERE name = ?";

constexpr std::array<std::string_view, kTallies> kTallyNames = {"cases",    "delivered", "held",
                                                                "messages", "refusals",  "waiting"};

Kept repeatOf(const Cursor& first) {
    return {Kept::Outcome::Repeat, first.id<MessageTag>(0), first.text(1)};
}

}  // namespace

std::string printed(const std::vector<trace::Event>& events) {
    std::string out;
    for (const auto& event : events) {
        if (!out.empty()) out.push_back('\n');
        out += trace::print(event);
    }
    return out;
}

std::vector<std::string> lines(const std::string& printed) {
    std::vector<std::string> out;
    std::size_t from = 0;
    while (from < printed.size()) {
        const std::size_t end = std::min(printed.find('\n', from), printed.size());
        out.push_back(printed.substr(from, end - from));
        from = end + 1;
    }
    return out;
}

Result<std::optional<Kept>> Rows::seenBefore(const Keep& keep) {
    ST_TRY(const auto numbers, names_.find(connection_, keep.repeat_digest, &changes_.names));
    for (const auto n : numbers) {
        Cursor first = connection_.query(kByRepeat, n, keep.repeat_digest, keep.system);
        ST_TRY(const bool found, first.next());
        if (found) return repeatOf(first);
    }
    return sameSenderId(keep);
}

Result<std::optional<Kept>> Rows::sameSenderId(const Keep& keep) {
    ST_TRY(const auto numbers, names_.find(connection_, keep.sender_id, &changes_.names));
    for (const auto n : numbers) {
        Cursor first = connection_.query(kBySenderId, n, keep.sender_id, keep.sender);
        ST_TRY(const bool found, first.next());
        if (!found) continue;
        const bool same =
            first.digest(2) == keep.body_digest || first.digest(3) == keep.transport_free_digest;
        if (same) return repeatOf(first);
        return Kept{Kept::Outcome::Conflict, first.id<MessageTag>(0), {}};
    }
    return std::nullopt;
}

Result<Kept> Rows::keep(const Keep& keep, const std::string& events) {
    ST_TRY(auto seen, seenBefore(keep));
    if (seen) return std::move(*seen);
    ST_TRY(const bool stands, caseStands(keep));
    if (!stands) return Kept{Kept::Outcome::CaseMoved, keep.id, {}};

    const std::uint64_t seq = keep.case_version + 1;
    ST_CHECK(moveCase(keep, seq + keep.notices.size(), keep.received_at));
    ST_CHECK(addWhole(keep, events, seq));
    ST_CHECK(addNotices(keep.notices, seq));
    ST_CHECK(owe(keep.owed));
    if (keep.pays) ST_CHECK(pay(*keep.pays));
    return Kept{Kept::Outcome::Stored, keep.id, keep.receipt};
}

/// A message with its aliases and deliveries, at its place in a case that has been moved.
Status Rows::addWhole(const Keep& keep, const std::string& events, std::uint64_t seq) {
    ST_CHECK(addMessage(keep, events, seq));
    const auto message = connection_.lastRow();
    for (const NewAlias& alias : keep.aliases) {
        ST_CHECK(addAlias(keep.case_id, seq, message, alias));
    }
    ST_TRY(const auto spared, takeBack(keep));
    for (std::size_t i = 0; i < keep.deliveries.size(); ++i) {
        const bool is_spared =
            std::find(spared.begin(), spared.end(), keep.deliveries[i].receiver) != spared.end();
        ST_CHECK(addDelivery(keep, seq, i, is_spared ? Way::Withdrawn : Way::Out));
    }
    if (keep.consent) ST_CHECK(addConsent(keep, seq));
    ST_CHECK(addAttachments(keep, seq));
    changes_[Tally::Messages] += 1;
    return {};
}

Status Rows::owe(const std::vector<std::string>& notices) {
    for (const auto& notice : notices) ST_CHECK(connection_.run(kOwe, notice));
    return {};
}

Status Rows::pay(std::int64_t owed) { return connection_.run(kPay, owed); }

Status Rows::addMessage(const Keep& keep, const std::string& events, std::uint64_t seq) {
    std::optional<Blob> residue;
    if (!keep.residue.empty()) residue = Blob{keep.residue};
    ST_TRY(const auto versions, numberOf(keep.versions));
    ST_CHECK(connection_.run(kAddMessage, keep.case_id, seq, keep.id, keep.received_at, keep.system,
                             keep.sender, keep.sender_function, keep.kind, keep.dialect, keep.form,
                             keep.repeat_digest, keep.body_digest, keep.transport_free_digest,
                             keep.sender_id, keep.person, keep.receipt, Blob{keep.data_key}, events,
                             Blob{keep.canonical}, Blob{keep.raw}, residue, versions));
    const auto n = connection_.lastRow();
    changes_.names.added.push_back({shortHash(keep.repeat_digest), n});
    changes_.names.added.push_back({shortHash(keep.sender_id), n});
    return {};
}

/// What a party calls the case by is known once, however many messages say it. The case's own
/// messages are asked: a party may call thousands of cases alike.
Status Rows::addAlias(const CaseId& case_id, std::uint64_t seq, std::int64_t message,
                      const NewAlias& alias) {
    if (seq > 1) {
        Cursor known = connection_.query(kHasAlias, case_id, alias.party, alias.hash);
        ST_TRY(const bool found, known.next());
        if (found) return {};
    }
    changes_.names.added.push_back({shortHash(alias.hash), message});
    return connection_.run(kAddAlias, message, alias.party, alias.hash, alias.form,
                           Blob{alias.sealed});
}

Result<std::int64_t> Rows::numberOf(const std::string& versions) {
    const auto known = versions_.find(versions);
    if (known != versions_.end()) return known->second;
    std::int64_t n = 0;
    {
        Cursor row = connection_.query(kFindVersions, versions);
        ST_TRY(const bool found, row.next());
        if (found) n = row.integer(0);
    }
    if (n == 0) {
        ST_CHECK(connection_.run(kAddVersions, versions));
        n = connection_.lastRow();
    }
    versions_.emplace(versions, n);
    return n;
}

Status Rows::addDelivery(const Keep& keep, std::uint64_t seq, std::size_t which, Way way) {
    const NewDelivery& delivery = keep.deliveries[which];
    ST_TRY(const auto versions, numberOf(delivery.versions));
    ST_CHECK(connection_.run(kAddParcel, delivery.losses, delivery.loss_count,
                             Blob{delivery.request}, versions));
    const std::int64_t parcel = connection_.lastRow();
    std::optional<Time> due;
    std::optional<std::string_view> code;
    auto state = DeliveryState::Waiting;
    if (way == Way::Withdrawn) {
        state = DeliveryState::Withdrawn;
    } else if (delivery.held) {
        state = DeliveryState::Held;
        code = info(*delivery.held).id;
        changes_[Tally::Held] += 1;
    } else {
        changes_[Tally::Waiting] += 1;
        bool first = seq == 1 && which == 0;  // nothing can stand before it
        if (!first) {
            ST_TRY(first, isFirst(keep.case_id, delivery.receiver, seq, parcel));
        }
        if (first) due = keep.received_at;
    }
    if (due) {
        changes_.ready.push_back({delivery.receiver, {*due, parcel}});
        changes_.fresh.push_back({&keep, which});
    }
    return connection_.run(kAddDelivery, keep.case_id, delivery.receiver, seq, parcel, delivery.id,
                           delivery.function, delivery.dialect, delivery.form,
                           static_cast<int>(state), due, due, code, delivery.consent,
                           delivery.consent_to);
}

Status Rows::refuse(const Refusal& refusal, const std::string& events) {
    ST_CHECK(connection_.run(kAddRefusal, refusal.id, refusal.at, refusal.at + kRefusalsAreKept,
                             refusal.system, refusal.sender, refusal.dialect, refusal.form,
                             refusal.body_digest, refusal.sender_id, refusal.count,
                             refusal.problems, events));
    changes_[Tally::Refusals] += 1;
    return {};
}

Result<bool> Rows::note(const MessageId& id, const std::string& events) {
    CaseId case_id;
    std::uint64_t seq = 0;
    {
        Cursor message = connection_.query(kMessageInCase, id);
        ST_TRY(const bool found, message.next());
        if (!found) return false;
        case_id = message.id<CaseTag>(0);
        seq = static_cast<std::uint64_t>(message.integer(1));
    }
    ST_CHECK(addEvents(case_id, seq, std::nullopt, events));
    return true;
}

Status Rows::addEvents(const CaseId& case_id, std::uint64_t seq,
                       const std::optional<DeliveryId>& id, const std::string& events) {
    if (events.empty()) return {};
    return connection_.run(kAddEvents, case_id, seq, id, events);
}

Result<std::uint64_t> Rows::reserve(const PartyId& party, const std::string& form,
                                    std::uint64_t count) {
    Cursor next = connection_.query(kReserve, party, form, count);
    ST_TRY(const bool found, next.next());
    if (!found) return tl::unexpected(Error(Code::StoreFailed));
    const auto first = static_cast<std::uint64_t>(next.integer(0));
    ST_CHECK(next.run());
    return first;
}

Result<std::uint64_t> Rows::purge(Time now, std::uint32_t most) {
    ST_CHECK(connection_.run(kPurge, now, most));
    const auto removed = sqlite3_changes64(connection_.raw());
    changes_[Tally::Refusals] -= removed;
    return static_cast<std::uint64_t>(removed);
}

Status Rows::finish() {
    for (std::size_t i = 0; i < kTallies; ++i) {
        if (changes_.tally[i] == 0) continue;
        ST_CHECK(connection_.run(kAddTally, changes_.tally[i], kTallyNames[i]));
    }
    return names_.write(connection_, changes_.names);
}

}  // namespace stafett::store
