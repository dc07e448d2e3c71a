// Flows: who may send what to whom, where and when, and what a flow demands.
#include "support.h"

namespace stafett::policy {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

}  // namespace

TEST_F(PolicyTest, WithoutAFlowNothingGoes) {
    const auto referral = message("referral");
    EXPECT_THAT(judge(open({{"from", {"2321000115"}}}), referral), ElementsAre(Code::PolicyNoFlow));
    EXPECT_THAT(judge(open(), referral), IsEmpty());
    EXPECT_THAT(judge(open({{"from", {"type:municipality"}},
                            {"to", {"dialect:social_insurance"}},
                            {"kinds", {"handover"}}}),
                      referral),
                ElementsAre(Code::PolicyNoFlow));
}

TEST_F(PolicyTest, TheFirstFlowThatCoversAMessageDecides) {
    const auto policy =
        loaded({{"flows",
                 {open({{"id", "narrow"}, {"to", {kAf}}}),
                  open({{"id", "typed"}, {"to", {"type:agency"}}}), open({{"id", "wide"}})}}});
    EXPECT_EQ(policy.flowFor(passage(message("referral")))->flow->id, "typed");
    EXPECT_EQ(policy.flowFor(passage(message("referral"), kAf))->flow->id, "narrow");
}

TEST_F(PolicyTest, R34_AFlowHoldsInItsPeriodAlone) {
    const auto flow = open({{"valid_from", "2026-01-10"}, {"valid_to", "2026-01-14"}});
    const auto policy = loaded({{"flows", {flow}}});
    const auto referral = message("referral");
    const auto goesOn = [&](const char* day) {
        return policy.flowFor(passage(referral, kFk, day)).has_value();
    };
    EXPECT_FALSE(goesOn("2026-01-09"));
    EXPECT_TRUE(goesOn("2026-01-10"));
    EXPECT_TRUE(goesOn("2026-01-14"));
    EXPECT_FALSE(goesOn("2026-01-15"));
}

TEST(PlaceOf, IsThePersonsKommunElseTheSendersElseTheReceivers) {
    config::Party agency, kommun;
    kommun.municipality = "1280";
    EXPECT_EQ(placeOf("0180", kommun, agency), "0180");
    EXPECT_EQ(placeOf("", kommun, agency), "1280");
    EXPECT_EQ(placeOf("", agency, kommun), "1280") << "what AF sends tells no kommun";
    EXPECT_EQ(placeOf("", agency, agency), "");
}

TEST_F(PolicyTest, ATerritoryIsThePersonsKommunElseTheSenders) {
    auto referral = message("referral");
    EXPECT_THAT(judge(open({{"territory", {"01"}}}), referral), ElementsAre(Code::PolicyNoFlow));
    EXPECT_THAT(judge(open({{"territory", {"1280"}}}), referral), IsEmpty());
    referral.set("person/municipality", "0180");
    EXPECT_THAT(judge(open({{"territory", {"01"}}}), referral), IsEmpty());
    EXPECT_THAT(judge(open({{"territory", {"1280"}}}), referral), ElementsAre(Code::PolicyNoFlow));
}

TEST_F(PolicyTest, R7_ADeviationGoesOnlyWhereAFlowNamesThatKind) {
    const auto deviation = message("deviation");
    EXPECT_THAT(judge(open({{"kinds", {"*"}}}), deviation), ElementsAre(Code::PolicyNoFlow));
    EXPECT_THAT(judge(open({{"kinds", {"*", "deviation"}}}), deviation), IsEmpty());
    EXPECT_THAT(judge(open({{"kinds", {"*"}}}), message("progress")), IsEmpty());
}

