// Over capacity is told: 429 to a peer over its share, 503 when all room is spent; and no peer
// spends another's share.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "tests/unit/transport/echo.h"

namespace stafett::transport::test {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;
using ::testing::Not;

/// Holds what it takes, and says in its own words that somebody is turned away.
class OwnWords final : public Inbox {
public:
    void take(RawRequest request, Responder responder) override {
        held_.take(std::move(request), std::move(responder));
    }
    HttpResponse turnAway(const RawRequest& request, Refusal refusal) override {
        HttpResponse response;
        response.status = refusal.status;
        response.headers.add("Retry-After", "7");
        response.body = request.peer.system.value + " " + request.http.path;
        return response;
    }
    Holding& held() { return held_; }

private:
    Holding held_;
};

class InboxCapacity : public ::testing::Test {
protected:
    void serve(Inbox& inbox, InboxWatch watch = {}) {
        server_ = *InboxServer::start(settings_, always(theirs_), inbox, std::move(watch));
    }
    RawClient connect() const { return RawClient(server_->port(), *a_); }
    RawClient connectAsB() const { return RawClient(server_->port(), *b_); }
    /// A connection that has been served: known to be there.
    RawClient served(RawClient client) {
        client.send(post("x"));
        EXPECT_EQ(client.answer().status, 200);
        return client;
    }
    Answer ask(RawClient client) {
        client.send(post("x"));
        auto answer = client.answer();
        if (answer.status == 429 || answer.status == 503) {
            EXPECT_EQ(client.rest(), "");
        }
        return answer;
    }
    InboxServer::Counts counts() const { return server_->counts(); }

