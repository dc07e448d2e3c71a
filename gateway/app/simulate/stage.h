#pragma once

#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "gateway/app/gateway_client.h"
#include "gateway/app/simulate/agency.h"
#include "gateway/app/simulate/script.h"
#include "gateway/config/config.h"

namespace stafett::app {

using Agencies = std::map<std::string, std::shared_ptr<Agency>>;

/// What plays a script: the agencies, and a running gateway. One thread, since a client is one's;
/// the agencies may stand on many stages.
struct Stage {
    Agencies agencies;
    std::string gateway_host;
    std::uint16_t gateway_port = 0;
    GatewayClient* admin = nullptr;
    std::size_t participants = 1;  ///< how many play at once
    /// How long a gateway that does not answer is waited for; a message is sent again meanwhile, as
    /// real systems do.
    std::chrono::seconds patience{0};
    /// How far a rehearsal's clock has been put forward: a gateway that is started again begins
    /// there. Many threads.
    std::shared_ptr<std::atomic<Time>> reached = std::make_shared<std::atomic<Time>>(Time{});
};

/// Every agency of the script at its party's door, with its system's certificate.
Checked<Agencies> openAgencies(const Script& script, const config::Config& config);

/// Asks the gateway until it answers or the stage's patience is over.
Result<Script::Json> ask(Stage& stage, const std::string& path, const std::string& query = {});

/// Asks again and again what still is not as it must be: true, once it is empty, or the last word
/// when the time is up.
std::string untilNothing(std::chrono::seconds within, const std::function<std::string()>& lacks);

/// The gateway's clock: a rehearsal's, else the world's.
Time clockOf(Stage& stage);
/// Puts a rehearsal's clock forward to the morning of a day, day by day, and waits on each until
/// all that became due has been told. What went wrong, or nothing.
std::string advanceTo(Stage& stage, const std::string& date,
                      const std::function<void(const std::string& today)>& passed = {});

}  // namespace stafett::app
