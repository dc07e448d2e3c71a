// What an operator does with a held delivery: sends it on its way again, or takes it out.
#include <algorithm>
#include <array>

#include "gateway/admin/admin.h"
#include "gateway/admin/answers.h"

namespace stafett::admin {
namespace {

constexpr std::string_view kDeliveries = "/v1/deliveries/";

/// Why a delivery is skipped: a closed list, so that nobody writes about a person in a trace.
constexpr std::array<std::string_view, 4> kReasons = {"receiver_has_it", "told_otherwise",
                                                      "wrong_receiver", "no_longer_relevant"};

struct Asked {
    DeliveryId id;
    std::string act;
};
std::optional<Asked> askedBy(std::string_view path) {
    path.remove_prefix(kDeliveries.size());
    const auto slash = path.find('/');
    if (slash == std::string_view::npos) return std::nullopt;
    const auto id = DeliveryId::parse(path.substr(0, slash));
    if (!id) return std::nullopt;
    return Asked{*id, std::string(path.substr(slash + 1))};
}

std::optional<std::string_view> reasonIn(const std::string& body) {
    const auto json = nlohmann::json::parse(body, nullptr, false);
    if (!json.is_object()) return std::nullopt;
    const auto said = json.value("because", "");
    const auto found = std::find(kReasons.begin(), kReasons.end(), said);
    if (found == kReasons.end()) return std::nullopt;
    return *found;
}

}  // namespace

transport::HttpResponse Api::deliveries(const transport::HttpRequest& request) const {
    const auto asked = askedBy(request.path);
    if (!asked) return problem(404, Code::HttpNoRoute);
    if (request.method != "POST") return problem(405, Code::HttpMethod);
    if (!isOfType(request, "application/json")) return problem(415, Code::HttpMediaType);
    const Time now = shared_.clock.now();
    Status done = tl::make_unexpected(Error(Code::HttpNoRoute));
    if (asked->act == "release") {
        done = shared_.store.release(asked->id,
                                     {trace::Step::Released, now, {{"delivery", asked->id}}});
    } else if (asked->act == "skip") {
        const auto reason = reasonIn(request.body);
        if (!reason) return problem(400, Error(Code::CliUsage, Place{.path = "because"}));
        done = shared_.store.skip(
            asked->id, {trace::Step::Skipped,
                        now,
                        {{"delivery", asked->id},
                         {"because", trace::SafeText::fromConfiguration(std::string(*reason))}}});
    }
    if (done) return respond(nlohmann::ordered_json{{"delivery", asked->id.text()}});
    const auto code = done.error().code();
    const bool absent = code == Code::StoreNotFound || code == Code::HttpNoRoute;
    return problem(absent ? 404 : 503, code);
}

}  // namespace stafett::admin
