// policy.json is checked whole when it is loaded: every problem at once, with its place.
#include "support.h"

namespace stafett::policy {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

Json rule(const char* id = "R") {
    return {{"id", id},
            {"tests", "hours_below"},
            {"hours", 10},
            {"consequence", {{"sv", "s"}, {"en", "e"}}}};
}
Json agreement(const char* id = "A") { return {{"id", id}, {"rule", "R"}, {"note", "n"}}; }

using Loading = PolicyTest;

}  // namespace

TEST_F(Loading, TheShippedPoliciesAreWhole) {
    const std::filesystem::path source(STAFETT_SOURCE_DIR);
    for (const auto* folder : {"config/examples/single-node", "config"}) {
        const auto config = config::load(source / folder);
        ASSERT_TRUE(config) << folder;
        const auto policy = Policy::load(source / folder / "policy.json", *config, *catalogue_);
        EXPECT_TRUE(policy) << folder << ": "
                            << describe(policy.error().front(), Language::English);
    }
}

TEST_F(Loading, RefusesOverlapsAndUnknownSidesWithPlaces) {
    const auto policy =
        load({{"flows",
               {open({{"id", "a"}}), open({{"id", "b"}}),
                open({{"id", "c"}, {"from", {"type:municipalty"}}, {"kinds", {"answer"}}})}}});
    ASSERT_FALSE(policy);
    ASSERT_EQ(policy.error().size(), 2U);
    EXPECT_EQ(policy.error()[0].code(), Code::ConfigOverlap);
    EXPECT_EQ(policy.error()[0].place().path, "/flows/1/id");
    EXPECT_EQ(policy.error()[1].place().path, "/flows/2/from");
    EXPECT_NE(policy.error()[1].place().hint.find("type:municipality"), std::string::npos);
}

TEST_F(Loading, RefusesNamesThatNothingHas) {
    EXPECT_THAT(problemsOf({{"flows",
                             {open({{"kinds", {"refferal"}},
                                    {"territory", {"1280", "12", "1", "0280", "99"}},
                                    {"sensitive", {"reason", "reasons"}},
                                    {"purposes", {"uppfolning"}},
                                    {"routine", "rutin-9"},
                                    {"to", {"dialect:klingon"}},
                                    {"unknown_consent", "ignore"},
                                    {"sensitve", {"reason"}}})}}}),
                ElementsAre("ST-CFG-007 /flows/0/to", "ST-CFG-007 /flows/0/kinds",
                            "ST-CFG-004 /flows/0/territory", "ST-CFG-004 /flows/0/territory",
                            "ST-CFG-004 /flows/0/territory", "ST-CFG-004 /flows/0/unknown_consent",
                            "ST-CFG-007 /flows/0/sensitive", "ST-CFG-007 /flows/0/purposes",
                            "ST-CFG-007 /flows/0/routine", "ST-CFG-002 /flows/0/sensitve"));
}

TEST_F(Loading, RefusesPeriodsThatEndBeforeTheyBegin) {
    const Json backwards = {{"valid_from", "2026-02-01"}, {"valid_to", "2026-01-31"}};
    auto flow = open(backwards);
    auto ten = rule();
    ten.update(backwards);
    EXPECT_THAT(problemsOf({{"flows", {flow}}, {"rules", {ten}}}),
                ElementsAre("ST-CFG-004 /flows/0/valid_to", "ST-CFG-004 /rules/0/valid_to"));
}

TEST_F(Loading, RefusesRulesThatSayTooLittleOrOverlap) {
    auto twice = rule();
    auto ages = rule("AGES");
    ages["tests"] = "age_outside";  // and has hours, but no ages
    auto other = rule("O");
    other["tests"] = "shoe_size";
    auto odd = rule("ODD");
    odd["suggests"] = {{"category", "regelverket"}, {"cause", "tio_timmar"}};
    odd.erase("consequence");
    EXPECT_THAT(
        problemsOf({{"rules", {rule(), twice, ages, other, odd}}}),
        ElementsAre("ST-CFG-009 /rules/1/id", "ST-CFG-005 /rules/2/least",
                    "ST-CFG-002 /rules/2/hours", "ST-CFG-004 /rules/3/tests",
                    "ST-CFG-005 /rules/4/consequence", "ST-CFG-007 /rules/4/suggests/category"));
}

TEST_F(Loading, RefusesAgreementsThatChangeNothingOrTheSameThingTwice) {
    auto unknown = agreement("U");
    unknown["rule"] = "S";
    auto ended = agreement("E");
    ended["valid_to"] = "2009-12-31";
    auto county = agreement("C");
    county["territory"] = {"01"};
    county["valid_from"] = "2010-01-01";
    auto kommun = county;
    kommun["id"] = "K";
    kommun["territory"] = {"0180"};
    kommun.erase("note");
    auto since = rule();
    since["valid_from"] = "2010-01-01";
    EXPECT_THAT(problemsOf({{"rules", {since}}, {"agreements", {unknown, ended, county, kommun}}}),
                ElementsAre("ST-CFG-007 /agreements/0/rule", "ST-CFG-004 /agreements/1/valid_from",
                            "ST-CFG-005 /agreements/3/note", "ST-CFG-009 /agreements/3/id"));
}

TEST_F(Loading, SeesThatAKommunLiesInALanWhicheverStandsFirst) {
    auto kommun = agreement("K");
    kommun["territory"] = {"0180"};
    auto county = agreement("C");
    county["territory"] = {"12", "01"};
    const auto refusal = ElementsAre("ST-CFG-009 /agreements/1/id");
    EXPECT_THAT(problemsOf({{"rules", {rule()}}, {"agreements", {kommun, county}}}), refusal);
    EXPECT_THAT(problemsOf({{"rules", {rule()}}, {"agreements", {county, kommun}}}), refusal);
}

TEST_F(Loading, LetsAgreementsOfOtherGiversOrTimesStandSideBySide) {
    auto first = agreement("1");
    first["parties"] = {kInStockholm};
    auto second = agreement("2");
    second["parties"] = {kInHalland};
    second["valid_to"] = "2019-12-31";
    auto third = agreement("3");
    third["parties"] = {kInHalland};
    third["valid_from"] = "2020-01-01";
    EXPECT_THAT(problemsOf({{"rules", {rule()}}, {"agreements", {first, second, third}}}),
                IsEmpty());
    third["parties"] = {"type:insats"};
    EXPECT_THAT(problemsOf({{"rules", {rule()}}, {"agreements", {first, second, third}}}),
                ElementsAre("ST-CFG-009 /agreements/2/id"));
}

TEST_F(Loading, RefusesRoutinesAndKindsOfInformationThatStandTwice) {
    const Json routine = {{"id", "r"}, {"version", "1"}, {"accepted", {"*"}}};
    EXPECT_THAT(problemsOf({{"routines", {routine, routine}},
                            {"information_kinds",
                             {{{"id", "health"}, {"fields", {"reason"}}},
                              {{"id", "hälsa"}, {"called", {"health"}}, {"fields", {"raison"}}}}}}),
                ElementsAre("ST-CFG-008 /routines/1/version", "ST-CFG-009 /routines/1/id",
                            "ST-CFG-007 /information_kinds/1/fields",
                            "ST-CFG-008 /information_kinds/1/called"));
}

}  // namespace stafett::policy
