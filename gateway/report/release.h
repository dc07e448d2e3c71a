#pragma once

#include <map>
#include <string>
#include <vector>

#include "gateway/report/definitions.h"

// How numbers become public without telling on anybody.
//
// At the end of each month the things that happened, with those that still wait from before, are
// let go together: as many as can be so that in every margin of every report each cell of this
// month's share is nought or at least five. The others wait until there are enough of them. What
// was let go is written down once and never changes.
//
// Every number of every report is a sum of such cells. So is the difference between any two reports
// on the same things, whatever their months and however they are split: it is nought or at least
// five, and never tells of one to four. That is what suppressing small cells, and others with them
// so that they cannot be worked out, has to guarantee; here it follows from how the sums are made,
// and the totals of all splits agree.
namespace stafett::report {

inline constexpr std::uint64_t kLeast = 5;

struct Cell {
    std::uint64_t n = 0;
    std::int64_t days = 0;
    bool operator==(const Cell&) const = default;
};

/// Where a cell stands: the margin, and its value down the side and across.
struct CellKey {
    std::string by, value, column, across;
    auto operator<=>(const CellKey&) const = default;
};

struct Release {
    std::map<CellKey, Cell> cells;
    std::vector<Event> waiting;
};

/// Lets go of one population's events. Pure; the order of the events does not matter to the cells.
Release letGo(std::vector<Event> events, const std::vector<Margin>& margins);

}  // namespace stafett::report
