// Case states as any version of print() has written them.
#include <algorithm>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "gateway/custody/custody.h"
#include "gateway/custody/names.h"
#include "gateway/custody/parts.h"
#include "gateway/custody/timers.h"

namespace stafett::custody {
namespace {

using Json = nlohmann::json;

std::string text(const Json& json, const char* key) { return json.value(key, std::string()); }

template <class Id>
Id idOf(const Json& json) {
    const auto id = Id::parse(json.get_ref<const std::string&>());
    if (!id) throw std::invalid_argument("id");
    return *id;
}

template <class Item>
std::vector<Item> listOf(const Json& json, const char* key, Item (*one)(const Json&)) {
    std::vector<Item> items;
    const auto list = json.find(key);
    if (list == json.end()) return items;
    items.reserve(list->size());
    for (const auto& item : *list) items.push_back(one(item));
    return items;
}

Holder sideOf(const Json& json) {
    return {PartyId{json.at("party").get<std::string>()},
            FunctionId{json.at("function").get<std::string>()}};
}

OfferDates datesOf(const Json& json) {
    return {.rule = text(json, "rule"),
            .answer_by = text(json, "answer_by"),
            .remind_on = json.value("remind_on", std::vector<std::string>()),
            .escalate_on = text(json, "escalate_on"),
            .escalate_to = FunctionId{text(json, "escalate_to")}};
}

Told toldOf(const Json& json) {
    return {.reminded = text(json, "reminded"), .escalated = text(json, "escalated")};
}

PlannedExit exitOf(const Json& json) {
    const auto exit = json.find("exit");
    if (exit == json.end()) return {};
    return {.on = text(*exit, "on"), .warn = text(*exit, "warn"), .told = text(*exit, "told")};
}

Offer offerOf(const Json& json) {
    Offer o;
    o.message = idOf<MessageId>(json.at("message"));
    o.kind = json.at("kind").get<std::string>();
    o.from = sideOf(json.at("from"));
    o.to = sideOf(json.at("to"));
    o.role = json.at("role") == "lead" ? Role::Lead : Role::Part;
    o.state = named<OfferState>(json.at("state").get_ref<const std::string&>());
    o.dates = datesOf(json);
    if (o.dates.answer_by.empty()) throw std::invalid_argument("answer_by");
    o.told = toldOf(json);
    o.takes_over = text(json, "takes_over");
    o.exit = exitOf(json);
    o.reminders = json.value("reminders", 0U);
    return o;
}

Participant participantOf(const Json& json) {
    return {.who = sideOf(json), .ended = json.value("ended", false)};
}

CaseworkerChanges changesOf(const Json& json) {
    return {.party = PartyId{json.at("party").get<std::string>()},
            .count = json.at("count").get<unsigned>()};
}

PlanStep stepOf(const Json& json) {
    return {.number = json.at("number").get<std::uint32_t>(),
            .from = text(json, "from"),
            .to = text(json, "to"),
            .status = text(json, "status"),
            .reached = text(json, "reached")};
}

Assessment assessmentOf(const Json& json) {
    Assessment assessment;
    assessment.message = idOf<MessageId>(json.at("message"));
    assessment.from = sideOf(json.at("from"));
    assessment.to = listOf(json, "to", sideOf);
    assessment.state = named<Assessment::State>(json.at("state").get_ref<const std::string&>());
    assessment.dates = datesOf(json);
    assessment.told = toldOf(json);
    assessment.meets = text(json, "meets");
    return assessment;
}

FollowUp followUpOf(const Json& json) {
    FollowUp follow_up{.month = json.at("month").get<std::uint32_t>(),
                       .due = json.at("due").get<std::string>(),
                       .told = text(json, "told"),
                       .done = text(json, "done")};
    if (const auto kept = json.find("kept"); kept != json.end()) follow_up.kept = kept->get<bool>();
    return follow_up;
}

Consents consentsOf(const Json& json) {
    const auto consents = json.find("consents");
    if (consents == json.end()) return {};
    return {.state = named<Consents::State>(consents->at("state").get_ref<const std::string&>()),
            .given = listOf(*consents, "given", idOf<MessageId>),
            .withdrawn = text(*consents, "withdrawn")};
}

Closure closureOf(const Json& json) {
    return {.outcome = json.at("outcome").get<std::string>(),
            .date = json.at("date").get<std::string>(),
            .by = sideOf(json.at("by"))};
}

std::uint8_t digitOf(char c) {
    if (c >= '0' && c <= '9') return static_cast<std::uint8_t>(c - '0');
    if (c >= 'a' && c <= 'f') return static_cast<std::uint8_t>(c - 'a' + 10);
    throw std::invalid_argument("counted");
}

std::vector<MessageId> countedOf(const std::string& text) {
    if (text.size() % 32 != 0) throw std::invalid_argument("counted");
    std::vector<MessageId> counted(text.size() / 32);
    for (std::size_t i = 0; i < text.size(); i += 2) {
        counted[i / 32].uuid.bytes.at(i % 32 / 2) =
            static_cast<std::uint8_t>(digitOf(text[i]) * 16U + digitOf(text[i + 1]));
    }
    return counted;
}

/// States of the first version say the holder and the offers alone: the rest follows from them.
void completeFirstVersion(CaseState& state) {
    if (state.offers.empty()) throw std::invalid_argument("offers");
    const Offer& first = state.offers.front();
    state.opened_by = first.from;
    state.opened_with = first.kind;
    join(state, state.opened_by);
    for (auto& o : state.offers) {
        o.dates = completed(o.dates);
        const bool accepted = o.state == OfferState::Accepted || o.state == OfferState::Started;
        if (accepted && !isPromised(o)) join(state, o.to);
        if (std::find(state.counted.begin(), state.counted.end(), o.message) ==
            state.counted.end()) {
            state.counted.push_back(o.message);
        }
    }
    join(state, state.holder);
}

CaseState stateOf(const Json& json) {
    CaseState state;
    state.version = json.at("version").get<std::uint64_t>();
    state.holder = sideOf(json.at("holder"));
    state.offers = listOf(json, "offers", offerOf);
    const auto opened_by = json.find("opened_by");
    if (opened_by == json.end()) {
        completeFirstVersion(state);
        return state;
    }
    state.opened_by = sideOf(*opened_by);
    state.opened_with = text(json, "opened_with");
    state.phase = text(json, "phase") == "closed" ? Phase::Closed : Phase::Open;
    state.participants = listOf(json, "participants", participantOf);
    state.steps = listOf(json, "steps", stepOf);
    state.assessments = listOf(json, "assessments", assessmentOf);
    state.exit = exitOf(json);
    state.caseworker_changes = listOf(json, "caseworker_changes", changesOf);
    state.related = listOf(json, "related", idOf<CaseId>);
    if (const auto who = json.find("coordinator"); who != json.end()) {
        state.coordinator = sideOf(*who);
    }
    state.consents = consentsOf(json);
    if (const auto closure = json.find("closure"); closure != json.end()) {
        state.closure = closureOf(*closure);
    }
    state.follow_ups = listOf(json, "follow_ups", followUpOf);
    state.support_after = json.value("support_after", false);
    state.counted = countedOf(text(json, "counted"));
    return state;
}

}  // namespace

Result<CaseState> parse(std::string_view text) {
    try {
        return stateOf(Json::parse(text));
    } catch (const std::exception&) {
        return tl::make_unexpected(Error(Code::StoreDamaged, Place{.path = "case state"}));
    }
}

}  // namespace stafett::custody
