// Bodies that are larger than others may be, and bodies that are made while they are sent.
#include <gtest/gtest.h>

#include "gateway/transport/courier.h"
#include "tests/unit/transport/echo.h"
#include "tests/unit/transport/scripted_server.h"

namespace stafett::transport::test {
namespace {

/// Takes large bodies at one path, and answers with how long they were.
class Scale final : public Inbox {
public:
    void take(RawRequest request, Responder responder) override {
        auto response = ok(std::to_string(request.http.body.size()));
        if (keep) kept = std::move(request);
        responder.answer(std::move(response));
    }
    bool mayBeLarge(const security::Peer&, const HttpRequest& request) const override {
        return request.path == "/large";
    }

    bool keep = false;
    RawRequest kept;
};

/// So many bytes in pieces of a kilobyte; fails at one of them if it is told to.
class Counting final : public BodySource {
public:
    explicit Counting(std::size_t pieces, std::size_t fails_at = SIZE_MAX)
        : pieces_(pieces), fails_at_(fails_at) {}
    std::uint64_t size() const override { return pieces_ * 1024; }
    void begin() override { next_ = 0; }
    bool next(Bytes& out) override {
        if (next_ == fails_at_) return false;
        if (next_ == pieces_) return true;
        out.append(1024, static_cast<char>('a' + next_++ % 26));
        return true;
    }
    static Bytes whole(std::size_t pieces) {
        Counting source(pieces);
        Bytes all;
        for (std::size_t i = 0; i < pieces; ++i) source.next(all);
        return all;
    }

private:
    std::size_t pieces_, fails_at_, next_ = 0;
};

/// Answers every request with such a body.
class Giving final : public Inbox {
public:
    explicit Giving(std::shared_ptr<BodySource> source) : source_(std::move(source)) {}
    void take(RawRequest, Responder responder) override {
        HttpResponse response;
        response.source = source_;
        responder.answer(std::move(response));
    }

private:
    std::shared_ptr<BodySource> source_;
};

config::Listener small() {
    config::Listener listener;
    listener.body = 1000;
    listener.large_body = 100'000;
    listener.large_memory = 150'000;
    return listener;
}

TEST(LargeBodies, AreTakenWhereTheyMayBeUpToTheirOwnLimit) {
    Scale scale;
    const auto server = *InboxServer::start(small(), {}, scale);
    const auto said = [&](const std::string& path, std::size_t size) {
        RawClient client(server->port());
        client.send(post(std::string(size, 'x'), "", path));
        return client.answer();
    };
    EXPECT_EQ(said("/large", 100'000).body, "100000");
    EXPECT_EQ(said("/in", 1000).body, "1000");
    const auto elsewhere = said("/in", 1001);
    EXPECT_EQ(elsewhere.status, 413);
    EXPECT_NE(elsewhere.body.find("\"limit\":1000}"), std::string::npos) << elsewhere.body;
    const auto too_large = said("/large", 100'001);
    EXPECT_EQ(too_large.status, 413);
    EXPECT_NE(too_large.body.find("\"limit\":100000}"), std::string::npos) << too_large.body;
}

TEST(LargeBodies, InChunksAreNoLargerThanOthers) {
    Scale scale;
    const auto server = *InboxServer::start(small(), {}, scale);
    RawClient client(server->port());
    client.send(
        "POST /large HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n3e9\r\n" +
        std::string(1001, 'x') + "\r\n0\r\n\r\n");
    EXPECT_EQ(client.answer().status, 413);
}

TEST(LargeBodies, WaitOutsideWhenTheMemorySetAsideForThemIsTaken) {
    Scale scale;
    scale.keep = true;
    const auto server = *InboxServer::start(small(), {}, scale);
    const auto large = post(std::string(100'000, 'x'), "", "/large");
    RawClient first(server->port());
    RawClient second(server->port());
    first.send(large);
    EXPECT_EQ(first.answer().status, 200);
    second.send(large);
    const auto busy = second.answer();
    EXPECT_EQ(busy.status, 503) << "the first is still worked on";
    EXPECT_NE(busy.head.find("Retry-After"), std::string::npos);
    RawClient third(server->port());
    third.send(post("small"));
    EXPECT_EQ(third.answer().status, 200) << "others are not held up";

    scale.kept = {};
    scale.keep = false;
    RawClient fourth(server->port());
    fourth.send(large);
    EXPECT_EQ(fourth.answer().status, 200);
}

TEST(LargeBodies, GiveTheirMemoryBackWhenTheirSenderGoes) {
    Scale scale;
    const auto server = *InboxServer::start(small(), {}, scale);
    const auto large = post(std::string(100'000, 'x'), "", "/large");
    {
        RawClient gone(server->port());
        gone.send(large.substr(0, 50'000));
        ASSERT_TRUE(until([&] { return server->counts().open == 1; }));
    }
    ASSERT_TRUE(until([&] { return server->counts().open == 0; }));
    RawClient next(server->port());
    next.send(large);
    EXPECT_EQ(next.answer().status, 200);
}

TEST(MadeBodies, AreSentWithTheirLengthAndLeaveTheConnectionUsable) {
    Giving giving(std::make_shared<Counting>(3000));
    const auto server = *InboxServer::start({}, {}, giving);
    RawClient client(server->port());
    for (int i = 0; i < 2; ++i) {
        client.send(post("x"));
        const auto answer = client.answer();
        EXPECT_NE(answer.head.find("Content-Length: 3072000"), std::string::npos) << answer.head;
        EXPECT_TRUE(answer.body == Counting::whole(3000)) << i;
    }
}

TEST(MadeBodies, ThatFailAreCutSoThatNobodyTakesThemForWhole) {
    Giving giving(std::make_shared<Counting>(3000, 1000));
    const auto server = *InboxServer::start({}, {}, giving);
    RawClient client(server->port());
    client.send(post("x"));
    const auto all = client.rest();
    EXPECT_TRUE(client.ended());
    EXPECT_LT(all.size(), 1'100'000U);
}

class MadeRequests : public ::testing::Test {
protected:
    HttpRequest request(std::size_t pieces, std::size_t fails_at = SIZE_MAX) {
        HttpRequest made;
        made.method = "POST";
        made.path = "/in";
        made.source = std::make_shared<Counting>(pieces, fails_at);
        return made;
    }
    Destination at(std::uint16_t port) { return {"receiver", "localhost", port}; }

    std::shared_ptr<TestContext> ours_ = std::make_shared<TestContext>("client_a", "ca");
    std::shared_ptr<TestContext> server_ = std::make_shared<TestContext>("server", "ca");
    std::unique_ptr<Courier> courier_ = *Courier::start({}, always(ours_));
};

TEST_F(MadeRequests, ArriveWholeOverAKeptConnection) {
    config::Listener listener;
    listener.body = 4U << 20;
    Echo echo;
    const auto inbox = *InboxServer::start(listener, always(server_), echo);
    for (const std::size_t pieces : {3000U, 1U, 3000U}) {
        const auto answer = courier_->exchange(at(inbox->port()), request(pieces));
        ASSERT_EQ(echo.last().http.body.size(), pieces * 1024);
        EXPECT_TRUE(echo.last().http.body == Counting::whole(pieces));
        (void)answer;  // longer than an answer may be: what counts is what came
    }
}

TEST_F(MadeRequests, ThatFailAreReportedAndNeverTakenForWhole) {
    config::Listener listener;
    listener.body = 4U << 20;
    Echo echo;
    const auto inbox = *InboxServer::start(listener, always(server_), echo);
    const auto answer = courier_->exchange(at(inbox->port()), request(3000, 1000));
    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().code(), Code::StoreDamaged);
    EXPECT_EQ(echo.count(), 0U);
    const auto next = courier_->exchange(at(inbox->port()), request(10));
    EXPECT_TRUE(next) << "on a connection of its own";
}

}  // namespace
}  // namespace stafett::transport::test
