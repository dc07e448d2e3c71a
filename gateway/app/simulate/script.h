#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "gateway/app/gateway_client.h"
#include "gateway/app/simulate/agency.h"

namespace stafett::app {

/// What one step of a script came to.
struct StepOutcome {
    std::string title;
    bool ok = false;
    std::string why;  ///< when not ok: what was expected and what came
    std::chrono::milliseconds took{0};
    std::string message_id;  ///< a send that was accepted
};

/// Plays a conversation between simulated agencies through a running gateway: every step says what
/// must come of it (docs/simulate.md). One thread.
class Script {
public:
    /// Reads conversation.json; documents lie beside it.
    static Result<Script> load(const std::filesystem::path& file);

    struct Stage {
        std::map<std::string, std::unique_ptr<Agency>> agencies;
        std::string gateway_host;
        std::uint16_t gateway_port = 0;
        GatewayClient* admin = nullptr;
    };

    const std::string& title(Language language) const;
    std::size_t size() const { return steps_.size(); }
    /// Names, dialects, parties and systems of the agencies the script needs.
    const nlohmann::ordered_json& agencies() const { return agencies_; }

    /// Plays all; stops at the first step that does not come out as it must.
    std::vector<StepOutcome> play(Stage& stage, Language language,
                                  const std::function<void(const StepOutcome&)>& told);

private:
    StepOutcome playStep(const nlohmann::ordered_json& step, Stage& stage, Language language);
    std::string send(const nlohmann::ordered_json& step, Stage& stage, StepOutcome& outcome);
    std::string arrive(const nlohmann::ordered_json& step, Stage& stage);
    std::string trace(const nlohmann::ordered_json& step, Stage& stage);
    std::string fill(std::string text);
    Result<transport::HttpRequest> requestOf(const nlohmann::ordered_json& step);

    std::filesystem::path folder_;
    nlohmann::ordered_json agencies_, steps_, titles_;
    std::map<std::string, std::string> names_;     ///< ${name}
    std::map<std::string, std::string> receipts_;  ///< by the name a send was given
    std::map<std::string, std::size_t> seen_;      ///< agency → arrivals already told of
};

}  // namespace stafett::app
