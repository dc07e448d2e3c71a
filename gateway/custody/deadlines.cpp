#include "gateway/custody/deadlines.h"

#include <algorithm>

#include "gateway/config/reader.h"
#include "gateway/config/sides.h"

namespace stafett::custody {
namespace {

using config::Reader;

constexpr int kMostDays = 365;
constexpr int kMostMonths = 60;

/// Whole numbers within [1, most], rising.
std::vector<int> readNumbers(Reader& r, std::string_view key, const std::vector<int>& fallback,
                             int most) {
    const auto* value = r.any(key);
    if (value == nullptr) return fallback;
    std::vector<int> out;
    const auto fits = [&](const nlohmann::json& item) {
        return item.is_number_integer() && item >= 1 && item <= most;
    };
    if (!value->is_array() || !std::all_of(value->begin(), value->end(), fits)) {
        r.problem(Code::ConfigRange, key,
                  "A list of whole numbers from 1 to " + std::to_string(most) + ".");
        return fallback;
    }
    for (const auto& item : *value) out.push_back(item.get<int>());
    std::sort(out.begin(), out.end());
    out.erase(std::unique(out.begin(), out.end()), out.end());
    return out;
}

int readDays(Reader& r, std::string_view key, int fallback) {
    return static_cast<int>(r.number(key, fallback, 1, kMostDays));
}

/// What a rule says of days; what it does not say is as in `defaults`.
DeadlineRule readDaysOf(Reader& r, const DeadlineRule& defaults) {
    DeadlineRule rule = defaults;
    rule.answer_days = readDays(r, "answer_days", rule.answer_days);
    rule.remind_before = readNumbers(r, "remind_before", rule.remind_before, kMostDays);
    rule.remind_after = readNumbers(r, "remind_after", rule.remind_after, kMostDays);
    rule.escalate_after = readDays(r, "escalate_after", rule.escalate_after);
    rule.assessment_days = readDays(r, "assessment_days", rule.assessment_days);
    rule.exit_warning = readDays(r, "exit_warning", rule.exit_warning);
    rule.follow_up_months = readNumbers(r, "follow_up_months", rule.follow_up_months, kMostMonths);
    return rule;
}

/// Everyone a rule with this function names must have it.
void checkFunction(Reader& r, const DeadlineRule& rule, const config::Config& config) {
    if (rule.escalate_to.empty()) return;
    const FunctionId function{rule.escalate_to};
    for (const auto& [id, party] : config.parties) {
        if (config::names(rule.to, party) && !party.hasFunction(function)) {
            r.problem(Code::ConfigReference, "escalate_to", id.value + " has no such function.");
        }
    }
}

DeadlineRule readRule(Reader& r, const DeadlineRule& defaults, const config::Config& config) {
    DeadlineRule rule = readDaysOf(r, defaults);
    rule.id = r.text("id", {}, Reader::Need::Required);
    rule.kinds = r.texts("kinds");
    rule.to = config::readSides(r, "to", config, Reader::Need::Required);
    rule.territory = config::readTerritory(r, "territory");
    rule.valid_from = r.date("valid_from");
    rule.valid_to = r.date("valid_to");
    if (!rule.valid_to.empty() && rule.valid_to < rule.valid_from) {
        r.problem(Code::ConfigRange, "valid_to", "Not before valid_from.");
    }
    rule.escalate_to = r.text("escalate_to");
    checkFunction(r, rule, config);
    r.text("note");  // for people
    return rule;
}

bool covers(const DeadlineRule& rule, const Deadlines::Question& q) {
    const bool kind = rule.kinds.empty() ||
                      std::find(rule.kinds.begin(), rule.kinds.end(), q.kind) != rule.kinds.end();
    return kind && config::holdsOn(rule.valid_from, rule.valid_to, q.date) &&
           config::names(rule.to, q.receiver) && config::liesIn(rule.territory, q.municipality);
}

}  // namespace

Deadlines::Deadlines() = default;

Checked<Deadlines> Deadlines::load(const std::filesystem::path& file,
                                   const config::Config& config) {
    Deadlines out;
    if (!std::filesystem::exists(file)) return out;
    const auto json = config::readFile(file);
    if (!json) return tl::make_unexpected(Problems{json.error()});
    Problems problems;
    Reader r(*json, file.string(), "", problems);
    r.object("closed_on", [&](Reader& inner) {
        Eves eves;
        eves.christmas = inner.truth("christmas_eve", eves.christmas);
        eves.new_years = inner.truth("new_years_eve", eves.new_years);
        eves.midsummer = inner.truth("midsummer_eve", eves.midsummer);
        out.calendar_ = Calendar(eves);
    });
    r.object("defaults", [&](Reader& inner) { out.defaults_ = readDaysOf(inner, out.defaults_); });
    r.each("rules", [&](Reader& inner) {
        auto rule = readRule(inner, out.defaults_, config);
        const bool known = std::any_of(out.rules_.begin(), out.rules_.end(),
                                       [&](const auto& other) { return other.id == rule.id; });
        if (known) inner.problem(Code::ConfigDuplicate, "id");
        out.rules_.push_back(std::move(rule));
    });
    r.finish();
    if (!problems.empty()) return tl::make_unexpected(std::move(problems));
    return out;
}

const DeadlineRule& Deadlines::ruleFor(const Question& question) const {
    const auto found = std::find_if(rules_.begin(), rules_.end(), [&](const DeadlineRule& rule) {
        return covers(rule, question);
    });
    return found == rules_.end() ? defaults_ : *found;
}

OfferDates Deadlines::offer(const Question& question, std::string_view said) const {
    return datesOf(question, ruleFor(question).answer_days, said);
}

OfferDates Deadlines::assessment(const Question& question, std::string_view said) const {
    return datesOf(question, ruleFor(question).assessment_days, said);
}

OfferDates Deadlines::datesOf(const Question& question, int days, std::string_view said) const {
    const DeadlineRule& rule = ruleFor(question);
    OfferDates dates;
    dates.rule = rule.id;
    dates.answer_by = calendar_.workingDaysFrom(question.date, days);
    if (!said.empty() && said < dates.answer_by) dates.answer_by = said;
    const auto remind = [&](int distance) {
        auto day = calendar_.workingDaysFrom(dates.answer_by, distance);
        if (day > question.date) dates.remind_on.push_back(std::move(day));
    };
    for (auto i = rule.remind_before.rbegin(); i != rule.remind_before.rend(); ++i) remind(-*i);
    for (const int distance : rule.remind_after) remind(distance);
    dates.escalate_on = calendar_.workingDaysFrom(dates.answer_by, rule.escalate_after);
    dates.escalate_to = rule.escalate_to.empty() ? question.receiver.default_function
                                                 : FunctionId{rule.escalate_to};
    return dates;
}

std::string Deadlines::exitWarning(const Question& question, std::string_view planned_exit) const {
    return calendar_.workingDaysFrom(planned_exit, -ruleFor(question).exit_warning);
}

std::vector<std::string> Deadlines::followUps(const Question& question,
                                              std::string_view closed) const {
    std::vector<std::string> out;
    for (const int months : ruleFor(question).follow_up_months) {
        out.push_back(monthsAfter(closed, months));
    }
    return out;
}

}  // namespace stafett::custody
