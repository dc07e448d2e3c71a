#include <gtest/gtest.h>

#include "gateway/transport/courier.h"
#include "tests/unit/transport/echo.h"
#include "tests/unit/transport/scripted_server.h"

namespace stafett::transport::test {
namespace {

using Visitor = ScriptedServer::Visitor;

const std::string kOk = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

/// What a receiver says to a request before it cuts the connection, and what the courier makes of
/// it.
struct Said {
    const char* name;
    std::string bytes;
    std::string outcome;
    bool goodbye = false;  ///< it says close_notify before it goes
};

class Answers : public ::testing::TestWithParam<Said> {
protected:
    std::string outcome(const Result<HttpResponse>& result) {
        if (result) return std::to_string(result->status) + " " + result->body;
        return std::string(result.error().info().name);
    }
    HttpRequest request() {
        HttpRequest made;
        made.method = "POST";
        made.path = "/in";
        made.body = "x";
        return made;
    }

    config::Courier settings_{.answer_time = std::chrono::milliseconds(400), .answer_body = 1000};
    std::shared_ptr<TestContext> ours_ = std::make_shared<TestContext>("client_a", "ca");
    TestContext server_{"server", "ca"};
};

TEST_P(Answers, AreReadStrictly) {
    const auto courier = *Courier::start(settings_, always(ours_));
    ScriptedServer receiver(&server_, [&](Visitor& visitor) {
        visitor.request();
        visitor.say(GetParam().bytes);
        if (GetParam().goodbye) visitor.sayGoodbye();
        visitor.cut();
    });
    const Destination to{"r", "localhost", receiver.port()};
    EXPECT_EQ(outcome(courier->exchange(to, request())), GetParam().outcome);
    EXPECT_EQ(receiver.connections(), 1) << "sent again, though it may have been taken";
}

const std::string kHead = "HTTP/1.1 200 OK\r\n";

INSTANTIATE_TEST_SUITE_P(
    Receivers, Answers,
    ::testing::Values(
        Said{"Whole", kOk, "200 ok"}, Said{"Nothing", "", "DeliverUnknown"},
        Said{"NothingButGoodbye", "", "DeliverUnknown", true},
        Said{"Interim", "HTTP/1.1 100 Continue\r\n\r\n" + kOk, "200 ok"},
        Said{"OtherProtocol", "HTTP/1.1 101 Switching Protocols\r\n\r\n" + kOk, "DeliverUnknown"},
        Said{"NoContent", "HTTP/1.1 204 No Content\r\n\r\n", "204 "},
        Said{"Chunked", kHead + "Transfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n", "200 ok"},
        Said{"ShortBody", kHead + "Content-Length: 3\r\n\r\nok", "DeliverUnknown"},
        Said{"ShortBodyAndGoodbye", kHead + "Content-Length: 3\r\n\r\nok", "DeliverUnknown", true},
        Said{"CutChunk", kHead + "Transfer-Encoding: chunked\r\n\r\n5\r\nok", "DeliverUnknown",
             true},
        Said{"NoLastChunk", kHead + "Transfer-Encoding: chunked\r\n\r\n2\r\nok\r\n",
             "DeliverUnknown", true},
        Said{"CutHead", "HTTP/1.1 200 OK\r\nContent-Le", "DeliverUnknown", true},
        Said{"EndOfConnection", kHead + "\r\nok", "200 ok", true},
        Said{"EndOfConnectionByCut", kHead + "\r\nok", "DeliverUnknown"},
        Said{"Garbage", "what is this\r\n\r\n", "DeliverUnknown"},
        Said{"OldVersion", "HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nok", "DeliverUnknown"},
        Said{"BareLineEnds", "HTTP/1.1 200 OK\nContent-Length: 2\n\nok", "DeliverUnknown"},
        Said{"Folded", kHead + "X: a\r\n b\r\nContent-Length: 2\r\n\r\nok", "DeliverUnknown"},
        Said{"TwoLengths", kHead + "Content-Length: 2\r\nContent-Length: 2\r\n\r\nok",
             "DeliverUnknown"},
        Said{"LengthAndChunks",
             kHead + "Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n",
             "DeliverUnknown"},
        Said{"TooLarge", kHead + "Content-Length: 1001\r\n\r\n" + std::string(1001, 'x'),
             "DeliverUnknown"},
        Said{"TooLargeInChunks",
             kHead + "Transfer-Encoding: chunked\r\n\r\n3e9\r\n" + std::string(1001, 'x') +
                 "\r\n0\r\n\r\n",
             "DeliverUnknown"},
        Said{"EndlessHead", kHead + std::string(20'000, 'x'), "DeliverUnknown"}),
    [](const auto& found) { return found.param.name; });

using Connections = Answers;

TEST_F(Connections, ThatAreSlowAreGivenUpAtTheDeadline) {
    const auto courier = *Courier::start(settings_, always(ours_));
    ScriptedServer receiver(&server_, [](Visitor& visitor) {
        visitor.request();
        visitor.say("HTTP/1.1 200 OK\r\n");
        // A byte now and then keeps no deadline off.
        for (int i = 0; i < 50; ++i) {
            until([] { return false; }, std::chrono::milliseconds(20));
            visitor.say("X");
        }
    });
    const auto begin = std::chrono::steady_clock::now();
    EXPECT_EQ(outcome(courier->exchange({"r", "localhost", receiver.port()}, request())),
              "DeliverUnknown");
    EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::milliseconds(800));
}

TEST_F(Connections, ThatWentStaleAreReplacedOnce) {
    const auto courier = *Courier::start(settings_, always(ours_));
    ScriptedServer receiver(&server_, [](Visitor& visitor) {
        visitor.request();
        visitor.say(kOk);
        // The next request on this connection gets no answer at all.
        if (visitor.number < 2 && !visitor.request().empty()) visitor.cut();
        visitor.waitForEnd();
    });
    const Destination to{"r", "localhost", receiver.port()};
    EXPECT_EQ(outcome(courier->exchange(to, request())), "200 ok");
    EXPECT_EQ(outcome(courier->exchange(to, request())), "200 ok");
    EXPECT_EQ(receiver.connections(), 2);
}

TEST_F(Connections, ThatBrokeWithinAnAnswerAreNotTriedAgain) {
    const auto courier = *Courier::start(settings_, always(ours_));
    ScriptedServer receiver(&server_, [](Visitor& visitor) {
        visitor.request();
        visitor.say(kOk);
        visitor.request();
        visitor.say("HTTP/1.1 2");
        visitor.cut();
    });
    const Destination to{"r", "localhost", receiver.port()};
    EXPECT_EQ(outcome(courier->exchange(to, request())), "200 ok");
    EXPECT_EQ(outcome(courier->exchange(to, request())), "DeliverUnknown");
    EXPECT_EQ(receiver.connections(), 1);
}

TEST_F(Connections, ThatAreSaidToCloseAreNotUsedAgain) {
    const auto courier = *Courier::start(settings_, always(ours_));
    ScriptedServer receiver(&server_, [](Visitor& visitor) {
        visitor.request();
        visitor.say("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok");
        visitor.waitForEnd();
    });
    const Destination to{"r", "localhost", receiver.port()};
    EXPECT_EQ(outcome(courier->exchange(to, request())), "200 ok");
    EXPECT_EQ(outcome(courier->exchange(to, request())), "200 ok");
    EXPECT_EQ(receiver.connections(), 2);
}

TEST_F(Connections, ThatSaidMoreThanTheAnswerAreNotUsedAgain) {
    const auto courier = *Courier::start(settings_, always(ours_));
    ScriptedServer receiver(&server_, [](Visitor& visitor) {
        visitor.request();
        visitor.say(kOk + "HTTP/1.1 500 Hidden\r\nContent-Length: 0\r\n\r\n");
        visitor.waitForEnd();
    });
    const Destination to{"r", "localhost", receiver.port()};
    EXPECT_EQ(outcome(courier->exchange(to, request())), "200 ok");
    EXPECT_EQ(outcome(courier->exchange(to, request())), "200 ok");
    EXPECT_EQ(receiver.connections(), 2);
}

TEST_F(Connections, MadeUnderAnOlderContextAreNotUsedAgain) {
    std::shared_ptr<const security::Context> current = ours_;
    std::mutex lock;
    const auto courier = *Courier::start(settings_, [&] {
        const std::lock_guard guard(lock);
        return current;
    });
    ScriptedServer receiver(&server_, [](Visitor& visitor) {
        while (!visitor.request().empty()) visitor.say(kOk);
    });
    const Destination to{"r", "localhost", receiver.port()};
    EXPECT_EQ(outcome(courier->exchange(to, request())), "200 ok");
    {
        const std::lock_guard guard(lock);
        current = std::make_shared<TestContext>("client_b", "ca");
    }
    EXPECT_EQ(outcome(courier->exchange(to, request())), "200 ok");
    EXPECT_EQ(receiver.connections(), 2);
}

}  // namespace
}  // namespace stafett::transport::test
