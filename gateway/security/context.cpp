#include "gateway/security/context.h"

#include <Poco/Exception.h>
#include <Poco/Net/Context.h>
#include <arpa/inet.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <ctime>
#include <fstream>
#include <iterator>

#include "gateway/security/judge.h"
#include "gateway/security/openssl.h"
#include "gateway/security/secret.h"
#include "gateway/security/systems.h"

namespace stafett::security {

namespace {

// Mozilla's intermediate profile (6.0), whatever the machine's openssl.cnf says.
constexpr auto kSuites12 =
    "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:"
    "ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-RSA-AES256-GCM-SHA384:"
    "ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-RSA-CHACHA20-POLY1305";
constexpr auto kSuites13 =
    "TLS_AES_128_GCM_SHA256:TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256";
constexpr auto kCurves = "X25519:P-256:P-384";
constexpr auto kSignatures =
    "ECDSA+SHA256:ECDSA+SHA384:ECDSA+SHA512:ed25519:"
    "RSA-PSS+SHA256:RSA-PSS+SHA384:RSA-PSS+SHA512:RSA+SHA256:RSA+SHA384:RSA+SHA512";
constexpr long kLargestChain = 32L << 10;  // bytes of certificates a peer may send

class LoadedContext final : public Context {
public:
    LoadedContext(Poco::Net::Context::Ptr poco, Role other_side, Systems systems)
        : poco_(std::move(poco)), other_side_(other_side), systems_(std::move(systems)) {}

    SSL_CTX* native() const override { return poco_->sslContext(); }

    Result<Peer> identify(SSL* ssl) const override {
        return find(SSL_get0_peer_certificate(ssl), SSL_get_peer_cert_chain(ssl));
    }
    Result<Peer> identify(X509* certificate) const override { return find(certificate, nullptr); }

private:
    Result<Peer> find(X509* certificate, STACK_OF(X509) * chain) const {
        if (certificate == nullptr) return tl::make_unexpected(Error(Code::TlsRefused));
        ST_CHECK(judge(SSL_CTX_get_cert_store(native()), certificate, chain, other_side_));
        if (other_side_ == Role::Server) return Peer{{}, {}, fingerprintOf(certificate)};
        return systems_.find(certificate, SystemClock().now());
    }

    Poco::Net::Context::Ptr poco_;
    Role other_side_;
    Systems systems_;
};

/// Loads one side and gathers what is wrong with it.
class Loader {
public:
    Loader(const config::TlsSettings& settings, Role other_side)
        : settings_(settings), other_side_(other_side) {}

    /// Null when POCO or OpenSSL would not have it; then there is a problem.
    Poco::Net::Context::Ptr load() {
        Poco::Net::Context::Ptr poco;
        try {
            Poco::Net::Context::Params parameters;
            parameters.verificationMode = Poco::Net::Context::VERIFY_STRICT;
            poco = new Poco::Net::Context(other_side_ == Role::Client
                                              ? Poco::Net::Context::TLS_SERVER_USE
                                              : Poco::Net::Context::TLS_CLIENT_USE,
                                          parameters);
            poco->enableExtendedCertificateVerification(false);  // it compares addresses; we judge
        } catch (const Poco::Exception&) {
            add(Code::TlsKeyUnreadable, "", "TLS could not be set up.");
            return nullptr;
        }
        context_ = poco->sslContext();
        harden();
        loadOwn();
        loadAuthorities();
        if (settings_.revocation == config::Revocation::Require) loadRevocationLists();
        ERR_clear_error();
        return poco;
    }

    Problems& problems() { return problems_; }

private:
    void add(Code code, const std::string& file, std::string hint) {
        problems_.emplace_back(code, Place{.file = file, .hint = std::move(hint)});
    }

    static void must(long answer) {
        if (answer != 1) std::abort();  // the constants above do not suit this OpenSSL
    }

