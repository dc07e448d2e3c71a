#include "gateway/app/gateway_client.h"

#include <cstdlib>
#include <fstream>

namespace stafett::app {
namespace {

std::uint16_t portOf(const Common& common) {
    if (common.admin_port != 0) return common.admin_port;
    if (const char* named = std::getenv("STAFETT_ADMIN"); named != nullptr) {
        return static_cast<std::uint16_t>(std::strtoul(named, nullptr, 10));
    }
    std::ifstream in("var/run/ports.json");
    const auto json = nlohmann::json::parse(in, nullptr, false);
    return json.is_object() ? json.value("admin", std::uint16_t{0}) : std::uint16_t{0};
}

/// The error that a problem (RFC 9457) of the gateway's names.
Error toldBy(const nlohmann::ordered_json& problem, Code otherwise) {
    if (!problem.is_object()) return Error(otherwise);
    const auto code = findCode(problem.value("code", ""));
    return Error(code.value_or(otherwise), Place{.path = problem.value("path", ""),
                                                 .row = problem.value("row", ""),
                                                 .hint = problem.value("hint", "")});
}

}  // namespace

Result<GatewayClient> GatewayClient::connect(const Common& common) {
    const std::uint16_t port = portOf(common);
    if (port == 0) return tl::make_unexpected(Error(Code::CliNoGateway));
    config::Courier settings;
    settings.workers = 1;
    settings.answer_body = 64U << 20;
    ST_TRY(auto courier, transport::Courier::start(settings, {}));
    return GatewayClient(std::move(courier), port);
}

Result<nlohmann::ordered_json> GatewayClient::get(const std::string& path,
                                                  const std::string& query) {
    transport::HttpRequest request;
    request.method = "GET";
    request.path = path;
    request.query = query;
    return ask(std::move(request));
}

Result<nlohmann::ordered_json> GatewayClient::post(const std::string& path,
                                                   const nlohmann::ordered_json& body) {
    return postText(path, "application/json", body.dump());
}

Result<nlohmann::ordered_json> GatewayClient::postText(const std::string& path,
                                                       const std::string& type, std::string body) {
    transport::HttpRequest request;
    request.method = "POST";
    request.path = path;
    request.headers.add("Content-Type", type);
    request.body = std::move(body);
    return ask(std::move(request));
}

Result<nlohmann::ordered_json> GatewayClient::ask(transport::HttpRequest request) {
    const auto answer = courier_->exchange({"admin", "127.0.0.1", port_}, std::move(request));
    if (!answer) return tl::make_unexpected(Error(Code::CliNoGateway));
    if (answer->status == 404) return tl::make_unexpected(Error(Code::StoreNotFound));
    auto json = nlohmann::ordered_json::parse(answer->body, nullptr, false);
    if (answer->status != 200) {
        return tl::make_unexpected(
            toldBy(json, answer->status == 400 ? Code::CliUsage : Code::StoreFailed));
    }
    if (json.is_discarded()) return tl::make_unexpected(Error(Code::CliNoGateway));
    return json;
}

}  // namespace stafett::app
