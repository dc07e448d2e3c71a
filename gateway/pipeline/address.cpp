#include "gateway/pipeline/address.h"

#include "gateway/pipeline/act.h"

namespace stafett::pipeline {
namespace {

struct Asked {
    std::string_view unit, service, municipality;
};

bool holds(std::string_view condition, std::string_view value) {
    return condition.empty() || condition == value;
}

bool fits(const config::AddressRule& rule, const MessageFacts& facts, const Asked& asked,
          std::string_view today) {
    return config::holdsOn(rule.valid_from, rule.valid_to, today) &&
           (rule.dialect.empty() || rule.dialect == facts.sender->dialect) &&
           (rule.sender.empty() || rule.sender == facts.sender->id) &&
           holds(rule.kind, facts.message.schema().kind) && holds(rule.unit, asked.unit) &&
           holds(rule.service, asked.service) &&
           (rule.municipality.empty() || (asked.municipality.starts_with(rule.municipality)));
}

/// The one rule that says who is meant.
Result<const config::AddressRule*> ruleFor(const MessageFacts& facts, const Asked& asked,
                                           const Journey& journey) {
    const config::AddressRule* found = nullptr;
    for (const auto& rule : journey.snapshot->config.addressing) {
        if (!fits(rule, facts, asked, journey.today)) continue;
        if (found != nullptr && (found->to != rule.to || found->function != rule.function)) {
            return tl::make_unexpected(Error(
                Code::AddressSeveral,
                Place{.path = "receivers", .row = "addressing " + found->id + ", " + rule.id}));
        }
        if (found == nullptr) found = &rule;
    }
    if (found == nullptr) {
        return tl::make_unexpected(Error(Code::AddressNone, Place{.path = "receivers"}));
    }
    return found;
}

/// Fills in one receiver's party and function; the function's default when none is said.
Result<Receiver> complete(const message::Record& item, const message::RecordType& type,
                          const MessageFacts& facts, Journey& journey) {
    const auto text = [&](std::string_view path) {
        const auto field = type.find(path);
        return field ? item.text(*field) : std::string_view();
    };
    Receiver receiver;
    receiver.role = text("role") == "part" ? custody::Role::Part : custody::Role::Lead;
    PartyId party{std::string(text("party"))};
    FunctionId function{std::string(text("function"))};
    if (party.empty()) {
        ST_TRY(const auto* rule, ruleFor(facts,
                                         {function.value, facts.message.text("service/code"),
                                          facts.message.text("person/municipality")},
                                         journey));
        journey.note(trace::Step::Addressed,
                     {{"rule", trace::SafeText::fromConfiguration(rule->id)}, {"to", rule->to}});
        party = rule->to;
        function = rule->function;
    }
    receiver.party = journey.snapshot->config.party(party);
    if (receiver.party == nullptr) {
        return tl::make_unexpected(
            Error(Code::AddressUnknownParty, Place{.path = "receivers/party"}));
    }
    if (function.empty()) function = receiver.party->default_function;
    if (!receiver.party->hasFunction(function)) {
        return tl::make_unexpected(
            Error(Code::AddressUnknownFunction, Place{.path = "receivers/function"}));
    }
    receiver.function = std::move(function);
    return receiver;
}

/// The message names its receivers exactly as they were found.
void writeReceivers(MessageFacts& facts) {
    const auto list = facts.message.schema().root.find("receivers");
    auto& items = facts.message.root().items(*list);
    items.clear();
    const auto& type = *facts.message.schema().root.fields[*list].item;
    for (const auto& receiver : facts.receivers) {
        auto& item = facts.message.root().append(*list);
        item.set(*type.find("party"), facts.message.arena().keep(receiver.party->id.value));
        item.set(*type.find("function"), facts.message.arena().keep(receiver.function.value));
        item.set(*type.find("role"), receiver.role == custody::Role::Lead ? "lead" : "part");
    }
}

/// Whom the case says: nobody, when all others have left it. One who is no longer connected is left
/// out where others are told.
Problems tellThose(const std::vector<custody::Holder>& those, MessageFacts& facts,
                   const Journey& journey) {
    facts.receivers.clear();
    for (const auto& holder : those) {
        const auto* party = journey.snapshot->config.party(holder.party);
        const bool known =
            party != nullptr && config::holdsOn(party->valid_from, party->valid_to, journey.today);
        if (known) facts.receivers.push_back({party, holder.function, custody::Role::Lead});
    }
    if (facts.receivers.empty() && !those.empty()) {
        return {Error(Code::AddressUnknownParty, Place{.path = "receivers"})};
    }
    writeReceivers(facts);
    return {};
}

}  // namespace

Problems address(MessageFacts& facts, Journey& journey) {
    Problems problems;
    const auto list = facts.message.schema().root.find("receivers");
    const auto& type = *facts.message.schema().root.fields[*list].item;
    std::vector<message::Record> nobody;
    if (facts.message.root().items(*list).empty()) nobody.emplace_back(type);
    const auto& said = nobody.empty() ? facts.message.root().items(*list) : nobody;
    for (const auto& item : said) {
        auto receiver = complete(item, type, facts, journey);
        if (receiver) {
            facts.receivers.push_back(std::move(*receiver));
        } else {
            problems.push_back(receiver.error());
        }
    }
    if (problems.empty()) writeReceivers(facts);
    return problems;
}

Problems findReceivers(MessageFacts& facts, Journey& journey) {
    using Kind = custody::Act::Kind;
    const auto kind = facts.act.kind;
    const bool offers = kind == Kind::Refer || kind == Kind::HandOver;
    const bool asks = offers || kind == Kind::RequestAssessment;
    const bool answers = facts.message.schema().kind == "answer";  // told to whoever is answered
    const bool named = !facts.message.items("receivers").empty() && !answers;
    if (asks || named) {
        auto problems = address(facts, journey);
        if (!problems.empty()) return problems;
    }
    finishAct(facts, journey);
    if (offers) return {};
    const auto decision = custody::decide(facts.before, facts.act);
    if (!decision) return {decision.error()};
    return tellThose(decision->receivers, facts, journey);
}

}  // namespace stafett::pipeline
