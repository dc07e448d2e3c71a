#pragma once

#include <memory>
#include <mutex>
#include <set>
#include <string>

#include "gateway/security/peer.h"

namespace stafett::transport::test {

/// Certificates made with the openssl command for this run alone, in a folder of the build tree:
/// an authority and what it issued, and an authority nobody knows.
class Certificates {
public:
    static const Certificates& get();
    ~Certificates();

    /// PATH of NAME.pem or NAME.key: ca, other_ca, server (localhost, 127.0.0.1, ::1),
    /// elsewhere (a server of another name), other_server, client_a, client_b, other_client.
    std::string file(const std::string& name) const { return folder_ + "/" + name; }

private:
    Certificates();
    std::string folder_;
};

/// A real security context: trusts one authority, demands a certificate, knows a system by the
/// common name. Names can be taken off the list, to judge again.
class TestContext final : public security::Context {
public:
    /// `name` is the own certificate, `authority` the one that is trusted.
    TestContext(const std::string& name, const std::string& authority);
    ~TestContext() override;

    SSL_CTX* native() const override { return context_; }
    Result<security::Peer> identify(SSL* ssl) const override;
    Result<security::Peer> identify(X509* certificate) const override;

    void forget(const std::string& system);

private:
    SSL_CTX* context_;
    mutable std::mutex lock_;
    std::set<std::string> forgotten_;
};

/// A source that always gives this context.
security::ContextSource always(std::shared_ptr<const security::Context> context);

}  // namespace stafett::transport::test
