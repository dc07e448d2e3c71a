// A receiver that is down, stalls or refuses holds up nobody else; what it refuses is held, and the
// sender is told.
#include <gmock/gmock.h>

#include "gateway/codec/read.h"
#include "tests/support/documents.h"
#include "tests/support/running_gateway.h"

namespace stafett::e2e {
namespace {

using app::Manner;
using support::claimsOf;
using support::documentRequest;
using support::Json;
using support::Names;
using ::testing::HasSubstr;

constexpr std::size_t kMessages = 30;
constexpr std::chrono::seconds kSoon{20};

/// Sends a referral and expects it to be accepted; its id.
std::string refer(support::RunningGateway& gateway, const std::string& from,
                  const std::string& file) {
    Names names;
    const auto answer = gateway.send(from, documentRequest(file, names));
    EXPECT_EQ(answer.headers.get("Stafett-Outcome"), "accepted") << answer.body;
    return claimsOf(answer).at("mid").get<std::string>();
}

/// Many messages to a healthy receiver while another one is in trouble: all arrive.
void expectFullSpeed(support::RunningGateway& gateway) {
    auto& kommun = gateway.agency("kommun");
    const auto before = kommun.arrived();
    for (std::size_t i = 0; i < kMessages; ++i) {
        refer(gateway, "kommun", "remiss.xml");
        refer(gateway, "region", "region-remiss.json");
    }
    EXPECT_TRUE(support::until([&] { return kommun.arrived() >= before + kMessages; }, kSoon))
        << kommun.arrived() - before << " of " << kMessages << " came";
}

TEST(Receivers, TheSenderIsToldWhatOneDoesNotGetAndWhy) {
    support::RunningGateway gateway("not-told");
    gateway.agency("fk");
    Names names;
    const auto one = gateway.send("kommun", documentRequest("remiss.xml", names));
    EXPECT_THAT(codec::asUtf8(one.body),
                HasSubstr("plats=\"person/given\">mottagarens form har ingen plats för uppgiften: "
                          "FK hämtar namnet ur folkbokföringen. Ingen åtgärd"));
    const auto two = gateway.send(
        "kommun", support::goldenRequest("municipality", "remiss_whole_in_latin1", {}));
    EXPECT_THAT(two.body, HasSubstr("plats=\"person/given (receiver 2021005521)\""));
    EXPECT_THAT(two.body, HasSubstr("plats=\"receivers[0]/role (receiver 2321000115)\""));
}

TEST(Receivers, OneThatStallsHoldsUpNobodyElse) {
    support::RunningGateway gateway("stalls", [](const support::GatewayFolder& folder) {
        folder.edit("stafett.json",
                    [](Json& json) { json["delivery"]["at_once_per_receiver"] = 2; });
    });
    auto& fk = gateway.agency("fk");
    fk.treatNext(std::vector<Manner>(1000, Manner::Stall));
    expectFullSpeed(gateway);
    EXPECT_GE(fk.arrived(), 1U) << "it had something to stall";
    EXPECT_LE(fk.arrived(), 2U) << "its own share and no more";
}

TEST(Receivers, OneThatIsDownHoldsUpNobodyElseAndGetsAllWhenItComesBack) {
    support::RunningGateway gateway("down");
    auto& fk = gateway.agency("fk");
    fk.goDown();
    expectFullSpeed(gateway);
    EXPECT_EQ(fk.arrived(), 0U);
    ASSERT_TRUE(fk.comeBack());
    EXPECT_TRUE(support::until([&] { return fk.arrived() >= kMessages; })) << fk.arrived();
    EXPECT_EQ(fk.repeats(), 0U);
}

TEST(Receivers, OneThatRefusesHoldsUpNobodyElse) {
    support::RunningGateway gateway("refuses");
    auto& fk = gateway.agency("fk");
    fk.treatNext(std::vector<Manner>(1000, Manner::Refuse));
    expectFullSpeed(gateway);
    EXPECT_TRUE(support::until([&] { return fk.arrived() >= kMessages; }));
}

TEST(Receivers, WhatOneRefusesIsHeldAndTheSenderReadsItInItsOwnLanguage) {
    support::RunningGateway gateway("held");
    gateway.agency("fk").treatNext({Manner::Refuse});
    auto& af = gateway.agency("af");
    Names names;
    names.set("af-referens", "0000034117");
    const auto answer = gateway.send("af", documentRequest("af-slutredovisning.json", names));
    ASSERT_EQ(answer.headers.get("Stafett-Outcome"), "accepted") << answer.body;
    const auto id = claimsOf(answer).at("mid").get<std::string>();
    const auto story = gateway.story(id, [](const Json& told) {
        return told.at("messages")[0].at("deliveries")[0].at("state") == "held";
    });
    EXPECT_EQ(story.at("messages")[0].at("deliveries")[0].at("code"), "ST-DEL-004");
    EXPECT_EQ(story.at("messages")[0].at("deliveries")[0].at("attempts"), 1);
    const auto notice = af.waitFor(0, "/v1/notis", Deadline::in(kSoon));
    ASSERT_TRUE(notice) << "no notice came";
    EXPECT_EQ(support::fieldOf(notice->request.body, "avser_id"), "SR-" + names.get("int:sr"));
    EXPECT_THAT(notice->request.body, ::testing::HasSubstr("ST-DEL-004"));
    EXPECT_THAT(notice->request.body, ::testing::Not(::testing::HasSubstr("199002222397")));
}

TEST(Receivers, WhoAsksForItIsToldOfADelivery) {
    support::RunningGateway gateway("delivered");
    auto& fk = gateway.agency("fk");
    gateway.agency("kommun");
    Names names;
    const auto referral = gateway.send("kommun", documentRequest("remiss.xml", names));
    names.set("fk-fick", claimsOf(referral).at("mid").get<std::string>());
    const auto seen = fk.waitFor(0, "/samverkan/v1", Deadline::in(kSoon));
    ASSERT_TRUE(seen);
    const auto before = fk.arrived();
    const auto answer = gateway.send("fk", documentRequest("fk-svar-tar-over.xml", names));
    ASSERT_EQ(answer.headers.get("Stafett-Outcome"), "accepted") << answer.body;
    const auto notice = fk.waitFor(before, "/samverkan/v1", Deadline::in(kSoon));
    ASSERT_TRUE(notice) << "no notice came";
    EXPECT_EQ(support::fieldOf(notice->request.body, "Body/Notis/svarPa/meddelande-id"),
              names.get("uuid:fk-svar"));
}

}  // namespace
}  // namespace stafett::e2e
