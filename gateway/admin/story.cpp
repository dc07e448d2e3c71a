#include "gateway/admin/story.h"

#include "gateway/custody/custody.h"
#include "gateway/custody/questions.h"

namespace stafett::admin {
namespace {

using Json = nlohmann::ordered_json;

Json partyJson(const PartyId& id, const FunctionId& function, const config::Config& config) {
    Json json = {{"party", id.value}};
    const auto* party = config.party(id);
    if (party != nullptr) json["name"] = party->name;
    if (id == config.settings.party) json["name"] = config.settings.name;
    if (!function.empty()) json["function"] = function.value;
    return json;
}

Json parsed(const std::string& text) {
    auto json = Json::parse(text, nullptr, false);
    return json.is_discarded() ? Json(nullptr) : json;
}

Json eventsJson(const std::vector<std::string>& events) {
    auto list = Json::array();
    for (const auto& event : events) list.push_back(parsed(event));
    return list;
}

Json deliveryJson(const store::StoryDelivery& delivery, const config::Config& config) {
    Json json = {{"id", delivery.id.text()},
                 {"receiver", partyJson(delivery.receiver, delivery.function, config)},
                 {"dialect", delivery.dialect.value},
                 {"form", delivery.form.value},
                 {"state", store::name(delivery.state)},
                 {"attempts", delivery.attempts}};
    if (delivery.code) {
        json["code"] = info(*delivery.code).id;
        json["why"] = info(*delivery.code).what_en;
        json["why_sv"] = info(*delivery.code).what_sv;
    }
    if (delivery.next) json["next"] = timeText(*delivery.next);
    json["versions"] = parsed(delivery.versions);
    json["losses"] = parsed(delivery.losses);
    return json;
}

Json messageJson(const store::StoryMessage& message, const config::Config& config) {
    Json json = {{"id", message.id.text()},
                 {"case", message.case_id.text()},
                 {"place", message.seq},
                 {"kind", message.kind},
                 {"sender", partyJson(message.sender, message.sender_function, config)},
                 {"dialect", message.dialect.value},
                 {"form", message.form.value},
                 {"received", timeTextMillis(message.received_at)},
                 {"versions", parsed(message.versions)},
                 {"receipt", message.receipt}};
    json["deliveries"] = Json::array();
    for (const auto& delivery : message.deliveries) {
        json["deliveries"].push_back(deliveryJson(delivery, config));
    }
    json["events"] = eventsJson(message.events);
    return json;
}

/// Who holds the baton, what has been promised, and whose turn it is.
Json caseJson(const store::CaseRow& row, const config::Config& config, const std::string& today) {
    Json json = {{"id", row.id.text()}, {"version", row.version}};
    const auto state = custody::parse(row.state);
    if (!state) return json;
    const auto holder = custody::holderOn(*state, today);
    json["holder"] = partyJson(holder.party, holder.function, config);
    json["turns"] = Json::array();
    json["offers"] = Json::array();
    for (const auto& offer : state->offers) {
        json["offers"].push_back(
            {{"message", offer.message.text()},
             {"kind", offer.kind},
             {"from", partyJson(offer.from.party, offer.from.function, config)},
             {"to", partyJson(offer.to.party, offer.to.function, config)},
             {"role", offer.role == custody::Role::Lead ? "lead" : "part"},
             {"state", custody::name(offer.state)},
             {"says", custody::describe(offer, Language::English)},
             {"says_sv", custody::describe(offer, Language::Swedish)},
             {"answer_by", offer.dates.answer_by},
             {"overdue", custody::isOpen(offer) && offer.dates.answer_by < today}});
        if (!custody::isOpen(offer)) continue;
        const bool asked = offer.state == custody::OfferState::SupplementAsked;
        const auto& who = asked ? offer.from : offer.to;
        Json turn = partyJson(who.party, who.function, config);
        turn["owes"] = asked ? "supplement" : "answer";
        turn["by"] = offer.dates.answer_by;
        json["turns"].push_back(std::move(turn));
    }
    return json;
}

}  // namespace

Json storyJson(const store::Story& story, const config::Config& config, const std::string& today) {
    Json json = Json::object();
    if (story.refusal) {
        const auto& refusal = *story.refusal;
        json["refusal"] = {{"id", refusal.id.text()},
                           {"at", timeTextMillis(refusal.at)},
                           {"system", refusal.system.value},
                           {"sender", partyJson(refusal.sender, {}, config)},
                           {"dialect", refusal.dialect.value},
                           {"form", refusal.form.value},
                           {"digest", refusal.body_digest.hex()},
                           {"count", refusal.count},
                           {"problems", parsed(refusal.problems)},
                           {"events", eventsJson(story.refusal_events)}};
    }
    if (story.case_row) json["case"] = caseJson(*story.case_row, config, today);
    json["messages"] = Json::array();
    for (const auto& message : story.messages) {
        json["messages"].push_back(messageJson(message, config));
    }
    return json;
}

Json foundJson(const store::Found& found, const config::Config& config) {
    return {{"id", found.id.text()},
            {"case", found.case_id.text()},
            {"kind", found.kind},
            {"sender", partyJson(found.sender, {}, config)},
            {"received", timeTextMillis(found.received_at)},
            {"states", found.states},
            {"key", found.key}};
}

}  // namespace stafett::admin
