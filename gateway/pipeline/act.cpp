#include "gateway/pipeline/act.h"

#include <algorithm>
#include <charconv>

#include "gateway/message/dates.h"

namespace stafett::pipeline {
namespace {

using Kind = custody::Act::Kind;

/// One item's or message's value; empty when it is absent or the schema has no such field.
std::string textOf(const message::Record& record, std::string_view path) {
    const auto field = record.type().find(path);
    return field ? std::string(record.text(*field)) : std::string();
}

std::optional<std::uint32_t> numberOf(std::string_view text) {
    std::uint32_t number = 0;
    const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), number);
    const bool whole = failed == std::errc{} && end == text.data() + text.size() && !text.empty();
    return whole ? std::optional(number) : std::nullopt;
}

/// Which of its kind a message is; empty where a kind is but one.
std::string_view typeOf(const message::Message& message, const char*& path) {
    for (const char* candidate : {"answer/type", "assessment/type", "consentRecord/type"}) {
        if (!message.schema().root.find(candidate)) continue;
        path = candidate;
        return message.text(candidate);
    }
    return {};
}

void readPlan(const message::Message& message, custody::Act& act) {
    for (const auto& item : message.items("steps")) {
        const auto number = numberOf(textOf(item, "number"));
        if (!number) continue;  // the schema has said so
        act.steps.push_back({.number = *number,
                             .from = textOf(item, "from"),
                             .to = textOf(item, "to"),
                             .status = textOf(item, "status")});
    }
    for (const auto& item : message.items("related")) {
        if (const auto id = CaseId::parse(item.text(0))) act.related.push_back(*id);
    }
    if (const auto party = message.text("coordinator/party"); !party.empty()) {
        act.coordinator =
            custody::Holder{PartyId{std::string(party)},
                            FunctionId{std::string(message.text("coordinator/function"))}};
    }
}

void readProgress(const message::Message& message, custody::Act& act) {
    act.on = message.text("progress/date");
    act.step = numberOf(message.text("progress/step"));
    act.step_status = message.text("progress/status");
    const auto month = numberOf(message.text("followUp/month"));
    const auto kept = message.text("followUp/kept");
    act.follow_up = month.has_value() || !kept.empty();
    act.month = month.value_or(0);
    if (!kept.empty()) act.kept = kept == "true";
}

const config::Party* leadOf(const std::vector<Receiver>& receivers) {
    const auto lead = std::find_if(receivers.begin(), receivers.end(),
                                   [](const Receiver& r) { return r.role == custody::Role::Lead; });
    return lead == receivers.end() ? nullptr : lead->party;
}

custody::Deadlines::Question question(const MessageFacts& facts, const config::Party& receiver,
                                      std::string_view kind, const Journey& journey) {
    return {.kind = kind,
            .receiver = receiver,
            .municipality = facts.message.text("person/municipality"),
            .date = journey.today};
}

/// A supplement gives its receiver the time anew that the offer gave it.
custody::OfferDates datesAgain(const MessageFacts& facts, const Journey& journey) {
    if (!facts.before) return {};
    const auto& offers = facts.before->offers;
    const auto asked = std::find_if(offers.rbegin(), offers.rend(), [&](const auto& offer) {
        return offer.state == custody::OfferState::SupplementAsked &&
               offer.from.party == facts.sender->id &&
               (!facts.act.about || offer.message == *facts.act.about);
    });
    if (asked == offers.rend()) return {};
    const auto* receiver = journey.snapshot->config.party(asked->to.party);
    if (receiver == nullptr) return {};
    return journey.snapshot->deadlines.offer(question(facts, *receiver, asked->kind, journey),
                                             facts.message.text("answerBy"));
}

void planExit(MessageFacts& facts, const config::Party& holder, const Journey& journey) {
    facts.act.exit.on = facts.message.text("period/to");
    if (facts.act.exit.on.empty()) return;
    facts.act.exit.warn = journey.snapshot->deadlines.exitWarning(
        question(facts, holder, facts.message.schema().kind, journey), facts.act.exit.on);
}

void planFollowUps(MessageFacts& facts, const Journey& journey) {
    const auto& deadlines = journey.snapshot->deadlines;
    const auto asked = question(facts, *facts.sender, facts.message.schema().kind, journey);
    const auto closed = facts.act.on.empty() ? journey.today : facts.act.on;
    const auto due = deadlines.followUps(asked, closed);
    const auto& months = deadlines.ruleFor(asked).follow_up_months;
    for (std::size_t i = 0; i < due.size(); ++i) {
        facts.act.follow_ups.push_back(
            {.month = static_cast<std::uint32_t>(months[i]), .due = due[i]});
    }
}

}  // namespace

Problems prepareAct(MessageFacts& facts, const Journey& journey) {
    auto& act = facts.act;
    const auto& message = facts.message;
    const char* path = nullptr;
    const auto type = typeOf(message, path);
    const auto kind = custody::actKind(message.schema().kind, type);
    if (!kind && path != nullptr) return {Error(Code::MapMissing, Place{.path = path})};
    if (!kind || *kind == Kind::Notice) return {Error(Code::NoForm)};  // the gateway's own alone
    act.kind = *kind;
    act.message = facts.id;
    act.today = journey.today;
    act.by = {facts.sender->id, FunctionId{std::string(message.text("sender/function"))}};
    act.takes_over = message.text("answer/takeover");
    act.support_after = message.text("followUp") == "true";
    if (act.kind == Kind::Plan) readPlan(message, act);
    if (act.kind == Kind::Progress) readProgress(message, act);
    if (act.kind == Kind::Close) {
        act.outcome = message.text("closure/outcome");
        act.on = message.text("closure/date");
    }
    if (act.kind == Kind::BookAssessment) {
        const auto at = message::toStockholm(message.text("assessment/at"));
        act.on = at.substr(0, std::min<std::size_t>(at.size(), 10));
    }
    return {};
}

void finishAct(MessageFacts& facts, const Journey& journey) {
    auto& act = facts.act;
    const bool offers = act.kind == Kind::Refer || act.kind == Kind::HandOver;
    // One receiver who is not called a part is the lead.
    if (facts.receivers.size() == 1) facts.receivers.front().role = custody::Role::Lead;
    const auto& deadlines = journey.snapshot->deadlines;
    const auto said = facts.message.text("answerBy");
    for (const auto& receiver : facts.receivers) {
        const auto asked = question(facts, *receiver.party, facts.message.schema().kind, journey);
        act.to.push_back({.who = {receiver.party->id, receiver.function},
                          .role = receiver.role,
                          .dates = offers ? deadlines.offer(asked, said) : custody::OfferDates{}});
        if (act.kind == Kind::RequestAssessment && act.dates.answer_by.empty()) {
            act.dates = deadlines.assessment(asked, said);
        }
    }
    if (act.kind == Kind::Supplement) act.dates = datesAgain(facts, journey);
    if (const auto* lead = leadOf(facts.receivers); offers && lead != nullptr) {
        planExit(facts, *lead, journey);
    }
    if (act.kind == Kind::Plan) planExit(facts, *facts.sender, journey);
    if (act.kind == Kind::Close) planFollowUps(facts, journey);
}

}  // namespace stafett::pipeline
