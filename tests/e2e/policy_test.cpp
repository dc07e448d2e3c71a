// What policy decides, seen by the agencies: consent, rules and agreements, what is left out, who
// is never told, and a county that is added by files alone.
#include <gmock/gmock.h>

#include <set>

#include "gateway/codec/read.h"
#include "tests/support/documents.h"
#include "tests/support/running_gateway.h"

namespace stafett::e2e {
namespace {

using support::claimsOf;
using support::documentRequest;
using support::goldenRequest;
using support::Json;
using support::Names;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr std::chrono::seconds kSoon{20};

void asksFor(const support::GatewayFolder& folder, const std::string& party,
             const std::vector<std::string>& notices) {
    folder.edit("parties/" + party + ".json", [&](Json& json) { json["notices"] = notices; });
}

void letConsentsGo(const support::GatewayFolder& folder) {
    folder.edit("policy.json", [](Json& policy) {
        policy["flows"].push_back({{"id", "samtycken-i-provet"},
                                   {"from", {"2120001124"}},
                                   {"to", {"*"}},
                                   {"kinds", {"consent"}}});
    });
}

/// A consent of the municipality's, given or withdrawn, in the case of these names.
transport::HttpRequest consent(const std::string& name, Names& names, support::Changes more = {}) {
    more.emplace_back("Id=\"4711\"", "Id=\"" + names.get("int:kommun") + "\"");
    return goldenRequest("municipality", name, more);
}

std::string sent(support::RunningGateway& gateway, const std::string& agency,
                 transport::HttpRequest request) {
    const auto answer = gateway.send(agency, std::move(request));
    EXPECT_EQ(answer.headers.get("Stafett-Outcome"), "accepted") << answer.body;
    const auto claims = claimsOf(answer);
    return claims.contains("mid") ? claims.at("mid").get<std::string>() : std::string();
}

const Json& deliveryOf(const Json& story, std::size_t message = 0, std::size_t which = 0) {
    return story.at("messages").at(message).at("deliveries").at(which);
}

/// The first notice of this code; waits for it.
std::optional<std::string> noticeOf(app::Agency& agency, const std::string& path,
                                    const std::string& code) {
    std::size_t from = 0;
    while (const auto arrival = agency.waitFor(from, path, Deadline::in(kSoon))) {
        if (arrival->request.body.find(code) != std::string::npos) return arrival->request.body;
        from = arrival->place + 1;
    }
    return std::nullopt;
}

}  // namespace

TEST(Consent, R28_WithdrawnWhileAMessageWaitsItIsNotDeliveredBothAreToldAndTheTraceSaysWhy) {
    support::RunningGateway gateway("consent-withdrawn", [](const support::GatewayFolder& folder) {
        letConsentsGo(folder);
        asksFor(folder, "kommun", {"withdrawn"});
        asksFor(folder, "fk", {"withdrawn"});
    });
    auto& fk = gateway.agency("fk");
    auto& kommun = gateway.agency("kommun");
    fk.goDown();
    Names names;
    const auto referral = sent(gateway, "kommun", documentRequest("remiss.xml", names));
    gateway.story(referral, [](const Json& told) { return deliveryOf(told).at("attempts") > 0; });
    sent(gateway, "kommun", consent("samtycke_trap23_aterkallat_under_way", names));

    const auto story = gateway.story(
        referral, [](const Json& told) { return deliveryOf(told).at("state") == "withdrawn"; });
    EXPECT_EQ(deliveryOf(story).at("code"), "ST-DEL-010");
    EXPECT_THAT(story.at("messages")[0].at("events").dump(), HasSubstr("consent withdrawn"));
    const auto told = gateway.stafett({"trace", referral});
    EXPECT_EQ(told.code, 0) << told.err;
    EXPECT_THAT(told.out, HasSubstr("ST-DEL-010"));

    const auto to_sender = noticeOf(kommun, "/arende", "ST-DEL-010");
    ASSERT_TRUE(to_sender) << "the sender was not told";
    EXPECT_THAT(*to_sender, HasSubstr(names.get("uuid:remiss"))) << "by its own id";
    ASSERT_TRUE(fk.comeBack());
    const auto to_receiver = noticeOf(fk, "/samverkan/v1", "ST-DEL-010");
    ASSERT_TRUE(to_receiver) << "the receiver was not told";
    EXPECT_THAT(*to_receiver, HasSubstr(referral)) << "by our id";
    for (const auto& arrival : fk.arrivals(0)) {
        EXPECT_THAT(arrival.request.body, Not(HasSubstr("<Remiss"))) << "it came all the same";
    }
    Names others;
    others.set("int:kommun", names.get("int:kommun") + "1");
    const auto next = gateway.send("kommun", documentRequest("remiss.xml", others));
    EXPECT_EQ(next.headers.get("Stafett-Outcome"), "not_allowed");
    EXPECT_THAT(next.body, HasSubstr("ST-POL-008"));
}

TEST(Consent, R28_WithdrawnWhileItWaitsToBeFetchedItIsNotGiven) {
    support::RunningGateway gateway("consent-mailbox", [](const support::GatewayFolder& folder) {
        letConsentsGo(folder);
        folder.edit("routes.json", [](Json& json) {
            for (auto& door : json["doors"]) {
                if (door["id"] != "fk") continue;
                door = {{"id", "fk"}, {"party", "2021005521"}, {"by", "mailbox"}};
            }
        });
    });
    gateway.agency("fk");
    Names names;
    const auto referral = sent(gateway, "kommun", documentRequest("remiss.xml", names));
    sent(gateway, "kommun", consent("samtycke_trap23_aterkallat_under_way", names));
    transport::HttpRequest fetch;
    fetch.method = "GET";
    fetch.path = "/v1/mailbox";
    fetch.query = "wait=1";
    const auto fetched = gateway.send("fk", fetch);
    EXPECT_THAT(std::string(fetched.headers.get("SOAPAction")), Not(HasSubstr("Remiss")));
    EXPECT_THAT(fetched.body, Not(HasSubstr("<Remiss")));
    const auto story = gateway.story(
        referral, [](const Json& told) { return deliveryOf(told).at("state") == "withdrawn"; });
    EXPECT_EQ(deliveryOf(story).at("code"), "ST-DEL-010");
    EXPECT_EQ(deliveryOf(story).at("attempts"), 0);
}

TEST(Consent, R28_OnRecordCoversOnlyWhomAndWhatItNames) {
    support::RunningGateway gateway("consent-covers", [](const support::GatewayFolder& folder) {
        letConsentsGo(folder);
        folder.edit("policy.json", [](Json& policy) {
            policy["information_kinds"] = {
                {{"id", "planning"}, {"called", {"Planering"}}, {"fields", {"service"}}},
                {{"id", "health"}, {"called", {"Läkarintyg"}}, {"fields", {"certificate"}}}};
        });
    });
    gateway.agency("fk");
    Names names;
    const auto warned = gateway.send("kommun", documentRequest("remiss.xml", names));
    EXPECT_EQ(warned.headers.get("Stafett-Outcome"), "accepted");
    EXPECT_THAT(warned.body, HasSubstr("ST-POL-012")) << "nothing is on record yet";
    sent(gateway, "kommun", consent("samtycke_lamnat", names));

    Names second;
    const auto uncovered = gateway.send("kommun", documentRequest("remiss.xml", second));
    EXPECT_EQ(uncovered.headers.get("Stafett-Outcome"), "not_allowed");
    EXPECT_THAT(uncovered.body, HasSubstr("ST-POL-010")) << "a certificate is health";
    EXPECT_THAT(uncovered.body, Not(HasSubstr("ST-POL-009")));

    Names third;
    const auto to_region = gateway.send(
        "kommun", documentRequest(
                      "remiss.xml", third,
                      {{"202100-5521", "232100-0115"}, {"fk-samordning-syd", "rehabkoordinator"}}));
    EXPECT_EQ(to_region.headers.get("Stafett-Outcome"), "not_allowed");
    EXPECT_THAT(to_region.body, HasSubstr("ST-POL-009"));

    sent(gateway, "kommun",
         consent("samtycke_lamnat", names,
                 {{"M-2026-0433", "M-2026-0999"},
                  {"<Uppgift>Planering</Uppgift>",
                   "<Uppgift>Planering</Uppgift><Uppgift>Läkarintyg</Uppgift>"}}));
    Names fourth;
    const auto covered = gateway.send("kommun", documentRequest("remiss.xml", fourth));
    EXPECT_EQ(covered.headers.get("Stafett-Outcome"), "accepted") << covered.body;
    EXPECT_THAT(covered.body, Not(HasSubstr("ST-POL-012")));
}

TEST(Rules, R13_TheTenHoursRuleStandsInReplyReceiptTraceAndNotice) {
    support::RunningGateway gateway("ten-hours", [](const support::GatewayFolder& folder) {
        asksFor(folder, "kommun", {"rule_warning"});
    });
    gateway.agency("fk");
    auto& kommun = gateway.agency("kommun");
    Names names;
    const auto answer = gateway.send("kommun", documentRequest("remiss.xml", names));
    ASSERT_EQ(answer.headers.get("Stafett-Outcome"), "accepted") << answer.body;
    const auto reply = codec::asUtf8(answer.body);
    EXPECT_THAT(reply, HasSubstr("ST-POL-007"));
    EXPECT_THAT(reply, HasSubstr("rule TIO-TIMMAR"));
    EXPECT_THAT(reply, HasSubstr("arbetsträningens försäkring")) << "what follows";
    EXPECT_THAT(reply, HasSubstr("Föreslagen avvikelse: regelverk, tio_timmar"));
    EXPECT_GE(claimsOf(answer).at("warn").get<int>(), 1);
    const auto told = gateway.stafett({"trace", claimsOf(answer).at("mid").get<std::string>()});
    EXPECT_THAT(told.out, HasSubstr("rule TIO-TIMMAR: ST-POL-007"));
    EXPECT_THAT(told.out, HasSubstr("suggested deviation regelverk/tio_timmar"));
    const auto notice = noticeOf(kommun, "/arende", "ST-POL-007");
    ASSERT_TRUE(notice) << "no notice came";
    EXPECT_THAT(*notice, HasSubstr(names.get("uuid:remiss")));
}

TEST(Rules, ANoticeThatIsOwedIsMadeAfterAKill) {
    support::RunningGateway gateway("owed", [](const support::GatewayFolder& folder) {
        asksFor(folder, "kommun", {"rule_warning"});
    });
    gateway.agency("fk");
    auto& kommun = gateway.agency("kommun");
    constexpr int kKills = 6;
    std::set<std::string> promised;
    for (int i = 0; i < kKills; ++i) {
        Names names;
        const auto answer = gateway.send("kommun", documentRequest("remiss.xml", names));
        gateway.kill();
        ASSERT_EQ(answer.headers.get("Stafett-Outcome"), "accepted") << answer.body;
        promised.insert(names.get("uuid:remiss"));
        gateway.start();
    }
    std::multiset<std::string> told;
    const auto deadline = Deadline::in(kSoon);
    for (std::size_t from = 0; told.size() < promised.size();) {
        const auto arrival = kommun.waitFor(from, "/arende", deadline);
        ASSERT_TRUE(arrival) << told.size() << " of " << kKills << " notices came";
        from = arrival->place + 1;
        if (arrival->request.body.find("ST-POL-007") == std::string::npos) continue;
        for (const auto& id : promised) {
            if (arrival->request.body.find(id) != std::string::npos) told.insert(id);
        }
    }
    for (const auto& id : promised) EXPECT_EQ(told.count(id), 1U) << id;
}

TEST(Rules, R14_TheAgreementThatAllowsStandsInReplyAndTrace) {
    support::RunningGateway gateway("agreement", [](const support::GatewayFolder& folder) {
        folder.edit("parties/kommun.json", [](Json& party) { party["municipality"] = "0180"; });
    });
    gateway.agency("fk");
    Names names;
    const auto answer = gateway.send("kommun", documentRequest("remiss.xml", names));
    ASSERT_EQ(answer.headers.get("Stafett-Outcome"), "accepted") << answer.body;
    EXPECT_THAT(answer.body, HasSubstr("ST-POL-015"));
    EXPECT_THAT(answer.body, HasSubstr("agreement stockholm-granssnitt"));
    EXPECT_THAT(answer.body, Not(HasSubstr("ST-POL-007")));
    const auto told = gateway.stafett({"trace", claimsOf(answer).at("mid").get<std::string>()});
    EXPECT_THAT(told.out, HasSubstr("stockholm-granssnitt"));
}

TEST(Minimised, EachReceiverIsToldWhatItsOwnFlowLists) {
    support::RunningGateway gateway("left-out", [](const support::GatewayFolder& folder) {
        asksFor(folder, "kommun", {"left_out"});
        folder.edit("policy.json", [](Json& policy) {
            Json narrow = policy["flows"][0];
            narrow["id"] = "utan-anledning";
            narrow["to"] = {"2321000115"};
            narrow["sensitive"] = Json::array();
            policy["flows"].insert(policy["flows"].begin(), narrow);
        });
    });
    auto& kommun = gateway.agency("kommun");
    const auto answer = gateway.send(
        "kommun",
        goldenRequest(
            "municipality", "overlamning_two_receivers",
            {{"<Datum>2026-06-01</Datum>",
              "<Datum>2026-06-01</Datum><Sammanfattning>Kommer två dagar</Sammanfattning>"}}));
    ASSERT_EQ(answer.headers.get("Stafett-Outcome"), "accepted") << answer.body;
    EXPECT_THAT(answer.body, HasSubstr("ST-MAP-029"));
    const auto id = claimsOf(answer).at("mid").get<std::string>();
    const auto story = gateway.story(id, [](const Json&) { return true; });
    for (const auto& delivery : story.at("messages")[0].at("deliveries")) {
        const bool region = delivery.at("receiver").at("party") == "2321000115";
        const auto losses = delivery.at("losses").dump();
        EXPECT_EQ(losses.find("ST-MAP-029") != std::string::npos, region) << losses;
        EXPECT_EQ(losses.find("flow utan-anledning") != std::string::npos, region) << losses;
    }
    EXPECT_TRUE(noticeOf(kommun, "/arende", "ST-MAP-029")) << "no notice came";
}

TEST(Counties, R25_R31_AreAddedWithFilesUnderConfigAlone) {
    support::RunningGateway gateway("second-county");
    auto& halland = gateway.agency("region");
    const support::Changes to_halmstad = {
        {"202100-5521", "212000-1215"},
        {"<Enhet>fk-samordning-syd</Enhet>", ""},
        {"<Kommunkod>1280</Kommunkod>", "<Kommunkod>1380</Kommunkod>"}};
    Names early;
    EXPECT_EQ(gateway.send("kommun", documentRequest("remiss.xml", early, to_halmstad))
                  .headers.get("Stafett-Outcome"),
              "content_refused");

    const auto& folder = gateway.folder();
    support::writeFile(folder.config() / "parties/halmstad.json",
                       Json{{"party", "2120001215"},
                            {"name", "Halmstads kommun"},
                            {"type", "municipality"},
                            {"dialect", "region"},
                            {"municipality", "1380"},
                            {"functions", {{{"id", "rehab"}, {"default", true}}}}}
                           .dump());
    folder.edit("routes.json", [&](Json& routes) {
        routes["doors"].push_back({{"id", "halmstad"},
                                   {"party", "2120001215"},
                                   {"host", "localhost"},
                                   {"port", folder.agencyPort("region")}});
    });
    folder.edit("policy.json", [](Json& policy) {
        Json flow = policy["flows"][0];
        flow["id"] = "halland";
        flow["to"] = {"2120001215"};
        flow["territory"] = {"13"};
        policy["flows"].insert(policy["flows"].begin(), flow);
    });
    ASSERT_EQ(gateway.reload(), "reloaded");
    Names names;
    const auto before = halland.arrived();
    const auto id = sent(gateway, "kommun", documentRequest("remiss.xml", names, to_halmstad));
    EXPECT_TRUE(halland.waitFor(before, "/$process-message", Deadline::in(kSoon)));
    const auto told = gateway.stafett({"trace", id});
    EXPECT_THAT(told.out, HasSubstr("allowed by flow halland"));
}

TEST(Placement, R39_IsNeverSentToTheEmployer) {
    support::RunningGateway gateway("employer", [](const support::GatewayFolder& folder) {
        // The employer is a party of its own, with a door, and every flow would let it be told.
        folder.edit("policy.json", [](Json& policy) {
            for (auto& flow : policy["flows"]) flow["to"] = {"*"};
        });
    });
    const auto answer = gateway.send(
        "kommun",
        goldenRequest("municipality", "overlamning_R38_R39_R44_placement_insurance_and_ombud",
                      {{"556559-4230", "232100-0255"}}));
    ASSERT_EQ(answer.headers.get("Stafett-Outcome"), "accepted") << answer.body;
    const auto claims = claimsOf(answer);
    EXPECT_THAT(claims.at("rcv").dump(), Not(HasSubstr("2321000255")));
    const auto story =
        gateway.story(claims.at("mid").get<std::string>(), [](const Json&) { return true; });
    for (const auto& delivery : story.at("messages")[0].at("deliveries")) {
        EXPECT_NE(delivery.at("receiver").at("party"), "2321000255");
    }
}

TEST(ProtectedPersons, AreNamedInNoTraceAndNoLogAlsoWhenRefused) {
    support::RunningGateway gateway("protected-refused");
    for (const auto* mark : {"Skyddad", "SkyddadAdress"}) {
        const std::string field = mark;
        Names names;
        const auto answer = gateway.send(
            "kommun",
            documentRequest(
                "remiss.xml", names,
                {{"<" + field + ">N</" + field + ">", "<" + field + ">J</" + field + ">"},
                 {"<Efternamn>Öberg</Efternamn>", "<Efternamn>Kanariefågel</Efternamn>"}}));
        EXPECT_EQ(answer.headers.get("Stafett-Outcome"), "not_allowed") << mark;
        EXPECT_THAT(answer.body, HasSubstr("ST-POL-004")) << mark;
        const auto told = gateway.stafett({"trace", names.get("uuid:remiss")});
        for (const auto& text : {told.out, told.err, support::readFile(gateway.folder().log())}) {
            // No four digits alone: a UUID may have them.
            for (const auto* canary : {"Kanarief", "740702"}) {
                EXPECT_THAT(text, Not(HasSubstr(canary))) << mark;
            }
        }
    }
}

/// `stafett policy explain` on the single-node example, to Försäkringskassan.
support::Ran explained(std::vector<std::string> more) {
    std::vector<std::string> arguments = {
        "policy",   "explain",
        "--config", std::string(STAFETT_SOURCE_DIR) + "/config/examples/single-node",
        "--to",     "2021005521"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return support::run("stafett", arguments);
}

TEST(PolicyExplain, SaysWhichFlowDecidesWhyOthersDoNotAndWhichRulesSpeak) {
    const auto told = explained({"--from", "2120001124", "--kind", "referral", "--hours", "8.0"});
    EXPECT_EQ(told.code, 0) << told.err;
    EXPECT_THAT(told.out, HasSubstr("Flow samverkan-med-samtycke decides."));
    EXPECT_THAT(told.out, HasSubstr("svar: does not cover it: the kind of message"));
    EXPECT_THAT(told.out, HasSubstr("TIO-TIMMAR: ST-POL-007"));
    const auto enough =
        explained({"--from", "2120001124", "--kind", "referral", "--hours", "10,0"});
    EXPECT_THAT(enough.out, Not(HasSubstr("TIO-TIMMAR")));
}

TEST(PolicyExplain, EndsWithOneWhereNothingMayGoAndWith64WhereTheQuestionIsWrong) {
    const auto refused = explained(
        {"--from", "2120001124", "--kind", "deviation", "--date", "2019-03-01", "--json"});
    EXPECT_EQ(refused.code, 1) << refused.out;
    const auto answer = Json::parse(refused.out);
    EXPECT_EQ(answer.at("allowed"), false);
    EXPECT_EQ(answer.at("code"), "ST-POL-001");
    EXPECT_EQ(answer.at("others")[0].at("misses")[0], "kind");
    const auto wrong = explained({"--from", "212000112", "--kind", "referal", "--hours", "many"});
    EXPECT_EQ(wrong.code, 64);
    EXPECT_THAT(wrong.err, HasSubstr("Nearest: 2120001124."));
    EXPECT_THAT(wrong.err, HasSubstr("Nearest: referral."));
    EXPECT_THAT(wrong.err, HasSubstr("--hours"));
    const auto none = explained({"--from", "2120001124", "--kind", "referral", "--hours", "nan"});
    EXPECT_EQ(none.code, 64) << none.out;
}

}  // namespace stafett::e2e
