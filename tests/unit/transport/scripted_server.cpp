#include "tests/unit/transport/scripted_server.h"

#include <netinet/in.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cstdlib>

namespace stafett::transport::test {

ScriptedServer::Visitor::~Visitor() {
    SSL_free(ssl_);
    cut();
}

bool ScriptedServer::Visitor::shakeHands(SSL_CTX* context) {
    ssl_ = SSL_new(context);
    SSL_set_fd(ssl_, fd_);
    ERR_clear_error();
    return SSL_accept(ssl_) == 1;
}

bool ScriptedServer::Visitor::more() {
    std::array<char, 16384> piece{};
    std::size_t got = 0;
    if (ssl_ != nullptr) {
        ERR_clear_error();
        if (SSL_read_ex(ssl_, piece.data(), piece.size(), &got) != 1) return false;
    } else {
        const auto count = ::recv(fd_, piece.data(), piece.size(), 0);
        if (count <= 0) return false;
        got = static_cast<std::size_t>(count);
    }
    received_.append(piece.data(), got);
    return true;
}

std::string ScriptedServer::Visitor::request() {
    std::size_t end = 0;
    while ((end = received_.find("\r\n\r\n")) == std::string::npos) {
        if (!more()) return {};
    }
    std::size_t length = 0;
    if (const auto at = received_.find("Content-Length: "); at < end) {
        length = static_cast<std::size_t>(std::atoi(received_.c_str() + at + 16));
    }
    while (received_.size() < end + 4 + length) {
        if (!more()) return {};
    }
    auto request = received_.substr(0, end + 4 + length);
    received_.erase(0, request.size());
    return request;
}

void ScriptedServer::Visitor::say(std::string_view bytes) {
    if (ssl_ != nullptr) {
        std::size_t sent = 0;
        ERR_clear_error();
        SSL_write_ex(ssl_, bytes.data(), bytes.size(), &sent);
    } else {
        ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    }
}

void ScriptedServer::Visitor::sayGoodbye() {
    if (ssl_ != nullptr) SSL_shutdown(ssl_);
}

void ScriptedServer::Visitor::cut() { ::shutdown(fd_, SHUT_RDWR); }

void ScriptedServer::Visitor::waitForEnd() {
    while (more()) {
    }
}

ScriptedServer::ScriptedServer(const security::Context* context, Script script)
    : context_(context),
      script_(std::move(script)),
      listening_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in at{};
    at.sin_family = AF_INET;
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof at;
    if (::bind(listening_, reinterpret_cast<const sockaddr*>(&at), size) != 0 ||
        ::listen(listening_, 64) != 0 ||
        ::getsockname(listening_, reinterpret_cast<sockaddr*>(&at), &size) != 0) {
        std::abort();
    }
    port_ = ntohs(at.sin_port);
    acceptor_ = std::thread([this] { accept(); });
}

ScriptedServer::~ScriptedServer() {
    ::shutdown(listening_, SHUT_RDWR);
    acceptor_.join();
    {
        const std::lock_guard guard(lock_);
        for (const int fd : open_) ::shutdown(fd, SHUT_RDWR);
    }
    for (auto& thread : threads_) thread.join();
    for (const int fd : open_) ::close(fd);
    ::close(listening_);
}

void ScriptedServer::accept() {
    while (true) {
        const int fd = ::accept4(listening_, nullptr, nullptr, SOCK_CLOEXEC);
        if (fd < 0) return;
        const timeval most{10, 0};
        ::setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &most, sizeof most);
        const int number = connections_++;
        const std::lock_guard guard(lock_);
        open_.push_back(fd);
        threads_.emplace_back([this, fd, number] {
            Visitor visitor(fd);
            visitor.number = number;
            if (context_ != nullptr && !visitor.shakeHands(context_->native())) return;
            script_(visitor);
        });
    }
}

}  // namespace stafett::transport::test
