#include <gtest/gtest.h>

#include "tests/unit/transport/echo.h"

namespace stafett::transport::test {
namespace {

class InboxBasics : public ::testing::TestWithParam<bool> {
protected:
    void SetUp() override {
        if (GetParam()) source_ = always(server_context_);
        auto started = InboxServer::start(settings_, source_, echo_);
        ASSERT_TRUE(started.has_value());
        server_ = std::move(*started);
    }
    RawClient connect() const {
        return GetParam() ? RawClient(server_->port(), *client_context_)
                          : RawClient(server_->port());
    }

    config::Listener settings_;
    Echo echo_;
    std::shared_ptr<TestContext> server_context_ = std::make_shared<TestContext>("server", "ca");
    std::shared_ptr<TestContext> client_context_ = std::make_shared<TestContext>("client_a", "ca");
    security::ContextSource source_;
    std::unique_ptr<InboxServer> server_;
};

TEST_P(InboxBasics, AnswersARequestAndKeepsTheConnection) {
    auto client = connect();
    ASSERT_TRUE(client.connected());
    for (int i = 0; i < 3; ++i) {
        ASSERT_TRUE(client.send(post("hej " + std::to_string(i))));
        const auto answer = client.answer();
        EXPECT_EQ(answer.status, 200);
        EXPECT_EQ(answer.body, "hej " + std::to_string(i));
        EXPECT_NE(answer.head.find("\r\nDate: "), std::string::npos);
        EXPECT_EQ(answer.head.find("Connection: close"), std::string::npos);
    }
    EXPECT_EQ(server_->counts().accepted, 1U);
    EXPECT_EQ(server_->counts().requests, 3U);
}

TEST_P(InboxBasics, TellsWhoThePeerIs) {
    auto client = connect();
    ASSERT_TRUE(client.send(post("x")));
    ASSERT_EQ(client.answer().status, 200);
    EXPECT_EQ(echo_.last().peer.system.value, GetParam() ? "client_a" : "");
}

TEST_P(InboxBasics, ReadsChunksAndPathAndQuery) {
    auto client = connect();
    ASSERT_TRUE(
        client.send("POST /ans%C3%B6kan/$process-message?a=1%202 HTTP/1.1\r\n"
                    "Host: localhost\r\nTransfer-Encoding: chunked\r\nX-A: b\r\n\r\n"
                    "3\r\nabc\r\n4;x=y\r\ndefg\r\n0\r\nTrailer-Field: t\r\n\r\n"));
    EXPECT_EQ(client.answer().body, "abcdefg");
    const auto taken = echo_.last().http;
    EXPECT_EQ(taken.path, "/ansökan/$process-message");
    EXPECT_EQ(taken.query, "a=1%202");
    EXPECT_EQ(taken.headers.get("x-a"), "b");
    EXPECT_FALSE(taken.headers.has("Trailer-Field"));
}

TEST_P(InboxBasics, AnswersAHundredPipelinedRequestsInOrder) {
    auto client = connect();
    std::string all;
    for (int i = 0; i < 100; ++i) all += post("nr " + std::to_string(i));
    ASSERT_TRUE(client.send(all));
    for (int i = 0; i < 100; ++i) ASSERT_EQ(client.answer().body, "nr " + std::to_string(i));
    EXPECT_EQ(echo_.count(), 100U);
}

TEST_P(InboxBasics, ClosesInGoodOrderWhenAsked) {
    auto client = connect();
    ASSERT_TRUE(client.send(post("x", "Connection: close\r\n")));
    const auto answer = client.answer();
    EXPECT_EQ(answer.status, 200);
    EXPECT_NE(answer.head.find("Connection: close\r\n"), std::string::npos);
    EXPECT_EQ(client.rest(), "");
    EXPECT_TRUE(client.endedInOrder());
}

TEST_P(InboxBasics, CarriesAMegabyteBothWays) {
    auto client = connect();
    const std::string body(1U << 20, 'x');
    ASSERT_TRUE(client.send(post(body)));
    EXPECT_EQ(client.answer().body, body);
}

TEST_P(InboxBasics, SaysContinueOnceTheHeadIsGood) {
    auto client = connect();
    ASSERT_TRUE(
        client.send("POST /in HTTP/1.1\r\nHost: localhost\r\nContent-Length: 3\r\n"
                    "Expect: 100-continue\r\n\r\n"));
    EXPECT_EQ(client.answer().status, 100);
    ASSERT_TRUE(client.send("abc"));
    EXPECT_EQ(client.answer().body, "abc");
}

TEST_P(InboxBasics, NeverLeavesHttpForAnotherProtocol) {
    auto client = connect();
    ASSERT_TRUE(client.send(post("x",
                                 "Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\n"
                                 "HTTP2-Settings: AAMAAABkAAQAAP__\r\n")));
    EXPECT_EQ(client.answer().status, 200);
    ASSERT_TRUE(client.send(post("y", "Connection: Upgrade\r\nUpgrade: websocket\r\n")));
    const auto answer = client.answer();
    EXPECT_EQ(answer.status, 200);
    EXPECT_EQ(answer.body, "y");
}

TEST_P(InboxBasics, AnswersHeadWithoutABody) {
    auto client = connect();
    ASSERT_TRUE(
        client.send("HEAD /in HTTP/1.1\r\nHost: localhost\r\nContent-Length: 3\r\n"
                    "Connection: close\r\n\r\nabc"));
    const auto all = client.rest();
    EXPECT_NE(all.find("Content-Length: 3\r\n"), std::string::npos);
    EXPECT_EQ(all.substr(all.size() - 4), "\r\n\r\n");
}

INSTANTIATE_TEST_SUITE_P(Listeners, InboxBasics, ::testing::Bool(),
                         [](const auto& found) { return found.param ? "Tls" : "Plain"; });

}  // namespace
}  // namespace stafett::transport::test
