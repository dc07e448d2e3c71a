#include "handshake.h"

#include <gtest/gtest.h>
#include <openssl/err.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <thread>

#include "files.h"

namespace stafett::security::testing {

namespace {

class Sockets {
public:
    Sockets() {
        if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends_.data()) != 0) std::abort();
        const timeval limit{10, 0};  // only a test that hangs meets it
        for (const int end : ends_) {
            ::setsockopt(end, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit));
        }
    }
    ~Sockets() {
        close(0);
        close(1);
    }
    Sockets(const Sockets&) = delete;
    Sockets& operator=(const Sockets&) = delete;

    int end(std::size_t which) const { return ends_.at(which); }
    void close(std::size_t which) {
        if (ends_.at(which) >= 0) ::close(ends_.at(which));
        ends_.at(which) = -1;
    }

private:
    std::array<int, 2> ends_{-1, -1};
};

SslPtr over(SSL_CTX* context, int socket) {
    SslPtr ssl(SSL_new(context));
    SSL_set_fd(ssl.get(), socket);
    return ssl;
}

void serve(SSL_CTX* context, int socket, const Context* judge, const OnClient& known, Met& met) {
    const auto ssl = over(context, socket);
    met.server_shook = SSL_accept(ssl.get()) == 1;
    met.server_refusal = whyRefused(ssl.get());
    if (!met.server_shook) return;
    if (judge != nullptr) {
        met.peer = judge->identify(ssl.get());
        if (!*met.peer) return;
    }
    if (known) known(ssl.get());
    SSL_write(ssl.get(), "in", 2);
    std::array<char, 16> rest{};
    while (SSL_read(ssl.get(), rest.data(), static_cast<int>(rest.size())) > 0) {
    }
    ERR_clear_error();
}

}  // namespace

SslContextPtr laxContext(const SSL_METHOD* method, const std::string& name, int version) {
    SslContextPtr context(SSL_CTX_new(method));
    SSL_CTX_set_security_level(context.get(), 0);
    SSL_CTX_set_min_proto_version(context.get(), version == 0 ? TLS1_VERSION : version);
    SSL_CTX_set_max_proto_version(context.get(), version);
    SSL_CTX_set_cipher_list(context.get(), "ALL:COMPLEMENTOFALL@SECLEVEL=0");
    SSL_CTX_set_ciphersuites(
        context.get(), "TLS_AES_128_GCM_SHA256:TLS_AES_128_CCM_SHA256:TLS_AES_128_CCM_8_SHA256");
    SSL_CTX_set1_groups_list(context.get(), "X25519:P-256:P-384:P-521");
    SSL_CTX_set1_sigalgs_list(context.get(),
                              "ECDSA+SHA256:RSA-PSS+SHA256:RSA+SHA256:ECDSA+SHA1:RSA+SHA1");
    SSL_CTX_set_mode(context.get(), SSL_MODE_NO_AUTO_CHAIN);
    if (name.empty()) return context;
    EXPECT_EQ(
        SSL_CTX_use_certificate_chain_file(context.get(), testCertificate(name + ".pem").c_str()),
        1);
    EXPECT_EQ(SSL_CTX_use_PrivateKey_file(context.get(), testCertificate(name + ".key").c_str(),
                                          SSL_FILETYPE_PEM),
              1)
        << name;
    return context;
}

Met meet(SSL_CTX* server, SSL_CTX* client, const Context* judge, const OnClient& before,
         const OnClient& after, const OnClient& known) {
    std::signal(SIGPIPE, SIG_IGN);
    Met met;
    Sockets sockets;
    std::thread other([&] {
        serve(server, sockets.end(0), judge, known, met);
        sockets.close(0);
    });
    {
        const auto ssl = over(client, sockets.end(1));
        if (before) before(ssl.get());
        met.client_shook = SSL_connect(ssl.get()) == 1;
        met.client_refusal = whyRefused(ssl.get());
        std::array<char, 2> answer{};
        met.answered = met.client_shook && SSL_read(ssl.get(), answer.data(), 2) == 2;
        if (met.answered && after) after(ssl.get());
        ERR_clear_error();
        SSL_set_quiet_shutdown(ssl.get(), 1);
    }
    sockets.close(1);
    other.join();
    return met;
}

}  // namespace stafett::security::testing
