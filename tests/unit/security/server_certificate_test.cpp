// The other direction: what the gateway asks of those it calls.
#include <gtest/gtest.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include "files.h"
#include "gateway/security/judge.h"
#include "gateway/security/openssl.h"
#include "handshake.h"

namespace stafett::security::testing {

namespace {

/// What comes of calling a server with this certificate by this name.
Met call(const char* certificate, const char* host) {
    const auto made = clientContext(settingsOf("gateway", {"crl.pem", "crl-intermediate.pem"}));
    EXPECT_TRUE(made.has_value());
    const auto server = laxContext(TLS_server_method(), certificate);
    return meet(server.get(), (*made)->native(), nullptr,
                [&](SSL* ssl) { EXPECT_TRUE(expectHost(ssl, host).has_value()); });
}

TEST(ServerCertificate, IsTakenForItsOwnHostAlone) {
    EXPECT_TRUE(call("good", "localhost").answered);
    EXPECT_TRUE(call("good", "127.0.0.1").answered);
    EXPECT_TRUE(call("by-intermediate", "localhost").answered);
    EXPECT_TRUE(call("named", "system.example.org").answered);
    for (const auto& [certificate, host] :
         {std::pair{"good", "127.0.0.2"}, std::pair{"good", "localhost.example.org"},
          std::pair{"wrong-host", "localhost"}, std::pair{"wildcard", "any.example.org"},
          std::pair{"good", "good"}}) {  // the last is its common name
        const auto met = call(certificate, host);
        EXPECT_FALSE(met.client_shook) << certificate << " as " << host;
        EXPECT_TRUE(met.client_refusal.place().row.ends_with("mismatch"))
            << met.client_refusal.place().row;
    }
}

TEST(ServerCertificate, IsJudgedAsStrictlyAsAClients) {
    for (const auto* name :
         {"expired", "not-yet", "other-authority", "self-signed", "client-only",
          "no-extended-usage", "any-usage", "authority-as-peer", "no-signature", "unknown-critical",
          "revoked", "by-intermediate-revoked", "rsa-1024", "sha-1", "by-leaf"}) {
        const auto met = call(name, "localhost");
        EXPECT_FALSE(met.client_shook) << name;
        EXPECT_EQ(met.client_refusal.code(), Code::TlsRefused) << name;
    }
}

TEST(ServerCertificate, IsNamedInTheTraceByItsFingerprint) {
    const auto made = clientContext(settingsOf("gateway"));
    const auto server = laxContext(TLS_server_method(), "good");
    std::string fingerprint;
    meet(server.get(), (*made)->native(), nullptr, nullptr, [&](SSL* ssl) {
        const auto peer = (*made)->identify(ssl);
        ASSERT_TRUE(peer.has_value());
        EXPECT_TRUE(peer->system.empty());
        fingerprint = peer->certificate;
    });
    EXPECT_EQ(fingerprint.size(), 64U);
}

TEST(ServerCertificate, NoHostIsNoHost) {
    const auto made = clientContext(settingsOf("gateway"));
    const SslPtr ssl(SSL_new((*made)->native()));
    EXPECT_FALSE(expectHost(ssl.get(), "").has_value());
    EXPECT_FALSE(expectHost(ssl.get(), std::string_view("local\0host", 10)).has_value());
}

CertificatePtr loaded(const char* name) {
    const BioPtr file(BIO_new_file(testCertificate(name).c_str(), "rb"));
    return CertificatePtr(PEM_read_bio_X509(file.get(), nullptr, nullptr, nullptr));
}

TEST(Judge, AListThatHasGrownStaleOrIsForgedTellsNothing) {
    const std::unique_ptr<X509_STORE, FreeBy<X509_STORE_free>> store(X509_STORE_new());
    const auto ca = loaded("ca.pem");
    const auto good = loaded("good.pem");
    X509_STORE_add_cert(store.get(), ca.get());
    EXPECT_TRUE(judge(store.get(), good.get(), nullptr, Role::Client).has_value());

    X509_STORE_set_flags(store.get(), X509_V_FLAG_CRL_CHECK | X509_V_FLAG_CRL_CHECK_ALL);
    for (const auto* list : {"", "crl-stale.pem", "crl-not-yet.pem", "crl-forged.pem"}) {
        const std::unique_ptr<X509_STORE, FreeBy<X509_STORE_free>> with(X509_STORE_new());
        X509_STORE_add_cert(with.get(), ca.get());
        X509_STORE_set_flags(with.get(), X509_V_FLAG_CRL_CHECK | X509_V_FLAG_CRL_CHECK_ALL);
        if (*list != '\0') {
            const BioPtr file(BIO_new_file(testCertificate(list).c_str(), "rb"));
            const RevocationListPtr crl(
                PEM_read_bio_X509_CRL(file.get(), nullptr, nullptr, nullptr));
            X509_STORE_add_crl(with.get(), crl.get());
        }
        const auto judged = judge(with.get(), good.get(), nullptr, Role::Client);
        ASSERT_FALSE(judged.has_value()) << list;
        EXPECT_EQ(judged.error().code(), Code::TlsRevocation) << list;
    }
}

TEST(Judge, ANameWithANulIsNoName) {
    const CertificatePtr certificate(X509_new());
    const std::unique_ptr<GENERAL_NAMES, FreeBy<GENERAL_NAMES_free>> names(
        sk_GENERAL_NAME_new_null());
    for (const auto& [type, text] :
         {std::pair{GEN_DNS, std::string("Good.Example")},
          std::pair{GEN_DNS, std::string("good.example\0.evil.example", 26)},
          std::pair{GEN_URI, std::string("urn:stafett:system:good\0", 24)}}) {
        auto* string = ASN1_IA5STRING_new();
        ASN1_STRING_set(string, text.data(), static_cast<int>(text.size()));
        auto* name = GENERAL_NAME_new();
        GENERAL_NAME_set0_value(name, type, string);
        sk_GENERAL_NAME_push(names.get(), name);
    }
    X509_add1_ext_i2d(certificate.get(), NID_subject_alt_name, names.get(), 0, X509V3_ADD_DEFAULT);
    const auto found = namesOf(certificate.get());
    EXPECT_EQ(found.dns, std::vector<std::string>{"good.example"});
    EXPECT_TRUE(found.uris.empty());
}

}  // namespace

}  // namespace stafett::security::testing
