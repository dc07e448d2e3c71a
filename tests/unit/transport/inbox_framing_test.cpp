#include <gtest/gtest.h>

#include "tests/unit/transport/echo.h"
#include "tests/unit/transport/hostile_requests.h"

namespace stafett::transport::test {
namespace {

/// One server of each kind for all rows.
struct Served {
    explicit Served(bool tls) {
        config::Listener settings;
        settings.host = "localhost";
        settings.handshake_time = std::chrono::seconds(2);
        if (tls) ours = std::make_shared<TestContext>("client_a", "ca");
        server = *InboxServer::start(
            settings, tls ? always(std::make_shared<TestContext>("server", "ca")) : nullptr, echo);
    }
    RawClient connect() const {
        return ours ? RawClient(server->port(), *ours) : RawClient(server->port());
    }

    Echo echo;
    std::shared_ptr<TestContext> ours;
    std::unique_ptr<InboxServer> server;
};

class Framing : public ::testing::TestWithParam<Hostile> {
protected:
    static void SetUpTestSuite() {
        plain_ = std::make_unique<Served>(false);
        tls_ = std::make_unique<Served>(true);
    }
    static void TearDownTestSuite() {
        plain_.reset();
        tls_.reset();
    }
    static inline std::unique_ptr<Served> plain_, tls_;
};

TEST_P(Framing, ThatIsBrokenIsAnsweredOnceAndClosed) {
    for (auto* served : {plain_.get(), tls_.get()}) {
        const auto before = served->echo.count();
        auto client = served->connect();
        ASSERT_TRUE(client.send(GetParam().bytes));
        if (GetParam().ends) client.endSending();
        const auto answer = client.answer();
        EXPECT_EQ(answer.status, GetParam().status);
        EXPECT_NE(answer.head.find("Connection: close\r\n"), std::string::npos);
        EXPECT_NE(answer.head.find("application/problem+json"), std::string::npos);
        EXPECT_NE(answer.body.find("\"code\":\"ST-HTTP-"), std::string::npos);
        EXPECT_EQ(client.rest(), "") << "a second answer came";
        EXPECT_TRUE(client.endedInOrder());
        EXPECT_EQ(served->echo.count(), before) << "the Inbox was given something";
    }
}

INSTANTIATE_TEST_SUITE_P(Requests, Framing, ::testing::ValuesIn(hostileRequests()),
                         [](const auto& found) { return found.param.name; });

TEST(Problems, EchoNothingAndSpeakTheLanguageAskedFor) {
    Served served(false);
    auto swedish = served.connect();
    swedish.send("FETCH /191212121212 HTTP/1.1\r\nHost: localhost\r\nX: 191212121212\r\n\r\n");
    const auto answer = swedish.answer();
    EXPECT_EQ(answer.status, 501);
    EXPECT_EQ((answer.head + answer.body).find("191212121212"), std::string::npos);
    EXPECT_NE(answer.body.find("anropet använder något"), std::string::npos);

    auto english = served.connect();
    english.send("FETCH / HTTP/1.1\r\nHost: localhost\r\nAccept-Language: en-GB\r\n\r\n");
    EXPECT_NE(english.answer().body.find("the request uses something"), std::string::npos);
}

TEST(Bodies, OverTheLimitAreAnsweredWhileTheyStillCome) {
    Served served(true);
    auto client = served.connect();
    ASSERT_TRUE(
        client.send("POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 3000000\r\n\r\n"));
    EXPECT_EQ(client.answer().status, 413);
    // What is still under way is thrown away, so that the answer was not lost in a reset.
    EXPECT_TRUE(client.send(std::string(100'000, 'x')));
}

TEST(Requests, CutInTheMiddleOfAPipelineAreWholeOrAbsent) {
    Served served(true);
    auto client = served.connect();
    std::string all;
    for (int i = 0; i < 100; ++i) all += post("nr " + std::to_string(i));
    ASSERT_TRUE(client.send(all.substr(0, all.size() - 2)));
    client.endSending();
    for (int i = 0; i < 99; ++i) ASSERT_EQ(client.answer().body, "nr " + std::to_string(i));
    EXPECT_EQ(client.answer().status, 400);
    EXPECT_EQ(served.echo.count(), 99U);
}

}  // namespace
}  // namespace stafett::transport::test
