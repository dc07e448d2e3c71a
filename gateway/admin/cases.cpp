// Cases by the admin API: lists, stories, the participant's page, and a rehearsal's clock.
#include <Poco/URI.h>

#include "gateway/admin/admin.h"
#include "gateway/admin/answers.h"
#include "gateway/admin/case_json.h"
#include "gateway/admin/story.h"
#include "gateway/message/dates.h"

namespace stafett::admin {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::int64_t kMostSeconds = std::int64_t{3600} * 24 * 366 * 10;

bool truthOf(const std::string& value, std::string_view parameter) {
    if (value != "true" && value != "false") throw BadQuery{parameter};
    return value == "true";
}

void readParameter(store::CaseQuery& query, const std::string& key, const std::string& value,
                   const std::string& today) {
    if (key == "holder") {
        query.holder = partyOf(value, "holder");
    } else if (key == "party") {
        query.party = partyOf(value, "party");
    } else if (key == "state") {
        if (value != "open" && value != "closed") throw BadQuery{"state"};
        query.open = value == "open";
    } else if (key == "between_chairs") {
        query.between_chairs = truthOf(value, "between_chairs");
    } else if (key == "due") {
        if (truthOf(value, "due")) query.due_by = today;
    } else {
        readPage(query, key, value);
    }
}

}  // namespace

transport::HttpResponse Api::cases(const std::string& text) const {
    store::CaseQuery query;
    const auto today = message::stockholmDate(shared_.clock.now());
    for (const auto& [key, value] : Poco::URI("/?" + text).getQueryParameters()) {
        readParameter(query, key, value, today);
    }
    const auto found = shared_.store.cases(query);
    if (!found && found.error().code() == Code::StoreNotFound) throw BadQuery{"after"};
    if (!found) return problem(503, found.error().code());
    const auto snapshot = snapshot_();
    Json list = Json::array();
    for (const auto& one : *found) list.push_back(listedJson(one, snapshot->config, today));
    Json json = {{"today", today}, {"cases", std::move(list)}};
    if (found->size() == query.limit) json["after"] = found->back().key;
    return respond(json);
}

transport::HttpResponse Api::participantPage(const std::string& id) const {
    const auto uuid = Uuid::parse(id);
    if (!uuid) return problem(400, Code::CliUsage);
    const auto story = shared_.store.story(*uuid);
    if (!story) return problem(503, story.error().code());
    if (!*story || !(*story)->case_row) return problem(404, Code::StoreNotFound);
    return respond(
        participantJson(**story, snapshot_()->config, message::stockholmDate(shared_.clock.now())));
}

/// In a rehearsal alone: elsewhere there is no such place.
transport::HttpResponse Api::advance(const transport::HttpRequest& request) const {
    if (!advance_) return problem(404, Code::HttpNoRoute);
    if (!isOfType(request, "application/json")) return problem(415, Code::HttpMediaType);
    const auto seconds =
        nlohmann::json::parse(request.body).at("advance_seconds").get<std::int64_t>();
    if (seconds < 0 || seconds > kMostSeconds) return problem(400, Code::CliUsage);
    advance_(std::chrono::seconds(seconds));
    return respond(Json{{"now", timeText(shared_.clock.now())}});
}

}  // namespace stafett::admin