    void harden() {
        SSL_CTX_set_security_level(context_, kSecurityLevel);
        must(SSL_CTX_set_min_proto_version(context_, TLS1_2_VERSION));
        must(SSL_CTX_set_max_proto_version(context_, TLS1_3_VERSION));
        must(SSL_CTX_set_cipher_list(context_, kSuites12));
        must(SSL_CTX_set_ciphersuites(context_, kSuites13));
        must(SSL_CTX_set1_groups_list(context_, kCurves));
        must(SSL_CTX_set1_sigalgs_list(context_, kSignatures));
        must(SSL_CTX_set1_client_sigalgs_list(context_, kSignatures));
        SSL_CTX_clear_options(context_, SSL_CTX_get_options(context_));  // what a file may have set
        SSL_CTX_set_options(context_, SSL_OP_NO_COMPRESSION | SSL_OP_NO_RENEGOTIATION |
                                          SSL_OP_NO_TICKET | SSL_OP_ENABLE_MIDDLEBOX_COMPAT);
        SSL_CTX_set_session_cache_mode(context_, SSL_SESS_CACHE_OFF);
        must(SSL_CTX_set_num_tickets(context_, 0));
        must(SSL_CTX_set_max_early_data(context_, 0));
        SSL_CTX_set_max_cert_list(context_, kLargestChain);
        SSL_CTX_set_mode(context_, SSL_MODE_ENABLE_PARTIAL_WRITE |
                                       SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER |
                                       SSL_MODE_RELEASE_BUFFERS | SSL_MODE_NO_AUTO_CHAIN);
        // Our own callback: POCO's asks process-wide handlers, one of which could wave all through.
        SSL_CTX_set_verify(context_, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT,
                           callbackFor(other_side_));
        SSL_CTX_set_verify_depth(context_, kChainDepth);
        auto* parameters = X509_STORE_get0_param(SSL_CTX_get_cert_store(context_));
        auto flags = static_cast<unsigned long>(X509_V_FLAG_X509_STRICT);
        if (settings_.revocation == config::Revocation::Require) {
            flags |= X509_V_FLAG_CRL_CHECK | X509_V_FLAG_CRL_CHECK_ALL;
        }
        must(X509_VERIFY_PARAM_set_flags(parameters, flags));
    }

    template <class Pointer, class Read>
    std::vector<Pointer> readAll(const std::string& path, Code code, Read read) {
        std::vector<Pointer> found;
        const BioPtr file(BIO_new_file(path.c_str(), "rb"));
        while (file != nullptr) {
            Pointer next(read(file.get(), nullptr, nullptr, nullptr));
            if (next == nullptr) break;
            found.push_back(std::move(next));
        }
        const auto last = ERR_peek_last_error();
        const bool at_end = found.empty() || ERR_GET_REASON(last) == PEM_R_NO_START_LINE;
        ERR_clear_error();
        if (found.empty() || !at_end) {
            add(code, path,
                file == nullptr ? "The file cannot be opened." : "It is not whole PEM.");
            found.clear();
        }
        return found;
    }

    std::vector<CertificatePtr> readCertificates(const std::string& path) {
        return readAll<CertificatePtr>(path, Code::TlsKeyUnreadable, &PEM_read_bio_X509);
    }

    void loadOwn() {
        const auto chain = readCertificates(settings_.certificate);
        auto secret = readSecret(settings_.key, "");
        if (!secret) {
            add(Code::TlsKeyUnreadable, settings_.key, secret.error().place().hint);
        }
        if (chain.empty() || !secret) return;
        if (SSL_CTX_use_certificate(context_, chain.front().get()) != 1) {
            add(Code::TlsKeyUnreadable, settings_.certificate, "Its key or signature is too weak.");
            return;
        }
        for (std::size_t i = 1; i < chain.size(); ++i) {
            must(SSL_CTX_add1_chain_cert(context_, chain[i].get()));
        }
        if (X509_cmp_time(X509_get0_notAfter(chain.front().get()), nullptr) <= 0) {
            add(Code::TlsKeyUnreadable, settings_.certificate, "The certificate has expired.");
        }
        const auto key = readPrivateKey(secret->bytes());
        if (key == nullptr) {
            add(Code::TlsKeyUnreadable, settings_.key, "It is no private key in PEM.");
        } else if (SSL_CTX_use_PrivateKey(context_, key.get()) != 1 ||
                   SSL_CTX_check_private_key(context_) != 1) {
            add(Code::TlsKeyUnreadable, settings_.key, "It does not belong to the certificate.");
        }
    }

