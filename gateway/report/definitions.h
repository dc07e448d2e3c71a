#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/base/error.h"

// What is counted and how it may be split, in the terms of SUS (the parties' own follow-up): the
// same definitions for every coordination association, so that their numbers can be laid side by
// side.
namespace stafett::report {

/// A kind of thing that is counted. Two reports on one population count the very same things.
enum class Population : std::uint8_t {
    Participation,  ///< a referral that was accepted
    Outcome,        ///< a closure
    Takeover,       ///< an offer that was accepted
    Deviation,      ///< a deviation or a good example
    FollowUp,       ///< what was told after work or studies had begun
    Conversation,   ///< the first message between two functions in a case
    CaseworkerChange,
};
inline constexpr std::size_t kPopulations = 7;
std::string_view name(Population population);

/// One thing that is counted once. It says nothing of who: codes, parties and places alone.
struct Event {
    Population population = Population::Participation;
    std::map<std::string, std::string, std::less<>> values;  ///< by variable; absent = not known
    std::int64_t days = 0;                                   ///< Takeover: from offer to acceptance

    /// The variable's value, "unknown" where it has none.
    std::string_view value(std::string_view variable) const;
    bool operator==(const Event&) const = default;
};

struct Label {
    std::string_view sv, en;
    std::string_view in(Language language) const { return language == Language::Swedish ? sv : en; }
};

/// One report that can be made. `column` is the variable that stands across, empty where only the
/// number is shown; `by` are the variables that may stand down the side, one at a time, or none.
struct Definition {
    std::string_view id;
    Label title;
    Population population;
    std::string_view column;
    std::vector<std::string_view> by;
    bool days = false;     ///< the mean number of days is shown too
    bool targets = false;  ///< shares are shown against the targets
};

const std::vector<Definition>& definitions();
const Definition* find(std::string_view id);

/// The values of a variable that have a fixed order and label; others stand as they are.
struct Value {
    std::string_view code;
    Label label;
};
const std::vector<Value>& valuesOf(std::string_view variable);
Label labelOf(std::string_view variable);

/// How a population is split in some report: every cell of every margin is what may be seen.
struct Margin {
    std::string_view by, column;  ///< empty: not split that way
    auto operator<=>(const Margin&) const = default;
};
const std::vector<Margin>& marginsOf(Population population);

}  // namespace stafett::report
