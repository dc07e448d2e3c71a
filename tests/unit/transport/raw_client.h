#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "gateway/security/peer.h"

namespace stafett::transport::test {

/// Waits for a condition, at most five seconds (or as told). No sleep stands in for a condition.
bool until(const std::function<bool()>& condition,
           std::chrono::milliseconds most = std::chrono::seconds(5));

struct Answer {
    int status = 0;  ///< 0: no whole answer came
    std::string head;
    std::string body;
};

/// A client that sends exactly the bytes it is told to. Blocking, at most five seconds a read.
class RawClient {
public:
    /// Plain TCP.
    explicit RawClient(std::uint16_t port);
    /// TLS with the certificate of `context`; connected() tells whether the handshake held.
    RawClient(std::uint16_t port, const security::Context& context, int highest_version = 0);
    /// The same, with any SSL_CTX.
    RawClient(std::uint16_t port, SSL_CTX* context);
    ~RawClient();
    RawClient(RawClient&& other) noexcept;
    RawClient(const RawClient&) = delete;

    bool connected() const { return connected_; }
    bool send(std::string_view bytes);
    /// Next answer, read by its Content-Length.
    Answer answer();
    /// Everything until the server ends the connection; `ended` tells that it did.
    std::string rest();
    bool ended() const { return ended_; }
    /// It ended with a close_notify (TLS) rather than by a cut.
    bool endedInOrder() const { return in_order_; }
    void endSending();
    int fd() const { return fd_; }
    SSL* ssl() const { return ssl_; }

private:
    void shakeHands(SSL_CTX* context, int highest_version);
    bool more();

    int fd_ = -1;
    SSL* ssl_ = nullptr;
    bool connected_ = false;
    bool ended_ = false;
    bool in_order_ = false;
    std::string received_;
};

}  // namespace stafett::transport::test
