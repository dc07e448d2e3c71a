// Case states as JSON for the store. Empty members are left out: a state stands beside every
// message of its case. Reading is in parse.cpp; tests hold the two together.
#include <concepts>

#include "gateway/custody/custody.h"
#include "gateway/custody/questions.h"
#include "gateway/message/json_text.h"

namespace stafett::custody {
namespace {

/// An object of JSON, written member by member into one text: every message prints its case.
class Object {
public:
    Object& add(std::string_view key, std::string_view text) {
        message::appendJsonString(next(key), text);
        return *this;
    }
    template <std::integral Number>
    Object& add(std::string_view key, Number number) {
        if constexpr (std::same_as<Number, bool>) {
            next(key) += number ? "true" : "false";
        } else {
            next(key) += std::to_string(number);
        }
        return *this;
    }
    Object& add(std::string_view key, const Object& object) {
        next(key).append(object.json_).append("}");
        return *this;
    }
    /// Each item as `write` appends it.
    template <class Item, class Write>
    Object& addList(std::string_view key, const std::vector<Item>& items, const Write& write) {
        std::string& json = next(key) += '[';
        for (const auto& item : items) {
            if (&item != items.data()) json += ',';
            write(json, item);
        }
        json += ']';
        return *this;
    }
    std::string finish() const { return json_ + '}'; }

private:
    std::string& next(std::string_view key) {
        if (json_.size() > 1) json_ += ',';
        return json_.append("\"").append(key).append("\":");  // a literal of ours
    }
    std::string json_ = "{";
};

void put(Object& object, std::string_view key, std::string_view text) {
    if (!text.empty()) object.add(key, text);
}

template <std::integral Number>
void putNumber(Object& object, std::string_view key, Number number) {
    if (number != Number{}) object.add(key, number);
}

template <class Item>
void putList(Object& object, std::string_view key, const std::vector<Item>& items,
             Object (*one)(const Item&)) {
    if (items.empty()) return;
    object.addList(key, items,
                   [one](std::string& json, const Item& item) { json += one(item).finish(); });
}

template <class Id>
void putIds(Object& object, std::string_view key, const std::vector<Id>& ids) {
    if (ids.empty()) return;
    object.addList(key, ids, [](std::string& json, const Id& id) {
        message::appendJsonString(json, id.text());
    });
}

Object side(const Holder& holder) {
    return Object().add("party", holder.party.value).add("function", holder.function.value);
}

void putDates(Object& object, const OfferDates& dates, const Told& told) {
    put(object, "rule", dates.rule);
    put(object, "answer_by", dates.answer_by);
    if (!dates.remind_on.empty()) {
        object.addList("remind_on", dates.remind_on, message::appendJsonString);
    }
    put(object, "escalate_on", dates.escalate_on);
    put(object, "escalate_to", dates.escalate_to.value);
    put(object, "reminded", told.reminded);
    put(object, "escalated", told.escalated);
}

void putExit(Object& object, const PlannedExit& exit) {
    if (exit == PlannedExit{}) return;
    Object into;
    put(into, "on", exit.on);
    put(into, "warn", exit.warn);
    put(into, "told", exit.told);
    object.add("exit", into);
}

Object offerJson(const Offer& o) {
    Object object;
    object.add("message", o.message.text())
        .add("kind", o.kind)
        .add("from", side(o.from))
        .add("to", side(o.to))
        .add("role", o.role == Role::Lead ? "lead" : "part")
        .add("state", name(o.state));
    putDates(object, o.dates, o.told);
    put(object, "takes_over", o.takes_over);
    putExit(object, o.exit);
    putNumber(object, "reminders", o.reminders);
    return object;
}

Object participantJson(const Participant& participant) {
    Object object = side(participant.who);
    if (participant.ended) object.add("ended", true);
    return object;
}

Object changesJson(const CaseworkerChanges& changes) {
    return Object().add("party", changes.party.value).add("count", changes.count);
}

Object stepJson(const PlanStep& step) {
    Object object;
    object.add("number", step.number);
    put(object, "from", step.from);
    put(object, "to", step.to);
    put(object, "status", step.status);
    put(object, "reached", step.reached);
    return object;
}

Object assessmentJson(const Assessment& assessment) {
    Object object;
    object.add("message", assessment.message.text()).add("from", side(assessment.from));
    putList(object, "to", assessment.to, side);
    object.add("state", name(assessment.state));
    putDates(object, assessment.dates, assessment.told);
    put(object, "meets", assessment.meets);
    return object;
}

Object followUpJson(const FollowUp& follow_up) {
    Object object;
    object.add("month", follow_up.month).add("due", follow_up.due);
    put(object, "told", follow_up.told);
    put(object, "done", follow_up.done);
    if (follow_up.kept) object.add("kept", *follow_up.kept);
    return object;
}

Object consentsJson(const Consents& consents) {
    Object object;
    object.add("state", name(consents.state));
    putIds(object, "given", consents.given);
    put(object, "withdrawn", consents.withdrawn);
    return object;
}

Object closureJson(const Closure& closure) {
    return Object()
        .add("outcome", closure.outcome)
        .add("date", closure.date)
        .add("by", side(closure.by));
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
    Object json;
    json.add("version", state.version);
    if (state.phase == Phase::Closed) json.add("phase", "closed");
    json.add("holder", side(state.holder));
    json.add("opened_by", side(state.opened_by));
    put(json, "opened_with", state.opened_with);
    putList(json, "offers", state.offers, offerJson);
    putList(json, "participants", state.participants, participantJson);
    putList(json, "steps", state.steps, stepJson);
    putList(json, "assessments", state.assessments, assessmentJson);
    putExit(json, state.exit);
    putList(json, "caseworker_changes", state.caseworker_changes, changesJson);
    putIds(json, "related", state.related);
    if (state.coordinator) json.add("coordinator", side(*state.coordinator));
    if (state.consents != Consents{}) json.add("consents", consentsJson(state.consents));
    if (state.closure) json.add("closure", closureJson(*state.closure));
    putList(json, "follow_ups", state.follow_ups, followUpJson);
    if (state.support_after) json.add("support_after", true);
    put(json, "counted", countedText(state.counted));
    return json.finish();
}

}  // namespace stafett::custody
