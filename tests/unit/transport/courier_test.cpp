#include "gateway/transport/courier.h"

#include <gtest/gtest.h>

#include <future>

#include "tests/unit/transport/echo.h"
#include "tests/unit/transport/scripted_server.h"

namespace stafett::transport::test {
namespace {

using Visitor = ScriptedServer::Visitor;

const std::string kOk = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

HttpRequest request(const std::string& body) {
    HttpRequest made;
    made.method = "POST";
    made.path = "/ta emot/åäö";
    made.query = "a=1";
    made.headers.add("Content-Type", "application/xml");
    made.body = body;
    return made;
}

std::string outcome(const Result<HttpResponse>& result) {
    if (result) return std::to_string(result->status);
    return std::string(result.error().info().name);
}

class Couriers : public ::testing::Test {
protected:
    void SetUp() override { restart(); }
    void restart() { courier_ = *Courier::start(settings_, always(ours_)); }
    Destination at(std::uint16_t port, const std::string& host = "localhost") const {
        return {"receiver " + std::to_string(port), host, port};
    }
    std::string sendTo(std::uint16_t port, const std::string& host = "localhost") {
        return outcome(courier_->exchange(at(port, host), request("x")));
    }

    config::Courier settings_{.connect_time = std::chrono::milliseconds(1000),
                              .answer_time = std::chrono::milliseconds(400),
                              .answer_body = 1000};
    std::shared_ptr<TestContext> ours_ = std::make_shared<TestContext>("client_a", "ca");
    std::shared_ptr<TestContext> server_ = std::make_shared<TestContext>("server", "ca");
    std::unique_ptr<Courier> courier_;
};

TEST_F(Couriers, DeliversToAnInboxOverOneKeptConnection) {
    Echo echo;
    const auto inbox = *InboxServer::start({}, always(server_), echo);
    for (int i = 0; i < 20; ++i) {
        const auto answer = courier_->exchange(at(inbox->port()), request(std::to_string(i)));
        ASSERT_TRUE(answer.has_value()) << outcome(answer);
        EXPECT_EQ(answer->body, std::to_string(i));
    }
    const auto seen = echo.last();
    EXPECT_EQ(seen.http.path, "/ta emot/åäö");
    EXPECT_EQ(seen.http.query, "a=1");
    EXPECT_EQ(seen.http.headers.get("Content-Type"), "application/xml");
    EXPECT_EQ(seen.http.headers.get("Host"), "localhost:" + std::to_string(inbox->port()));
    EXPECT_EQ(seen.peer.system.value, "client_a");
    EXPECT_EQ(inbox->counts().accepted, 1U);
}

TEST_F(Couriers, TakesAnAddressThatTheCertificateNames) {
    ScriptedServer receiver(server_.get(), [](Visitor& visitor) {
        visitor.request();
        visitor.say(kOk);
        visitor.waitForEnd();
    });
    EXPECT_EQ(sendTo(receiver.port(), "127.0.0.1"), "200");
    EXPECT_EQ(sendTo(receiver.port(), "127.0.0.2"), "DeliverUnreachable");
}

TEST_F(Couriers, RefusesCertificatesOfAnotherNameOrAuthorityBeforeAnythingIsSent) {
    for (const char* name : {"elsewhere", "other_server", "client_b"}) {
        const TestContext wrong(name, "ca");
        std::atomic<int> requests{0};
        ScriptedServer receiver(&wrong, [&](Visitor& visitor) {
            if (!visitor.request().empty()) ++requests;
        });
        EXPECT_EQ(sendTo(receiver.port()), "DeliverTls") << name;
        EXPECT_EQ(requests, 0) << name;
    }
}

TEST_F(Couriers, JudgesTheNameEvenWhenTheHandshakeIsSlow) {
    const TestContext wrong("elsewhere", "ca");
    // The server answers the first flight only after the connect time has nearly passed.
    ScriptedServer receiver(nullptr, [&](Visitor& visitor) {
        until([] { return false; }, std::chrono::milliseconds(600));
        if (visitor.shakeHands(wrong.native())) visitor.request();
    });
    EXPECT_EQ(sendTo(receiver.port()), "DeliverTls");
}

TEST_F(Couriers, TellsThatOurCertificateWasRefused) {
    Echo echo;
    const auto inbox =
        *InboxServer::start({}, always(std::make_shared<TestContext>("server", "other_ca")), echo);
    EXPECT_EQ(sendTo(inbox->port()), "DeliverTls");
    EXPECT_EQ(echo.count(), 0U);
}

TEST_F(Couriers, NeverFallsBackToPlainText) {
    std::atomic<bool> plain{false};
    {
        ScriptedServer receiver(nullptr, [&](Visitor& visitor) {
            visitor.say(kOk);
            plain = visitor.request().find("HTTP/1.1") != std::string::npos;
        });
        EXPECT_EQ(sendTo(receiver.port()), "DeliverUnreachable");
    }
    EXPECT_FALSE(plain);
}

TEST_F(Couriers, SaysUnreachableWhenNobodyListensOrNobodyHasTheName) {
    std::uint16_t port = 0;
    {
        ScriptedServer gone(nullptr, [](Visitor&) {});
        port = gone.port();
    }
    EXPECT_EQ(sendTo(port), "DeliverUnreachable");
    EXPECT_EQ(sendTo(port, "no-such-host.invalid"), "DeliverUnreachable");
}

TEST_F(Couriers, SaysUnreachableWhenTheHandshakeNeverComes) {
    ScriptedServer silent(nullptr, [](Visitor& visitor) { visitor.waitForEnd(); });
    EXPECT_EQ(sendTo(silent.port()), "DeliverUnreachable");
}

TEST_F(Couriers, WritesNothingThatCouldBreakTheFraming) {
    auto bad = request("x");
    bad.headers.add("X-Case", "1\r\nX-Other: 2");
    EXPECT_EQ(outcome(courier_->exchange(at(1), bad)), "DeliverUnsafe");
    bad = request("x");
    bad.query = "a=b c";
    EXPECT_EQ(outcome(courier_->exchange(at(1), bad)), "DeliverUnsafe");
    bad = request("x");
    bad.method = "POST /other";
    EXPECT_EQ(outcome(courier_->exchange(at(1), bad)), "DeliverUnsafe");
}

TEST_F(Couriers, SpeaksPlainOnlyWithoutAContext) {
    courier_ = *Courier::start(settings_, nullptr);
    Echo echo;
    const auto inbox = *InboxServer::start({}, nullptr, echo);
    EXPECT_EQ(sendTo(inbox->port()), "200");
}

TEST_F(Couriers, OneStalledReceiverDelaysNobodyElse) {
    ScriptedServer stalled(server_.get(), [](Visitor& visitor) { visitor.waitForEnd(); });
    Echo echo;
    const auto inbox = *InboxServer::start({}, always(server_), echo);
    settings_.answer_time = std::chrono::milliseconds(1000);
    restart();
    std::atomic<int> given_up{0};
    for (int i = 0; i < 50; ++i) {
        courier_->send(at(stalled.port()), request("x"), [&](Result<HttpResponse> result) {
            if (!result) ++given_up;
        });
    }
    for (int i = 0; i < 200; ++i) ASSERT_EQ(sendTo(inbox->port()), "200");
    EXPECT_EQ(given_up, 0) << "the 200 were meant to be through before the stalled ones gave up";
    EXPECT_LE(stalled.connections(), 8);
    EXPECT_TRUE(until([&] { return given_up == 50; }));
}

TEST_F(Couriers, ReportsEverythingWhenStopped) {
    ScriptedServer stalled(server_.get(), [](Visitor& visitor) { visitor.waitForEnd(); });
    std::atomic<int> told{0};
    for (int i = 0; i < 20; ++i) {
        courier_->send(at(stalled.port()), request("x"), [&](Result<HttpResponse> result) {
            EXPECT_FALSE(result.has_value());
            ++told;
        });
    }
    courier_->stop();
    EXPECT_EQ(told, 20);
    EXPECT_EQ(sendTo(stalled.port()), "DeliverUnreachable");
}

}  // namespace
}  // namespace stafett::transport::test
