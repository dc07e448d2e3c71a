// Exactly one hand holds the baton, also when two reach for it at once.
#include <gmock/gmock.h>

#include <future>
#include <latch>

#include "tests/support/documents.h"
#include "tests/support/running_gateway.h"

namespace stafett::e2e {
namespace {

using support::claimsOf;
using support::documentRequest;
using support::Json;
using support::Names;

/// Answers of a case that were delivered; a notice of a delivery is none.
int deliveredAnswers(const Json& story) {
    int count = 0;
    for (const auto& message : story.at("messages")) {
        if (message.at("kind") != "answer") continue;
        if (message.at("deliveries")[0].at("state") == "delivered") ++count;
    }
    return count;
}

TEST(Custody, OfTwoAcceptancesAtTheSameInstantOneIsAConflict) {
    support::RunningGateway gateway("two-answers");
    gateway.agency("fk");
    auto& kommun = gateway.agency("kommun");
    constexpr int kRounds = 10;
    for (int round = 0; round < kRounds; ++round) {
        Names names;
        const auto receipt = gateway.send("kommun", documentRequest("remiss.xml", names));
        ASSERT_EQ(receipt.headers.get("Stafett-Outcome"), "accepted") << receipt.body;
        names.set("fk-fick", claimsOf(receipt).at("mid").get<std::string>());
        const auto one = documentRequest("fk-svar-tar-over.xml", names);
        names.set("uuid:fk-svar", Uuid::make().text());
        const auto two = documentRequest("fk-svar-tar-over.xml", names);
        ASSERT_NE(one.body, two.body);

        std::latch go(2);
        const auto answer = [&](transport::HttpRequest request) {
            go.arrive_and_wait();
            return gateway.trySend("fk", std::move(request));
        };
        auto first = std::async(std::launch::async, answer, one);
        auto second = std::async(std::launch::async, answer, two);
        const auto a = first.get();
        const auto b = second.get();
        ASSERT_TRUE(a && b) << (a ? "" : describe(a.error(), Language::English))
                            << (b ? "" : describe(b.error(), Language::English));
        const std::vector<std::string> outcomes = {std::string(a->headers.get("Stafett-Outcome")),
                                                   std::string(b->headers.get("Stafett-Outcome"))};
        EXPECT_THAT(outcomes, ::testing::UnorderedElementsAre("accepted", "conflict"))
            << a->body << b->body;
        const auto story =
            gateway.story(claimsOf(receipt).at("mid").get<std::string>(),
                          [](const Json& told) { return deliveredAnswers(told) == 1; });
        EXPECT_EQ(story.at("case").at("holder").at("party"), "2021005521");
    }
    EXPECT_EQ(kommun.arrived(), static_cast<std::size_t>(kRounds)) << "one answer a case";
}

TEST(Custody, AQuestionIsAnsweredByTheQuestionsOwnId) {
    support::RunningGateway gateway("question");
    auto& fk = gateway.agency("fk");
    gateway.agency("kommun");
    Names names;
    const auto referral = gateway.send("kommun", documentRequest("remiss.xml", names));
    names.set("fk-fick", claimsOf(referral).at("mid").get<std::string>());
    const auto question = gateway.send(
        "fk", documentRequest("fk-svar-tar-over.xml", names,
                              {{"<t:code>OVERTAR</t:code><t:codeSystem>urn:example:fk:samverkan:"
                                "amne</t:codeSystem><t:displayName>Tar över</t:displayName>",
                                "<t:code>KOMPLT</t:code><t:codeSystem>ffa59d8f-8d7e-46ae-ac9e-"
                                "31804e8e8499</t:codeSystem>"},
                               {"<overtagandeFrom>${today}</overtagandeFrom>", ""}}));
    ASSERT_EQ(question.headers.get("Stafett-Outcome"), "accepted") << question.body;
    // The municipality knows the question by the id it came with.
    names.set("kommun-fick", claimsOf(question).at("mid").get<std::string>());
    const auto answer = gateway.send(
        "kommun",
        documentRequest("kommun-svar-ja.xml", names,
                        {{"<Besked>JA</Besked>", "<Besked>KOMPL</Besked><Text>Den 1 maj.</Text>"},
                         {"<TarÖverFrån>${today}</TarÖverFrån>", ""},
                         {" Id=\"${kommun-id}\"", ""},
                         {"232100-0255", "202100-5521"}}));
    EXPECT_EQ(answer.headers.get("Stafett-Outcome"), "accepted") << answer.body;
    const auto arrived = support::until([&] {
        for (const auto& arrival : fk.arrivals(0)) {
            if (arrival.request.body.find("Den 1 maj.") != std::string::npos) return true;
        }
        return false;
    });
    EXPECT_TRUE(arrived);
}

TEST(Custody, WhoDoesNotHoldTheBatonCannotHandItOver) {
    support::RunningGateway gateway("not-the-holder");
    gateway.agency("af");
    gateway.agency("fk");
    Names names;
    const auto offered = gateway.send("region", documentRequest("region-overlamning.json", names));
    ASSERT_EQ(offered.headers.get("Stafett-Outcome"), "accepted") << offered.body;
    const auto arrival = gateway.agency("af").waitFor(0, "/v1/slutredovisning",
                                                      Deadline::in(std::chrono::seconds(20)));
    ASSERT_TRUE(arrival);
    names.set("af-referens", *support::fieldOf(arrival->request.body, "genomforande_referens"));
    const auto refused = gateway.send("af", documentRequest("af-slutredovisning.json", names));
    EXPECT_EQ(refused.status, 409) << refused.body;
    EXPECT_EQ(refused.headers.get("Stafett-Outcome"), "conflict");
    EXPECT_TRUE(refused.headers.get("Stafett-Receipt").empty());
    const auto story = gateway.admin("/v1/trace/" + claimsOf(offered).at("mid").get<std::string>());
    EXPECT_EQ(story.at("case").at("holder").at("party"), "2321000255");
    EXPECT_EQ(story.at("messages").size(), 1U);
}

// The lead says no and the part says yes: the baton stays where it was, and the part has its part.
TEST(Custody, R33_TwoReceiversOfOneHandoverAnswerEachForItself) {
    support::RunningGateway gateway("two-receivers");
    gateway.agency("af");
    gateway.agency("fk");
    auto& kommun = gateway.agency("kommun");
    const auto offered = gateway.send(
        "kommun", support::goldenRequest("municipality", "overlamning_two_receivers",
                                         {{"<Organisationsnummer>232100-0115</Organisationsnummer>"
                                           "<Enhet>rehabkoordinator</Enhet>",
                                           "<Organisationsnummer>202100-5521</Organisationsnummer>"
                                           "<Enhet>fk-samordning-syd</Enhet>"}}));
    ASSERT_EQ(offered.headers.get("Stafett-Outcome"), "accepted") << offered.body;
    const auto claims = claimsOf(offered);
    EXPECT_EQ(claims.at("rcv").size(), 2U);
    const auto id = claims.at("mid").get<std::string>();
    const auto stateOf = [&](const std::string& party) -> std::string {
        const auto now = gateway.admin("/v1/trace/" + id).at("case");
        for (const auto& offer : now.at("offers")) {
            if (offer.at("to").at("party") == party) return offer.at("state");
        }
        return "none";
    };
    Names names;
    names.set("fk-fick", id);
    const auto part = gateway.send("fk", documentRequest("fk-svar-tar-over.xml", names));
    EXPECT_EQ(part.headers.get("Stafett-Outcome"), "accepted") << part.body;
    EXPECT_EQ(stateOf("2021005521"), "accepted");
    EXPECT_EQ(stateOf("2021002114"), "offered") << "a part's answer is not the lead's";
    EXPECT_EQ(gateway.admin("/v1/trace/" + id).at("case").at("holder").at("party"), "2120001124");

    const auto lead = gateway.send(
        "af", support::goldenRequest(
                  "employment_service", "overtagande_declines_with_a_reason",
                  {{"019b1d2e-7c00-7a10-8b20-5a6b7c8d9e0f", id},
                   {"196101182803", "197407029284"},
                   {"\"enhet\": \"arbetsmarknad\"", "\"enhet\": \"Arbetsmarknadsavdelningen\""}}));
    EXPECT_EQ(lead.headers.get("Stafett-Outcome"), "accepted") << lead.body;
    EXPECT_EQ(stateOf("2021002114"), "declined");
    EXPECT_EQ(stateOf("2021005521"), "accepted");
    EXPECT_EQ(gateway.admin("/v1/trace/" + id).at("case").at("holder").at("party"), "2120001124");
    EXPECT_TRUE(support::until([&] { return kommun.arrived() == 2; })) << "both are told on";
}

// A municipality is several parties in one: the same number on both sides, and functions that part
// them.
TEST(Custody, R11_AHandoverInsideOneMunicipalityGoesFromFunctionToFunction) {
    support::RunningGateway gateway("inside");
    auto& kommun = gateway.agency("kommun");
    const auto offered = gateway.send(
        "kommun", support::goldenRequest("municipality", "overlamning_R11_within_the_municipality",
                                         {{"Daglig verksamhet", "dv"}}));
    ASSERT_EQ(offered.headers.get("Stafett-Outcome"), "accepted") << offered.body;
    const auto id = claimsOf(offered).at("mid").get<std::string>();
    const auto arrival = kommun.waitFor(0, "/arende", Deadline::in(std::chrono::seconds(20)));
    ASSERT_TRUE(arrival);
    EXPECT_EQ(support::fieldOf(arrival->request.body, "Avsändare/Enhet"), "dv");
    EXPECT_EQ(support::fieldOf(arrival->request.body, "Mottagare/Enhet"),
              "Arbetsmarknadsavdelningen");

    const auto answer = [&](const support::Changes& changes) {
        support::Changes all = {{"01980000-bbbb-7000-8000-000000000001", id}};
        all.insert(all.end(), changes.begin(), changes.end());
        return gateway.send(
            "kommun",
            support::goldenRequest("municipality", "svar_R11_ja_within_the_municipality", all));
    };
    // Who gives cannot take, though the number is the same.
    const auto by_the_giver =
        answer({{"Daglig verksamhet", "Arbetsmarknad"}, {"Arbetsmarknadsavdelningen", "dv"}});
    EXPECT_EQ(by_the_giver.headers.get("Stafett-Outcome"), "conflict") << by_the_giver.body;
    EXPECT_EQ(support::fieldOf(by_the_giver.body, "Fel/@kod"), "ST-CUS-002");
    const auto taken = answer({{"Daglig verksamhet", "dv"}});
    EXPECT_EQ(taken.headers.get("Stafett-Outcome"), "accepted") << taken.body;
    const auto holder = gateway.admin("/v1/trace/" + id).at("case").at("holder");
    EXPECT_EQ(holder.at("party"), "2120001124");
    EXPECT_EQ(holder.at("function"), "Arbetsmarknadsavdelningen");
}

}  // namespace
}  // namespace stafett::e2e
