#include <gtest/gtest.h>
#include <openssl/ssl.h>
#include <sys/socket.h>

#include "tests/unit/transport/echo.h"

namespace stafett::transport::test {
namespace {

using Millis = std::chrono::milliseconds;

/// An SSL_CTX of a client that has no certificate, or odd wishes.
struct ClientContext {
    ClientContext() : context(SSL_CTX_new(TLS_client_method())) {
        SSL_CTX_set_security_level(context, 0);
    }
    ~ClientContext() { SSL_CTX_free(context); }
    ClientContext(const ClientContext&) = delete;
    SSL_CTX* context;
};

class InboxTls : public ::testing::Test {
protected:
    void SetUp() override {
        settings_.handshake_time = Millis(500);
        server_ = *InboxServer::start(settings_, always(theirs_), echo_);
    }
    /// What a client gets to see after it has asked for something: a status, or 0.
    int ask(RawClient client) {
        client.send(post("x"));
        return client.answer().status;
    }

    config::Listener settings_;
    Echo echo_;
    std::shared_ptr<TestContext> theirs_ = std::make_shared<TestContext>("server", "ca");
    std::shared_ptr<TestContext> ours_ = std::make_shared<TestContext>("client_a", "ca");
    std::unique_ptr<InboxServer> server_;
};

TEST_F(InboxTls, SpeaksOneTwoAndOneThree) {
    EXPECT_EQ(ask(RawClient(server_->port(), *ours_, TLS1_2_VERSION)), 200);
    EXPECT_EQ(ask(RawClient(server_->port(), *ours_, TLS1_3_VERSION)), 200);
}

TEST_F(InboxTls, RefusesAClientWithoutACertificate) {
    for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
        const ClientContext nobody;
        SSL_CTX_set_max_proto_version(nobody.context, version);
        EXPECT_EQ(ask(RawClient(server_->port(), nobody.context)), 0);
    }
    EXPECT_EQ(echo_.count(), 0U);
    EXPECT_TRUE(until([&] { return server_->counts().refused_connections == 2; }));
}

TEST_F(InboxTls, RefusesAClientOfAnotherAuthority) {
    const TestContext other("other_client", "ca");
    for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
        EXPECT_EQ(ask(RawClient(server_->port(), other, version)), 0);
    }
    EXPECT_EQ(echo_.count(), 0U);
}

TEST_F(InboxTls, TellsAStrangerWithAGoodCertificateSo) {
    theirs_->forget("client_a");
    RawClient client(server_->port(), *ours_);
    client.send(post("x"));
    const auto answer = client.answer();
    EXPECT_EQ(answer.status, 403);
    EXPECT_NE(answer.body.find("ST-TLS-002"), std::string::npos);
    EXPECT_EQ(client.rest(), "");
    EXPECT_EQ(echo_.count(), 0U);
}

TEST_F(InboxTls, OffersNoOldVersionAndNoWeakSuite) {
    const ClientContext old;
    SSL_CTX_set_max_proto_version(old.context, TLS1_1_VERSION);
    EXPECT_FALSE(RawClient(server_->port(), old.context).connected());
    for (const char* suites : {"AES128-SHA:AES256-SHA", "AES128-GCM-SHA256",
                               "ECDHE-ECDSA-AES128-SHA", "ECDHE-ECDSA-AES128-SHA256"}) {
        const ClientContext weak;
        SSL_CTX_set_max_proto_version(weak.context, TLS1_2_VERSION);
        SSL_CTX_set_cipher_list(weak.context, suites);
        EXPECT_FALSE(RawClient(server_->port(), weak.context).connected()) << suites;
    }
}

TEST_F(InboxTls, RefusesRenegotiationAndCompression) {
    RawClient client(server_->port(), *ours_, TLS1_2_VERSION);
    ASSERT_TRUE(client.connected());
    EXPECT_EQ(SSL_get_current_compression(client.ssl()), nullptr);
    SSL_renegotiate(client.ssl());
    EXPECT_NE(SSL_do_handshake(client.ssl()), 1);
    EXPECT_EQ(echo_.count(), 0U);
}

