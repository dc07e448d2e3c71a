#pragma once

#include <openssl/ssl.h>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "gateway/base/result.h"
#include "gateway/security/context.h"
#include "gateway/transport/inbox.h"
#include "tests/bench/letters.h"

namespace stafett::bench {

inline constexpr unsigned kConnections = 16;

/// One kept-alive mutual TLS 1.3 connection to 127.0.0.1. One thread.
class Line {
public:
    /// Null, with the reason on standard error, when the handshake fails.
    static std::unique_ptr<Line> open(SSL_CTX* context, std::uint16_t port);
    ~Line();
    Line(const Line&) = delete;
    Line& operator=(const Line&) = delete;

    /// Sends a request and reads the answer. Whether it was 200 or 201 and, where the answer says
    /// an outcome, that it was accepted; any other answer is told once on standard error.
    bool exchange(std::string_view request);

private:
    Line(SSL* ssl, int fd) : ssl_(ssl), fd_(fd) {}
    SSL* ssl_;
    int fd_;
    std::string answer_;
};

/// What a round came to.
struct Round {
    std::uint64_t accepted = 0, failed = 0;
    std::uint64_t notices = 0;  ///< those whose sender asks for a notice when they are delivered
    double seconds = 0;
    std::vector<double>
        latencies_ms;  ///< of paced rounds: from when each was due, not from when sent
    double perSecond() const { return static_cast<double>(accepted) / seconds; }
};

/// Sixteen connections, four for each dialect, each with its system's certificate and a thread of
/// its own.
class Load {
public:
    static Result<std::unique_ptr<Load>> make(const std::filesystem::path& certificates);
    ~Load();

    /// As fast as answers come, for so long or until so many are accepted.
    Round full(std::uint16_t port, double seconds, std::uint64_t most = UINT64_MAX);
    /// At so many a second in all, each connection at its own beat.
    Round paced(std::uint16_t port, double seconds, double per_second);
    std::size_t meanBodySize() const;

private:
    Load() = default;
    Round run(std::uint16_t port, double seconds, double per_second, std::uint64_t most);

    std::vector<Letter> letters_;
    std::map<std::string, SSL_CTX*> contexts_;
    std::atomic<std::uint64_t> number_{1};
};

/// All receivers in one: a mutual TLS server that accepts at once in the form of whoever was
/// called, or, held, reads and does not answer until it is let go. Called by the gateway, or by the
/// clients themselves. Many threads.
class Sink final : public transport::Inbox {
public:
    static Result<std::unique_ptr<Sink>> open(const std::filesystem::path& certificates);

    std::uint16_t port() const { return server_->port(); }
    void hold();
    void letGo();
    /// Messages answered, and notices answered: the gateway's own, to those who asked for them.
    std::uint64_t answered() const { return answered_; }
    std::uint64_t notices() const { return notices_; }
    /// When the last message was answered.
    std::chrono::steady_clock::time_point last() const;
    void take(transport::RawRequest request, transport::Responder responder) override;

private:
    std::shared_ptr<const security::Context> context_;
    mutable std::mutex mutex_;
    bool held_ = false;
    std::vector<std::pair<transport::HttpRequest, transport::Responder>> waiting_;
    std::atomic<std::uint64_t> answered_{0}, notices_{0};
    std::atomic<std::chrono::steady_clock::rep> last_{0};
    std::unique_ptr<transport::InboxServer> server_;
};

}  // namespace stafett::bench
