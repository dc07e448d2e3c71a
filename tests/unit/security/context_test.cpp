// What a context offers, whatever the machine's configuration says, and what it takes to load one.
#include "gateway/security/context.h"

#include <Poco/Net/AcceptCertificateHandler.h>
#include <gtest/gtest.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <set>

#include "files.h"
#include "handshake.h"

namespace stafett::security::testing {

namespace {

std::shared_ptr<const Context> made(const config::TlsSettings& settings) {
    auto context = serverContext(settings, {{.system = {"good"}}});
    if (!context) {
        for (const auto& p : context.error()) ADD_FAILURE() << describe(p, Language::English);
        std::abort();
    }
    return *context;
}

bool letsIn(const Context& server, SSL_CTX* client) {
    return meet(server.native(), client, &server).in();
}

/// The problems of loading, as "id hint".
std::set<std::string> problemsOf(const config::TlsSettings& settings,
                                 const std::vector<config::SystemEntry>& systems = {}) {
    std::set<std::string> found;
    const auto context = serverContext(settings, systems);
    if (context) return found;
    for (const auto& problem : context.error()) {
        found.insert(std::string(problem.info().id) + " " + problem.place().hint);
    }
    return found;
}

TEST(Offer, IsMozillasIntermediateSetExactly) {
    const auto server = made(settingsOf("gateway"));
    std::set<std::string> offered;
    auto* list = SSL_CTX_get_ciphers(server->native());
    for (int i = 0; i < sk_SSL_CIPHER_num(list); ++i) {
        offered.insert(SSL_CIPHER_get_name(sk_SSL_CIPHER_value(list, i)));
    }
    EXPECT_EQ(offered, (std::set<std::string>{
                           "TLS_AES_128_GCM_SHA256", "TLS_AES_256_GCM_SHA384",
                           "TLS_CHACHA20_POLY1305_SHA256", "ECDHE-ECDSA-AES128-GCM-SHA256",
                           "ECDHE-RSA-AES128-GCM-SHA256", "ECDHE-ECDSA-AES256-GCM-SHA384",
                           "ECDHE-RSA-AES256-GCM-SHA384", "ECDHE-ECDSA-CHACHA20-POLY1305",
                           "ECDHE-RSA-CHACHA20-POLY1305"}));
}

TEST(Offer, OfEverySuiteThereIsOnlyThoseThreeAreSpokenInTls12) {
    const auto server = made(settingsOf("gateway"));
    const auto all = laxContext(TLS_client_method(), "good", TLS1_2_VERSION);
    std::set<std::string> spoken;
    auto* list = SSL_CTX_get_ciphers(all.get());
    ASSERT_GT(sk_SSL_CIPHER_num(list), 60);
    for (int i = 0; i < sk_SSL_CIPHER_num(list); ++i) {
        const std::string name = SSL_CIPHER_get_name(sk_SSL_CIPHER_value(list, i));
        if (name.starts_with("TLS_")) continue;
        const auto client = laxContext(TLS_client_method(), "good", TLS1_2_VERSION);
        ASSERT_EQ(SSL_CTX_set_cipher_list(client.get(), (name + ":@SECLEVEL=0").c_str()), 1)
            << name;
        if (letsIn(*server, client.get())) spoken.insert(name);
    }
    EXPECT_EQ(spoken, (std::set<std::string>{"ECDHE-ECDSA-AES128-GCM-SHA256",
                                             "ECDHE-ECDSA-AES256-GCM-SHA384",
                                             "ECDHE-ECDSA-CHACHA20-POLY1305"}));
}

TEST(Offer, NothingOlderThanTls12) {
    const auto server = made(settingsOf("gateway"));
    for (const int version : {TLS1_VERSION, TLS1_1_VERSION}) {
        const auto client = laxContext(TLS_client_method(), "good", version);
        EXPECT_FALSE(meet(server->native(), client.get(), server.get()).client_shook) << version;
    }
}

TEST(Offer, IsSaidTwiceWhereOneWordWouldDo) {
    // The suites leave no room for TLS 1.1, and OpenSSL 3 has renegotiation off: it is said all the
    // same.
    const auto context = made(settingsOf("gateway"));
    auto* server = context->native();
    EXPECT_EQ(SSL_CTX_get_min_proto_version(server), TLS1_2_VERSION);
    EXPECT_EQ(SSL_CTX_get_max_proto_version(server), TLS1_3_VERSION);
    EXPECT_EQ(SSL_CTX_get_session_cache_mode(server), SSL_SESS_CACHE_OFF);
    const auto said = SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION | SSL_OP_NO_TICKET;
    EXPECT_EQ(SSL_CTX_get_options(server) & said, said);
    const auto lax = SSL_OP_ALLOW_UNSAFE_LEGACY_RENEGOTIATION | SSL_OP_ALLOW_CLIENT_RENEGOTIATION |
                     SSL_OP_LEGACY_SERVER_CONNECT | SSL_OP_IGNORE_UNEXPECTED_EOF;
    EXPECT_EQ(SSL_CTX_get_options(server) & lax, 0U);
}

TEST(Offer, ThreeCurvesAndNoOther) {
    const auto server = made(settingsOf("gateway"));
    for (const auto& [curve, in] :
         {std::pair{"X25519", true}, std::pair{"P-256", true}, std::pair{"P-384", true},
          std::pair{"P-521", false}, std::pair{"X448", false}, std::pair{"ffdhe2048", false}}) {
        const auto client = laxContext(TLS_client_method(), "good", TLS1_3_VERSION);
        ASSERT_EQ(SSL_CTX_set1_groups_list(client.get(), curve), 1);
        EXPECT_EQ(letsIn(*server, client.get()), in) << curve;
    }
}

TEST(Offer, NoSignatureWeakerThanSha256) {
    const auto server = made(settingsOf("gateway"));
    for (const auto& [signature, in] :
         {std::pair{"ECDSA+SHA256", true}, std::pair{"ECDSA+SHA224", false},
          std::pair{"ECDSA+SHA1", false}}) {
        const auto client = laxContext(TLS_client_method(), "good", TLS1_2_VERSION);
        ASSERT_EQ(SSL_CTX_set1_sigalgs_list(client.get(), signature), 1);
        EXPECT_EQ(letsIn(*server, client.get()), in) << signature;
    }
}

TEST(Offer, NoSessionIsTakenUpAgain) {
    const auto server = made(settingsOf("gateway"));
    for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
        const auto client = laxContext(TLS_client_method(), "good", version);
        SSL_CTX_set_session_cache_mode(client.get(), SSL_SESS_CACHE_CLIENT);
        SessionPtr session;
        meet(server->native(), client.get(), server.get(), nullptr,
             [&](SSL* ssl) { session.reset(SSL_get1_session(ssl)); });
        ASSERT_NE(session, nullptr);
        EXPECT_EQ(SSL_SESSION_has_ticket(session.get()), 0);
        EXPECT_EQ(SSL_SESSION_get_max_early_data(session.get()), 0U);
        bool reused = true;
        const auto again = meet(
            server->native(), client.get(), server.get(),
            [&](SSL* ssl) { SSL_set_session(ssl, session.get()); },
            [&](SSL* ssl) { reused = SSL_session_reused(ssl) == 1; });
        EXPECT_TRUE(again.in());
        EXPECT_FALSE(reused) << version;
    }
}

TEST(Offer, NoRenegotiation) {
    const auto server = made(settingsOf("gateway"));
    const auto client = laxContext(TLS_client_method(), "good", TLS1_2_VERSION);
    bool renegotiated = true;
    const auto met = meet(server->native(), client.get(), server.get(), nullptr, [&](SSL* ssl) {
        renegotiated = SSL_renegotiate(ssl) == 1 && SSL_do_handshake(ssl) == 1;
    });
    EXPECT_TRUE(met.in());
    EXPECT_FALSE(renegotiated);
}

TEST(Offer, NoHandlerOfPocosCanWaveThrough) {
    Poco::Net::AcceptCertificateHandler accepts_all(true);  // registers itself, process-wide
    Poco::Net::AcceptCertificateHandler accepts_clients(false);
    const auto server = made(settingsOf("gateway"));
    const auto expired = laxContext(TLS_client_method(), "expired");
    EXPECT_FALSE(letsIn(*server, expired.get()));
}

/// Runs tests of this program with OpenSSL's configuration turned down as far as it goes.
TEST(Offer, HoldsUnderALoweredConfiguration) {
    const Folder folder;
    const auto file = folder.write("openssl.cnf",
                                   "openssl_conf = all\n[all]\nssl_conf = ssl\n"
                                   "[ssl]\nsystem_default = low\n"
                                   "[low]\nMinProtocol = TLSv1\nCipherString = ALL@SECLEVEL=0\n"
                                   "Options = UnsafeLegacyRenegotiation,ClientRenegotiation\n"
                                   "SignatureAlgorithms = ECDSA+SHA1:RSA+SHA1:ECDSA+SHA256\n"
                                   "Ciphersuites = TLS_AES_128_CCM_SHA256\n"
                                   "Groups = P-521\nVerifyMode = Request\n",
                                   0600);
    const auto command = "OPENSSL_CONF=" + file + " /proc/" + std::to_string(::getpid()) +
                         "/exe --gtest_brief=1 --gtest_also_run_disabled_tests "
                         "--gtest_filter='Lowered.*:Offer.*:Matrix*:-*Holds*'";
    EXPECT_EQ(std::system(command.c_str()), 0);
}

/// Disabled where it runs by itself: the test above calls it.
TEST(Lowered, DISABLED_ConfigurationReallyIsInForce) {
    const SslContextPtr plain(SSL_CTX_new(TLS_method()));
    EXPECT_EQ(SSL_CTX_get_security_level(plain.get()), 0);
    EXPECT_EQ(SSL_CTX_get_min_proto_version(plain.get()), TLS1_VERSION);
}

TEST(Revocation, AListThatComesLaterReachesNewAndKeptConnections) {
    const auto before = made(settingsOf("gateway", {"crl-before.pem"}));
    const auto after = made(settingsOf("gateway", {"crl.pem"}));
    const auto client = laxContext(TLS_client_method(), "revoked");
    X509* kept = nullptr;
    const auto met =
        meet(before->native(), client.get(), before.get(), nullptr, nullptr, [&](SSL* ssl) {
            kept = SSL_get1_peer_certificate(ssl);
            EXPECT_TRUE(before->identify(ssl).has_value());
            const auto again = after->identify(ssl);  // the open connection, under the new lists
            ASSERT_FALSE(again.has_value());
            EXPECT_EQ(again.error().place().row, "certificate revoked");
        });
    EXPECT_TRUE(met.in()) << "it was good then";
    ASSERT_NE(kept, nullptr);
    EXPECT_TRUE(before->identify(kept).has_value());
    ASSERT_FALSE(after->identify(kept).has_value());
    EXPECT_EQ(after->identify(kept).error().code(), Code::TlsRefused);
    X509_free(kept);
    EXPECT_FALSE(letsIn(*after, client.get()));
}

TEST(Revocation, WhatCannotBeToldIsRefused) {
    const auto server = made(settingsOf("gateway"));  // without the intermediate's list
    const auto client = laxContext(TLS_client_method(), "by-intermediate");
    const auto met = meet(server->native(), client.get(), server.get());
    EXPECT_FALSE(met.server_shook);
    EXPECT_EQ(met.server_refusal.code(), Code::TlsRevocation);
}

TEST(Revocation, ARevokedIntermediateTakesItsOwnWithIt) {
    const auto server =
        made(settingsOf("gateway", {"crl-intermediate-revoked.pem", "crl-intermediate.pem"}));
    const auto client = laxContext(TLS_client_method(), "by-intermediate");
    EXPECT_FALSE(letsIn(*server, client.get()));
    const auto good = laxContext(TLS_client_method(), "good");
    EXPECT_TRUE(letsIn(*server, good.get()));
}

TEST(Revocation, NoContextWithoutAGoodListOfEachAuthority) {
    const std::string none =
        "ST-TLS-005 An authority in it has no revocation list of its own making.";
    const std::string late = "ST-TLS-005 A list in it is not in force today.";
    EXPECT_EQ(problemsOf(settingsOf("gateway", {})), std::set{none});
    EXPECT_EQ(problemsOf(settingsOf("gateway", {"crl-stranger.pem"})), std::set{none});
    EXPECT_EQ(problemsOf(settingsOf("gateway", {"crl-forged.pem"})), std::set{none});
    EXPECT_EQ(problemsOf(settingsOf("gateway", {"crl-stale.pem"})), std::set{late});
    EXPECT_EQ(problemsOf(settingsOf("gateway", {"crl-not-yet.pem"})), std::set{late});
    EXPECT_EQ(problemsOf(settingsOf("gateway", {"crl.pem", "absent.pem"})),
              std::set<std::string>{"ST-TLS-005 The file cannot be opened."});
    EXPECT_EQ(problemsOf(settingsOf("gateway", {"crl.pem", "ca.pem"})),
              std::set<std::string>{"ST-TLS-005 It is not whole PEM."});
}

TEST(Revocation, CanBeLeftOutForDevelopment) {
    auto settings = settingsOf("gateway", {});
    settings.revocation = config::Revocation::Off;
    const auto server = made(settings);
    const auto client = laxContext(TLS_client_method(), "revoked");
    EXPECT_TRUE(letsIn(*server, client.get()));
    const auto expired = laxContext(TLS_client_method(), "expired");
    EXPECT_FALSE(letsIn(*server, expired.get())) << "and only that is left out";
}

TEST(Loading, TellsEveryProblemAtOnce) {
    auto settings = settingsOf("gateway");
    settings.key = "env:STAFETT_TEST_NOT_SET";
    settings.authorities = testCertificate("absent.pem");
    const auto found = problemsOf(settings, {{.system = {"a"}, .dns = {"x.example", "*.example"}},
                                             {.system = {"a"}, .dns = {"X.example"}}});
    EXPECT_EQ(found, (std::set<std::string>{
                         "ST-TLS-004 The environment variable is not set.",
                         "ST-TLS-004 The file cannot be opened.", "ST-CFG-004 An exact host name.",
                         "ST-CFG-008 It belongs to another system, or stands twice."}));
}

TEST(Loading, RefusesAKeyOfAnotherCertificate) {
    auto settings = settingsOf("gateway");
    settings.key = testCertificate("good.key");
    EXPECT_EQ(problemsOf(settings),
              std::set<std::string>{"ST-TLS-004 It does not belong to the certificate."});
}

TEST(Loading, RefusesHalfAFile) {
    const Folder folder;
    auto settings = settingsOf("gateway");
    const auto whole = read(settings.certificate);
    settings.certificate =
        folder.write("half.pem", read(testCertificate("ca.pem")) + whole.substr(0, 300), 0600);
    EXPECT_EQ(problemsOf(settings), std::set<std::string>{"ST-TLS-004 It is not whole PEM."});
}

TEST(Loading, RefusesAnExpiredOrWeakCertificateOfOurOwn) {
    EXPECT_EQ(problemsOf(settingsOf("expired")),
              std::set<std::string>{"ST-TLS-004 The certificate has expired."});
    EXPECT_EQ(problemsOf(settingsOf("rsa-1024")),
              std::set<std::string>{"ST-TLS-004 Its key or signature is too weak."});
}

TEST(Loading, TakesTheKeyFromTheEnvironmentOrADescriptor) {
    auto settings = settingsOf("gateway");
    const auto pem = read(settings.key);
    const auto client = laxContext(TLS_client_method(), "good");

    ASSERT_EQ(::setenv("STAFETT_TEST_TLS_KEY", pem.c_str(), 1), 0);
    settings.key = "env:STAFETT_TEST_TLS_KEY";
    EXPECT_TRUE(letsIn(*made(settings), client.get()));

    const int fd = ::memfd_create("key", MFD_CLOEXEC);
    ASSERT_EQ(::write(fd, pem.data(), pem.size()), static_cast<ssize_t>(pem.size()));
    settings.key = "fd:" + std::to_string(fd);
    EXPECT_TRUE(letsIn(*made(settings), client.get()));
    EXPECT_TRUE(letsIn(*made(settings), client.get())) << "and again at a reload";
    ::close(fd);
}

}  // namespace

}  // namespace stafett::security::testing
