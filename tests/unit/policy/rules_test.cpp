// Rules that warn, and agreements that say otherwise.
#include "support.h"

namespace stafett::policy {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

Json words() {
    return {{"sv", "Försäkringen gäller inte fullt ut."}, {"en", "Not fully insured."}};
}

class Rules : public PolicyTest {
protected:
    static Json tenHours() {
        return {{"id", "TIO-TIMMAR"},
                {"tests", "hours_below"},
                {"hours", 10},
                {"consequence", words()},
                {"suggests", {{"category", "regelverk"}, {"cause", "tio_timmar"}}}};
    }
    /// Our assumption of the agreement on förstärkt samarbete and MIA: undated in its sources.
    static Json stockholm() {
        return {{"id", "stockholm-granssnitt"},
                {"rule", "TIO-TIMMAR"},
                {"territory", {"01"}},
                {"valid_from", "2018-09-01"},
                {"note", "Assumed: undated in its sources."}};
    }
    message::Message handover(const char* hours, const char* effective) const {
        auto said = message("handover");
        said.set("extent/hours", hours);
        said.set("effective", effective);
        return said;
    }
    Problems warnings(const Json& json, const message::Message& said, const std::string& from,
                      const char* today = "2026-01-15") const {
        const auto policy = loaded(json);
        Problems out;
        for (const auto& finding : policy.findings(factsOf(said, party(from), today))) {
            out.push_back(finding.warning(Language::English));
        }
        return out;
    }
};

}  // namespace

TEST_F(Rules, R13_R14_R15_EightHoursWarnByTheRuleAndAreAllowedUnderTheAgreementInItsPlaceAndTime) {
    const Json json = {{"rules", {tenHours()}}, {"agreements", {stockholm()}}};
    struct Case {
        const char *from, *effective;
        Code code;
        const char* row;
    };
    const Case cases[] = {
        {kInStockholm, "2018-03-01", Code::PolicyTenHours, "rule TIO-TIMMAR"},
        {kInHalland, "2018-03-01", Code::PolicyTenHours, "rule TIO-TIMMAR"},
        {kInHalland, "2019-03-01", Code::PolicyTenHours, "rule TIO-TIMMAR"},
        {kInStockholm, "2019-03-01", Code::PolicyAllowedUnder,
         "rule TIO-TIMMAR, agreement stockholm-granssnitt"},
    };
    for (const auto& c : cases) {
        const auto said = warnings(json, handover("8.0", c.effective), c.from);
        ASSERT_EQ(said.size(), 1U) << c.from << " " << c.effective;
        EXPECT_EQ(said[0].code(), c.code) << c.from << " " << c.effective;
        EXPECT_EQ(said[0].place().row, c.row);
        EXPECT_EQ(said[0].place().path, "extent/hours");
        EXPECT_EQ(said[0].outcome(), Outcome::Warning);
    }
}

TEST_F(Rules, R13_SayWhatFollowsAndWhichDeviationToConsider) {
    const auto policy = loaded({{"rules", {tenHours()}}, {"agreements", {stockholm()}}});
    const auto said = handover("8.0", "2019-03-01");
    const auto halland = policy.findings(factsOf(said, party(kInHalland), "2026-01-15"));
    ASSERT_EQ(halland.size(), 1U);
    EXPECT_EQ(halland[0].words(Language::English),
              "Not fully insured. Suggested deviation: regelverk, tio_timmar.");
    EXPECT_THAT(halland[0].words(Language::Swedish), HasSubstr("Föreslagen avvikelse: regelverk"));
    const auto stockholm = policy.findings(factsOf(said, party(kInStockholm), "2026-01-15"));
    ASSERT_EQ(stockholm.size(), 1U);
    EXPECT_EQ(stockholm[0].words(Language::English), "") << "nothing follows under the agreement";
}

TEST_F(Rules, R13_SpeakBelowTheLimitAloneToATenthOfAnHour) {
    const Json json = {{"rules", {tenHours()}}};
    EXPECT_EQ(warnings(json, handover("9.9", "2026-01-01"), kMalmo).size(), 1U);
    EXPECT_THAT(warnings(json, handover("10.0", "2026-01-01"), kMalmo), IsEmpty());
    EXPECT_THAT(warnings(json, handover("40.0", "2026-01-01"), kMalmo), IsEmpty());
    EXPECT_THAT(warnings(json, handover("0.0", "2026-01-01"), kMalmo), IsEmpty());
    EXPECT_THAT(warnings(json, message("handover"), kMalmo), IsEmpty());
}