TEST_F(InboxTls, AnswersAfterAKeyUpdate) {
    RawClient client(server_->port(), *ours_, TLS1_3_VERSION);
    ASSERT_EQ(SSL_key_update(client.ssl(), SSL_KEY_UPDATE_REQUESTED), 1);
    client.send(post("x"));
    EXPECT_EQ(client.answer().status, 200);
    client.send(post("y"));
    EXPECT_EQ(client.answer().status, 200);
}

TEST_F(InboxTls, GivesNothingToResumeAndTakesNoEarlyData) {
    RawClient first(server_->port(), *ours_, TLS1_3_VERSION);
    first.send(post("x"));
    ASSERT_EQ(first.answer().status, 200);
    SSL_SESSION* session = SSL_get1_session(first.ssl());
    EXPECT_FALSE(SSL_SESSION_is_resumable(session));
    EXPECT_EQ(SSL_SESSION_get_max_early_data(session), 0U);
    SSL_SESSION_free(session);

    RawClient second(server_->port(), *ours_, TLS1_2_VERSION);
    second.send(post("x"));
    ASSERT_EQ(second.answer().status, 200);
    session = SSL_get1_session(second.ssl());
    EXPECT_FALSE(SSL_SESSION_has_ticket(session));
    SSL_SESSION_free(session);
}

TEST_F(InboxTls, ClosesAHandshakeThatStallsAtAnyByte) {
    // What a client says first, from a memory BIO, cut at each byte (T16).
    SSL* ssl = SSL_new(ours_->native());
    BIO* said = BIO_new(BIO_s_mem());
    SSL_set_bio(ssl, BIO_new(BIO_s_mem()), said);
    SSL_connect(ssl);
    char* bytes = nullptr;
    const auto size = static_cast<std::size_t>(BIO_get_mem_data(said, &bytes));
    ASSERT_GT(size, 100U);
    settings_.connections_per_peer = 1000;
    server_ = *InboxServer::start(settings_, always(theirs_), echo_);
    std::vector<RawClient> stalled;
    for (std::size_t cut = 0; cut <= size; ++cut) {
        stalled.emplace_back(server_->port());
        ASSERT_TRUE(stalled.back().send({bytes, cut}));
    }
    SSL_free(ssl);
    EXPECT_EQ(ask(RawClient(server_->port(), *ours_)), 200);
    EXPECT_TRUE(until([&] { return server_->counts().timeouts == size + 1; }));
    EXPECT_TRUE(until([&] { return server_->counts().open == 0; }));
}

TEST_F(InboxTls, RefusesWhatIsNoTlsAtAll) {
    RawClient client(server_->port());
    client.send(post("x"));
    EXPECT_EQ(client.rest().find("HTTP/"), std::string::npos);
    EXPECT_TRUE(client.ended());
    EXPECT_EQ(echo_.count(), 0U);
}

TEST_F(InboxTls, JudgesOpenConnectionsAgain) {
    auto other = std::make_shared<TestContext>("client_b", "ca");
    RawClient leaves(server_->port(), *ours_);
    RawClient stays(server_->port(), *other);
    for (auto* client : {&leaves, &stays}) {
        client->send(post("x"));
        ASSERT_EQ(client->answer().status, 200);
    }
    theirs_->forget("client_a");
    server_->judgeAgain();
    EXPECT_EQ(leaves.rest(), "");
    EXPECT_TRUE(leaves.ended());
    stays.send(post("x"));
    EXPECT_EQ(stays.answer().status, 200);
}

TEST_F(InboxTls, UsesTheContextInForceForEachNewConnection) {
    std::mutex lock;
    std::shared_ptr<const security::Context> current = theirs_;
    server_ = *InboxServer::start(
        settings_,
        [&] {
            const std::lock_guard guard(lock);
            return current;
        },
        echo_);
    RawClient before(server_->port(), *ours_);
    before.send(post("x"));
    ASSERT_EQ(before.answer().status, 200);
    {
        const std::lock_guard guard(lock);
        current = std::make_shared<TestContext>("server", "other_ca");
    }
    EXPECT_EQ(ask(RawClient(server_->port(), *ours_)), 0);
    before.send(post("x"));
    EXPECT_EQ(before.answer().status, 200);
    {
        const std::lock_guard guard(lock);
        current = nullptr;
    }
    EXPECT_EQ(ask(RawClient(server_->port(), *ours_)), 0);
}

}  // namespace
}  // namespace stafett::transport::test
