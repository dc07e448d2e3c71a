// What follow-up reads: whole cases, without their content.
#include "gateway/store/sqlite_store.h"

namespace stafett::store {
namespace {

constexpr char kCases[] =
    "SELECT DISTINCT case_id FROM message WHERE received_at >= ? AND received_at < ?";
constexpr char kMessages[] =
    "SELECT m.id, m.seq, m.received_at, m.sender, m.sender_function, m.kind, m.person, "
    "c.municipality FROM message AS m JOIN case_file AS c ON c.id = m.case_id "
    "WHERE m.case_id = ? ORDER BY m.seq";
constexpr char kReceivers[] =
    "SELECT seq, receiver, function FROM delivery WHERE case_id = ? ORDER BY seq, parcel";
constexpr char kFirst[] = "SELECT min(received_at) FROM message";

/// Each delivery to its message; both stand in the order of the case.
Status addReceivers(Connection& reader, const CaseId& id, std::vector<Counted>& messages) {
    auto row = reader.query(kReceivers, id);
    auto at = messages.begin();
    while (true) {
        ST_TRY(const bool found, row.next());
        if (!found) return {};
        const auto seq = static_cast<std::uint64_t>(row.integer(0));
        while (at != messages.end() && at->seq < seq) ++at;
        if (at == messages.end()) return {};
        if (at->seq == seq) {
            at->receivers.emplace_back(row.name<PartyTag>(1), row.name<FunctionTag>(2));
        }
    }
}

}  // namespace

Result<std::vector<CaseId>> SqliteStore::casesWithMessages(Time from, Time to) {
    const auto reader = readers_->take();
    auto row = reader->query(kCases, from, to);
    std::vector<CaseId> cases;
    while (true) {
        ST_TRY(const bool found, row.next());
        if (!found) return cases;
        cases.push_back(row.id<CaseTag>(0));
    }
}

Result<std::vector<Counted>> SqliteStore::messagesOf(const CaseId& id) {
    const auto reader = readers_->take();
    std::vector<Counted> messages;
    {
        auto row = reader->query(kMessages, id);
        while (true) {
            ST_TRY(const bool found, row.next());
            if (!found) break;
            Counted m;
            m.id = row.id<MessageTag>(0);
            m.case_id = id;
            m.seq = static_cast<std::uint64_t>(row.integer(1));
            m.received_at = row.time(2);
            m.sender = row.name<PartyTag>(3);
            m.sender_function = row.name<FunctionTag>(4);
            m.kind = row.text(5);
            if (!row.isNull(6)) m.person = row.digest(6);
            m.municipality = row.text(7);
            messages.push_back(std::move(m));
        }
    }
    if (auto done = addReceivers(*reader, id, messages); !done) {
        return tl::make_unexpected(done.error());
    }
    return messages;
}

Result<std::optional<Time>> SqliteStore::firstReceived() {
    const auto reader = readers_->take();
    auto row = reader->query(kFirst);
    ST_TRY(const bool found, row.next());
    if (!found || row.isNull(0)) return std::optional<Time>();
    return std::optional(row.time(0));
}

}  // namespace stafett::store