TEST_F(Rules, R34_HoldByTheDateOfTheMessageNotOfItsArrival) {
    auto before = tenHours();
    before["valid_to"] = "2018-12-31";
    auto after = tenHours();
    after["valid_from"] = "2019-01-01";
    after["hours"] = 6;
    const Json json = {{"rules", {before, after}}};
    EXPECT_EQ(warnings(json, handover("8.0", "2018-12-31"), kMalmo).size(), 1U);
    EXPECT_THAT(warnings(json, handover("8.0", "2019-01-01"), kMalmo), IsEmpty());
    auto both = handover("8.0", "2018-12-31");
    both.set("period/from", "2019-01-01");
    EXPECT_EQ(warnings(json, both, kMalmo).size(), 1U) << "the effective day counts";
    auto referral = message("referral");
    referral.set("extent/hours", "8.0");
    referral.set("period/from", "2018-06-01");
    EXPECT_EQ(warnings(json, referral, kMalmo).size(), 1U);
    auto undated = message("referral");
    undated.set("extent/hours", "8.0");
    EXPECT_THAT(warnings(json, undated, kMalmo, "2026-01-15"), IsEmpty());
    EXPECT_EQ(warnings(json, undated, kMalmo, "2018-01-15").size(), 1U);
}

TEST_F(Rules, R14_ThePlaceIsTheGiversAndNeverThePersons) {
    const Json json = {{"rules", {tenHours()}}, {"agreements", {stockholm()}}};
    auto said = handover("8.0", "2019-03-01");
    said.set("person/municipality", "0180");
    EXPECT_EQ(warnings(json, said, kNowhere)[0].code(), Code::PolicyTenHours);
    EXPECT_EQ(warnings(json, said, kInHalland)[0].code(), Code::PolicyTenHours);
}

TEST_F(Rules, R14_AnAgreementHoldsForItsGiversAlone) {
    auto agreement = stockholm();
    agreement["parties"] = {"type:municipality"};
    const Json json = {{"rules", {tenHours()}}, {"agreements", {agreement}}};
    EXPECT_EQ(warnings(json, handover("8.0", "2019-03-01"), kInStockholm)[0].code(),
              Code::PolicyTenHours);
}

TEST_F(Rules, R38_APlacementWithoutCoverWarnsAndSuggestsADeviation) {
    const Json json = {{"rules",
                        {{{"id", "SKYDD"},
                          {"tests", "no_cover_with_placement"},
                          {"consequence", words()},
                          {"suggests", {{"category", "regelverk"}, {"cause", "forsakring"}}}}}}};
    auto said = message("handover");
    said.set("cover/code", "none");
    EXPECT_THAT(warnings(json, said, kMalmo), IsEmpty()) << "no placement";
    said.set("placement/hours", "20.0");
    const auto told = warnings(json, said, kMalmo);
    ASSERT_EQ(told.size(), 1U);
    EXPECT_EQ(told[0].code(), Code::PolicyNoCover);
    EXPECT_THAT(told[0].place().hint, HasSubstr("regelverk, forsakring"));
    said.set("cover/code", "partial");
    EXPECT_THAT(warnings(json, said, kMalmo), IsEmpty());
}

TEST_F(Rules, AnAgeOutsideTheRangeWarnsOnTheDayOfTheReferral) {
    const Json json = {{"rules",
                        {{{"id", "MALGRUPP"},
                          {"tests", "age_outside"},
                          {"least", 16},
                          {"most", 64},
                          {"kinds", {"referral"}},
                          {"consequence", words()}}}}};
    const auto codesFor = [&](const char* person, const char* day) {
        auto referral = message("referral");
        referral.set("person/id", person);
        return codes(warnings(json, referral, kMalmo, day));
    };
    EXPECT_THAT(codesFor("pnr:200001012384", "2015-12-31"), ElementsAre(Code::PolicyTargetGroup));
    EXPECT_THAT(codesFor("pnr:200001012384", "2016-01-01"), IsEmpty());
    EXPECT_THAT(codesFor("pnr:200001012384", "2064-12-31"), IsEmpty());
    EXPECT_THAT(codesFor("pnr:200001012384", "2065-01-01"), ElementsAre(Code::PolicyTargetGroup));
    EXPECT_THAT(codesFor("reserv:200001012384", "2065-01-01"), IsEmpty()) << "says no birthday";
    auto handover = message("handover");
    handover.set("person/id", "pnr:191212121212");
    EXPECT_THAT(warnings(json, handover, kMalmo), IsEmpty()) << "only referrals";
}

TEST_F(Rules, AnAgeIsReadFromASamordningsnummerToo) {
    EXPECT_EQ(ageOn("samordning:197010632391", "2026-10-02"), 55);
    EXPECT_EQ(ageOn("samordning:197010632391", "2026-10-03"), 56);
    EXPECT_EQ(ageOn("samordning:197010602391", "2026-10-03"), std::nullopt) << "no day";
    EXPECT_EQ(ageOn("lma:1234567890", "2026-10-03"), std::nullopt);
    EXPECT_EQ(ageOn("", "2026-10-03"), std::nullopt);
}

}  // namespace stafett::policy
