// policy.json, read and checked whole: flows, routines, kinds of information, rules, agreements.
#include <algorithm>

#include "gateway/policy/loading.h"
#include "gateway/policy/match.h"

namespace stafett::policy {
namespace {

using config::Reader;

Flow readFlow(Reader& r, const Names& names) {
    Flow flow;
    flow.id = r.text("id", {}, Reader::Need::Required);
    r.text("note");  // for people
    flow.from = readSides(r, "from", names);
    flow.to = readSides(r, "to", names);
    flow.kinds = readKinds(r, names);
    if (flow.kinds.empty()) r.problem(Code::ConfigMissing, "kinds");
    flow.territory = readTerritory(r);
    const Period period = readPeriod(r);
    flow.valid_from = period.from;
    flow.valid_to = period.to;
    flow.consent = r.oneOf("consent", {"demanded", "not_needed"}, "not_needed") == "demanded"
                       ? Flow::Consent::Demanded
                       : Flow::Consent::NotNeeded;
    flow.unknown_consent = r.oneOf("unknown_consent", {"warn", "refuse"}, "warn") == "refuse"
                               ? Flow::Unknown::Refuse
                               : Flow::Unknown::Warn;
    flow.grounds = r.texts("legal_basis");
    flow.purposes = r.texts("purposes");
    flow.sensitive = readFields(r, "sensitive", names);
    flow.protected_persons = r.truth("protected_persons", false);
    flow.routine = r.text("routine");
    return flow;
}

void checkPurposes(Reader& r, const Flow& flow, const Names& names) {
    const auto* set = names.catalogue.valueSet("purpose");
    if (set == nullptr) return;
    std::vector<std::string> known;
    for (const auto& value : set->values) known.push_back(value.code);
    for (const auto& purpose : flow.purposes) {
        if (contains(known, purpose)) continue;
        r.problem(Code::ConfigReference, "purposes", "Nearest: " + nearest(purpose, known) + ".");
    }
}

bool shareOne(const std::vector<std::string>& a, const std::vector<std::string>& b) {
    return std::any_of(a.begin(), a.end(),
                       [&](const std::string& item) { return contains(b, item); });
}

/// Named alike, so that only their order would tell them apart.
bool overlap(const Flow& a, const Flow& b) {
    const bool same_land =
        (a.territory.empty() && b.territory.empty()) || shareOne(a.territory, b.territory);
    return shareOne(a.from, b.from) && shareOne(a.to, b.to) && shareOne(a.kinds, b.kinds) &&
           same_land && periodsMeet({a.valid_from, a.valid_to}, {b.valid_from, b.valid_to});
}

void checkFlow(Reader& r, const Flow& flow, const std::vector<Flow>& before,
               const std::vector<Routine>& routines) {
    for (const auto& other : before) {
        if (other.id == flow.id) r.problem(Code::ConfigDuplicate, "id");
        if (overlap(flow, other)) {
            r.problem(Code::ConfigOverlap, "id", "Overlaps " + other.id + ".");
        }
    }
    const bool known = flow.routine.empty() ||
                       std::any_of(routines.begin(), routines.end(), [&](const Routine& routine) {
                           return routine.id == flow.routine;
                       });
    if (!known) {
        r.problem(Code::ConfigReference, "routine", "No such routine stands under routines.");
    }
}

Routine readRoutine(Reader& r, const Names& names) {
    Routine routine;
    routine.id = r.text("id", {}, Reader::Need::Required);
    routine.version = r.text("version", {}, Reader::Need::Required);
    r.text("note");  // for people
    routine.accepted = readSides(r, "accepted", names);
    const Period period = readPeriod(r);
    routine.valid_from = period.from;
    routine.valid_to = period.to;
    return routine;
}

void checkRoutine(Reader& r, const Routine& routine, const std::vector<Routine>& before) {
    for (const auto& other : before) {
        if (other.id != routine.id) continue;
        if (other.version == routine.version) r.problem(Code::ConfigDuplicate, "version");
        if (periodsMeet({other.valid_from, other.valid_to},
                        {routine.valid_from, routine.valid_to})) {
            r.problem(Code::ConfigOverlap, "id", "Two versions at once.");
        }
    }
}

InformationKind readInformationKind(Reader& r, const Names& names) {
    InformationKind kind;
    kind.id = r.text("id", {}, Reader::Need::Required);
    r.text("note");  // for people
    kind.called = r.texts("called");
    kind.fields = readFields(r, "fields", names);
    if (kind.fields.empty()) r.problem(Code::ConfigMissing, "fields");
    return kind;
}

void checkInformationKind(Reader& r, const InformationKind& kind, const Policy& policy) {
    if (policy.informationKind(kind.id) != nullptr) r.problem(Code::ConfigDuplicate, "id");
    for (const auto& word : kind.called) {
        if (policy.informationKind(word) != nullptr) r.problem(Code::ConfigDuplicate, "called");
    }
}

}  // namespace

Checked<Policy> Policy::load(const std::filesystem::path& file, const config::Config& config,
                             const message::Catalogue& catalogue) {
    const auto json = config::readFile(file);
    if (!json) return tl::make_unexpected(Problems{json.error()});
    Problems problems;
    Policy policy;
    const Names names{config, catalogue};
    Reader r(*json, file.string(), "", problems);
    r.each("routines", [&](Reader& inner) {
        Routine routine = readRoutine(inner, names);
        checkRoutine(inner, routine, policy.routines_);
        policy.routines_.push_back(std::move(routine));
    });
    r.each("information_kinds", [&](Reader& inner) {
        InformationKind kind = readInformationKind(inner, names);
        checkInformationKind(inner, kind, policy);
        policy.information_kinds_.push_back(std::move(kind));
    });
    r.each("flows", [&](Reader& inner) {
        Flow flow = readFlow(inner, names);
        checkPurposes(inner, flow, names);
        checkFlow(inner, flow, policy.flows_, policy.routines_);
        policy.flows_.push_back(std::move(flow));
    });
    r.each("rules", [&](Reader& inner) {
        Rule rule = readRule(inner, names);
        checkRule(inner, rule, policy.rules_);
        policy.rules_.push_back(std::move(rule));
    });
    r.each("agreements", [&](Reader& inner) {
        Agreement agreement = readAgreement(inner, names);
        checkAgreement(inner, agreement, policy.rules_, policy.agreements_, names);
        policy.agreements_.push_back(std::move(agreement));
    });
    r.finish();
    if (!problems.empty()) return tl::make_unexpected(std::move(problems));
    return policy;
}

}  // namespace stafett::policy
