// Case states as JSON for the store. Empty members are left out: a state stands beside every
// message of its case. Reading is in parse.cpp; tests hold the two together.
#include <nlohmann/json.hpp>

#include "gateway/custody/custody.h"
#include "gateway/custody/questions.h"

namespace stafett::custody {
namespace {

using Json = nlohmann::ordered_json;

void put(Json& json, const char* key, const std::string& text) {
    if (!text.empty()) json[key] = text;
}

template <class Number>
void putNumber(Json& json, const char* key, Number number) {
    if (number != Number{}) json[key] = number;
}

template <class Item>
void putList(Json& json, const char* key, const std::vector<Item>& items,
             Json (*one)(const Item&)) {
    if (items.empty()) return;
    auto& list = json[key] = Json::array();
    for (const auto& item : items) list.push_back(one(item));
}

Json side(const Holder& holder) {
    return {{"party", holder.party.value}, {"function", holder.function.value}};
}

template <class Id>
Json idText(const Id& id) {
    return id.text();
}

void putDates(Json& json, const OfferDates& dates, const Told& told) {
    put(json, "rule", dates.rule);
    put(json, "answer_by", dates.answer_by);
    if (!dates.remind_on.empty()) json["remind_on"] = dates.remind_on;
    put(json, "escalate_on", dates.escalate_on);
    put(json, "escalate_to", dates.escalate_to.value);
    put(json, "reminded", told.reminded);
    put(json, "escalated", told.escalated);
}

void putExit(Json& json, const PlannedExit& exit) {
    if (exit == PlannedExit{}) return;
    auto& into = json["exit"] = Json::object();
    put(into, "on", exit.on);
    put(into, "warn", exit.warn);
    put(into, "told", exit.told);
}

Json offerJson(const Offer& o) {
    Json json = {{"message", o.message.text()},
                 {"kind", o.kind},
                 {"from", side(o.from)},
                 {"to", side(o.to)},
                 {"role", o.role == Role::Lead ? "lead" : "part"},
                 {"state", name(o.state)}};
    putDates(json, o.dates, o.told);
    put(json, "takes_over", o.takes_over);
    putExit(json, o.exit);
    putNumber(json, "reminders", o.reminders);
    return json;
}

Json participantJson(const Participant& participant) {
    Json json = side(participant.who);
    if (participant.ended) json["ended"] = true;
    return json;
}

Json changesJson(const CaseworkerChanges& changes) {
    return {{"party", changes.party.value}, {"count", changes.count}};
}

Json stepJson(const PlanStep& step) {
    Json json = {{"number", step.number}};
    put(json, "from", step.from);
    put(json, "to", step.to);
    put(json, "status", step.status);
    put(json, "reached", step.reached);
    return json;
}

Json assessmentJson(const Assessment& assessment) {
    Json json = {{"message", assessment.message.text()}, {"from", side(assessment.from)}};
    putList(json, "to", assessment.to, side);
    json["state"] = name(assessment.state);
    putDates(json, assessment.dates, assessment.told);
    put(json, "meets", assessment.meets);
    return json;
}

Json followUpJson(const FollowUp& follow_up) {
    Json json = {{"month", follow_up.month}, {"due", follow_up.due}};
    put(json, "told", follow_up.told);
    put(json, "done", follow_up.done);
    if (follow_up.kept) json["kept"] = *follow_up.kept;
    return json;
}

Json consentsJson(const Consents& consents) {
    Json json = {{"state", name(consents.state)}};
    putList(json, "given", consents.given, idText<MessageId>);
    put(json, "withdrawn", consents.withdrawn);
    return json;
}

Json closureJson(const Closure& closure) {
    return {{"outcome", closure.outcome}, {"date", closure.date}, {"by", side(closure.by)}};
}

/// 32 digits a message, in one text: a case may count hundreds.
std::string countedText(const std::vector<MessageId>& counted) {
    constexpr std::string_view kDigits = "0123456789abcdef";
    std::string text;
    text.reserve(counted.size() * 32);
    for (const auto& id : counted) {
        for (const auto byte : id.uuid.bytes) {
            text += kDigits[byte >> 4U];
            text += kDigits[byte & 15U];
        }
    }
    return text;
}

}  // namespace

std::string print(const CaseState& state) {
    Json json = {{"version", state.version}};
    if (state.phase == Phase::Closed) json["phase"] = "closed";
    json["holder"] = side(state.holder);
    json["opened_by"] = side(state.opened_by);
    put(json, "opened_with", state.opened_with);
    putList(json, "offers", state.offers, offerJson);
    putList(json, "participants", state.participants, participantJson);
    putList(json, "steps", state.steps, stepJson);
    putList(json, "assessments", state.assessments, assessmentJson);
    putExit(json, state.exit);
    putList(json, "caseworker_changes", state.caseworker_changes, changesJson);
    putList(json, "related", state.related, idText<CaseId>);
    if (state.coordinator) json["coordinator"] = side(*state.coordinator);
    if (state.consents != Consents{}) json["consents"] = consentsJson(state.consents);
    if (state.closure) json["closure"] = closureJson(*state.closure);
    putList(json, "follow_ups", state.follow_ups, followUpJson);
    if (state.support_after) json["support_after"] = true;
    put(json, "counted", countedText(state.counted));
    return json.dump();
}

}  // namespace stafett::custody
