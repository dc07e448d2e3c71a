// The part of the API that tells the numbers of follow-up.
#include <Poco/URI.h>

#include "gateway/admin/admin.h"
#include "gateway/admin/answers.h"
#include "gateway/admin/report.h"
#include "gateway/message/dates.h"

namespace stafett::admin {
namespace {

transport::HttpResponse refused(const Error& error) {
    return problem(error.outcome() == Outcome::Usage ? 400 : 503, error);
}

report::Request requestOf(const std::string& query) {
    report::Request request;
    for (const auto& [key, value] : Poco::URI("/?" + query).getQueryParameters()) {
        if (key == "from") request.from = value;
        if (key == "to") request.to = value;
        if (key == "by") request.by = value;
    }
    return request;
}

}  // namespace

transport::HttpResponse Api::report(const transport::HttpRequest& request) const {
    const auto snapshot = snapshot_();
    const auto today = message::stockholmDate(shared_.clock.now());
    const bool experience = request.path == "/v1/reports/experience";
    if (experience && request.method == "POST") {
        if (!isOfType(request, "text/csv")) return problem(415, Code::HttpMediaType);
        const auto rows = reports_.importExperience(request.body, today);
        if (!rows) return refused(rows.error());
        return respond(nlohmann::ordered_json{{"rows", *rows}});
    }
    if (request.method != "GET") return problem(405, Code::HttpMethod);
    if (request.path == "/v1/reports") return respond(definitionsJson());
    auto asked = requestOf(request.query);
    if (experience) {
        const auto rows = reports_.experience(asked.from, asked.to);
        if (!rows) return refused(rows.error());
        return respond(experienceJson(*rows));
    }
    asked.report = request.path.substr(std::string_view("/v1/reports/").size());
    const auto table = reports_.make(asked, snapshot->config, today);
    if (!table) return refused(table.error());
    return respond(reportJson(*table, snapshot->config, snapshot->catalogue));
}

}  // namespace stafett::admin
