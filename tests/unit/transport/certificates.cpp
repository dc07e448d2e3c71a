#include "tests/unit/transport/certificates.h"

#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <filesystem>

namespace stafett::transport::test {
namespace {

void run(const std::string& command) {
    if (std::system((command + " 2>/dev/null").c_str()) != 0) {
        std::fprintf(stderr, "failed: %s\n", command.c_str());
        std::abort();
    }
}

const std::string kNewKey = " -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2";

}  // namespace

const Certificates& Certificates::get() {
    static const Certificates made;
    return made;
}

Certificates::Certificates()
    : folder_(std::string(STAFETT_BUILD_DIR) + "/transport-certificates-" +
              std::to_string(::getpid())) {
    std::filesystem::create_directories(folder_);
    const auto authority = [&](const std::string& name) {
        run("openssl req -x509" + kNewKey + " -keyout " + file(name + ".key") + " -out " +
            file(name + ".pem") + " -subj /CN=" + name +
            " -addext keyUsage=critical,keyCertSign,cRLSign");
    };
    const auto issue = [&](const std::string& name, const std::string& by, const std::string& usage,
                           const std::string& names) {
        run("openssl req -x509" + kNewKey + " -CA " + file(by + ".pem") + " -CAkey " +
            file(by + ".key") + " -keyout " + file(name + ".key") + " -out " + file(name + ".pem") +
            " -subj /CN=" + name + " -addext subjectAltName=" + names +
            " -addext basicConstraints=critical,CA:FALSE -addext extendedKeyUsage=" + usage +
            " -addext keyUsage=critical,digitalSignature");
    };
    authority("ca");
    authority("other_ca");
    issue("server", "ca", "serverAuth", "DNS:localhost,IP:127.0.0.1,IP:::1");
    issue("elsewhere", "ca", "serverAuth", "DNS:elsewhere.example");
    issue("other_server", "other_ca", "serverAuth", "DNS:localhost,IP:127.0.0.1");
    issue("client_a", "ca", "clientAuth", "DNS:a.example");
    issue("client_b", "ca", "clientAuth", "DNS:b.example");
    issue("other_client", "other_ca", "clientAuth", "DNS:a.example");
}

Certificates::~Certificates() {
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
}

TestContext::TestContext(const std::string& name, const std::string& authority)
    : context_(SSL_CTX_new(TLS_method())) {
    const auto& made = Certificates::get();
    SSL_CTX_set_min_proto_version(context_, TLS1_2_VERSION);
    SSL_CTX_set_session_cache_mode(context_, SSL_SESS_CACHE_OFF);
    SSL_CTX_set_cipher_list(context_, "ECDHE+AESGCM:ECDHE+CHACHA20");
    const bool loaded =
        SSL_CTX_use_certificate_file(context_, made.file(name + ".pem").c_str(),
                                     SSL_FILETYPE_PEM) == 1 &&
        SSL_CTX_use_PrivateKey_file(context_, made.file(name + ".key").c_str(), SSL_FILETYPE_PEM) ==
            1 &&
        SSL_CTX_load_verify_file(context_, made.file(authority + ".pem").c_str()) == 1;
    if (!loaded) std::abort();
    SSL_CTX_set_verify(context_, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, nullptr);
}

TestContext::~TestContext() { SSL_CTX_free(context_); }

Result<security::Peer> TestContext::identify(SSL* ssl) const {
    X509* certificate = SSL_get1_peer_certificate(ssl);
    auto peer = identify(certificate);
    X509_free(certificate);
    return peer;
}

Result<security::Peer> TestContext::identify(X509* certificate) const {
    if (certificate == nullptr) return tl::make_unexpected(Error(Code::TlsRefused));
    std::array<char, 64> name{};
    X509_NAME_get_text_by_NID(X509_get_subject_name(certificate), NID_commonName, name.data(),
                              static_cast<int>(name.size()));
    const std::lock_guard guard(lock_);
    if (forgotten_.contains(name.data())) {
        return tl::make_unexpected(Error(Code::TlsUnknownSystem));
    }
    security::Peer peer;
    peer.system = SystemId{name.data()};
    peer.parties = {PartyId{"2021002114"}};
    return peer;
}

void TestContext::forget(const std::string& system) {
    const std::lock_guard guard(lock_);
    forgotten_.insert(system);
}

security::ContextSource always(std::shared_ptr<const security::Context> context) {
    return [context = std::move(context)] { return context; };
}

}  // namespace stafett::transport::test