    void loadAuthorities() {
        authorities_ = readCertificates(settings_.authorities);
        for (const auto& authority : authorities_) {
            if (X509_check_ca(authority.get()) == 0) {
                add(Code::TlsKeyUnreadable, settings_.authorities,
                    "A certificate in it is no authority's.");
            }
            must(X509_STORE_add_cert(SSL_CTX_get_cert_store(context_), authority.get()));
            if (other_side_ == Role::Client) must(SSL_CTX_add_client_CA(context_, authority.get()));
        }
    }

    void loadRevocationLists() {
        std::vector<RevocationListPtr> lists;
        for (const auto& path : settings_.revocation_lists) {
            for (auto& list :
                 readAll<RevocationListPtr>(path, Code::TlsRevocation, &PEM_read_bio_X509_CRL)) {
                const auto* next = X509_CRL_get0_nextUpdate(list.get());
                if (X509_cmp_current_time(X509_CRL_get0_lastUpdate(list.get())) >= 0 ||
                    next == nullptr || X509_cmp_current_time(next) <= 0) {
                    add(Code::TlsRevocation, path, "A list in it is not in force today.");
                }
                must(X509_STORE_add_crl(SSL_CTX_get_cert_store(context_), list.get()));
                lists.push_back(std::move(list));
            }
        }
        for (const auto& authority : authorities_) {
            const bool listed = std::any_of(lists.begin(), lists.end(), [&](const auto& list) {
                return X509_NAME_cmp(X509_CRL_get_issuer(list.get()),
                                     X509_get_subject_name(authority.get())) == 0 &&
                       X509_CRL_verify(list.get(), X509_get0_pubkey(authority.get())) == 1;
            });
            if (!listed) {
                add(Code::TlsRevocation, settings_.authorities,
                    "An authority in it has no revocation list of its own making.");
            }
        }
    }

    const config::TlsSettings& settings_;
    Role other_side_;
    SSL_CTX* context_ = nullptr;
    std::vector<CertificatePtr> authorities_;
    Problems problems_;
};

Checked<std::shared_ptr<const Context>> load(const config::TlsSettings& settings, Role other_side,
                                             const std::vector<config::SystemEntry>& entries) {
    auto systems = Systems::make(entries);
    Loader loader(settings, other_side);
    auto poco = loader.load();
    auto& problems = loader.problems();
    if (!systems) {
        problems.insert(problems.end(), systems.error().begin(), systems.error().end());
    }
    if (!problems.empty()) return tl::make_unexpected(std::move(problems));
    return std::make_shared<const LoadedContext>(std::move(poco), other_side, std::move(*systems));
}

}  // namespace

Checked<std::shared_ptr<const Context>> serverContext(
    const config::TlsSettings& settings, const std::vector<config::SystemEntry>& systems) {
    return load(settings, Role::Client, systems);
}

Checked<std::shared_ptr<const Context>> clientContext(const config::TlsSettings& settings) {
    return load(settings, Role::Server, {});
}

Status expectHost(SSL* ssl, std::string_view host) {
    const std::string name(host);
    auto* parameters = SSL_get0_param(ssl);
    X509_VERIFY_PARAM_set_hostflags(
        parameters, X509_CHECK_FLAG_NO_WILDCARDS | X509_CHECK_FLAG_NEVER_CHECK_SUBJECT);
    std::array<unsigned char, sizeof(in6_addr)> address{};
    const bool is_address = ::inet_pton(AF_INET, name.c_str(), address.data()) == 1 ||
                            ::inet_pton(AF_INET6, name.c_str(), address.data()) == 1;
    const bool set =
        !name.empty() && name.find('\0') == std::string::npos &&
        (is_address ? X509_VERIFY_PARAM_set1_ip_asc(parameters, name.c_str()) == 1
                    : X509_VERIFY_PARAM_set1_host(parameters, name.data(), name.size()) == 1 &&
                          SSL_set_tlsext_host_name(ssl, name.c_str()) == 1);
    ERR_clear_error();
    if (!set) return tl::make_unexpected(Error(Code::TlsRefused));
    return {};
}

Error whyRefused(const SSL* ssl) { return refusal(SSL_get_verify_result(ssl)); }

}  // namespace stafett::security
