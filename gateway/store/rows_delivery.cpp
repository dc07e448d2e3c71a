// Deliveries: what goes out, one at a time for each case and receiver.
#include "gateway/store/rows.h"

namespace stafett::store {
namespace {

constexpr char kFindDelivery[] =
    "SELECT case_id, receiver, seq, parcel, state, attempts, due, reached FROM delivery "
    "WHERE id = ?";
constexpr char kReceivedAt[] = "SELECT received_at FROM message WHERE case_id = ? AND seq = ?";
// Deliveries of a case and receiver end in order, but for those taken out (skipped, withdrawn). So
// the last one before this place that was not taken out tells whether any before it is open.
constexpr char kBefore[] =
    "SELECT state FROM delivery WHERE case_id = ? AND receiver = ? AND (seq, parcel) < (?, ?) "
    "AND state NOT IN (3, 4) ORDER BY seq DESC, parcel DESC LIMIT 1";
constexpr char kNextOpen[] =
    "SELECT seq, parcel, state FROM delivery WHERE case_id = ? AND receiver = ? "
    "AND (seq, parcel) > (?, ?) AND state IN (0, 2) ORDER BY seq, parcel LIMIT 1";
constexpr char kMakeDue[] =
    "UPDATE delivery SET due = ?5, first_due = ?5 "
    "WHERE case_id = ?1 AND receiver = ?2 AND seq = ?3 AND parcel = ?4";
constexpr char kClose[] =
    "UPDATE delivery SET state = ?5, attempts = ?6, due = NULL, code = ?7 "
    "WHERE case_id = ?1 AND receiver = ?2 AND seq = ?3 AND parcel = ?4";
constexpr char kSetReceiverId[] =
    "UPDATE delivery SET receiver_id = ?5 "
    "WHERE case_id = ?1 AND receiver = ?2 AND seq = ?3 AND parcel = ?4";
constexpr char kAgain[] =
    "UPDATE delivery SET state = ?5, attempts = ?6, due = ?7, code = ?8, reached = max(reached, "
    "?9) "
    "WHERE case_id = ?1 AND receiver = ?2 AND seq = ?3 AND parcel = ?4";
constexpr char kDeliveriesOf[] =
    "SELECT d.id FROM message AS m JOIN delivery AS d ON d.case_id = m.case_id AND d.seq = m.seq "
    "WHERE m.id = ? AND d.receiver = ?";
constexpr char kHasReached[] =
    "SELECT 1 FROM delivery WHERE case_id = ? AND receiver = ? AND (state = 1 OR reached = 1) "
    "LIMIT 1";
constexpr char kRelease[] =
    "UPDATE delivery SET state = 0, due = ?5, first_due = ?5, code = NULL "
    "WHERE case_id = ?1 AND receiver = ?2 AND seq = ?3 AND parcel = ?4";

constexpr char kBringForward[] =
    "UPDATE delivery SET due = ?2 WHERE state = 0 AND due > ?1 RETURNING receiver, parcel";

std::optional<std::string_view> idOf(const std::optional<Code>& code) {
    return code ? std::optional(info(*code).id) : std::nullopt;
}

}  // namespace

struct Rows::Row {
    DeliveryId id;
    CaseId case_id;
    PartyId receiver;
    std::uint64_t seq = 0;
    std::int64_t parcel = 0;
    DeliveryState state = DeliveryState::Waiting;
    std::uint32_t attempts = 0;
    std::optional<Time> due;
    bool reached = false;
};

Result<std::optional<Rows::Row>> Rows::findDelivery(const DeliveryId& id) {
    Cursor found = connection_.query(kFindDelivery, id);
    ST_TRY(const bool there, found.next());
    if (!there) return std::nullopt;
    Row row;
    row.id = id;
    row.case_id = found.id<CaseTag>(0);
    row.receiver = found.name<PartyTag>(1);
    row.seq = static_cast<std::uint64_t>(found.integer(2));
    row.parcel = found.integer(3);
    row.state = static_cast<DeliveryState>(found.integer(4));
    row.attempts = static_cast<std::uint32_t>(found.integer(5));
    if (!found.isNull(6)) row.due = found.time(6);
    row.reached = found.integer(7) != 0;
    return row;
}

Result<bool> Rows::isFirst(const CaseId& case_id, const PartyId& receiver, std::uint64_t seq,
                           std::int64_t parcel) {
    Cursor before = connection_.query(kBefore, case_id, receiver, seq, parcel);
    ST_TRY(const bool found, before.next());
    return !found || before.integer(0) == static_cast<int>(DeliveryState::Delivered);
}

/// Ends a delivery and lets the next one of its case and receiver come forward.
Status Rows::close(const Row& row, DeliveryState state, std::uint32_t attempts, Time now,
                   const std::optional<Code>& code) {
    bool first = row.due.has_value();  // only the first may be due
    if (!first) {
        ST_TRY(first, isFirst(row.case_id, row.receiver, row.seq, row.parcel));
    }
    ST_CHECK(connection_.run(kClose, row.case_id, row.receiver, row.seq, row.parcel,
                             static_cast<int>(state), attempts, idOf(code)));
    changes_[row.state == DeliveryState::Held ? Tally::Held : Tally::Waiting] -= 1;
    if (state == DeliveryState::Delivered) changes_[Tally::Delivered] += 1;
    if (!first) return {};
    std::uint64_t seq = 0;
    std::int64_t parcel = 0;
    {
        Cursor next = connection_.query(kNextOpen, row.case_id, row.receiver, row.seq, row.parcel);
        ST_TRY(const bool found, next.next());
        if (!found || next.integer(2) == static_cast<int>(DeliveryState::Held)) return {};
        seq = static_cast<std::uint64_t>(next.integer(0));
        parcel = next.integer(1);
    }
    changes_.ready.push_back({row.receiver, {now, parcel}});
    return connection_.run(kMakeDue, row.case_id, row.receiver, seq, parcel, now);
}

bool Rows::fetchedSince(const Row& row, const Attempt& attempt) {
    if (!attempt.fetched) return false;
    const bool open = row.state == DeliveryState::Waiting && row.due;
    const bool late = row.state == DeliveryState::Held && row.attempts > 0 &&
                      attempt.outcome == Attempt::Outcome::Delivered;
    return row.attempts != *attempt.fetched || !(open || late);
}

std::uint32_t Rows::attemptsAfter(const Row& row, const Attempt& attempt) {
    const bool counts = !attempt.fetched || attempt.outcome == Attempt::Outcome::Fetched;
    return row.attempts + (counts ? 1 : 0);
}

Result<Rows::Settled> Rows::settle(const Attempt& attempt, const std::string& events) {
    ST_TRY(const auto row, findDelivery(attempt.id));
    if (!row) return Settled::NoSuchDelivery;
    if (fetchedSince(*row, attempt)) return Settled::FetchedSince;
    Time now{};
    if (!attempt.events.empty()) {
        now = attempt.events.back().at;
    } else {
        Cursor message = connection_.query(kReceivedAt, row->case_id, row->seq);
        ST_TRY(const bool found, message.next());
        if (found) now = message.time(0);
    }
    changes_.settled.push_back(attempt.id);
    ST_CHECK(addEvents(row->case_id, row->seq, attempt.id, events));
    const bool delivered = attempt.outcome == Attempt::Outcome::Delivered;
    if (row->state == DeliveryState::Waiting && row->due) {
        ST_CHECK(settleWaiting(*row, attempt, now));
        ST_CHECK(owe(attempt.owed));
    } else if (row->state == DeliveryState::Held && row->attempts > 0 && delivered) {
        // A late answer to an attempt whose lease had run out: it did arrive.
        ST_CHECK(close(*row, DeliveryState::Delivered, attemptsAfter(*row, attempt), now));
        ST_CHECK(owe(attempt.owed));
    }
    if (attempt.receiver_id) {
        ST_CHECK(connection_.run(kSetReceiverId, row->case_id, row->receiver, row->seq, row->parcel,
                                 Blob{*attempt.receiver_id}));
    }
    return Settled::Done;
}

Status Rows::settleWaiting(const Row& row, const Attempt& attempt, Time now) {
    const std::uint32_t attempts = attemptsAfter(row, attempt);
    switch (attempt.outcome) {
        case Attempt::Outcome::Delivered:
            return close(row, DeliveryState::Delivered, attempts, now);
        case Attempt::Outcome::Retry:
        case Attempt::Outcome::Fetched:
            changes_.ready.push_back({row.receiver, {attempt.next, row.parcel}});
            return connection_.run(kAgain, row.case_id, row.receiver, row.seq, row.parcel,
                                   static_cast<int>(DeliveryState::Waiting), attempts, attempt.next,
                                   idOf(attempt.code), int{attempt.reached});
        case Attempt::Outcome::Held:
            changes_[Tally::Waiting] -= 1;
            changes_[Tally::Held] += 1;
            return connection_.run(kAgain, row.case_id, row.receiver, row.seq, row.parcel,
                                   static_cast<int>(DeliveryState::Held), attempts,
                                   std::optional<Time>{}, idOf(attempt.code), int{attempt.reached});
        case Attempt::Outcome::Withdrawn:  // nothing was tried
            return close(row, DeliveryState::Withdrawn, row.attempts, now, attempt.code);
    }
    return {};
}

Result<std::vector<DeliveryId>> Rows::deliveriesOf(const Keep::TakeBack& copy) {
    std::vector<DeliveryId> ids;
    Cursor row = connection_.query(kDeliveriesOf, copy.message, copy.receiver);
    while (true) {
        ST_TRY(const bool found, row.next());
        if (!found) return ids;
        ids.push_back(row.id<DeliveryTag>(0));
    }
}

/// Takes out of the queue what cannot have reached its receiver. Gives the receivers whom nothing
/// has reached: what takes it back would tell them of what they have never seen. A withdrawn
/// consent is more than what it stops: whoever has seen anything of the case is told of it.
Result<std::vector<PartyId>> Rows::takeBack(const Keep& keep) {
    std::vector<PartyId> spared;
    for (const auto& copy : keep.take_back) {
        ST_TRY(const auto ids, deliveriesOf(copy));
        for (const auto& id : ids) {
            ST_TRY(const auto row, findDelivery(id));
            if (!row || row->case_id != keep.case_id) continue;
            ST_TRY(const bool withdrawn, withdraw(*row, keep.received_at, copy.because));
            if (!withdrawn) continue;
            ST_TRY(const bool knows, hasReached(keep.case_id, row->receiver));
            if (!keep.consent || !knows) spared.push_back(row->receiver);
        }
    }
    return spared;
}

/// Whether anything of the case may have reached the receiver.
Result<bool> Rows::hasReached(const CaseId& case_id, const PartyId& receiver) {
    Cursor row = connection_.query(kHasReached, case_id, receiver);
    return row.next();
}

/// False: it is out, may be, or is being tried.
Result<bool> Rows::withdraw(const Row& row, Time now, const std::optional<Code>& because) {
    const bool open = row.state == DeliveryState::Waiting || row.state == DeliveryState::Held;
    if (!open || row.reached) return false;
    if (row.due) {
        if (!agenda_.claim(row.id, {row.receiver, {*row.due, row.parcel}})) return false;
        changes_.claimed.push_back(row.id);
        changes_.settled.push_back(row.id);
    }
    trace::Fields fields = {{"delivery", row.id}, {"receiver", row.receiver}};
    if (because) fields.emplace_back("code", *because);
    if (because == Code::DeliverConsent) fields.emplace_back("because", "consent withdrawn");
    ST_CHECK(addEvents(row.case_id, row.seq, row.id,
                       trace::print({trace::Step::Withdrawn, now, std::move(fields)})));
    ST_CHECK(close(row, DeliveryState::Withdrawn, row.attempts, now, because));
    return true;
}

Result<bool> Rows::release(const DeliveryId& id, const trace::Event& event) {
    ST_TRY(const auto row, findDelivery(id));
    if (!row || row->state != DeliveryState::Held) return false;
    ST_TRY(const bool first, isFirst(row->case_id, row->receiver, row->seq, row->parcel));
    ST_CHECK(addEvents(row->case_id, row->seq, id, trace::print(event)));
    changes_[Tally::Held] -= 1;
    changes_[Tally::Waiting] += 1;
    std::optional<Time> due;
    if (first) {
        due = event.at;
        changes_.ready.push_back({row->receiver, {event.at, row->parcel}});
    }
    ST_CHECK(connection_.run(kRelease, row->case_id, row->receiver, row->seq, row->parcel, due));
    return true;
}

Status Rows::bringForward(Time beyond, Time to) {
    Cursor row = connection_.query(kBringForward, beyond, to);
    while (true) {
        ST_TRY(const bool found, row.next());
        if (!found) return {};
        changes_.ready.push_back({row.name<PartyTag>(0), {to, row.integer(1)}});
    }
}

Result<bool> Rows::skip(const DeliveryId& id, const trace::Event& event) {
    ST_TRY(const auto row, findDelivery(id));
    if (!row || row->state != DeliveryState::Held) return false;
    ST_CHECK(addEvents(row->case_id, row->seq, id, trace::print(event)));
    ST_CHECK(close(*row, DeliveryState::Skipped, row->attempts, event.at));
    return true;
}

}  // namespace stafett::store
