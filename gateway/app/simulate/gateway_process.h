#pragma once

#include <sys/types.h>

#include <filesystem>

#include "gateway/base/result.h"

namespace stafett::app {

/// A stafettd of one's own. It ends with the thread that started it, at the latest. One thread.
class GatewayProcess {
public:
    /// Starts the program on a configuration folder, and returns when it is ready; what it says on
    /// standard error is added to `errors`. ST-CLI-002 when it does not become so.
    static Result<GatewayProcess> start(const std::filesystem::path& program,
                                        const std::filesystem::path& config,
                                        const std::filesystem::path& errors);
    GatewayProcess(GatewayProcess&& other) noexcept;
    GatewayProcess& operator=(GatewayProcess&& other) noexcept;
    ~GatewayProcess();

    bool isRunning() const;
    pid_t id() const { return pid_; }
    /// SIGTERM, and waits for its end: its exit code, or 128 and its signal.
    int terminate();
    /// SIGKILL, and waits for its end.
    void kill();

private:
    explicit GatewayProcess(pid_t pid) : pid_(pid) {}
    int end(int signal);

    pid_t pid_ = -1;
};

}  // namespace stafett::app
