// Guards on reading: which rows hold, and what is left when none does.
#include <algorithm>

#include "gateway/mapping/reader.h"

namespace stafett::mapping {

bool Reader::guardsHold(const Row& row, std::uint32_t base) {
    for (const auto& guard : row.guards) {
        if (guard->wire == kNoPlace) continue;
        const Value value = valueOf(guard->wire, base, false);
        const bool holds =
            guard->wire_is.empty()
                ? isThere(guard->wire, base)
                : value.there && std::find(guard->wire_is.begin(), guard->wire_is.end(),
                                           value.text) != guard->wire_is.end();
        if (!holds) return false;
    }
    return row.with == kNoPlace || isThere(row.with, base);
}

/// Whether a field that a guard looks at has been refused itself: then nothing is known.
bool Reader::isGuardWrong(const Row& row, std::uint32_t base) const {
    return std::any_of(row.guards.begin(), row.guards.end(), [&](const auto& guard) {
        if (guard->wire == kNoPlace || !isThere(guard->wire, base)) return false;
        if (places_[guard->wire].outside) return false;
        const std::string path = document_.pathOf(slots_[base + places_[guard->wire].slot]);
        return std::any_of(out_.problems.begin(), out_.problems.end(),
                           [&](const Error& one) { return one.place().path == path; });
    });
}

/// What only rows would take whose guards do not hold is a field that no row takes.
void Reader::tellSkipped(const std::vector<Row>& rows, std::uint32_t base) {
    const auto takes = [&](const Row& row, PlaceId place) {
        return row.reads && std::find(row.wire.begin(), row.wire.end(), place) != row.wire.end() &&
               guardsHold(row, base);
    };
    for (const Row& row : rows) {
        if (row.guards.empty() || !row.reads || row.kind != RowKind::Relation) continue;
        if (row.on_reading == OnReading::Ignore || guardsHold(row, base)) continue;
        if (isGuardWrong(row, base)) continue;
        for (const PlaceId place : row.wire) {
            if (place == kNoPlace || places_[place].outside || !isThere(place, base)) continue;
            const auto taken = [&](const Row& other) { return takes(other, place); };
            const bool first = std::none_of(rows.data(), &row, [&](const Row& other) {
                return std::find(other.wire.begin(), other.wire.end(), place) != other.wire.end();
            });
            if (!first || std::any_of(rows.begin(), rows.end(), taken)) continue;
            problem(Code::MapUnknownField, slots_[base + places_[place].slot], &row, place);
        }
    }
}

}  // namespace stafett::mapping
