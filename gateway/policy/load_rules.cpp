// policy.json: rules that warn, and the agreements that say otherwise.
#include <algorithm>
#include <cmath>

#include "gateway/policy/loading.h"
#include "gateway/policy/match.h"

namespace stafett::policy {
namespace {

using config::Reader;

constexpr double kHoursAWeek = 168;
constexpr int kOldest = 150;

void readDeviation(Reader& r, Rule& rule, const Names& names) {
    const auto code = [&](Reader& inner, std::string_view key, std::string_view set_name) {
        auto found = inner.text(key, {}, Reader::Need::Required);
        const auto* set = names.catalogue.valueSet(set_name);
        if (!found.empty() && set != nullptr && set->find(found) == nullptr) {
            std::vector<std::string> known;
            for (const auto& value : set->values) known.push_back(value.code);
            inner.problem(Code::ConfigReference, key, "Nearest: " + nearest(found, known) + ".");
        }
        return found;
    };
    r.object("suggests", [&](Reader& inner) {
        rule.deviation_category = code(inner, "category", "deviation_category");
        rule.deviation_cause = code(inner, "cause", "deviation_cause");
    });
}

void readLimits(Reader& r, Rule& rule) {
    switch (rule.test) {
        case Test::HoursBelow:
            if (!r.has("hours")) r.problem(Code::ConfigMissing, "hours");
            rule.tenths =
                static_cast<std::uint32_t>(std::lround(r.real("hours", 0, 0.1, kHoursAWeek) * 10));
            break;
        case Test::NoCoverWithPlacement:
            break;
        case Test::AgeOutside:
            if (!r.has("least") && !r.has("most")) r.problem(Code::ConfigMissing, "least");
            rule.least = static_cast<int>(r.number("least", 0, 0, kOldest));
            rule.most = static_cast<int>(r.number("most", kOldest, rule.least, kOldest));
            break;
    }
}

Period periodOf(const Rule& rule) { return {rule.valid_from, rule.valid_to}; }

}  // namespace

Rule readRule(Reader& r, const Names& names) {
    Rule rule;
    rule.id = r.text("id", {}, Reader::Need::Required);
    r.text("note");  // for people
    const std::string test = r.text("tests", {}, Reader::Need::Required);
    const auto known = testByName(test);
    if (!known && !test.empty()) {
        r.problem(Code::ConfigRange, "tests",
                  "One of: hours_below, no_cover_with_placement, age_outside.");
    }
    rule.test = known.value_or(Test::HoursBelow);
    if (known) {
        readLimits(r, rule);
    } else {
        for (const auto* key : {"hours", "least", "most"}) r.any(key);
    }
    rule.kinds = readKinds(r, names);
    const Period period = readPeriod(r);
    rule.valid_from = period.from;
    rule.valid_to = period.to;
    r.object(
        "consequence",
        [&](Reader& inner) {
            rule.consequence = {inner.text("sv", {}, Reader::Need::Required),
                                inner.text("en", {}, Reader::Need::Required)};
        },
        Reader::Need::Required);
    readDeviation(r, rule, names);
    return rule;
}

Agreement readAgreement(Reader& r, const Names& names) {
    Agreement agreement;
    agreement.id = r.text("id", {}, Reader::Need::Required);
    agreement.rule = r.text("rule", {}, Reader::Need::Required);
    r.oneOf("outcome", {"allowed_under"}, "allowed_under");
    agreement.parties = readSides(r, "parties", names, {"*"});
    agreement.territory = readTerritory(r);
    const Period period = readPeriod(r);
    agreement.valid_from = period.from;
    agreement.valid_to = period.to;
    agreement.note = r.text("note", {}, Reader::Need::Required);
    return agreement;
}

void checkRule(Reader& r, const Rule& rule, const std::vector<Rule>& before) {
    for (const auto& other : before) {
        if (other.id != rule.id) continue;
        if (other.test != rule.test) {
            r.problem(Code::ConfigDuplicate, "id", "The same id tests something else above.");
        } else if (periodsMeet(periodOf(other), periodOf(rule))) {
            r.problem(Code::ConfigOverlap, "id", "Its periods overlap.");
        }
    }
}

void checkAgreement(Reader& r, const Agreement& agreement, const std::vector<Rule>& rules,
                    const std::vector<Agreement>& before, const Names& names) {
    const Period period{agreement.valid_from, agreement.valid_to};
    std::vector<std::string> ids;
    bool meets = false;
    for (const auto& rule : rules) {
        ids.push_back(rule.id);
        meets = meets || (rule.id == agreement.rule && periodsMeet(periodOf(rule), period));
    }
    if (!agreement.rule.empty() && !contains(ids, agreement.rule)) {
        const std::string near = nearest(agreement.rule, ids);
        r.problem(Code::ConfigReference, "rule",
                  near.empty() ? "There is no such rule." : "Nearest: " + near + ".");
    } else if (!meets) {
        r.problem(Code::ConfigRange, "valid_from", "The rule does not hold in this period.");
    }
    for (const auto& other : before) {
        if (other.id == agreement.id) r.problem(Code::ConfigDuplicate, "id");
        if (other.rule == agreement.rule &&
            periodsMeet({other.valid_from, other.valid_to}, period) &&
            territoriesMeet(other.territory, agreement.territory) &&
            sidesMeet(other.parties, agreement.parties, names.config)) {
            r.problem(Code::ConfigOverlap, "id", "Overlaps " + other.id + ".");
        }
    }
}

}  // namespace stafett::policy