TEST_F(PolicyTest, R45_AFlowHoldsOnlyUnderARoutineThatBothSidesHaveAccepted) {
    Json json = {{"flows", {open({{"routine", "rutin-7"}})}},
                 {"routines",
                  {{{"id", "rutin-7"},
                    {"version", "1"},
                    {"accepted", {kMalmo, kFk}},
                    {"valid_to", "2025-12-31"}},
                   {{"id", "rutin-7"},
                    {"version", "2"},
                    {"accepted", {kMalmo}},
                    {"valid_from", "2026-01-01"}}}}};
    const auto referral = message("referral");
    EXPECT_EQ(loaded(json).flowFor(passage(referral)).error().code(), Code::PolicyNoFlow);
    const auto old = loaded(json);
    EXPECT_EQ(old.flowFor(passage(referral, kFk, "2025-12-31"))->routine->version, "1");
    json["routines"][1]["accepted"] = {"type:municipality", kFk};
    const auto policy = loaded(json);
    EXPECT_EQ(policy.flowFor(passage(referral))->routine->version, "2");
    EXPECT_THAT(policy.misses(policy.flows()[0], passage(referral, kAf)),
                ElementsAre(Miss::Routine));
}

TEST_F(PolicyTest, APartyWhoseTimeIsOverNeitherSendsNorIsSentTo) {
    const auto policy = loaded({{"flows", {open()}}});
    config_->parties.at(PartyId{kFk}).valid_to = "2026-01-14";
    const auto to = policy.flowFor(passage(message("referral")));
    ASSERT_FALSE(to);
    EXPECT_EQ(to.error().code(), Code::PolicyPartyEnded);
    EXPECT_EQ(to.error().place().path, "receivers/party");
    EXPECT_TRUE(policy.flowFor(passage(message("referral"), kFk, "2026-01-14")));
    config_->parties.at(PartyId{kMalmo}).valid_to = "2026-01-14";
    const auto from = policy.flowFor(passage(message("referral"), kAf));
    ASSERT_FALSE(from);
    EXPECT_EQ(from.error().code(), Code::PolicyPartyEnded);
    EXPECT_EQ(from.error().place().path, "sender/party");
}

TEST_F(PolicyTest, TellsAllThatIsMissingAtOnce) {
    const auto flow =
        open({{"consent", "demanded"}, {"legal_basis", {"SoL"}}, {"purposes", {"uppfoljning"}}});
    EXPECT_THAT(judge(flow, message("referral")),
                ElementsAre(Code::PolicyNoConsent, Code::PolicyNoGround, Code::PolicyNoPurpose));
    auto referral = message("referral");
    referral.set("consent/ref", "S-1");
    referral.set("consent/validTo", "2026-01-14");
    referral.set("purpose", "uppfoljning");
    referral.root().append(*referral.schema().root.find("legalBasis")).set(0, "SoL");
    EXPECT_THAT(judge(flow, referral), ElementsAre(Code::PolicyConsentExpired));
    referral.set("consent/validTo", "2026-01-15");
    EXPECT_THAT(judge(flow, referral), IsEmpty());
}

TEST_F(PolicyTest, AProtectedPersonGoesOnlyWhereAFlowSaysSo) {
    for (const auto* mark : {"sekretessmarkering", "skyddad_folkbokforing"}) {
        auto referral = message("referral");
        referral.root().append(*referral.schema().root.find("protection")).set(0, mark);
        EXPECT_THAT(judge(open(), referral), ElementsAre(Code::PolicyProtected)) << mark;
        EXPECT_THAT(judge(open({{"protected_persons", true}}), referral), IsEmpty()) << mark;
    }
}

TEST_F(PolicyTest, SensitiveFieldsGoOnlyWhereListed) {
    auto referral = message("referral");
    referral.set("reason/code", "nollplacerad");
    referral.set("certificate/ref", "I-1");
    referral.set("service/code", "arbetstraning");
    Flow flow;
    flow.sensitive = {"reason"};
    const auto held_back = withheld(referral, flow);
    ASSERT_EQ(held_back.size(), 1U);
    EXPECT_EQ(referral.schema().root.fields[held_back[0]].path, "certificate/ref");
    flow.sensitive = {"*"};
    EXPECT_THAT(withheld(referral, flow), IsEmpty());
}

}  // namespace stafett::policy
