#include "gateway/app/simulate/gateway_process.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <string>
#include <utility>

#include "gateway/base/deadline.h"

namespace stafett::app {
namespace {

/// A first start proves every mapping: a minute under a sanitizer on a busy machine. One that ends
/// by itself is noticed at once.
constexpr std::chrono::seconds kReadyWithin{180};

pid_t spawn(const std::string& program, const std::string& config, int out, int err) {
    const pid_t pid = ::fork();
    if (pid != 0) return pid;
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    ::dup2(out, STDOUT_FILENO);
    ::dup2(err, STDERR_FILENO);
    ::execl(program.c_str(), program.c_str(), "--config", config.c_str(), nullptr);
    ::_exit(127);
}

/// Whether the process says "ready …" before it ends or the time is up.
bool becomesReady(int out) {
    std::string line;
    const auto deadline = Deadline::in(kReadyWithin);
    pollfd waiting{out, POLLIN, 0};
    while (line.find('\n') == std::string::npos &&
           ::poll(&waiting, 1, static_cast<int>(deadline.left().count())) > 0) {
        char some[256];
        const auto count = ::read(out, some, sizeof(some));
        if (count <= 0) break;
        line.append(some, static_cast<std::size_t>(count));
    }
    return line.starts_with("ready ");
}

}  // namespace

Result<GatewayProcess> GatewayProcess::start(const std::filesystem::path& program,
                                             const std::filesystem::path& config,
                                             const std::filesystem::path& errors) {
    int out[2];
    const int err = ::open(errors.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    if (err < 0 || ::pipe2(out, O_CLOEXEC) != 0) {
        return tl::make_unexpected(Error(Code::CliFile, Place{.file = errors.string()}));
    }
    GatewayProcess process(spawn(program.string(), config.string(), out[1], err));
    ::close(out[1]);
    ::close(err);
    const bool ready = process.pid_ > 0 && becomesReady(out[0]);
    ::close(out[0]);
    if (ready) return process;
    return tl::make_unexpected(Error(Code::CliNoGateway, Place{.file = errors.string()}));
}

GatewayProcess::GatewayProcess(GatewayProcess&& other) noexcept
    : pid_(std::exchange(other.pid_, -1)) {}

GatewayProcess& GatewayProcess::operator=(GatewayProcess&& other) noexcept {
    if (this != &other) {
        kill();
        pid_ = std::exchange(other.pid_, -1);
    }
    return *this;
}

GatewayProcess::~GatewayProcess() { kill(); }

bool GatewayProcess::isRunning() const {
    siginfo_t ended{};
    return pid_ > 0 &&
           ::waitid(P_PID, static_cast<id_t>(pid_), &ended, WEXITED | WNOHANG | WNOWAIT) == 0 &&
           ended.si_pid == 0;
}

int GatewayProcess::terminate() { return end(SIGTERM); }

void GatewayProcess::kill() { end(SIGKILL); }

int GatewayProcess::end(int signal) {
    if (pid_ <= 0) return 0;
    ::kill(pid_, signal);
    int status = 0;
    while (::waitpid(pid_, &status, 0) < 0 && errno == EINTR) {
    }
    pid_ = -1;
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

}  // namespace stafett::app
