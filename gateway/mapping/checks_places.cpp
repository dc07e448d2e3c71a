// Wire places, marks and anchors.
#include <algorithm>

#include "gateway/mapping/checks.h"

namespace stafett::mapping {
namespace {

class PlaceCheck {
public:
    PlaceCheck(const Source& source, const Compiled& compiled, Findings& findings)
        : source_(source),
          compiled_(compiled),
          places_(compiled.program->places),
          findings_(findings) {}

    void run() {
        if (places_.spaces.size() > 15) {
            findings_.add(Code::CheckWirePath, source_.at, "namespaces",
                          "at most fourteen namespaces");
        }
        for (PlaceId id = 0; id < places_.all.size(); ++id) place(id);
        rows(compiled_.program->root.rows);
        anchors();
    }

private:
    void place(PlaceId id);
    void rows(const std::vector<Row>& rows);
    void marks(const Row& row);
    void anchors();
    RowPlace rowOf(PlaceId id) const;

    const Source& source_;
    const Compiled& compiled_;
    const Places& places_;
    Findings& findings_;
    std::vector<std::pair<std::uint32_t, PlaceId>> refs_;  ///< anchor, the place of the reference
};

RowPlace PlaceCheck::rowOf(PlaceId id) const {
    const auto found = compiled_.wire_writers.find(id);
    if (found != compiled_.wire_writers.end()) return found->second[0].row->at;
    return places_[id].at.line != 0 ? places_[id].at : source_.at;
}

void PlaceCheck::place(PlaceId id) {
    const WirePlace& one = places_[id];
    if ((one.kept || one.dropped) && !one.keys.empty() && one.tests.empty()) {
        findings_.add(Code::CheckTwoWriters, one.at, places_.pathOf(id),
                      "another row names a part of it: keep or drop its parts by name");
    }
    const bool json = source_.format == codec::Format::Json;
    if (json && one.value && !one.keys.empty()) {
        findings_.add(Code::CheckWirePath, rowOf(id), places_.pathOf(id),
                      "in JSON a value has no parts: another row names one");
    }
    if (json && (one.kept || one.dropped) && one.value) {
        findings_.add(Code::CheckTwoWriters, one.at, places_.pathOf(id), "another row takes it");
    }
    for (const PlaceKey& key : one.keys) {
        const auto plain = [&](PlaceId pick) { return places_[pick].pick == WirePlace::Pick::One; };
        const bool mixed =
            key.picks.size() > 1 && std::any_of(key.picks.begin(), key.picks.end(), plain);
        const bool indexed = std::any_of(key.picks.begin(), key.picks.end(), [&](PlaceId pick) {
            return places_[pick].pick == WirePlace::Pick::Index;
        });
        if (!mixed || !indexed) continue;
        findings_.add(Code::CheckWirePath, rowOf(key.picks.back()),
                      places_.pathOf(key.picks.back()),
                      "one row counts these by index, another does not");
    }
}

void PlaceCheck::marks(const Row& row) {
    for (const PlaceId place : row.wire) {
        if (place == kNoPlace || !places_[place].outside) continue;
        for (const auto* targets : {&row.read_to, &row.write_from}) {
            for (const Target& target : *targets) {
                if (target.type == nullptr || (!target.type->personal && !target.type->sensitive)) {
                    continue;
                }
                findings_.add(Code::CheckMarks, row.at, places_.pathOf(place),
                              target.path + " is " +
                                  (target.type->personal ? "personal" : "sensitive") +
                                  ": it stands in the document only");
                return;
            }
        }
    }
}

void PlaceCheck::rows(const std::vector<Row>& rows) {
    for (const Row& row : rows) {
        marks(row);
        if (row.kind == RowKind::Ref) refs_.emplace_back(row.anchor, row.wire[0]);
        for (const auto& alternative : row.alternatives) this->rows(alternative);
        if (row.block) this->rows(row.block->rows);
    }
}

void PlaceCheck::anchors() {
    for (std::size_t i = 1; i < places_.anchors.size(); ++i) {
        const bool reached = std::any_of(refs_.begin(), refs_.end(), [&](const auto& ref) {
            if (ref.first != i) return false;
            for (std::size_t later = i; later < places_.anchors.size(); ++later) {
                if (places_.isBelow(ref.second, places_.anchors[later].root)) return false;
            }
            return true;
        });
        if (reached) continue;
        findings_.add(Code::CheckAnchor, source_.anchors->at, places_.anchors[i].name,
                      "no ref of the document or of an earlier anchor leads to it");
    }
}

}  // namespace

void checkPlaces(const Source& source, const Compiled& compiled, Findings& findings) {
    PlaceCheck(source, compiled, findings).run();
}

}  // namespace stafett::mapping
