#pragma once

#include <sys/types.h>

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace stafett::bench {

/// A child process of this program. Ended, and waited for, when it goes out of scope. One thread.
class Child {
public:
    Child() = default;
    Child(Child&& other) noexcept;
    Child& operator=(Child&& other) noexcept;
    ~Child() { stop(); }

    /// Standard output comes back through a pipe; standard error goes to `errors`.
    static Child start(const std::vector<std::string>& command,
                       const std::filesystem::path& errors);
    /// The first line the child prints; empty when it ends first or the time is up.
    std::string line(std::chrono::seconds within);
    /// SIGTERM, then waits until it has ended.
    void stop();
    pid_t pid() const { return pid_; }
    bool running() const;

private:
    pid_t pid_ = 0;
    int out_ = -1;
};

/// A gateway of config/examples/single-node in a folder of its own, all doors leading to one port.
struct GatewayStage {
    std::filesystem::path folder;  ///< holds config/, stafett.db, stafettd.log
    /// Writes configuration and removes the store of an earlier run.
    static GatewayStage make(const std::filesystem::path& folder,
                             const std::filesystem::path& certificates, std::uint16_t sink);
    void forgetStore() const;
    std::uintmax_t storeBytes() const;

    struct Started {
        Child child;
        std::uint16_t inbox = 0;
        double ready_ms = 0;  ///< from before the fork to the ready line; 0 when none came
    };
    Started start() const;
};

/// nginx in front of the sink as the gateway stands: two workers, mutual TLS on both sides with the
/// gateway's certificate, kept-alive connections, no log.
struct NginxStarted {
    Child child;
    std::uint16_t port = 0;  ///< 0 when there is no nginx, or it did not start
};
NginxStarted startNginx(const std::filesystem::path& folder,
                        const std::filesystem::path& certificates, std::uint16_t sink);

/// certs/make-dev-certs.
bool makeCertificates(const std::filesystem::path& folder);

/// What /proc says of a process: "VmRSS" in MiB.
double residentMib(pid_t pid);
/// User and system CPU seconds used so far, children included.
double cpuSeconds(pid_t pid);
/// How long 4 KiB take to be on the disk of this folder, in milliseconds: median of a hundred.
double syncMilliseconds(const std::filesystem::path& folder);
/// "0.52 1.10 2.00": how loaded the machine is.
std::string loadAverage();

}  // namespace stafett::bench
