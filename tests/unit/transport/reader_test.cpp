#include "gateway/transport/reader.h"

#include <gtest/gtest.h>

#include "tests/unit/transport/hostile_requests.h"

namespace stafett::transport::test {
namespace {

config::Listener limits() {
    config::Listener listener;
    listener.host = "localhost";
    return listener;
}

/// Feeds `bytes` in pieces of `size` until the reader has a verdict; gives how many it used.
std::pair<Step::State, std::size_t> feed(RequestReader& reader, std::string_view bytes,
                                         std::size_t size) {
    std::size_t used = 0;
    while (used < bytes.size()) {
        const auto step = reader.put(bytes.substr(used, size));
        used += step.used;
        if (step.state == Step::State::Whole || step.state == Step::State::Refused) {
            return {step.state, used};
        }
    }
    return {Step::State::More, used};
}

class Hostiles : public ::testing::TestWithParam<Hostile> {};

TEST_P(Hostiles, AreRefusedHoweverTheyAreCut) {
    const auto listener = limits();
    for (const std::size_t size : {std::size_t{1}, std::size_t{7}, std::size_t{1} << 20}) {
        RequestReader reader(listener);
        const auto [state, used] = feed(reader, GetParam().bytes, size);
        if (GetParam().ends) {
            EXPECT_EQ(state, Step::State::More) << size;
        } else {
            ASSERT_EQ(state, Step::State::Refused) << size;
            EXPECT_EQ(reader.refusal().status, GetParam().status) << size;
            EXPECT_EQ(reader.put("GET / HTTP/1.1\r\n").state, Step::State::Refused);
        }
    }
}

INSTANTIATE_TEST_SUITE_P(Requests, Hostiles, ::testing::ValuesIn(hostileRequests()),
                         [](const auto& found) { return found.param.name; });

TEST(RequestReaders, ReadTheSameHoweverItIsCut) {
    const std::string first =
        "\r\nPOST /a/%C3%A5?q=1;2 HTTP/1.1\r\nHost: LOCALHOST:8443\r\nX-A:  b c \r\n"
        "Transfer-Encoding: chunked\r\n\r\n2;x=\"y\"\r\nab\r\n00001\r\nc\r\n0\r\nT: 1\r\n\r\n";
    const std::string second = "GET http://localhost/ HTTP/1.1\r\nHost: localhost\r\n\r\n";
    const auto listener = limits();
    for (std::size_t size = 1; size < first.size() + second.size(); ++size) {
        RequestReader reader(listener);
        const auto [state, used] = feed(reader, first + second, size);
        ASSERT_EQ(state, Step::State::Whole) << size;
        ASSERT_EQ(used, first.size()) << size;
        EXPECT_TRUE(reader.keepsAlive());
        const auto request = reader.take();
        EXPECT_EQ(request.path, "/a/å");
        EXPECT_EQ(request.query, "q=1;2");
        EXPECT_EQ(request.headers.get("x-a"), "b c");
        EXPECT_EQ(request.body, "abc");
        EXPECT_EQ(feed(reader, second, size).second, second.size());
        EXPECT_EQ(reader.take().path, "/");
    }
}

TEST(RequestReaders, DropWhatOnlyAProxyOfOursCouldSay) {
    const auto listener = limits();
    RequestReader reader(listener);
    const std::string bytes =
        "GET / HTTP/1.1\r\nHost: localhost\r\nX-Forwarded-For: 10.0.0.1\r\n"
        "X-SSL-Client-Verify: SUCCESS\r\nForwarded: for=x\r\nX-Client-Cert: abc\r\n"
        "client-cert: :abc:\r\nX-Kept: 1\r\n\r\n";
    ASSERT_EQ(reader.put(bytes).state, Step::State::Whole);
    const auto request = reader.take();
    ASSERT_EQ(request.headers.all().size(), 2U);
    EXPECT_TRUE(request.headers.has("X-Kept"));
}

TEST(RequestReaders, TakeABodyOfExactlyTheLimitAndNoMore) {
    auto listener = limits();
    listener.body = 10;
    const std::string head =
        "POST / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n";
    RequestReader whole(listener);
    EXPECT_EQ(feed(whole, head + "5\r\nabcde\r\n5\r\nabcde\r\n0\r\n\r\n", 3).first,
              Step::State::Whole);
    RequestReader over(listener);
    EXPECT_EQ(feed(over, head + "5\r\nabcde\r\n6\r\nabcdef", 3).first, Step::State::Refused);
    EXPECT_EQ(over.refusal().status, 413);
}

}  // namespace
}  // namespace stafett::transport::test
