#include "gateway/policy/rules.h"

#include <algorithm>
#include <array>
#include <charconv>

namespace stafett::policy {
namespace {

constexpr std::array<std::pair<std::string_view, Test>, 3> kTests = {
    {{"hours_below", Test::HoursBelow},
     {"no_cover_with_placement", Test::NoCoverWithPlacement},
     {"age_outside", Test::AgeOutside}}};

int number(std::string_view digits) {
    int value = 0;
    std::from_chars(digits.data(), digits.data() + digits.size(), value);
    return value;
}

/// A decimal with one place, as canonical text, in tenths.
std::optional<std::uint32_t> tenthsOf(std::string_view hours) {
    if (hours.size() < 3) return std::nullopt;
    const int whole = number(hours.substr(0, hours.size() - 2));
    return static_cast<std::uint32_t>(whole * 10 + (hours.back() - '0'));
}

std::string_view fieldOf(Test test, std::string_view hours_at) {
    switch (test) {
        case Test::HoursBelow:
            return hours_at;
        case Test::NoCoverWithPlacement:
            return "cover/code";
        case Test::AgeOutside:
            break;
    }
    return "person/id";
}

bool saysPlacement(const message::Message& message) {
    constexpr std::array<std::string_view, 4> kFields = {"placement/employer", "placement/from",
                                                         "placement/hours", "placement/support"};
    return std::any_of(kFields.begin(), kFields.end(),
                       [&](std::string_view field) { return !message.text(field).empty(); });
}

}  // namespace

std::string_view name(Test test) {
    return std::find_if(kTests.begin(), kTests.end(),
                        [test](const auto& row) { return row.second == test; })
        ->first;
}

std::optional<Test> testByName(std::string_view name) {
    for (const auto& [known, test] : kTests) {
        if (known == name) return test;
    }
    return std::nullopt;
}

std::optional<int> ageOn(std::string_view person_id, std::string_view day) {
    const auto colon = person_id.find(':');
    if (colon == std::string_view::npos || person_id.size() != colon + 13 || day.size() != 10) {
        return std::nullopt;
    }
    const auto kind = person_id.substr(0, colon);
    if (kind != "pnr" && kind != "samordning" && kind != "interim") return std::nullopt;
    const auto born = person_id.substr(colon + 1, 8);
    int day_of_month = number(born.substr(6, 2));
    if (kind == "samordning" && day_of_month >= 60) day_of_month -= 60;
    if (day_of_month == 0) return std::nullopt;  // a samordningsnummer need not know the day
    const int month_and_day = number(born.substr(4, 2)) * 100 + day_of_month;
    const int years = number(day.substr(0, 4)) - number(born.substr(0, 4));
    const int today = number(day.substr(5, 2)) * 100 + number(day.substr(8, 2));
    return years - (today < month_and_day ? 1 : 0);
}

RuleFacts factsOf(const message::Message& message, const config::Party& giver,
                  std::string_view today) {
    RuleFacts facts{.kind = message.schema().kind, .date = today, .giver = &giver};
    for (const auto* field : {"progress/date", "period/from", "effective"}) {
        if (const auto said = message.text(field); !said.empty()) facts.date = said;
    }
    facts.place = giver.municipality;
    if (!message.text("progress/hours").empty()) facts.hours_at = "progress/hours";
    facts.tenths = tenthsOf(message.text(facts.hours_at));
    facts.uncovered_placement = message.text("cover/code") == "none" && saysPlacement(message);
    facts.age = ageOn(message.text("person/id"), facts.date);
    return facts;
}

Code Finding::code() const {
    if (agreement != nullptr) return Code::PolicyAllowedUnder;
    switch (rule->test) {
        case Test::HoursBelow:
            return Code::PolicyTenHours;
        case Test::NoCoverWithPlacement:
            return Code::PolicyNoCover;
        case Test::AgeOutside:
            break;
    }
    return Code::PolicyTargetGroup;
}

std::string Finding::words(Language language) const {
    if (agreement != nullptr) return {};
    std::string words = rule->consequence.in(language);
    if (rule->deviation_category.empty()) return words;
    words += language == Language::Swedish ? " Föreslagen avvikelse: " : " Suggested deviation: ";
    return words + rule->deviation_category + ", " + rule->deviation_cause + ".";
}

Error Finding::warning(Language language) const {
    std::string row = "rule " + rule->id;
    if (agreement != nullptr) row += ", agreement " + agreement->id;
    return Error(code(), Place{.path = std::string(fieldOf(rule->test, hours_at)),
                               .row = std::move(row),
                               .hint = words(language)});
}

}  // namespace stafett::policy
