#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "gateway/app/commands.h"
#include "gateway/transport/courier.h"

namespace stafett::app {

/// Asks a running gateway's admin listener. One thread.
class GatewayClient {
public:
    /// The port given, else STAFETT_ADMIN, else what `./run` wrote to var/run/ports.json.
    static Result<GatewayClient> connect(const Common& common);

    /// The JSON answered; StoreNotFound for 404, else what the gateway says is wrong, CliNoGateway
    /// when nobody answers.
    Result<nlohmann::ordered_json> get(const std::string& path, const std::string& query = {});
    Result<nlohmann::ordered_json> post(const std::string& path,
                                        const nlohmann::ordered_json& body);
    Result<nlohmann::ordered_json> postText(const std::string& path, const std::string& type,
                                            std::string body);

private:
    GatewayClient(std::unique_ptr<transport::Courier> courier, std::uint16_t port)
        : courier_(std::move(courier)), port_(port) {}
    Result<nlohmann::ordered_json> ask(transport::HttpRequest request);

    std::unique_ptr<transport::Courier> courier_;
    std::uint16_t port_;
};

}  // namespace stafett::app
