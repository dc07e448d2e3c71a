#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/base/result.h"
#include "gateway/config/config.h"
#include "gateway/custody/calendar.h"
#include "gateway/custody/offer.h"

namespace stafett::custody {

/// What is promised by when, where a rule holds. Days are working days of the calendar.
struct DeadlineRule {
    std::string id = "default";
    std::vector<std::string> kinds;      ///< of the message with the offer; empty = all
    std::vector<std::string> to;         ///< who has to answer, as policy.json names sides
    std::vector<std::string> territory;  ///< kommunkod or län; empty = everywhere
    std::string valid_from, valid_to;

    int answer_days = 10;               ///< until an offer must be answered
    std::vector<int> remind_before{2};  ///< days before that day
    std::vector<int> remind_after{1};   ///< and after it
    int escalate_after = 5;             ///< then it goes to the function that answers for it
    std::string escalate_to;            ///< a function of the receiver's; empty = its default one
    int assessment_days = 20;  ///< until a joint assessment that was asked for must be booked
    int exit_warning = 20;     ///< a planned exit without a receiver stands between the chairs
    std::vector<int> follow_up_months{3, 6, 12};  ///< after work or studies
};

/// The deadlines in force (deadlines.json). Never changed after they were loaded. Many threads.
class Deadlines {
public:
    /// What holds where a folder has no deadlines.json.
    Deadlines();
    /// Reads deadlines.json beside the rest of the configuration; all problems at once. No file is
    /// no problem: the defaults hold.
    static Checked<Deadlines> load(const std::filesystem::path& file, const config::Config& config);

    /// What a rule is chosen by. `date` is the day the message came.
    struct Question {
        std::string_view kind;
        const config::Party& receiver;
        std::string_view municipality;
        std::string_view date;
    };
    /// The first rule that covers it, in the file's order, else the defaults.
    const DeadlineRule& ruleFor(const Question& question) const;

    /// The earlier of the day the message names (empty = none) and the configured one.
    OfferDates offer(const Question& question, std::string_view said) const;
    /// The day from which a planned exit without a receiver stands between the chairs.
    std::string exitWarning(const Question& question, std::string_view planned_exit) const;
    /// Until when a joint assessment must be booked, likewise.
    OfferDates assessment(const Question& question, std::string_view said) const;
    /// The days at which it is asked whether work or studies were kept.
    std::vector<std::string> followUps(const Question& question, std::string_view closed) const;

    const Calendar& calendar() const { return calendar_; }
    const std::vector<DeadlineRule>& rules() const { return rules_; }

private:
    OfferDates datesOf(const Question& question, int days, std::string_view said) const;

    Calendar calendar_;
    std::vector<DeadlineRule> rules_;
    DeadlineRule defaults_;
};

}  // namespace stafett::custody
