#include "gateway/admin/case_json.h"

#include <algorithm>

#include "gateway/custody/custody.h"
#include "gateway/custody/questions.h"

namespace stafett::admin {
namespace {

using Json = nlohmann::ordered_json;

Json holderJson(const custody::Holder& holder, const config::Config& config) {
    return partyJson(holder.party, holder.function, config);
}

template <class T>
void say(Json& json, const T& said) {
    json["says"] = custody::describe(said, Language::English);
    json["says_sv"] = custody::describe(said, Language::Swedish);
}

void put(Json& json, const char* key, const std::string& text) {
    if (!text.empty()) json[key] = text;
}

Json offerJson(const custody::Offer& offer, const config::Config& config,
               const std::string& today) {
    Json json = {{"message", offer.message.text()},
                 {"kind", offer.kind},
                 {"from", holderJson(offer.from, config)},
                 {"to", holderJson(offer.to, config)},
                 {"role", offer.role == custody::Role::Lead ? "lead" : "part"},
                 {"state", custody::name(offer.state)}};
    say(json, offer);
    json["answer_by"] = offer.dates.answer_by;
    json["overdue"] = custody::isOpen(offer) && offer.dates.answer_by < today;
    put(json, "takes_over", offer.takes_over);
    put(json, "rule", offer.dates.rule);
    put(json, "reminded", offer.told.reminded);
    put(json, "escalated", offer.told.escalated);
    return json;
}

Json turnsJson(const custody::CaseState& state, const config::Config& config,
               const std::string& today) {
    Json list = Json::array();
    for (const auto& turn : custody::whoseTurn(state, today)) {
        Json json = holderJson(turn.who, config);
        json["owes"] = custody::name(turn.owes);
        say(json, turn);
        put(json, "by", turn.by);
        list.push_back(std::move(json));
    }
    return list;
}

Json gapsJson(const custody::CaseState& state, const config::Config& config,
              const std::string& today) {
    std::vector<PartyId> ended;
    const auto* holder = config.party(state.holder.party);
    if (holder == nullptr || !config::holdsOn(holder->valid_from, holder->valid_to, today)) {
        ended.push_back(state.holder.party);
    }
    Json list = Json::array();
    for (const auto& gap : custody::betweenTheChairs(state, today, ended)) {
        Json json = {{"why", custody::name(gap.why)}};
        say(json, gap);
        put(json, "since", gap.since);
        json["owes"] = holderJson(gap.owes, config);
        json["holder"] = holderJson(gap.holder, config);
        json["escalated"] = gap.escalated;
        list.push_back(std::move(json));
    }
    return list;
}

Json stepsJson(const custody::CaseState& state, const std::string& today) {
    Json list = Json::array();
    for (const auto& step : state.steps) {
        Json json = {{"number", step.number},
                     {"reached", custody::name(custody::reachedOn(step, today))}};
        put(json, "from", step.from);
        put(json, "to", step.to);
        put(json, "status", step.status);
        put(json, "done", step.reached);
        list.push_back(std::move(json));
    }
    return list;
}

Json assessmentsJson(const custody::CaseState& state, const config::Config& config) {
    Json list = Json::array();
    for (const auto& one : state.assessments) {
        Json json = {{"message", one.message.text()},
                     {"from", holderJson(one.from, config)},
                     {"state", custody::name(one.state)}};
        json["to"] = Json::array();
        for (const auto& to : one.to) json["to"].push_back(holderJson(to, config));
        put(json, "book_by", one.dates.answer_by);
        put(json, "meets", one.meets);
        list.push_back(std::move(json));
    }
    return list;
}

Json followUpsJson(const custody::CaseState& state) {
    Json list = Json::array();
    for (const auto& one : state.follow_ups) {
        Json json = {{"month", one.month}, {"due", one.due}};
        put(json, "told", one.told);
        put(json, "done", one.done);
        if (one.kept) json["kept"] = *one.kept;
        list.push_back(std::move(json));
    }
    return list;
}

void addEnd(Json& json, const custody::CaseState& state, const config::Config& config) {
    json["state"] = state.phase == custody::Phase::Closed ? "closed" : "open";
    if (state.closure) {
        json["closure"] = {{"outcome", state.closure->outcome},
                           {"date", state.closure->date},
                           {"by", holderJson(state.closure->by, config)}};
    }
    if (!state.exit.on.empty()) {
        json["planned_exit"] = {{"on", state.exit.on}};
        put(json["planned_exit"], "warn", state.exit.warn);
        put(json["planned_exit"], "told", state.exit.told);
    }
}

/// Whom to call: a function's own number, else its party's.
Json contactJson(const custody::Holder& holder, const config::Config& config) {
    Json json = {{"name", holder.party.value}};
    const auto* party = config.party(holder.party);
    if (party == nullptr) return json;
    json["name"] = party->name;
    const auto* function = party->find(holder.function);
    if (function != nullptr) put(json, "function", function->name);
    put(json, "phone",
        function != nullptr && !function->phone.empty() ? function->phone : party->phone);
    return json;
}

template <class Visit>
void eachEvent(const store::Story& story, std::string_view step, Visit visit) {
    for (const auto& message : story.messages) {
        for (const auto& text : message.events) {
            const auto event = Json::parse(text, nullptr, false);
            if (event.is_object() && event.value("step", "") == step) visit(event);
        }
    }
}

}  // namespace

Json partyJson(const PartyId& id, const FunctionId& function, const config::Config& config) {
    Json json = {{"party", id.value}};
    const auto* party = config.party(id);
    if (party != nullptr) json["name"] = party->name;
    if (id == config.settings.party) json["name"] = config.settings.name;
    if (!function.empty()) json["function"] = function.value;
    return json;
}

Json caseJson(const store::CaseRow& row, const config::Config& config, const std::string& today) {
    Json json = {{"id", row.id.text()}, {"version", row.version}};
    const auto state = custody::parse(row.state);
    if (!state) return json;
    json["holder"] = holderJson(custody::holderOn(*state, today), config);
    addEnd(json, *state, config);
    json["turns"] = turnsJson(*state, config, today);
    json["between_chairs"] = gapsJson(*state, config, today);
    json["offers"] = Json::array();
    for (const auto& offer : state->offers)
        json["offers"].push_back(offerJson(offer, config, today));
    json["steps"] = stepsJson(*state, today);
    json["assessments"] = assessmentsJson(*state, config);
    json["follow_ups"] = followUpsJson(*state);
    json["caseworker_changes"] = Json::array();
    for (const auto& change : state->caseworker_changes) {
        Json one = partyJson(change.party, {}, config);
        one["count"] = change.count;
        json["caseworker_changes"].push_back(std::move(one));
    }
    json["consent"] = custody::name(state->consents.state);
    json["related"] = Json::array();
    for (const auto& id : state->related) json["related"].push_back(id.text());
    if (const auto next = custody::nextDue(*state); !next.empty()) json["next_due"] = next;
    return json;
}

Json listedJson(const store::ListedCase& listed, const config::Config& config,
                const std::string& today) {
    Json json = {{"id", listed.row.id.text()},
                 {"holder", partyJson(listed.holder, listed.holder_function, config)},
                 {"opened", timeText(listed.opened_at)},
                 {"changed", timeText(listed.changed_at)}};
    put(json, "between_since", listed.between_since);
    put(json, "next_due", listed.next_due);
    if (const auto state = custody::parse(listed.row.state)) {
        json["holder"] = holderJson(custody::holderOn(*state, today), config);
        addEnd(json, *state, config);
        json["turns"] = turnsJson(*state, config, today);
        json["between_chairs"] = gapsJson(*state, config, today);
    }
    json["key"] = listed.key;
    return json;
}

Json holdersJson(const store::Story& story, const config::Config& config) {
    std::vector<Json> taken;
    eachEvent(story, "taken", [&](const Json& event) { taken.push_back(event); });
    std::stable_sort(taken.begin(), taken.end(), [](const Json& a, const Json& b) {
        return a.value("at", "") < b.value("at", "");
    });
    Json list = Json::array();
    for (const auto& event : taken) {
        const auto fields = event.value("fields", Json::object());
        Json holder = partyJson(PartyId{fields.value("holder", "")},
                                FunctionId{fields.value("holder_function", "")}, config);
        if (!list.empty() && list.back().at("holder") == holder) continue;
        list.push_back({{"since", event.value("at", "")}, {"holder", std::move(holder)}});
    }
    return list;
}

Json participantJson(const store::Story& story, const config::Config& config,
                     const std::string& today) {
    Json json = Json::object();
    if (!story.case_row) return json;
    const auto state = custody::parse(story.case_row->state);
    if (!state) return json;
    json["closed"] = state->phase == custody::Phase::Closed;
    json["holder"] = contactJson(custody::holderOn(*state, today), config);
    json["promises"] = Json::array();
    for (const auto& turn : custody::whoseTurn(*state, today)) {
        Json promise = {{"who", contactJson(turn.who, config)}, {"owes", custody::name(turn.owes)}};
        put(promise, "by", turn.by);
        promise["late"] = !turn.by.empty() && turn.by < today;
        json["promises"].push_back(std::move(promise));
    }
    for (const auto& offer : state->offers) {
        if (!custody::isPromised(offer)) continue;
        json["promises"].push_back({{"who", contactJson(offer.to, config)},
                                    {"owes", "takeover"},
                                    {"by", offer.takes_over},
                                    {"late", false}});
    }
    for (const auto& one : state->assessments) {
        if (one.state != custody::Assessment::State::Booked || one.meets < today) continue;
        json["promises"].push_back({{"who", contactJson(one.from, config)},
                                    {"owes", "meeting"},
                                    {"by", one.meets},
                                    {"late", false}});
    }
    put(json, "planned_exit", state->exit.on);
    json["looked"] = Json::array();
    eachEvent(story, "viewed", [&](const Json& event) {
        const auto fields = event.value("fields", Json::object());
        json["looked"].push_back({{"at", event.value("at", "")}, {"who", fields.value("who", "")}});
    });
    return json;
}

}  // namespace stafett::admin