    config::Listener settings_;
    std::shared_ptr<TestContext> theirs_ = std::make_shared<TestContext>("server", "ca");
    std::shared_ptr<TestContext> a_ = std::make_shared<TestContext>("client_a", "ca");
    std::shared_ptr<TestContext> b_ = std::make_shared<TestContext>("client_b", "ca");
    std::unique_ptr<trace::Log> log_;
    trace::Metrics metrics_;
    Echo echo_;
    OwnWords own_words_;
    std::unique_ptr<InboxServer> server_;
};

TEST_F(InboxCapacity, TellsAPeerOverItsConnectionsToComeAgain) {
    settings_.connections_per_peer = 3;
    serve(echo_);
    std::vector<RawClient> within;
    for (int i = 0; i < 3; ++i) within.push_back(served(connect()));
    const auto answer = ask(connect());
    EXPECT_EQ(answer.status, 429);
    EXPECT_THAT(answer.head, HasSubstr("Retry-After: 5"));
    EXPECT_THAT(answer.head, HasSubstr("Connection: close"));
    EXPECT_THAT(answer.body, HasSubstr("ST-HTTP-008"));
    EXPECT_EQ(counts().turned_away, 1U);
    EXPECT_EQ(echo_.count(), 3U);
    within.pop_back();
    EXPECT_TRUE(until([&] { return counts().open == 2; }));
    EXPECT_EQ(ask(connect()).status, 200);
}

TEST_F(InboxCapacity, OnePeersShareIsNotAnothersThoughTheyCallFromOneAddress) {
    settings_.connections_per_peer = 2;
    serve(echo_);
    std::vector<RawClient> of_a;
    for (int i = 0; i < 2; ++i) of_a.push_back(served(connect()));
    EXPECT_EQ(ask(connect()).status, 429);
    const auto of_b = served(connectAsB());
    EXPECT_EQ(ask(connect()).status, 429);
    EXPECT_EQ(ask(connectAsB()).status, 200);
}

TEST_F(InboxCapacity, HandshakesThatStallSpendTheAddressShareAndNoSystems) {
    settings_.connections_per_peer = 2;
    serve(echo_);
    std::vector<RawClient> stalled;
    for (int i = 0; i < 2; ++i) stalled.emplace_back(server_->port());
    ASSERT_TRUE(until([&] { return counts().open == 2; }));
    // The address is full, so this one comes in to be told so; its certificate says otherwise.
    EXPECT_EQ(ask(connect()).status, 200);
    EXPECT_EQ(counts().turned_away, 0U);
}

TEST_F(InboxCapacity, TellsThatAllRoomIsSpent) {
    settings_.connections = 2;
    serve(echo_);
    const auto first = served(connect());
    auto second = served(connectAsB());
    const auto answer = ask(connectAsB());
    EXPECT_EQ(answer.status, 503);
    EXPECT_THAT(answer.head, HasSubstr("Retry-After: "));
    EXPECT_THAT(answer.body, HasSubstr("ST-HTTP-015"));
    ASSERT_TRUE(second.send(post("y")));
    EXPECT_EQ(second.answer().status, 200);
}

TEST_F(InboxCapacity, ClosesThoseBeyondThePlacesForTelling) {
    settings_.connections_per_peer = 1;
    settings_.turned_away = 4;  // one of them for each peer
    serve(echo_);
    const auto within = served(connect());
    auto told = connect();
    ASSERT_TRUE(told.connected());
    ASSERT_TRUE(until([&] { return counts().open == 2; }));
    auto beyond = connect();
    beyond.send(post("x"));
    EXPECT_EQ(beyond.answer().status, 0);
    EXPECT_TRUE(until([&] { return counts().closed_unsaid == 1; }));
    told.send(post("x"));
    EXPECT_EQ(told.answer().status, 429);
    EXPECT_EQ(ask(connectAsB()).status, 200);
}

TEST_F(InboxCapacity, ThePlacesForTellingAreNoMoreForManyPeersThanTheyAre) {
    settings_.connections = 1;
    settings_.turned_away = 1;
    serve(echo_);
    const auto within = served(connect());
    const auto told = connect();
    ASSERT_TRUE(told.connected());
    ASSERT_TRUE(until([&] { return counts().open == 2; }));
    // For longer than the second in which one may be told.
    EXPECT_FALSE(until([&] { return ask(connectAsB()).status != 0; }, 1200ms));
    EXPECT_EQ(counts().open, 2U);
}

TEST_F(InboxCapacity, SaysNothingToAnybodyWhereNoPlaceIsGiven) {
    settings_.connections_per_peer = 1;
    settings_.turned_away = 0;
    serve(echo_);
    const auto within = served(connect());
    EXPECT_EQ(ask(connect()).status, 0);
    EXPECT_EQ(counts().turned_away, 0U);
    EXPECT_EQ(counts().closed_unsaid, 1U);
}

TEST_F(InboxCapacity, TellsAtMostSoManyASecond) {
    settings_.connections_per_peer = 1;
    settings_.turned_away = 4;
    serve(echo_);
    const auto within = served(connect());
    const auto begin = std::chrono::steady_clock::now();
    int said = 0;
    int unsaid = 0;
    for (int i = 0; i < 12; ++i) ++(ask(connect()).status == 429 ? said : unsaid);
    const auto seconds =
        std::chrono::duration_cast<std::chrono::seconds>(std::chrono::steady_clock::now() - begin)
            .count();
    EXPECT_LE(said, 4 * (static_cast<int>(seconds) + 1));
    EXPECT_GE(said, 1);
    EXPECT_GE(unsaid, 1);
}

TEST_F(InboxCapacity, TellsInTheWordsOfWhoeverTakesRequests) {
    settings_.connections_per_peer = 1;
    serve(own_words_);
    auto within = connect();
    ASSERT_TRUE(within.send(post("x")));
    ASSERT_TRUE(until([&] { return own_words_.held().count() == 1; }));
    const auto answer = ask(connect());
    EXPECT_EQ(answer.status, 429);
    EXPECT_THAT(answer.head, HasSubstr("Retry-After: 7"));
    EXPECT_EQ(answer.body, "client_a /in");
}

TEST_F(InboxCapacity, TellsAPeerOverItsRequestsAndKeepsTheConnection) {
    settings_.requests_per_peer = 2;
    serve(own_words_);
    std::vector<RawClient> clients;
    for (int i = 0; i < 3; ++i) clients.push_back(connect());
    for (std::size_t i = 0; i < 2; ++i) {
        ASSERT_TRUE(clients[i].send(post("x")));
        ASSERT_TRUE(until([&] { return own_words_.held().count() == i + 1; }));
    }
    ASSERT_TRUE(clients[2].send(post("x")));
    const auto answer = clients[2].answer();
    EXPECT_EQ(answer.status, 429);
    EXPECT_THAT(answer.head, Not(HasSubstr("Connection: close")));
    auto other = connectAsB();
    ASSERT_TRUE(other.send(post("x")));
    ASSERT_TRUE(until([&] { return own_words_.held().count() == 3; }));
    own_words_.held().release().answer(ok("done"));
    EXPECT_EQ(clients[0].answer().status, 200);
    ASSERT_TRUE(clients[2].send(post("x")));
    EXPECT_TRUE(until([&] { return own_words_.held().count() == 3; }));
}

// Sending and hanging up must not give a peer more than its share of what is inside.
TEST_F(InboxCapacity, ARequestIsUnderWayThoughItsPeerHasGone) {
    settings_.requests_per_peer = 1;
    serve(own_words_);
    {
        auto gone = connect();
        ASSERT_TRUE(gone.send(post("x")));
        ASSERT_TRUE(until([&] { return own_words_.held().count() == 1; }));
    }
    auto again = connect();
    ASSERT_TRUE(again.send(post("x")));
    EXPECT_EQ(again.answer().status, 429);
    own_words_.held().release().answer(ok("nobody is there"));
    ASSERT_TRUE(again.send(post("x")));
    EXPECT_TRUE(until([&] { return own_words_.held().count() == 1; }));
}

TEST_F(InboxCapacity, CountsThemAllAndLogsThemSeldom) {
    const auto file = std::filesystem::path(STAFETT_BUILD_DIR) / "capacity_test.log";
    std::filesystem::remove(file);
    log_ = trace::logToFile(file.string(), trace::Level::Info);
    settings_.connections_per_peer = 1;
    serve(echo_, {.log = log_.get(),
                  .metrics = &metrics_,
                  .listener = trace::SafeText::fromConfiguration("inbox")});
    const auto within = served(connect());
    for (int i = 0; i < 5; ++i) EXPECT_EQ(ask(connect()).status, 429);
    EXPECT_THAT(metrics_.text(),
                HasSubstr("stafett_turned_away_total{how=\"told\",listener=\"inbox\","
                          "why=\"peer\"} 5"));
    const auto lines = [&] {
        std::ifstream in(file);
        std::stringstream text;
        text << in.rdbuf();
        std::size_t count = 0;
        for (auto at = text.str().find("over_capacity"); at != std::string::npos;
             at = text.str().find("over_capacity", at + 1)) {
            ++count;
        }
        return count;
    };
    EXPECT_TRUE(until([&] { return lines() == 1; }));
    EXPECT_EQ(ask(connect()).status, 429);
    EXPECT_FALSE(until([&] { return lines() > 1; }, 1500ms)) << "longer than the counts stand";
}

}  // namespace
}  // namespace stafett::transport::test
