// stafettd --config DIR: the gateway. Prints one line when it is ready; SIGHUP reloads, SIGTERM
// drains.
#include <Poco/Util/HelpFormatter.h>
#include <Poco/Util/Option.h>
#include <Poco/Util/OptionSet.h>
#include <Poco/Util/ServerApplication.h>
#include <pthread.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <cstring>
#include <iostream>
#include <thread>

#include "gateway/app/commands.h"
#include "gateway/app/parts.h"

namespace stafett::app {
namespace {

constexpr std::chrono::seconds kDrainTime{20};
/// Beyond that it ends as it is: the store has what it promised.
constexpr std::chrono::seconds kEndTime = kDrainTime + std::chrono::seconds(10);
constexpr int kSick = 70;  // EX_SOFTWARE: a supervisor starts the process anew

/// systemd's readiness protocol: one datagram to NOTIFY_SOCKET.
void notifySystemd(const char* state) {
    const char* path = std::getenv("NOTIFY_SOCKET");
    if (path == nullptr || std::strlen(path) >= sizeof(sockaddr_un::sun_path)) return;
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::strcpy(address.sun_path, path);
    if (address.sun_path[0] == '@') address.sun_path[0] = '\0';
    const int fd = ::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (fd < 0) return;
    const auto size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + std::strlen(path));
    (void)::sendto(fd, state, std::strlen(state), MSG_NOSIGNAL,
                   reinterpret_cast<const sockaddr*>(&address), size);
    ::close(fd);
}

sigset_t ourSignals() {
    sigset_t set;
    sigemptyset(&set);
    for (const int signal : {SIGTERM, SIGINT, SIGQUIT, SIGHUP}) sigaddset(&set, signal);
    return set;
}

/// Finishes what is under way, and sees to it that the process ends, whatever a plugin does.
int drained(Gateway& gateway, int code) {
    std::thread([code] {
        std::this_thread::sleep_for(kEndTime);
        std::_Exit(code);
    }).detach();
    gateway.drain(Deadline::in(kDrainTime));
    return code;
}

class Daemon : public Poco::Util::ServerApplication {
protected:
    void defineOptions(Poco::Util::OptionSet& options) override {
        ServerApplication::defineOptions(options);
        options.addOption(
            Poco::Util::Option("config", "c", "the configuration folder", true, "DIR", true)
                .callback(Poco::Util::OptionCallback<Daemon>(this, &Daemon::takeConfig)));
    }

    int main(const std::vector<std::string>&) override {
        const rlimit no_core{0, 0};
        ::setrlimit(RLIMIT_CORE, &no_core);  // content must not end in a core file
        std::signal(SIGPIPE, SIG_IGN);
        const sigset_t signals = ourSignals();
        pthread_sigmask(SIG_BLOCK, &signals, nullptr);

        auto gateway = Gateway::start(folder_);
        if (!gateway) {
            tellProblems(gateway.error(), Language::English);
            return kConfiguration;
        }
        std::cout << "ready inbox=" << (*gateway)->inboxPort()
                  << " admin=" << (*gateway)->adminPort() << std::endl;
        notifySystemd("READY=1");
        const int code = serve(**gateway, signals);
        if (!(*gateway)->kept()) return code;
        (*gateway)->log().warn("threads_left_behind");
        std::cout.flush();
        std::_Exit(code);  // a plugin never gave its thread back: nothing it uses may go
    }

private:
    void takeConfig(const std::string&, const std::string& value) { folder_ = value; }

    static int serve(Gateway& gateway, const sigset_t& signals) {
        constexpr timespec kSecond{1, 0};
        for (;;) {
            const int signal = ::sigtimedwait(&signals, nullptr, &kSecond);
            if (signal == SIGHUP) {
                reload(gateway);
            } else if (signal > 0) {
                notifySystemd("STOPPING=1");
                return drained(gateway, kDone);
            } else if (gateway.sick()) {
                gateway.log().error("plugin_sick");
                return drained(gateway, kSick);
            } else if (gateway.failed()) {
                gateway.log().error("store_failed");
                return drained(gateway, kSick);
            }
            gateway.forget();
            gateway.look();
        }
    }

    static void reload(Gateway& gateway) {
        notifySystemd("RELOADING=1");
        if (const auto done = gateway.reload(); done) {
            gateway.log().info("reloaded");
        } else {
            for (const auto& problem : done.error()) {
                gateway.log().error(
                    "reload_refused",
                    {{"code", problem.code()}, {"place", trace::SafeText::place(problem.place())}});
            }
        }
        notifySystemd("READY=1");
    }

    std::filesystem::path folder_;
};

}  // namespace
}  // namespace stafett::app

int main(int count, char** arguments) {
    try {
        stafett::app::Daemon daemon;
        return daemon.run(count, arguments);
    } catch (const Poco::Exception& e) {
        std::cerr << e.displayText() << "\n";
        return stafett::app::kUsage;
    }
}
