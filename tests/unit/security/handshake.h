#pragma once

#include <openssl/ssl.h>

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "gateway/base/result.h"
#include "gateway/security/context.h"

namespace stafett::security::testing {

struct FreeSsl {
    void operator()(SSL* ssl) const { SSL_free(ssl); }
    void operator()(SSL_CTX* context) const { SSL_CTX_free(context); }
    void operator()(SSL_SESSION* session) const { SSL_SESSION_free(session); }
};
using SslPtr = std::unique_ptr<SSL, FreeSsl>;
using SslContextPtr = std::unique_ptr<SSL_CTX, FreeSsl>;
using SessionPtr = std::unique_ptr<SSL_SESSION, FreeSsl>;

/// A peer that would do anything: security level 0, every suite, no judgement of the other side.
/// With the certificate of this name, or none when empty.
SslContextPtr laxContext(const SSL_METHOD* method, const std::string& name = "", int version = 0);

/// What came of one connection over a socket pair. The server answers "in" after it knows the peer;
/// the client has got in when it read that (in TLS 1.3 its handshake ends before it is judged).
struct Met {
    bool server_shook = false;
    Error server_refusal{Code::TlsRefused};
    std::optional<Result<Peer>> peer;  ///< as the server's context identified it
    bool client_shook = false;
    Error client_refusal{Code::TlsRefused};
    bool answered = false;  ///< the client read the answer

    bool in() const { return server_shook && peer && *peer && answered; }
};

using OnClient = std::function<void(SSL*)>;

/// `before` runs on the client ahead of its handshake, `after` once it read the answer.
/// `known` runs on the server's side of an open connection that was let in.
Met meet(SSL_CTX* server, SSL_CTX* client, const Context* judge, const OnClient& before = nullptr,
         const OnClient& after = nullptr, const OnClient& known = nullptr);

}  // namespace stafett::security::testing
