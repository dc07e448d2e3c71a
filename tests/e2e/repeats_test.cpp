// Sent twice, kept once: the first receipt again, byte for byte, whatever has changed meanwhile.
#include <gmock/gmock.h>

#include "tests/support/documents.h"
#include "tests/support/running_gateway.h"

namespace stafett::e2e {
namespace {

using support::claimsOf;
using support::documentRequest;
using support::Json;
using support::Names;

class Repeats : public ::testing::Test {
protected:
    std::string receiptOf(const transport::HttpResponse& response) {
        EXPECT_EQ(response.headers.get("Stafett-Outcome"), "accepted") << response.body;
        return std::string(response.headers.get("Stafett-Receipt"));
    }
};

TEST_F(Repeats, GetTheFirstReceiptAlsoAfterRestartNewMappingAndWithdrawnFlow) {
    std::filesystem::path mappings;
    support::RunningGateway gateway(
        "repeats", [&](const support::GatewayFolder& folder) { mappings = folder.ownMappings(); });
    auto& fk = gateway.agency("fk");
    gateway.agency("kommun");
    Names names;
    const auto request = documentRequest("remiss.xml", names);
    const auto first = gateway.send("kommun", request);
    const auto receipt = receiptOf(first);
    ASSERT_FALSE(receipt.empty());
    ASSERT_TRUE(fk.waitFor(0, "/samverkan/v1", Deadline::in(std::chrono::seconds(20))));

    EXPECT_EQ(receiptOf(gateway.send("kommun", request)), receipt) << "at once";

    gateway.terminate();
    gateway.start();
    EXPECT_EQ(receiptOf(gateway.send("kommun", request)), receipt) << "after a restart";

    const auto map = mappings / "municipality/remiss.map.json";
    const auto old_version = claimsOf(receipt).at("map").dump();
    const auto source = support::readFile(map);
    support::writeFile(map, support::replaced(source, "\"version\": \"1.", "\"version\": \"1.9"));
    ASSERT_EQ(gateway.reload(), "reloaded");
    Names others;
    const auto next = receiptOf(gateway.send("kommun", documentRequest("remiss.xml", others)));
    EXPECT_NE(claimsOf(next).at("map").dump(), old_version) << "the new version is in force";
    EXPECT_EQ(receiptOf(gateway.send("kommun", request)), receipt) << "after a changed mapping";

    gateway.folder().edit("policy.json", [](Json& policy) {
        for (auto& flow : policy["flows"]) flow["kinds"] = {"answer"};
        policy["flows"].erase(1);
    });
    ASSERT_EQ(gateway.reload(), "reloaded");
    Names third;
    EXPECT_EQ(
        gateway.send("kommun", documentRequest("remiss.xml", third)).headers.get("Stafett-Outcome"),
        "not_allowed")
        << "the flow is withdrawn";
    EXPECT_EQ(receiptOf(gateway.send("kommun", request)), receipt) << "after a withdrawn flow";

    // One delivery of the first message, one of the second, and none twice.
    const auto id = claimsOf(receipt).at("mid").get<std::string>();
    const auto other = claimsOf(next).at("mid").get<std::string>();
    for (const auto& message : {id, other}) {
        const auto story = gateway.story(message, [](const Json& told) {
            return told.at("messages")[0].at("deliveries")[0].at("state") == "delivered";
        });
        EXPECT_EQ(story.at("messages")[0].at("deliveries").size(), 1U);
        EXPECT_EQ(story.at("messages")[0].at("deliveries")[0].at("attempts"), 1);
    }
    EXPECT_EQ(fk.arrived(), 2U);
    EXPECT_EQ(fk.repeats(), 0U);
}

TEST_F(Repeats, OfTheSameContentAtANewTimeIsARepeat) {
    support::RunningGateway gateway("new-time");
    gateway.agency("fk");
    Names names;
    names.set("now_local", "2026-03-02T10:05:00");
    const auto receipt = receiptOf(gateway.send("kommun", documentRequest("remiss.xml", names)));
    names.set("now_local", "2026-03-02T10:09:00");
    EXPECT_EQ(receiptOf(gateway.send("kommun", documentRequest("remiss.xml", names))), receipt);
}

TEST_F(Repeats, TheSameIdWithOtherContentIsAConflict) {
    support::RunningGateway gateway("other-content");
    auto& fk = gateway.agency("fk");
    Names names;
    const auto receipt = receiptOf(gateway.send("kommun", documentRequest("remiss.xml", names)));
    const auto answer = gateway.send(
        "kommun",
        documentRequest("remiss.xml", names,
                        {{"<Omfattning>8,0</Omfattning>", "<Omfattning>9,0</Omfattning>"}}));
    EXPECT_EQ(answer.status, 409);
    EXPECT_EQ(answer.headers.get("Stafett-Outcome"), "conflict");
    EXPECT_THAT(answer.body, ::testing::HasSubstr("<Kvittens status=\"FEL\">"));
    EXPECT_TRUE(answer.headers.get("Stafett-Receipt").empty());
    // The first one stands.
    EXPECT_EQ(receiptOf(gateway.send("kommun", documentRequest("remiss.xml", names))), receipt);
    const auto arrival = fk.waitFor(0, "/samverkan/v1", Deadline::in(std::chrono::seconds(20)));
    ASSERT_TRUE(arrival);
    EXPECT_EQ(support::fieldOf(arrival->request.body, "Body/Remiss/omfattning/namnare"), "5");
}

TEST_F(Repeats, TheSameIdIsAConflictAlsoWhenTheNewContentIsWrong) {
    support::RunningGateway gateway("wrong-content");
    gateway.agency("fk");
    Names names;
    const auto receipt = receiptOf(gateway.send("kommun", documentRequest("remiss.xml", names)));
    const auto answer = gateway.send(
        "kommun",
        documentRequest("remiss.xml", names,
                        {{"<Omfattning>8,0</Omfattning>", "<Omfattning>mycket</Omfattning>"}}));
    EXPECT_EQ(answer.headers.get("Stafett-Outcome"), "conflict") << answer.body;
    Names others;
    const auto wrong = gateway.send(
        "kommun",
        documentRequest("remiss.xml", others,
                        {{"<Omfattning>8,0</Omfattning>", "<Omfattning>mycket</Omfattning>"}}));
    EXPECT_EQ(wrong.headers.get("Stafett-Outcome"), "content_refused") << "under an id of its own";
    EXPECT_EQ(receiptOf(gateway.send("kommun", documentRequest("remiss.xml", names))), receipt);
}

TEST_F(Repeats, FoundByAnotherAgencysSameIdAreNoRepeats) {
    support::RunningGateway gateway("two-senders");
    gateway.agency("fk");
    gateway.agency("kommun");
    Names names;
    names.set("uuid:regionremiss", names.get("uuid:remiss"));
    const auto first = receiptOf(gateway.send("kommun", documentRequest("remiss.xml", names)));
    const auto second =
        receiptOf(gateway.send("region", documentRequest("region-remiss.json", names)));
    EXPECT_NE(claimsOf(first).at("mid"), claimsOf(second).at("mid"));
}

}  // namespace
}  // namespace stafett::e2e
