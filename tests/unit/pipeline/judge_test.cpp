#include "gateway/pipeline/judge.h"

#include <gtest/gtest.h>

#include "gateway/pipeline/frame.h"
#include "gateway/pipeline/view.h"

using namespace stafett;
using namespace stafett::pipeline;
using std::chrono::milliseconds;

TEST(Retry, DoublesToTheLastWaitAndSpreads) {
    config::Delivery settings;
    EXPECT_EQ(waitAfter(1, settings, 0.5), milliseconds(60'000));
    EXPECT_EQ(waitAfter(2, settings, 0.5), milliseconds(120'000));
    EXPECT_EQ(waitAfter(7, settings, 0.5), milliseconds(3'600'000));
    EXPECT_EQ(waitAfter(4'000'000, settings, 0.5), milliseconds(3'600'000));
    EXPECT_EQ(waitAfter(1, settings, 0.0), milliseconds(48'000));
    EXPECT_EQ(waitAfter(1, settings, 1.0), milliseconds(72'000));
}

TEST(Frame, GivesTheSameRequestBack) {
    plugin::WireMessage wire;
    wire.method = "POST";
    wire.path = "/arende";
    wire.headers = {{"Content-Type", "application/xml"}, {"X-Odd", "1:2:\n"}};
    wire.body = std::string("<\xC4rende\0/>", 10);
    const auto back = unframe(frame(wire));
    ASSERT_TRUE(back);
    EXPECT_EQ(back->method, wire.method);
    EXPECT_EQ(back->path, wire.path);
    EXPECT_EQ(back->headers, wire.headers);
    EXPECT_EQ(back->body, wire.body);
}

TEST(Frame, RefusesWhatIsCutOrLonger) {
    plugin::WireMessage wire;
    wire.method = "POST";
    wire.body = "body";
    const Bytes whole = frame(wire);
    for (std::size_t n = 0; n < whole.size(); ++n) EXPECT_FALSE(unframe(whole.substr(0, n))) << n;
    EXPECT_FALSE(unframe(whole + "x"));
}

TEST(Alias, HasTheFormTheDialectDemands) {
    EXPECT_EQ(aliasText("digits:10", 7), "1000000007");
    EXPECT_EQ(aliasText("digits:7", 12), "1000012");
    EXPECT_EQ(aliasText("prefix:MEET-", 34), "MEET-34");
}
