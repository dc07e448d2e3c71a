#include "gateway/admin/story.h"

#include "gateway/admin/case_json.h"

namespace stafett::admin {
namespace {

using Json = nlohmann::ordered_json;

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
    if (story.case_row) {
        json["case"] = caseJson(*story.case_row, config, today);
        json["case"]["holders"] = holdersJson(story, config);
    }
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
