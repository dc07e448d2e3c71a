#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "gateway/app/gateway_client.h"
#include "gateway/app/simulate/agency.h"
#include "gateway/app/simulate/gateway_process.h"
#include "tests/support/gateway_folder.h"

namespace stafett::support {

/// What a program printed and how it ended.
struct Ran {
    int code = -1;
    std::string out, err;
};
/// Runs a program of the build's bin folder to its end.
Ran run(const std::string& program, const std::vector<std::string>& arguments);

/// True as soon as the condition holds; false when it does not by the deadline.
bool until(const std::function<bool()>& condition,
           std::chrono::milliseconds within = std::chrono::seconds(20));

/// The built stafettd on a folder of its own, and the simulated agencies around it. Throws
/// std::runtime_error when something that is no part of a test fails. One thread, but for send().
class RunningGateway {
public:
    /// Makes the folder, lets `change` edit its configuration, starts the gateway.
    explicit RunningGateway(const std::string& name,
                            const std::function<void(const GatewayFolder&)>& change = {});
    ~RunningGateway();
    RunningGateway(const RunningGateway&) = delete;
    RunningGateway& operator=(const RunningGateway&) = delete;

    const GatewayFolder& folder() const { return folder_; }
    pid_t processId() const { return process_->id(); }

    /// "af", "fk", "kommun", "region": opened when first named, at the door the configuration says.
    app::Agency& agency(const std::string& name);
    /// Gives an agency away: to a script's stage.
    std::unique_ptr<app::Agency> handOver(const std::string& name);
    /// A certificate of this system, that posts; it listens nowhere the gateway knows of.
    app::Agency& stranger(const std::string& system);

    /// Posts as this agency; any status is an answer.
    transport::HttpResponse send(const std::string& agency, transport::HttpRequest request);
    /// The same, but nobody answering is an answer too.
    Result<transport::HttpResponse> trySend(const std::string& agency,
                                            transport::HttpRequest request);

    Json admin(const std::string& path, const std::string& query = {});
    /// On the admin listener; any status is an answer.
    transport::HttpResponse askAdmin(transport::HttpRequest request) const;
    std::string metrics() const;  ///< what /metrics says
    /// The story of a message, once `holds` is true of it; throws when it does not become so.
    Json story(const std::string& id, const std::function<bool(const Json&)>& holds);

    /// `program` of the build's bin folder.
    void start(const std::string& program = "stafettd");
    pid_t process() const { return process_->id(); }
    bool isRunning() const { return process_ && process_->isRunning(); }
    /// Waits until it has ended by itself: its exit code, or 128 and its signal. Throws when it
    /// does not within that time.
    int waitForEnd(std::chrono::seconds within);
    void terminate();  ///< SIGTERM, and waits for its end: throws unless it ends with 0
    void kill();       ///< SIGKILL, and waits for its end
    /// SIGHUP, and waits until the log says what came of it: "reloaded" or "reload_refused".
    std::string reload();

    /// `stafett` with this gateway's configuration and admin port.
    Ran stafett(std::vector<std::string> arguments) const;

private:
    GatewayFolder folder_;
    std::optional<app::GatewayProcess> process_;
    std::map<std::string, std::unique_ptr<app::Agency>> agencies_;
    std::unique_ptr<app::GatewayClient> admin_;
};

}  // namespace stafett::support
