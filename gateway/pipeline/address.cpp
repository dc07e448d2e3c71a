#include "gateway/pipeline/address.h"

#include <algorithm>

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

Digest aliasHash(const Shared& shared, const PartyId& party, std::string_view alias) {
    return shared.index.of(security::IndexPurpose::Alias, party, {alias});
}

/// The newest case with exactly one open offer to this party, among those known to any party by
/// this alias.
Result<std::optional<CaseId>> byOtherAlias(const Shared& shared, const MessageFacts& facts,
                                           std::string_view alias, const Journey& journey) {
    std::vector<CaseId> hits;
    for (const auto& [id, party] : journey.snapshot->config.parties) {
        if (id == facts.sender->id) continue;
        ST_TRY(const auto cases, shared.store.findAlias(id, aliasHash(shared, id, alias)));
        for (const auto& case_id : cases) {
            ST_TRY(const auto row, shared.store.findCase(case_id));
            if (!row) continue;
            ST_TRY(const auto state, custody::parse(row->state));
            const auto open = std::count_if(
                state.offers.begin(), state.offers.end(), [&](const custody::Offer& offer) {
                    return offer.to.party == facts.sender->id && custody::isOpen(offer);
                });
            if (open == 1) hits.push_back(case_id);
        }
    }
    if (hits.size() != 1) return std::nullopt;
    return hits.front();
}

struct Lookup {
    std::optional<CaseId> case_id;
    std::optional<MessageId> about;
    std::optional<MessageId> question = std::nullopt;
};

Result<Lookup> lookUp(const Shared& shared, const MessageFacts& facts, const Journey& journey) {
    if (const auto about = MessageId::parse(facts.message.text("message/refTo"))) {
        ST_TRY(const auto sent, shared.store.findSentTo(*about, facts.sender->id));
        // A reply to an answer (what was asked for) is about the same offer as that answer: the
        // case says which.
        const bool offers = sent && sent->kind != "answer" && sent->kind != "notice";
        const bool asks = sent && sent->kind == "answer";
        if (sent) {
            return Lookup{sent->case_id, offers ? std::optional(sent->id) : std::nullopt,
                          asks ? std::optional(sent->id) : std::nullopt};
        }
    }
    if (const auto own = facts.message.text("case/sender"); !own.empty()) {
        ST_TRY(const auto cases,
               shared.store.findAlias(facts.sender->id, aliasHash(shared, facts.sender->id, own)));
        if (cases.size() == 1) return Lookup{cases.front(), std::nullopt};
    }
    if (const auto other = facts.message.text("case/receiver"); !other.empty()) {
        ST_TRY(const auto case_id, byOtherAlias(shared, facts, other, journey));
        if (case_id) return Lookup{case_id, std::nullopt};
    }
    return Lookup{};
}

/// Who is told an answer: the other side of the offer it answers.
Problems answerReceivers(MessageFacts& facts, Journey& journey) {
    const auto state = custody::parse(facts.case_row->state);
    if (!state) return {state.error()};
    const auto decision = custody::decide(*state, facts.act);
    if (!decision) return {decision.error()};
    for (const auto& holder : decision->receivers) {
        const auto* party = journey.snapshot->config.party(holder.party);
        if (party == nullptr) return {Error(Code::AddressUnknownParty)};
        facts.receivers.push_back({party, holder.function, custody::Role::Lead});
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

Problems findCase(const Shared& shared, MessageFacts& facts, Journey& journey) {
    const bool is_answer = facts.message.schema().kind == "answer";
    const auto found = lookUp(shared, facts, journey);
    if (!found) return {found.error()};
    if (found->case_id) {
        auto row = shared.store.findCase(*found->case_id);
        if (!row) return {row.error()};
        facts.case_row = std::move(*row);
        facts.case_id = *found->case_id;
    } else if (is_answer) {
        return {Error(Code::AddressNoRequest,
                      Place{.row = "tried: message/refTo, case/sender, case/receiver"})};
    }
    if (!is_answer) return {};
    const auto kind = custody::actKind("answer", facts.message.text("answer/type"));
    if (!kind) return {Error(Code::MapMissing, Place{.path = "answer/type"})};
    facts.act.kind = *kind;
    facts.act.about = found->about;
    facts.question = found->question;
    facts.act.takes_over = std::string(facts.message.text("answer/takeover"));
    return answerReceivers(facts, journey);
}

}  // namespace stafett::pipeline
