// idle_test: parks STAFETT_IDLE (500) idle connections of mutual TLS at a gateway, as many as the
// machine lets it; looks at what each costs in memory, that others are served meanwhile, and that
// all are closed in good order at their deadline. Ends with 0 when it is so.
#include <netinet/in.h>
#include <openssl/ssl.h>
#include <poll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <thread>

#include "gateway/security/context.h"
#include "tests/support/documents.h"
#include "tests/support/running_gateway.h"
#include "tests/support/sanitized.h"

namespace stafett::faults {
namespace {

using support::documentRequest;
using support::GatewayFolder;
using support::Json;
using support::Names;
using Steady = std::chrono::steady_clock;

constexpr rlim_t kOtherFiles = 256;
constexpr unsigned kThreads = 4;
constexpr unsigned kHonest = 200;
constexpr std::size_t kMostMemory = 64U << 10;       // each, in bytes
constexpr std::chrono::milliseconds kSlowest{1000};  // p99 of those who are served meanwhile
constexpr std::chrono::seconds kClosedWithin{5};     // after the deadline

double seconds(Steady::duration time) { return std::chrono::duration<double>(time).count(); }

/// As many files as this process, and the gateway it starts, may have.
rlim_t raiseFiles() {
    rlimit files{};
    ::getrlimit(RLIMIT_NOFILE, &files);
    files.rlim_cur = files.rlim_max;
    ::setrlimit(RLIMIT_NOFILE, &files);
    return files.rlim_cur;
}

/// Memory of its own that a process has in use, in bytes.
std::size_t memoryOf(pid_t pid) {
    std::ifstream in("/proc/" + std::to_string(pid) + "/smaps_rollup");
    std::string word;
    std::size_t whole = 0;
    while (in >> word) {
        std::size_t kilobytes = 0;
        if (word == "Private_Dirty:" && in >> kilobytes) whole += kilobytes << 10U;
    }
    if (whole == 0) throw std::runtime_error("the gateway's memory cannot be looked at");
    return whole;
}

class Socket {
public:
    explicit Socket(std::uint16_t port) : fd_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
        sockaddr_in to{};
        to.sin_family = AF_INET;
        to.sin_port = htons(port);
        to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        if (::connect(fd_, reinterpret_cast<const sockaddr*>(&to), sizeof to) != 0) {
            throw std::runtime_error("cannot connect");
        }
    }
    ~Socket() {
        if (fd_ >= 0) ::close(fd_);
    }
    Socket(Socket&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
    Socket(const Socket&) = delete;
    Socket& operator=(const Socket&) = delete;
    int fd() const { return fd_; }

private:
    int fd_;
};

/// A connection whose handshake has held. What the client knew of TLS is forgotten, so that the
/// memory of ten thousand is the gateway's alone.
Socket parked(std::uint16_t port, SSL_CTX* context) {
    Socket socket(port);
    SSL* ssl = SSL_new(context);
    SSL_set_fd(ssl, socket.fd());
    SSL_set_connect_state(ssl);
    SSL_set_tlsext_host_name(ssl, "localhost");
    const int held = SSL_do_handshake(ssl);
    SSL_set_quiet_shutdown(ssl, 1);
    SSL_free(ssl);
    if (held != 1) throw std::runtime_error("a handshake did not hold");
    return socket;
}

std::vector<Socket> park(std::size_t count, std::uint16_t port, SSL_CTX* context) {
    std::vector<std::vector<Socket>> parts(kThreads);
    std::vector<std::thread> threads;
    std::atomic<bool> failed{false};
    for (unsigned t = 0; t < kThreads; ++t) {
        threads.emplace_back([&, t] {
            try {
                for (std::size_t i = t; i < count; i += kThreads) {
                    parts[t].push_back(parked(port, context));
                }
            } catch (const std::exception& e) {
                std::cout << e.what() << std::endl;
                failed = true;
            }
        });
    }
    for (auto& thread : threads) thread.join();
    if (failed) throw std::runtime_error("not all could be parked");
    std::vector<Socket> all;
    for (auto& part : parts) {
        std::move(part.begin(), part.end(), std::back_inserter(all));
    }
    return all;
}

/// How many the gateway counts as parked.
std::size_t parkedAt(support::RunningGateway& gateway) {
    const auto text = gateway.metrics();
    const std::string name = "stafett_connections{listener=\"inbox\",state=\"parked\"} ";
    const auto at = text.find(name);
    return at == std::string::npos ? 0 : std::strtoul(text.c_str() + at + name.size(), nullptr, 10);
}

std::chrono::milliseconds slowestOf99(support::RunningGateway& gateway) {
    std::vector<std::chrono::milliseconds> times;
    for (unsigned i = 0; i < kHonest; ++i) {
        Names names;
        const auto request = documentRequest("region-remiss.json", names);
        const auto begin = Steady::now();
        const auto answer = gateway.send("region", request);
        if (answer.status != 200) throw std::runtime_error("an honest sender was refused");
        times.push_back(
            std::chrono::duration_cast<std::chrono::milliseconds>(Steady::now() - begin));
    }
    std::sort(times.begin(), times.end());
    return times[kHonest * 99 / 100];
}

/// Whether the other side has closed any of them by then. Tickets of TLS may come all the while.
bool closedBefore(const std::vector<Socket>& sockets, Steady::time_point time) {
    std::vector<pollfd> all;
    for (const auto& socket : sockets) all.push_back({socket.fd(), POLLIN, 0});
    while (true) {
        const auto left =
            std::chrono::duration_cast<std::chrono::milliseconds>(time - Steady::now()).count();
        if (left <= 0 || ::poll(all.data(), all.size(), static_cast<int>(left)) <= 0) return false;
        for (const auto& one : all) {
            char bytes[4096];
            if (one.revents == 0) continue;
            if (::recv(one.fd, bytes, sizeof bytes, MSG_DONTWAIT) <= 0) return true;
        }
    }
}

/// How long after `since` the last of them was closed by the other side.
Steady::duration lastClosed(const std::vector<Socket>& sockets, Steady::time_point since,
                            std::chrono::seconds most) {
    for (const auto& socket : sockets) {
        char byte = 0;
        do {
            pollfd one{socket.fd(), POLLIN, 0};
            const auto left = most - (Steady::now() - since);
            const auto millis = std::chrono::duration_cast<std::chrono::milliseconds>(left).count();
            if (millis <= 0 || ::poll(&one, 1, static_cast<int>(millis)) <= 0) {
                throw std::runtime_error("a connection outlives its deadline");
            }
        } while (::recv(socket.fd(), &byte, 1, 0) > 0);
    }
    return Steady::now() - since;
}

int test(std::size_t wanted) {
    const auto files = raiseFiles();
    const auto count = std::min<std::size_t>(wanted, files - kOtherFiles);
    // Each must outlive the making of all of them.
    const std::chrono::seconds idle(std::max<std::size_t>(10, count / 100));
    support::RunningGateway gateway("idle", [&](const GatewayFolder& folder) {
        folder.edit("stafett.json", [&](Json& json) {
            json["inbox"]["connections"] = count + 100;
            json["inbox"]["connections_per_peer"] = count + 100;
            json["inbox"]["idle_seconds"] = idle.count();
        });
    });
    const auto path = [&](const char* file) {
        return (gateway.folder().certificates() / file).string();
    };
    const auto context = security::clientContext({.certificate = path("kommun-system.pem"),
                                                  .key = path("kommun-system.key"),
                                                  .authorities = path("ca.pem"),
                                                  .revocation_lists = {path("crl.pem")}});
    if (!context) throw std::runtime_error("no certificate");
    gateway.agency("region");
    slowestOf99(gateway);  // what the first messages cost is not theirs
    const auto before = memoryOf(gateway.process());
    const auto begin = Steady::now();
    const auto sockets = park(count, gateway.folder().inboxPort(), (*context)->native());
    const auto parked_by = Steady::now();
    if (!support::until([&] { return parkedAt(gateway) >= count; })) {
        throw std::runtime_error("they do not all stand parked");
    }
    const auto each = (memoryOf(gateway.process()) - before) / count;
    const auto slowest = slowestOf99(gateway);
    std::cout << count << " idle connections (asked for " << wanted << ", files " << files
              << "), made in " << seconds(parked_by - begin) << " s, " << each
              << " bytes each; meanwhile p99 of " << kHonest << " messages " << slowest.count()
              << " ms" << std::endl;
    if (closedBefore(sockets, begin + idle)) {
        throw std::runtime_error("a connection was closed before its deadline");
    }
    const auto closed = lastClosed(sockets, parked_by, idle + kClosedWithin);
    std::cout << "the last was closed " << seconds(closed) << " s after it was made, with "
              << idle.count() << " s to be idle" << std::endl;
    gateway.terminate();
    const bool good = support::kSanitized || (each <= kMostMemory && slowest <= kSlowest);
    if (!good) std::cout << "BROKEN" << std::endl;
    return good ? 0 : 1;
}

}  // namespace
}  // namespace stafett::faults

int main() {
    try {
        const char* named = std::getenv("STAFETT_IDLE");
        return stafett::faults::test(named != nullptr ? std::strtoul(named, nullptr, 10) : 500);
    } catch (const std::exception& e) {
        std::cout << e.what() << std::endl;
        return 1;
    }
}
