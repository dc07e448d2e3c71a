#include "gateway/policy/policy.h"

#include <algorithm>
#include <array>

#include "gateway/policy/match.h"

namespace stafett::policy {
namespace {

bool statesOne(const message::Message& message, std::string_view list,
               const std::vector<std::string>& allowed) {
    const auto& items = message.items(list);
    return std::any_of(items.begin(), items.end(), [&](const message::Record& item) {
        return contains(allowed, item.text(0));
    });
}

Error refusal(Code code, std::string path, const Flow& flow) {
    return Error(code, Place{.path = std::move(path), .row = "flow " + flow.id});
}

bool listsKind(const Flow& flow, std::string_view kind) {
    return contains(flow.kinds, kind) || (kind != "deviation" && contains(flow.kinds, "*"));
}

bool inForce(const config::Party& party, std::string_view today) {
    return config::holdsOn(party.valid_from, party.valid_to, today);
}

bool speaks(const Rule& rule, const RuleFacts& facts) {
    if (!rule.kinds.empty() && !contains(rule.kinds, facts.kind)) return false;
    if (!config::holdsOn(rule.valid_from, rule.valid_to, facts.date)) return false;
    switch (rule.test) {
        case Test::HoursBelow:  // no hours at all is no placement
            return facts.tenths && *facts.tenths > 0 && *facts.tenths < rule.tenths;
        case Test::NoCoverWithPlacement:
            return facts.uncovered_placement;
        case Test::AgeOutside:
            break;
    }
    return facts.age && (*facts.age < rule.least || *facts.age > rule.most);
}

bool saysOtherwise(const Agreement& agreement, const Rule& rule, const RuleFacts& facts) {
    return agreement.rule == rule.id && sideIs(agreement.parties, *facts.giver) &&
           liesIn(agreement.territory, facts.place) &&
           config::holdsOn(agreement.valid_from, agreement.valid_to, facts.date);
}

}  // namespace

std::string_view name(Miss miss) {
    constexpr std::array<std::string_view, 6> kNames = {"period", "kind",      "from",
                                                        "to",     "territory", "routine"};
    return kNames.at(static_cast<std::size_t>(miss));
}

std::string_view placeOf(std::string_view persons, const config::Party& sender,
                         const config::Party& receiver) {
    if (!persons.empty()) return persons;
    return sender.municipality.empty() ? receiver.municipality : sender.municipality;
}

Passage passageOf(const message::Message& message, const config::Party& sender,
                  const config::Party& receiver, std::string_view today) {
    return {.kind = message.schema().kind,
            .sender = sender,
            .receiver = receiver,
            .place = placeOf(message.text("person/municipality"), sender, receiver),
            .today = today};
}

const Routine* Policy::routineFor(const Flow& flow, const Passage& passage) const {
    const auto found =
        std::find_if(routines_.begin(), routines_.end(), [&](const Routine& routine) {
            return routine.id == flow.routine &&
                   config::holdsOn(routine.valid_from, routine.valid_to, passage.today) &&
                   sideIs(routine.accepted, passage.sender) &&
                   sideIs(routine.accepted, passage.receiver);
        });
    return found == routines_.end() ? nullptr : &*found;
}

std::vector<Miss> Policy::misses(const Flow& flow, const Passage& passage) const {
    std::vector<Miss> out;
    const auto demand = [&out](bool holds, Miss miss) {
        if (!holds) out.push_back(miss);
    };
    demand(config::holdsOn(flow.valid_from, flow.valid_to, passage.today), Miss::Period);
    demand(listsKind(flow, passage.kind), Miss::Kind);
    demand(sideIs(flow.from, passage.sender), Miss::From);
    demand(sideIs(flow.to, passage.receiver), Miss::To);
    demand(liesIn(flow.territory, passage.place), Miss::Territory);
    demand(flow.routine.empty() || routineFor(flow, passage) != nullptr, Miss::Routine);
    return out;
}

Result<Permission> Policy::flowFor(const Passage& passage) const {
    const std::string row = std::string(passage.kind) + " " + passage.sender.id.value + " -> " +
                            passage.receiver.id.value;
    if (!inForce(passage.sender, passage.today)) {
        return tl::make_unexpected(
            Error(Code::PolicyPartyEnded, Place{.path = "sender/party", .row = row}));
    }
    if (!inForce(passage.receiver, passage.today)) {
        return tl::make_unexpected(
            Error(Code::PolicyPartyEnded, Place{.path = "receivers/party", .row = row}));
    }
    for (const auto& flow : flows_) {
        if (!listsKind(flow, passage.kind) || !misses(flow, passage).empty()) continue;
        return Permission{&flow, flow.routine.empty() ? nullptr : routineFor(flow, passage)};
    }
    return tl::make_unexpected(Error(Code::PolicyNoFlow, Place{.row = row}));
}

Verdict Policy::judge(const message::Message& message, const Flow& flow, const Passage& passage,
                      const message::Consent* on_record) const {
    Verdict verdict;
    if (!message.items("protection").empty() && !flow.protected_persons) {
        verdict.refused.push_back(refusal(Code::PolicyProtected, "protection", flow));
    }
    // A consent message is the consent.
    if (flow.consent == Flow::Consent::Demanded && passage.kind != "consent") {
        judgeConsent(message, flow, passage, on_record, verdict);
    }
    if (!flow.grounds.empty() && !statesOne(message, "legalBasis", flow.grounds)) {
        verdict.refused.push_back(refusal(Code::PolicyNoGround, "legalBasis", flow));
    }
    if (!flow.purposes.empty() && !contains(flow.purposes, message.text("purpose"))) {
        verdict.refused.push_back(refusal(Code::PolicyNoPurpose, "purpose", flow));
    }
    return verdict;
}

std::vector<Finding> Policy::findings(const RuleFacts& facts) const {
    std::vector<Finding> out;
    for (const auto& rule : rules_) {
        if (!speaks(rule, facts)) continue;
        const auto agreement = std::find_if(
            agreements_.begin(), agreements_.end(),
            [&](const Agreement& candidate) { return saysOtherwise(candidate, rule, facts); });
        out.push_back(
            {&rule, agreement == agreements_.end() ? nullptr : &*agreement, facts.hours_at});
    }
    return out;
}

const InformationKind* Policy::informationKind(std::string_view called) const {
    const auto found = std::find_if(information_kinds_.begin(), information_kinds_.end(),
                                    [&](const InformationKind& kind) {
                                        return kind.id == called || contains(kind.called, called);
                                    });
    return found == information_kinds_.end() ? nullptr : &*found;
}

std::vector<message::FieldIndex> withheld(const message::Message& message, const Flow& flow) {
    std::vector<message::FieldIndex> out;
    const auto& fields = message.schema().root.fields;
    for (std::size_t i = 0; i < fields.size(); ++i) {
        const auto index = static_cast<message::FieldIndex>(i);
        if (!fields[i].sensitive || !message.root().has(index)) continue;
        if (!underAny(fields[i].path, flow.sensitive)) out.push_back(index);
    }
    return out;
}

}  // namespace stafett::policy
