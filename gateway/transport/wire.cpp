#include "gateway/transport/wire.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <mutex>
#include <utility>

#include "gateway/security/context.h"

namespace stafett::transport {
namespace {

void setOption(int fd, int option) {
    const int on = 1;
    ::setsockopt(fd, IPPROTO_TCP, option, &on, sizeof on);
}

/// A fatal alert came, or our own judgement of the peer failed: the last error tells.
bool isRefusal(const SSL* ssl) {
    constexpr int kFirstAlert = 1000;  // SSL_AD_REASON_OFFSET
    const auto error = ERR_peek_last_error();
    const bool alert = ERR_GET_LIB(error) == ERR_LIB_SSL && ERR_GET_REASON(error) > kFirstAlert;
    return alert || SSL_get_verify_result(ssl) != X509_V_OK;
}

bool prepare(SSL* ssl, int fd) {
    SSL_set_mode(ssl, SSL_MODE_RELEASE_BUFFERS | SSL_MODE_ENABLE_PARTIAL_WRITE |
                          SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
    SSL_set_options(ssl, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION | SSL_OP_NO_TICKET);
    SSL_set_read_ahead(ssl, 1);
    return SSL_set_fd(ssl, fd) == 1;
}

}  // namespace

void ignoreBrokenPipes() {
    static std::once_flag once;
    std::call_once(once, [] { std::signal(SIGPIPE, SIG_IGN); });
}

Wire::Wire(int fd) : fd_(fd) { setOption(fd, TCP_NODELAY); }

Wire::~Wire() { close(); }

Wire::Wire(Wire&& other) noexcept
    : fd_(std::exchange(other.fd_, -1)),
      ssl_(std::exchange(other.ssl_, nullptr)),
      established_(other.established_),
      broken_(other.broken_),
      refused_(other.refused_) {}

Wire& Wire::operator=(Wire&& other) noexcept {
    if (this != &other) {
        close();
        fd_ = std::exchange(other.fd_, -1);
        ssl_ = std::exchange(other.ssl_, nullptr);
        established_ = other.established_;
        broken_ = other.broken_;
        refused_ = other.refused_;
    }
    return *this;
}

void Wire::close() {
    SSL_free(ssl_);
    ssl_ = nullptr;
    established_ = false;
    if (fd_ >= 0) ::close(fd_);
    fd_ = -1;
}

bool Wire::serve(SSL_CTX* context) {
    ssl_ = SSL_new(context);
    if (ssl_ == nullptr || !prepare(ssl_, fd_)) return false;
    SSL_set_num_tickets(ssl_, 0);
    SSL_set_accept_state(ssl_);
    return true;
}

bool Wire::call(SSL_CTX* context, const std::string& host) {
    ssl_ = SSL_new(context);
    if (ssl_ == nullptr || !prepare(ssl_, fd_)) return false;
    SSL_set_verify(ssl_, SSL_VERIFY_PEER, SSL_get_verify_callback(ssl_));
    if (!security::expectHost(ssl_, host)) return false;
    SSL_set_connect_state(ssl_);
    return true;
}

Wire::Io Wire::judge(int result) {
    switch (SSL_get_error(ssl_, result)) {
        case SSL_ERROR_WANT_READ:
            return Io::WantRead;
        case SSL_ERROR_WANT_WRITE:
            return Io::WantWrite;
        case SSL_ERROR_ZERO_RETURN:
            return Io::Closed;
        default:
            broken_ = true;
            refused_ = isRefusal(ssl_);
            return Io::Failed;
    }
}

Wire::Io Wire::handshake() {
    if (ssl_ == nullptr) return Io::Done;
    ERR_clear_error();
    const int result = SSL_do_handshake(ssl_);
    if (result == 1) {
        established_ = true;
        return Io::Done;
    }
    const auto io = judge(result);
    return io == Io::Closed ? Io::Failed : io;
}

Wire::Moved Wire::read(char* to, std::size_t room) {
    if (ssl_ == nullptr) {
        const auto got = ::recv(fd_, to, room, 0);
        if (got > 0) return {Io::Done, static_cast<std::size_t>(got)};
        if (got == 0) return {Io::Closed, 0};
        const bool later = errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR;
        return {later ? Io::WantRead : Io::Failed, 0};
    }
    ERR_clear_error();
    std::size_t got = 0;
    const int result = SSL_read_ex(ssl_, to, room, &got);
    if (result == 1) return {Io::Done, got};
    return {judge(result), 0};
}

Wire::Moved Wire::write(std::string_view bytes) {
    if (ssl_ == nullptr) {
        const auto sent = ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (sent >= 0) return {Io::Done, static_cast<std::size_t>(sent)};
        const bool later = errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR;
        return {later ? Io::WantWrite : Io::Failed, 0};
    }
    ERR_clear_error();
    std::size_t sent = 0;
    const int result = SSL_write_ex(ssl_, bytes.data(), bytes.size(), &sent);
    if (result == 1) return {Io::Done, sent};
    return {judge(result), 0};
}

bool Wire::buffered() const { return ssl_ != nullptr && SSL_has_pending(ssl_) == 1; }

void Wire::endSending() {
    if (ssl_ != nullptr && established_ && !broken_) {
        ERR_clear_error();
        SSL_shutdown(ssl_);
    }
    if (fd_ >= 0) ::shutdown(fd_, SHUT_WR);
}

Wire::Moved Wire::discard() {
    std::array<char, 4096> scratch{};
    const auto got = ::recv(fd_, scratch.data(), scratch.size(), 0);
    if (got > 0) return {Io::Done, static_cast<std::size_t>(got)};
    if (got == 0) return {Io::Closed, 0};
    const bool later = errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR;
    return {later ? Io::WantRead : Io::Failed, 0};
}

void Wire::quickAcknowledge() const { setOption(fd_, TCP_QUICKACK); }

}  // namespace stafett::transport
