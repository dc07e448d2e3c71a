#include <gtest/gtest.h>

#include <poll.h>
#include <sys/socket.h>

#include <thread>

#include "tests/unit/transport/echo.h"

namespace stafett::transport::test {
namespace {

using Millis = std::chrono::milliseconds;

class InboxLife : public ::testing::Test {
protected:
    void serve(Inbox& inbox) { server_ = *InboxServer::start(settings_, always(theirs_), inbox); }
    RawClient connect() const { return RawClient(server_->port(), *ours_); }
    InboxServer::Counts counts() const { return server_->counts(); }
    static Millis since(std::chrono::steady_clock::time_point begin) {
        return std::chrono::duration_cast<Millis>(std::chrono::steady_clock::now() - begin);
    }

    config::Listener settings_;
    std::shared_ptr<TestContext> theirs_ = std::make_shared<TestContext>("server", "ca");
    std::shared_ptr<TestContext> ours_ = std::make_shared<TestContext>("client_a", "ca");
    Echo echo_;
    Holding holding_;
    std::unique_ptr<InboxServer> server_;
};

TEST_F(InboxLife, ServesAnHonestClientBesideTwoHundredStalledOnes) {
    settings_.connections_per_peer = 1000;
    settings_.handshake_time = settings_.request_time = Millis(1500);
    serve(echo_);
    std::vector<RawClient> stalled;
    for (int i = 0; i < 200; ++i) stalled.emplace_back(server_->port());
    for (int i = 0; i < 30; ++i) {
        stalled.push_back(connect());
        ASSERT_TRUE(
            stalled.back().send("POST /in HTTP/1.1\r\nHost: localhost\r\n"
                                "Content-Length: 100\r\n\r\nhalf"));
    }
    const auto begin = std::chrono::steady_clock::now();
    auto honest = connect();
    for (int i = 0; i < 50; ++i) {
        ASSERT_TRUE(honest.send(post("x")));
        ASSERT_EQ(honest.answer().status, 200);
    }
    EXPECT_LT(since(begin), Millis(1000));
    EXPECT_TRUE(until([&] { return counts().timeouts == 230; }));
    EXPECT_EQ(stalled.back().answer().status, 408);
    EXPECT_EQ(echo_.count(), 50U);
}

TEST_F(InboxLife, CutsADrippingRequestAtItsTotalDeadline) {
    settings_.request_time = Millis(300);
    serve(echo_);
    for (const std::string& beginning :
         {std::string("POST /in HT"),
          std::string("POST /in HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\n")}) {
        auto client = connect();
        const auto begin = std::chrono::steady_clock::now();
        ASSERT_TRUE(client.send(beginning));
        pollfd answered{client.fd(), POLLIN, 0};
        while (::poll(&answered, 1, 20) == 0 && since(begin) < Millis(3000)) {
            ASSERT_TRUE(client.send("x"));
        }
        EXPECT_EQ(client.answer().status, 408);
        EXPECT_GE(since(begin), Millis(300));
        EXPECT_LT(since(begin), Millis(1000));
    }
    EXPECT_EQ(counts().timeouts, 2U);
    EXPECT_EQ(echo_.count(), 0U);
}

TEST_F(InboxLife, ParksIdleConnectionsAndEndsThemInGoodOrder) {
    settings_.idle_time = Millis(400);
    serve(echo_);
    std::vector<RawClient> idle;
    for (int i = 0; i < 40; ++i) {
        idle.push_back(connect());
        ASSERT_TRUE(idle.back().send(post("x")));
        ASSERT_EQ(idle.back().answer().status, 200);
    }
    EXPECT_TRUE(until([&] { return counts().parked >= 30; }));
    auto honest = connect();
    ASSERT_TRUE(honest.send(post("y")));
    EXPECT_EQ(honest.answer().status, 200);
    EXPECT_EQ(idle.front().rest(), "");
    EXPECT_TRUE(idle.front().endedInOrder());
    EXPECT_TRUE(until([&] { return counts().open == 0 && counts().parked == 0; }));
}

TEST_F(InboxLife, TakesAnswersFromAnotherThreadInAnyOrder) {
    serve(holding_);
    auto first = connect();
    auto second = connect();
    ASSERT_TRUE(first.send(post("x") + post("y")));
    ASSERT_TRUE(until([&] { return holding_.count() == 1; }));
    ASSERT_TRUE(second.send(post("z")));
    ASSERT_TRUE(until([&] { return holding_.count() == 2; }));
    auto for_first = holding_.release();
    std::thread([&] { holding_.release().answer(ok("two")); }).join();
    EXPECT_EQ(second.answer().body, "two");
    // While its first request is being answered, the second of a connection is not read.
    EXPECT_EQ(holding_.count(), 0U);
    for_first.answer(ok("one"));
    EXPECT_EQ(first.answer().body, "one");
    ASSERT_TRUE(until([&] { return holding_.count() == 1; }));
    holding_.release().answer(ok("three"));
    EXPECT_EQ(first.answer().body, "three");
}

TEST_F(InboxLife, SaysBusyWhenNobodyAnswers) {
    serve(holding_);
    auto dropped = connect();
    ASSERT_TRUE(dropped.send(post("x")));
    ASSERT_TRUE(until([&] { return holding_.count() == 1; }));
    { const auto forgotten = holding_.release(); }
    const auto answer = dropped.answer();
    EXPECT_EQ(answer.status, 503);
    EXPECT_NE(answer.head.find("Retry-After: "), std::string::npos);

    settings_.request_time = Millis(300);
    serve(holding_);
    auto late = connect();
    ASSERT_TRUE(late.send(post("x")));
    EXPECT_EQ(late.answer().status, 503);
    EXPECT_EQ(late.rest(), "");
    holding_.release().answer(ok("too late"));
    late.endSending();
    EXPECT_TRUE(until([&] { return counts().open == 0; }));
}

TEST_F(InboxLife, ForgetsAClientThatWentBeforeItsAnswer) {
    serve(holding_);
    {
        auto client = connect();
        ASSERT_TRUE(client.send(post("x")));
        ASSERT_TRUE(until([&] { return holding_.count() == 1; }));
    }
    holding_.release().answer(ok(std::string(1U << 20, 'x')));
    EXPECT_TRUE(until([&] { return counts().open == 0; }));
}

TEST_F(InboxLife, LetsAnAnswerOutliveTheServer) {
    serve(holding_);
    auto client = connect();
    ASSERT_TRUE(client.send(post("x")));
    ASSERT_TRUE(until([&] { return holding_.count() == 1; }));
    server_.reset();
    EXPECT_EQ(client.rest(), "");
    holding_.release().answer(ok("nobody is there"));
}

TEST_F(InboxLife, DrainsWhatIsUnderWayAndTakesNothingNew) {
    serve(holding_);
    auto idle = connect();
    auto busy = connect();
    ASSERT_TRUE(busy.send(post("x")));
    ASSERT_TRUE(until([&] { return holding_.count() == 1 && counts().open == 2; }));
    std::thread draining([&] { server_->drain(Deadline::in(std::chrono::seconds(5))); });
    EXPECT_EQ(idle.rest(), "");
    EXPECT_TRUE(idle.endedInOrder());
    EXPECT_TRUE(until([&] { return !connect().connected(); }));
    holding_.release().answer(ok("last"));
    const auto answer = busy.answer();
    EXPECT_EQ(answer.body, "last");
    EXPECT_NE(answer.head.find("Connection: close\r\n"), std::string::npos);
    busy.rest();
    busy.endSending();
    draining.join();
    EXPECT_EQ(counts().open, 0U);
}

TEST_F(InboxLife, DrainsNoLongerThanItMay) {
    serve(holding_);
    auto busy = connect();
    ASSERT_TRUE(busy.send(post("x")));
    ASSERT_TRUE(until([&] { return holding_.count() == 1; }));
    const auto begin = std::chrono::steady_clock::now();
    server_->drain(Deadline::in(Millis(200)));
    EXPECT_LT(since(begin), Millis(1000));
    EXPECT_EQ(counts().open, 0U);
    holding_.release().answer(ok("late"));
}

TEST_F(InboxLife, CutsAClientThatDoesNotReadItsAnswer) {
    settings_.request_time = Millis(400);
    serve(holding_);
    auto client = connect();
    const int small = 4096;
    ::setsockopt(client.fd(), SOL_SOCKET, SO_RCVBUF, &small, sizeof small);
    ASSERT_TRUE(client.send(post("x")));
    ASSERT_TRUE(until([&] { return holding_.count() == 1; }));
    holding_.release().answer(ok(std::string(16U << 20, 'x')));
    EXPECT_TRUE(until([&] { return counts().open == 0; }));
    EXPECT_EQ(counts().timeouts, 1U);
}

TEST_F(InboxLife, NeverSendsAFieldThatBreaksTheFraming) {
    serve(holding_);
    auto client = connect();
    ASSERT_TRUE(client.send(post("x")));
    ASSERT_TRUE(until([&] { return holding_.count() == 1; }));
    auto split = ok("y");
    split.headers.add("X-Case", "1\r\nSet-Cookie: a=b");
    holding_.release().answer(std::move(split));
    const auto answer = client.answer();
    EXPECT_EQ(answer.status, 503);
    EXPECT_EQ(answer.head.find("Set-Cookie"), std::string::npos);
}

TEST_F(InboxLife, SaysThatAnAddressIsTaken) {
    serve(echo_);
    settings_.port = server_->port();
    const auto second = InboxServer::start(settings_, nullptr, echo_);
    ASSERT_FALSE(second.has_value());
    EXPECT_EQ(second.error().code(), Code::HttpListen);
    settings_.address = "not an address";
    EXPECT_FALSE(InboxServer::start(settings_, nullptr, echo_).has_value());
}

}  // namespace
}  // namespace stafett::transport::test
