#include "gateway/report/release.h"

#include <algorithm>

namespace stafett::report {
namespace {

std::string_view valueIn(const Event& event, std::string_view variable) {
    return variable.empty() ? std::string_view() : event.value(variable);
}

CellKey keyOf(const Event& event, const Margin& margin) {
    return {std::string(margin.by), std::string(valueIn(event, margin.by)),
            std::string(margin.column), std::string(valueIn(event, margin.column))};
}

std::map<CellKey, Cell> countCells(const std::vector<Event>& events,
                                   const std::vector<Margin>& margins) {
    std::map<CellKey, Cell> cells;
    for (const auto& event : events) {
        for (const auto& margin : margins) {
            Cell& cell = cells[keyOf(event, margin)];
            ++cell.n;
            cell.days += event.days;
        }
    }
    return cells;
}

}  // namespace

Release letGo(std::vector<Event> events, const std::vector<Margin>& margins) {
    Release release;
    for (;;) {
        release.cells = countCells(events, margins);
        const auto is_small = [&](const Event& event) {
            return std::any_of(margins.begin(), margins.end(), [&](const Margin& margin) {
                return release.cells.at(keyOf(event, margin)).n < kLeast;
            });
        };
        const auto small = std::stable_partition(
            events.begin(), events.end(), [&](const Event& event) { return !is_small(event); });
        if (small == events.end()) return release;
        release.waiting.insert(release.waiting.end(), std::make_move_iterator(small),
                               std::make_move_iterator(events.end()));
        events.erase(small, events.end());
    }
}

}  // namespace stafett::report
