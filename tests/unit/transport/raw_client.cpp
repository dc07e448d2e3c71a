#include "tests/unit/transport/raw_client.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <condition_variable>
#include <cstdlib>
#include <mutex>
#include <utility>

namespace stafett::transport::test {

bool until(const std::function<bool()>& condition, std::chrono::milliseconds most) {
    const auto end = std::chrono::steady_clock::now() + most;
    std::mutex lock;
    std::condition_variable never;
    std::unique_lock held(lock);
    while (!condition()) {
        if (std::chrono::steady_clock::now() > end) return false;
        never.wait_for(held, std::chrono::milliseconds(1));
    }
    return true;
}

RawClient::RawClient(std::uint16_t port) : fd_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    const timeval most{5, 0};
    ::setsockopt(fd_, SOL_SOCKET, SO_RCVTIMEO, &most, sizeof most);
    ::setsockopt(fd_, SOL_SOCKET, SO_SNDTIMEO, &most, sizeof most);
    const int on = 1;
    ::setsockopt(fd_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_port = htons(port);
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    connected_ = ::connect(fd_, reinterpret_cast<const sockaddr*>(&to), sizeof to) == 0;
}

RawClient::RawClient(std::uint16_t port, const security::Context& context, int highest_version)
    : RawClient(port) {
    shakeHands(context.native(), highest_version);
}

RawClient::RawClient(std::uint16_t port, SSL_CTX* context) : RawClient(port) {
    shakeHands(context, 0);
}

RawClient::RawClient(RawClient&& other) noexcept
    : fd_(std::exchange(other.fd_, -1)),
      ssl_(std::exchange(other.ssl_, nullptr)),
      connected_(other.connected_),
      ended_(other.ended_),
      in_order_(other.in_order_),
      received_(std::move(other.received_)) {}

RawClient::~RawClient() {
    SSL_free(ssl_);
    if (fd_ >= 0) ::close(fd_);
}

void RawClient::shakeHands(SSL_CTX* context, int highest_version) {
    ssl_ = SSL_new(context);
    if (highest_version != 0) SSL_set_max_proto_version(ssl_, highest_version);
    SSL_set_fd(ssl_, fd_);
    ERR_clear_error();
    connected_ = connected_ && SSL_connect(ssl_) == 1;
}

bool RawClient::send(std::string_view bytes) {
    while (!bytes.empty()) {
        std::size_t sent = 0;
        if (ssl_ != nullptr) {
            ERR_clear_error();
            if (SSL_write_ex(ssl_, bytes.data(), bytes.size(), &sent) != 1) return false;
        } else {
            const auto count = ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
            if (count <= 0) return false;
            sent = static_cast<std::size_t>(count);
        }
        bytes.remove_prefix(sent);
    }
    return true;
}

bool RawClient::more() {
    std::array<char, 16384> piece{};
    std::size_t got = 0;
    if (ssl_ != nullptr) {
        ERR_clear_error();
        const int result = SSL_read_ex(ssl_, piece.data(), piece.size(), &got);
        if (result != 1) {
            const int error = SSL_get_error(ssl_, result);
            ended_ = error != SSL_ERROR_WANT_READ;
            in_order_ = error == SSL_ERROR_ZERO_RETURN;
            return false;
        }
    } else {
        const auto count = ::recv(fd_, piece.data(), piece.size(), 0);
        if (count <= 0) {
            ended_ = count == 0 || (errno != EAGAIN && errno != EWOULDBLOCK);
            in_order_ = count == 0;
            return false;
        }
        got = static_cast<std::size_t>(count);
    }
    received_.append(piece.data(), got);
    return true;
}

Answer RawClient::answer() {
    std::size_t end = 0;
    while ((end = received_.find("\r\n\r\n")) == std::string::npos) {
        if (!more()) return {};
    }
    Answer answer;
    answer.head = received_.substr(0, end + 4);
    answer.status = std::atoi(answer.head.substr(9, 3).c_str());
    std::size_t length = 0;
    if (const auto at = answer.head.find("Content-Length: "); at != std::string::npos) {
        length = static_cast<std::size_t>(std::atoi(answer.head.c_str() + at + 16));
    }
    while (received_.size() < end + 4 + length) {
        if (!more()) return {};
    }
    answer.body = received_.substr(end + 4, length);
    received_.erase(0, end + 4 + length);
    return answer;
}

std::string RawClient::rest() {
    while (more()) {
    }
    return std::exchange(received_, {});
}

void RawClient::endSending() {
    if (ssl_ != nullptr) SSL_shutdown(ssl_);
    ::shutdown(fd_, SHUT_WR);
}

}  // namespace stafett::transport::test
