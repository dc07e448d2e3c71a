#include <algorithm>
#include <iterator>

#include "gateway/pipeline/consent.h"
#include "gateway/pipeline/stages.h"

namespace stafett::pipeline {
namespace {

using trace::SafeText;

void append(Problems& to, Problems from) {
    std::move(from.begin(), from.end(), std::back_inserter(to));
}

/// What several receivers' flows say alike is told once.
void appendOnce(Problems& to, Problems from) {
    for (auto& problem : from) {
        const bool told = std::any_of(to.begin(), to.end(), [&](const Error& other) {
            return other.code() == problem.code() && other.place() == problem.place();
        });
        if (!told) to.push_back(std::move(problem));
    }
}

void notePermitted(const Receiver& receiver, const policy::Permission& permission,
                   Journey& journey) {
    trace::Fields fields = {{"receiver", receiver.party->id},
                            {"flow", SafeText::fromConfiguration(permission.flow->id)}};
    if (permission.routine != nullptr) {
        fields.emplace_back("routine", SafeText::fromConfiguration(permission.routine->id + "@" +
                                                                   permission.routine->version));
    }
    journey.note(trace::Step::Permitted, std::move(fields));
}

/// The rules that speak warn, and stand in the trace with what decided.
void warn(PermittedFacts& facts, Journey& journey) {
    const auto& policy = journey.snapshot->policy;
    facts.findings =
        policy.findings(policy::factsOf(facts.of.message, *facts.of.sender, journey.today));
    for (const auto& finding : facts.findings) {
        trace::Fields fields = {{"code", finding.code()},
                                {"rule", SafeText::fromConfiguration(finding.rule->id)}};
        if (finding.agreement != nullptr) {
            fields.emplace_back("agreement", SafeText::fromConfiguration(finding.agreement->id));
        } else if (!finding.rule->deviation_category.empty()) {
            fields.emplace_back("suggested_deviation",
                                SafeText::fromConfiguration(finding.rule->deviation_category + "/" +
                                                            finding.rule->deviation_cause));
        }
        journey.note(trace::Step::Warned, std::move(fields));
        facts.of.warnings.push_back(finding.warning(journey.language));
    }
}

}  // namespace

Checked<Permitted> Permit::operator()(ValidMessage message, Journey& journey) const {
    PermittedFacts facts{
        .of = std::move(message).release(), .flows = {}, .consent = {}, .told = {}, .findings = {}};
    const auto& policy = journey.snapshot->policy;
    Problems problems;
    std::vector<std::pair<const Receiver*, policy::Permission>> permissions;
    bool demanded = false;
    for (const auto& receiver : facts.of.receivers) {
        const auto permission = policy.flowFor(
            policy::passageOf(facts.of.message, *facts.of.sender, *receiver.party, journey.today));
        if (permission) {
            permissions.emplace_back(&receiver, *permission);
            demanded |= permission->flow->consent == policy::Flow::Consent::Demanded;
        } else {
            problems.push_back(permission.error());
        }
    }
    const auto named = demanded ? namedConsent(shared_, facts.of.message)
                                : Result<std::optional<NamedConsent>>(std::nullopt);
    if (!named) return tl::make_unexpected(Problems{named.error()});
    const auto* on_record = *named && (*named)->on_record ? &*(*named)->on_record : nullptr;
    for (const auto& [receiver, permission] : permissions) {
        auto verdict = policy.judge(
            facts.of.message, *permission.flow,
            policy::passageOf(facts.of.message, *facts.of.sender, *receiver->party, journey.today),
            on_record);
        append(problems, std::move(verdict.refused));
        appendOnce(facts.of.warnings, std::move(verdict.warnings));
        facts.flows.push_back(permission.flow);
        notePermitted(*receiver, permission, journey);
    }
    auto told = consentTold(shared_, facts.of, policy, journey.today);
    if (!told) problems.push_back(told.error());
    if (!problems.empty()) return tl::make_unexpected(std::move(problems));

    if (*named) facts.consent = (*named)->ref;
    facts.told = std::move(*told);
    if (facts.told) {
        const bool given = facts.told->act == store::NewConsent::Act::Given;
        journey.note(trace::Step::Consented,
                     {{"said", SafeText::fromConfiguration(given ? "given" : "withdrawn")},
                      {"parties", facts.told->record.parties.size()},
                      {"kinds", facts.told->record.kinds.size()}});
    }
    warn(facts, journey);
    return Permitted(std::move(facts));
}

}  // namespace stafett::pipeline
