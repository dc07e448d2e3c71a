#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/base/error.h"
#include "gateway/config/config.h"
#include "gateway/message/message.h"

// Rules that warn, and agreements that say otherwise. A rule never refuses and never changes a
// message: it says what follows, and which deviation may be worth writing.
namespace stafett::policy {

/// The same in Swedish and in English, from configuration.
struct Words {
    std::string sv, en;
    const std::string& in(Language language) const {
        return language == Language::Swedish ? sv : en;
    }
};

/// What a rule looks at. The set is closed; the numbers, days and words are configuration.
enum class Test : std::uint8_t { HoursBelow, NoCoverWithPlacement, AgeOutside };

struct Rule {
    std::string id;
    Test test = Test::HoursBelow;
    std::vector<std::string> kinds;       ///< empty = every kind that says what is tested
    std::uint32_t tenths = 0;             ///< HoursBelow: of an hour a week
    int least = 0, most = 0;              ///< AgeOutside: whole years, both included
    std::string valid_from, valid_to;     ///< one id may stand again for another period
    Words consequence;                    ///< what follows, for the sender
    std::string deviation_category = {};  ///< of a deviation worth writing, or empty
    std::string deviation_cause = {};
};

/// Under it a rule's outcome is *allowed under*, for these givers, in this territory and period.
struct Agreement {
    std::string id;
    std::string rule;
    std::vector<std::string> parties;    ///< givers; sides as in a flow
    std::vector<std::string> territory;  ///< of the giver's own kommun; empty = everywhere
    std::string valid_from, valid_to;
    std::string note;  ///< where it comes from
};

/// What the rules look at in a message; nothing that tells who the person is. Views live as long as
/// the message and the giver.
struct RuleFacts {
    std::string_view kind;
    std::string_view date;  ///< the day the rules are asked about, YYYY-MM-DD
    const config::Party* giver = nullptr;
    std::string_view place = {};  ///< the giver's own kommunkod, or empty: never the person's
    std::optional<std::uint32_t> tenths = {};    ///< of an hour a week
    std::string_view hours_at = "extent/hours";  ///< where the message says so
    bool uncovered_placement = false;
    std::optional<int> age = {};  ///< on that day
};

/// The hours: those asked for, or those a person has reached. The day: a handover's effective day,
/// else the first day of the period asked for, else that of the step, else today.
RuleFacts factsOf(const message::Message& message, const config::Party& giver,
                  std::string_view today);

/// Whole years on a day, by a canonical person id; nothing where the number says no birthday.
std::optional<int> ageOn(std::string_view person_id, std::string_view day);

/// A rule that spoke. The rule and agreement live as long as the policy they came from.
struct Finding {
    const Rule* rule = nullptr;
    const Agreement* agreement = nullptr;        ///< allowed under it; nothing = the rule stands
    std::string_view hours_at = "extent/hours";  ///< the field, where it is about hours

    Code code() const;
    /// For the sender: the code, the field and ids that judged, and what follows, in words.
    Error warning(Language language) const;
    /// What follows and which deviation to consider; empty under an agreement.
    std::string words(Language language) const;
};

std::string_view name(Test test);
std::optional<Test> testByName(std::string_view name);

}  // namespace stafett::policy
