#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "gateway/base/ids.h"
#include "gateway/base/result.h"

typedef struct ssl_ctx_st SSL_CTX;
typedef struct ssl_st SSL;
typedef struct x509_st X509;

namespace stafett::security {

/// Whom a certificate belongs to, and for whom that system may act.
struct Peer {
    SystemId system;
    std::vector<PartyId> parties;
    std::string certificate;  ///< SHA-256 of the certificate, hex: goes to the trace
};

/// One loaded set of key, certificate, trusted authorities, revocation lists and known systems.
/// Never changed after it was made: a reload makes a new one. Safe to share between threads.
class Context {
public:
    virtual ~Context() = default;
    virtual SSL_CTX* native() const = 0;
    /// Judges the certificate of a finished handshake: chain, dates, usage, revocation, allow-list.
    virtual Result<Peer> identify(SSL* ssl) const = 0;
    /// The same for a certificate kept from an earlier handshake, to judge open connections again.
    virtual Result<Peer> identify(X509* certificate) const = 0;
};

/// Gives the context in force. Empty function = no TLS.
using ContextSource = std::function<std::shared_ptr<const Context>()>;

}  // namespace stafett::security
