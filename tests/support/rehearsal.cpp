#include "tests/support/rehearsal.h"

#include <stdexcept>

#include "gateway/message/dates.h"

namespace stafett::support {
namespace {

/// A flow for every kind but those that have one.
void allowAll(Json& policy) {
    policy.at("flows").push_back(
        {{"id", "samtal-i-arendet"},
         {"from", {"*"}},
         {"to", {"*"}},
         {"kinds",
          {"plan", "joint_assessment", "progress", "deviation", "closure", "cancel", "reminder",
           "caseworker_change"}},
         {"consent", "not_needed"},
         {"sensitive", {"closure", "progress", "cancel", "assessment", "deviation", "goals"}}});
}

std::chrono::sys_days dayOf(const std::string& date) {
    return std::chrono::floor<std::chrono::days>(*message::parseTime(date + "T00:00:00Z"));
}

}  // namespace

Rehearsal::Rehearsal(const std::string& name,
                     const std::function<void(const GatewayFolder&)>& change)
    : gateway_(name, [&](const GatewayFolder& folder) {
          folder.edit("stafett.json", [](Json& settings) { settings["clock"]["start"] = "now"; });
          folder.edit("policy.json", allowAll);
          if (change) change(folder);
      }) {}

std::string Rehearsal::accepted(const std::string& agency, transport::HttpRequest request) {
    const auto response = gateway_.send(agency, std::move(request));
    if (response.headers.get("Stafett-Outcome") != "accepted") {
        throw std::runtime_error("not accepted: " + response.body);
    }
    return claimsOf(response).at("mid").get<std::string>();
}

std::string Rehearsal::today() {
    return gateway_.admin("/v1/cases", "limit=1").at("today").get<std::string>();
}

void Rehearsal::advance(RunningGateway& gateway, std::chrono::seconds by) {
    app::Common common;
    common.admin_port = gateway.folder().adminPort();
    auto client = app::GatewayClient::connect(common);
    if (!client || !client->post("/v1/clock", {{"advance_seconds", by.count()}})) {
        throw std::runtime_error("the clock was not put forward");
    }
}

void Rehearsal::advanceTo(const std::string& date) {
    const auto days = dayOf(date) - dayOf(today());
    if (days.count() > 0) advance(gateway_, days);
}

Json Rehearsal::passNext(const std::string& id) {
    const auto due = [](const Json& told) { return told.at("case").value("next_due", ""); };
    const auto next = due(story(id));
    if (next.empty()) throw std::runtime_error("nothing is due in the case");
    advanceTo(next);
    return gateway_.story(id, [&](const Json& told) { return due(told) != next; });
}

}  // namespace stafett::support
