#include "gateway/admin/admin.h"

#include <Poco/URI.h>

#include <algorithm>

#include "gateway/admin/answers.h"
#include "gateway/admin/story.h"
#include "gateway/message/dates.h"

namespace stafett::admin {

namespace {

using Json = nlohmann::ordered_json;

Time timeOf(const std::string& text, std::string_view parameter) {
    if (const auto time = message::parseTime(text)) return *time;
    constexpr std::string_view kHint = "YYYY-MM-DD, or a time as 2026-01-31T12:00:00Z";
    if (!message::isDate(text)) throw BadQuery{parameter, kHint};
    const auto midnight = message::fromStockholm(text + "T00:00:00");
    if (!midnight) throw BadQuery{parameter, kHint};
    return *message::parseTime(midnight->utc);
}

void readParameter(store::Query& query, const std::string& key, const std::string& value) {
    if (key == "party") {
        query.party = partyOf(value, "party");
    } else if (key == "kind") {
        query.kind = value;
    } else if (key == "state") {
        for (const auto state : {store::DeliveryState::Waiting, store::DeliveryState::Delivered,
                                 store::DeliveryState::Held, store::DeliveryState::Skipped,
                                 store::DeliveryState::Withdrawn}) {
            if (store::name(state) == value) query.state = state;
        }
        if (!query.state) throw BadQuery{"state"};
    } else if (key == "case") {
        query.case_id = CaseId::parse(value);
        if (!query.case_id)
            throw BadQuery{.parameter = "case", .hint = "a case's id, as trace and cases show it"};
    } else if (key == "from") {
        query.from = timeOf(value, "from");
    } else if (key == "to") {
        query.to = timeOf(value, "to");
    } else {
        readPage(query, key, value);
    }
}

bool isKind(const std::string& kind, const message::Catalogue& catalogue) {
    return std::any_of(catalogue.schemas().begin(), catalogue.schemas().end(),
                       [&](const auto& schema) { return schema->kind == kind; });
}

/// What the outcome of a closed case is called.
void addLabel(Json& one_case, const message::Catalogue& catalogue) {
    if (!one_case.contains("closure")) return;
    auto& closure = one_case["closure"];
    const auto* set = catalogue.valueSet("outcome");
    const auto* value = set == nullptr ? nullptr : set->find(closure.value("outcome", ""));
    if (value != nullptr) closure["label"] = {{"sv", value->label_sv}, {"en", value->label_en}};
}

}  // namespace

Api::Api(const pipeline::Shared& shared, report::Reports& reports,
         pipeline::SnapshotSource snapshot, std::string keys, std::function<bool()> ready,
         Advance advance)
    : shared_(shared),
      reports_(reports),
      snapshot_(std::move(snapshot)),
      keys_(std::move(keys)),
      ready_(std::move(ready)),
      advance_(std::move(advance)) {}

void Api::take(transport::RawRequest request, transport::Responder responder) {
    try {
        responder.answer(answer(request.http));
    } catch (const BadQuery& bad) {
        const Place place{.path = std::string(bad.parameter), .hint = std::string(bad.hint)};
        responder.answer(problem(400, Error(Code::CliUsage, place)));
    } catch (const std::exception&) {  // the border: Poco::URI and nlohmann may throw on odd input
        responder.answer(problem(400, Code::HttpMalformed));
    }
}

transport::HttpResponse Api::answer(const transport::HttpRequest& request) const {
    const std::string& path = request.path;
    if (request.method == "POST" && path == "/v1/find") return find(request.body);
    if (path.starts_with("/v1/deliveries/")) return deliveries(request);
    if (path == "/v1/keys" || path == "/v1/keys/rewrap") return keys(request);
    if (path == "/v1/reports" || path.starts_with("/v1/reports/")) return report(request);
    if (request.method == "POST" && path == "/v1/clock") return advance(request);
    if (request.method != "GET") return problem(405, Code::HttpMethod);
    if (path == "/livez") return respond(200, "text/plain", "ok\n");
    if (path == "/readyz") {
        return ready_() ? respond(200, "text/plain", "ok\n")
                        : respond(503, "text/plain", "not ready\n");
    }
    if (path == "/metrics") return metrics();
    if (path == "/.well-known/stafett-keys") return respond(200, "application/jwk-set+json", keys_);
    if (path == "/v1/search") return search(request.query);
    if (path == "/v1/cases") return cases(request.query);
    return story(path);
}

/// By the id that the path ends with.
transport::HttpResponse Api::story(const std::string& path) const {
    constexpr std::string_view kParticipant = "/v1/participant/";
    if (path.starts_with(kParticipant)) return participantPage(path.substr(kParticipant.size()));
    for (const std::string_view prefix : {"/v1/trace/", "/v1/cases/"}) {
        if (path.starts_with(prefix)) return trace(path.substr(prefix.size()));
    }
    return problem(404, Code::HttpNoRoute);
}

transport::HttpResponse Api::trace(const std::string& id) const {
    const auto uuid = Uuid::parse(id);
    if (!uuid) return problem(400, Code::CliUsage);
    const auto story = shared_.store.story(*uuid);
    if (!story) return problem(503, story.error().code());
    if (!*story) return problem(404, Code::StoreNotFound);
    const auto snapshot = snapshot_();
    auto json = storyJson(**story, snapshot->config, message::stockholmDate(shared_.clock.now()));
    if (json.contains("case")) addLabel(json["case"], snapshot->catalogue);
    return respond(json);
}

/// By a sender's own id: in a body, since such an id may be personal and a URL ends in logs.
transport::HttpResponse Api::find(const std::string& body) const {
    const auto json = nlohmann::json::parse(body);
    const auto sender_id = json.at("sender_id").get<std::string>();
    const auto snapshot = snapshot_();
    std::vector<Digest> hashes;
    for (const auto& [id, party] : snapshot->config.parties) {
        const auto candidates =
            shared_.index.candidates(security::IndexPurpose::SenderId, id, {sender_id});
        hashes.insert(hashes.end(), candidates.begin(), candidates.end());
    }
    const auto found = shared_.store.findBySenderId(hashes);
    if (!found) return problem(503, found.error().code());
    Json list = Json::array();
    for (const auto& id : *found) list.push_back(id.text());
    return respond(Json{{"messages", std::move(list)}});
}

transport::HttpResponse Api::search(const std::string& text) const {
    store::Query query;
    for (const auto& [key, value] : Poco::URI("/?" + text).getQueryParameters()) {
        readParameter(query, key, value);
    }
    const auto snapshot = snapshot_();
    if (query.kind && !isKind(*query.kind, snapshot->catalogue)) {
        throw BadQuery{.parameter = "kind",
                       .hint = "referral, handover, answer, … (docs/words.md)"};
    }
    const auto found = shared_.store.search(query);
    if (!found && found.error().code() == Code::StoreNotFound) throw BadQuery{"after"};
    if (!found) return problem(503, found.error().code());
    Json list = Json::array();
    for (const auto& row : *found) list.push_back(foundJson(row, snapshot->config));
    Json json = {{"messages", std::move(list)}};
    if (found->size() == query.limit) json["after"] = found->back().key;
    return respond(json);
}

transport::HttpResponse Api::metrics() const {
    if (const auto counts = shared_.store.counts()) {
        shared_.metrics.setHeld(counts->held);
        shared_.metrics.setQueue("waiting_deliveries", counts->waiting);
        shared_.metrics.setBetweenChairs(counts->between_chairs);
    }
    return respond(200, "text/plain; version=0.0.4", shared_.metrics.text());
}

}  // namespace stafett::admin
