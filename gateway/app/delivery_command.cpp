// stafett delivery release|skip: what an operator does with a held delivery.
#include <iostream>

#include "gateway/app/gateway_client.h"
#include "gateway/base/ids.h"

namespace stafett::app {
namespace {

int ask(const Common& common, const std::string& id, const std::string& act,
        const nlohmann::ordered_json& body) {
    const auto failed = [&](const Error& error) {
        tellProblems({error}, common.language);
        return error.code() == Code::CliUsage ? kUsage : kFailed;
    };
    if (!DeliveryId::parse(id))
        return failed(
            Error(Code::CliUsage,
                  Place{.path = "ID", .hint = "a delivery's id, as stafett trace shows it"}));
    auto client = GatewayClient::connect(common);
    if (!client) return failed(client.error());
    const auto answer = client->post("/v1/deliveries/" + id + "/" + act, body);
    if (!answer) return failed(answer.error());
    const bool sv = common.language == Language::Swedish;
    if (common.json) {
        std::cout << answer->dump(2) << "\n";
    } else if (act == "release") {
        std::cout << (sv ? "Leveransen försöks nu.\n" : "The delivery is tried now.\n");
    } else {
        std::cout << (sv ? "Leveransen är överhoppad; de bakom den går vidare.\n"
                         : "The delivery is skipped; those behind it go on.\n");
    }
    return kDone;
}

}  // namespace

int deliveryRelease(const Common& common, const std::string& id) {
    return ask(common, id, "release", nlohmann::ordered_json::object());
}

int deliverySkip(const Common& common, const std::string& id, const std::string& because) {
    return ask(common, id, "skip", {{"because", because}});
}

}  // namespace stafett::app
