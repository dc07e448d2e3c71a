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

TEST(Retry, GivenUpItIsHeldAndTheEventSaysWhy) {
    const config::Delivery settings;
    const store::Lease lease;
    const auto almost = lease.first_due + settings.give_up - std::chrono::seconds(1);
    const auto tried = retry(lease, Code::DeliverUnreachable, {}, settings, almost, 0.5, {});
    EXPECT_EQ(tried.outcome, store::Attempt::Outcome::Retry);
    const auto held = retry(lease, Code::DeliverUnreachable, {}, settings,
                            lease.first_due + settings.give_up, 0.5, {});
    EXPECT_EQ(held.outcome, store::Attempt::Outcome::Held);
    EXPECT_EQ(held.code, Code::DeliverExpired);
    EXPECT_FALSE(held.reached);
    ASSERT_EQ(held.events.size(), 1U);
    EXPECT_NE(print(held.events.front()).find("\"code\":\"ST-DEL-006\""), std::string::npos);
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
