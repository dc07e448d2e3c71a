#include "gateway/store/agenda.h"

#include <algorithm>
#include <deque>
#include <queue>

namespace stafett::store {
namespace {

constexpr int kRowsAtOnce = 16;

constexpr char kReceivers[] =
    "SELECT receiver FROM delivery WHERE state = 0 AND due IS NOT NULL AND receiver > ?1 "
    "ORDER BY receiver LIMIT 1";
constexpr char kDueFrom[] =
    "SELECT due, parcel, id FROM delivery WHERE state = 0 AND due IS NOT NULL AND receiver = ?1 "
    "AND (due, parcel) >= (?2, ?3) ORDER BY due, parcel LIMIT ?4";

DuePlace after(DuePlace place) {
    ++place.parcel;
    return place;
}

}  // namespace

/// One receiver's part of the index, read a few rows at a time.
struct Agenda::Scan {
    PartyId receiver;
    DuePlace from;
    std::deque<Row> rows = {};
};

Status Agenda::start(Connection& reader) {
    const std::lock_guard lock(mutex_);
    PartyId last;
    while (true) {
        Cursor cursor = reader.query(kReceivers, last);
        ST_TRY(const bool found, cursor.next());
        if (!found) return {};
        last = cursor.name<PartyTag>(0);
        look(last, DuePlace{Time::min(), 0});
    }
}

void Agenda::look(const PartyId& receiver, const DuePlace& place) {
    const auto [at, fresh] = from_.try_emplace(receiver, place);
    if (!fresh) at->second = std::min(at->second, place);
}

void Agenda::committed(const std::vector<DeliveryId>& settled,
                       const std::vector<ReadyDelivery>& ready) {
    if (settled.empty() && ready.empty()) return;
    const std::lock_guard lock(mutex_);
    for (const auto& id : settled) lent_.erase(id);
    for (const auto& delivery : ready) look(delivery.receiver, delivery.place);
}

bool Agenda::claim(const DeliveryId& id, const ReadyDelivery& delivery) {
    const std::lock_guard lock(mutex_);
    return lent_.try_emplace(id, Lent{delivery, Time::max()}).second;
}

void Agenda::giveBack(const DeliveryId& id) {
    const std::lock_guard lock(mutex_);
    takeBack(id);
}

void Agenda::takeBack(const DeliveryId& id) {
    const auto found = lent_.find(id);
    if (found == lent_.end()) return;
    look(found->second.delivery.receiver, found->second.delivery.place);
    lent_.erase(found);
}

void Agenda::endLeases(Time now) {
    for (auto at = lent_.begin(); at != lent_.end();) {
        if (at->second.until > now) {
            ++at;
            continue;
        }
        look(at->second.delivery.receiver, at->second.delivery.place);
        at = lent_.erase(at);
    }
}

Result<std::vector<Agenda::Row>> Agenda::rowsFrom(Connection& reader, const PartyId& receiver,
                                                  const DuePlace& from, int most) {
    std::vector<Row> rows;
    Cursor cursor = reader.query(kDueFrom, receiver, from.due, from.parcel, most);
    while (true) {
        ST_TRY(const bool found, cursor.next());
        if (!found) return rows;
        rows.push_back({{cursor.time(0), cursor.integer(1)}, cursor.id<DeliveryTag>(2)});
    }
}

/// The first row from the scan's place on that is not lent; the place follows. It stays in `rows`.
Result<std::optional<Agenda::Row>> Agenda::firstFree(Connection& reader, Scan& scan) {
    while (true) {
        if (scan.rows.empty()) {
            ST_TRY(const auto rows, rowsFrom(reader, scan.receiver, scan.from, kRowsAtOnce));
            if (rows.empty()) return std::nullopt;
            scan.rows.assign(rows.begin(), rows.end());
        }
        const Row row = scan.rows.front();
        scan.from = row.place;
        if (lent_.count(row.id) == 0) return row;
        scan.from = after(row.place);
        scan.rows.pop_front();
    }
}

Result<std::vector<DeliveryId>> Agenda::lend(Connection& reader, Time now,
                                             std::chrono::seconds time, std::uint32_t most,
                                             const Receivers& to) {
    const std::lock_guard lock(mutex_);
    endLeases(now);
    const auto later = [](const Scan& a, const Scan& b) { return b.from < a.from; };
    std::priority_queue<Scan, std::vector<Scan>, decltype(later)> scans(later);
    for (const auto& [receiver, from] : from_) {
        if (from.due > now || !to.has(receiver)) continue;
        scans.push(Scan{receiver, from});
    }
    std::vector<DeliveryId> lent;
    while (lent.size() < most && !scans.empty()) {
        Scan scan = scans.top();
        scans.pop();
        const DuePlace bound = scan.from;
        const auto read = firstFree(reader, scan);
        if (!read) {
            for (const auto& id : lent) takeBack(id);
            return tl::unexpected(read.error());
        }
        const auto& row = *read;
        if (!row) {
            from_.erase(scan.receiver);
            continue;
        }
        from_[scan.receiver] = scan.from;
        if (row->place.due > now) continue;
        if (row->place != bound && !scans.empty() && scans.top().from < row->place) {
            scans.push(std::move(scan));  // another receiver's may be older
            continue;
        }
        lent_[row->id] = Lent{{scan.receiver, row->place}, now + time};
        lent.push_back(row->id);
        scan.rows.pop_front();
        scan.from = after(row->place);
        from_[scan.receiver] = scan.from;
        scans.push(std::move(scan));
    }
    return lent;
}

Result<std::optional<Time>> Agenda::nextDue(Connection& reader, const Receivers& to) {
    const std::lock_guard lock(mutex_);
    std::optional<Time> next;
    for (const auto& [id, lent] : lent_) {
        if (!to.has(lent.delivery.receiver)) continue;
        next = std::min(next.value_or(lent.until), lent.until);
    }
    while (true) {
        auto first = from_.end();
        for (auto at = from_.begin(); at != from_.end(); ++at) {
            if (!to.has(at->first)) continue;
            if (first == from_.end() || at->second < first->second) first = at;
        }
        if (first == from_.end()) return next;
        if (next && *next <= first->second.due) return next;
        Scan scan{first->first, first->second};
        ST_TRY(const auto row, firstFree(reader, scan));
        if (!row) {
            from_.erase(first);
            continue;
        }
        if (first->second == scan.from) return row->place.due;
        first->second = scan.from;
    }
}

}  // namespace stafett::store
