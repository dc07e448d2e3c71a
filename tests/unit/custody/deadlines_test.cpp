// deadlines.json, and the days it gives.
#include "gateway/custody/deadlines.h"

#include <gtest/gtest.h>

#include <fstream>

using namespace stafett;
namespace fs = std::filesystem;

namespace {

class DeadlinesTest : public ::testing::Test {
protected:
    void SetUp() override {
        auto config = config::load(fs::path(STAFETT_SOURCE_DIR) / "config/examples/single-node");
        ASSERT_TRUE(config);
        config_ = std::make_unique<config::Config>(std::move(*config));
    }

    Checked<custody::Deadlines> load(const std::string& text) {
        const fs::path file = fs::path(STAFETT_BUILD_DIR) / "test_deadlines.json";
        std::ofstream(file) << text;
        return custody::Deadlines::load(file, *config_);
    }

    custody::Deadlines::Question to(const char* party, std::string_view place = "1280",
                                    std::string_view kind = "handover",
                                    std::string_view date = "2026-03-02") const {
        return {kind, *config_->party(PartyId{party}), place, date};
    }

    std::unique_ptr<config::Config> config_;
};

constexpr const char* kAf = "2021002114";
constexpr const char* kFk = "2021005521";

TEST_F(DeadlinesTest, WithoutAFileTheDefaultsHold) {
    const auto deadlines = custody::Deadlines::load("no/such/deadlines.json", *config_);
    ASSERT_TRUE(deadlines);
    const auto dates = deadlines->offer(to(kAf), "");
    EXPECT_EQ(dates.rule, "default");
    EXPECT_EQ(dates.answer_by, "2026-03-16");
    EXPECT_EQ(dates.remind_on, (std::vector<std::string>{"2026-03-12", "2026-03-17"}));
    EXPECT_EQ(dates.escalate_on, "2026-03-23");
    EXPECT_EQ(dates.escalate_to.value, "af-malmo-rehab");
}

TEST_F(DeadlinesTest, R3_AnOfferAlwaysHasADateAndTheEarlierOneHolds) {
    const auto deadlines = load("{}");
    ASSERT_TRUE(deadlines);
    EXPECT_EQ(deadlines->offer(to(kAf), "2026-03-05").answer_by, "2026-03-05");
    EXPECT_EQ(deadlines->offer(to(kAf), "2027-01-01").answer_by, "2026-03-16");
    EXPECT_EQ(deadlines->offer(to(kAf), "").answer_by, "2026-03-16");
}

TEST_F(DeadlinesTest, AReminderThatWouldLieInThePastIsNotMade) {
    const auto deadlines = load("{}");
    ASSERT_TRUE(deadlines);
    EXPECT_EQ(deadlines->offer(to(kAf), "2026-03-03").remind_on,
              (std::vector<std::string>{"2026-03-04"}));
}

TEST_F(DeadlinesTest, TheFirstRuleThatCoversDecides) {
    const auto deadlines = load(R"({
        "defaults": { "answer_days": 8 },
        "rules": [
            { "id": "af-skane", "kinds": ["handover"], "to": ["2021002114"], "territory": ["12"],
              "valid_from": "2026-01-01", "valid_to": "2026-12-31", "answer_days": 5,
              "escalate_to": "af-rehab-syd" },
            { "id": "myndigheter", "to": ["type:agency"], "answer_days": 7 }
        ] })");
    ASSERT_TRUE(deadlines);
    EXPECT_EQ(deadlines->offer(to(kAf), "").rule, "af-skane");
    EXPECT_EQ(deadlines->offer(to(kAf), "").answer_by, "2026-03-09");
    EXPECT_EQ(deadlines->offer(to(kAf), "").escalate_to.value, "af-rehab-syd");
    EXPECT_EQ(deadlines->offer(to(kAf, "0180"), "").rule, "myndigheter") << "another county";
    EXPECT_EQ(deadlines->offer(to(kAf, ""), "").rule, "myndigheter") << "nobody knows where";
    EXPECT_EQ(deadlines->offer(to(kAf, "1280", "referral"), "").rule, "myndigheter");
    EXPECT_EQ(deadlines->offer(to(kAf, "1280", "handover", "2027-03-02"), "").rule, "myndigheter");
    EXPECT_EQ(deadlines->offer(to(kFk), "").rule, "myndigheter");
    EXPECT_EQ(deadlines->offer(to("2120001124"), "").rule, "default");
    EXPECT_EQ(deadlines->ruleFor(to("2120001124")).answer_days, 8);
}

TEST_F(DeadlinesTest, R35_APlannedExitIsWarnedOfInGoodTime) {
    const auto deadlines = load("{}");
    ASSERT_TRUE(deadlines);
    EXPECT_EQ(deadlines->exitWarning(to(kAf), "2026-06-30"), "2026-06-01");
}

TEST_F(DeadlinesTest, R36_FollowUpsComeAfterThreeSixAndTwelveMonths) {
    const auto deadlines = load("{}");
    ASSERT_TRUE(deadlines);
    EXPECT_EQ(deadlines->followUps(to(kAf), "2026-08-31"),
              (std::vector<std::string>{"2026-11-30", "2027-02-28", "2027-08-31"}));
}

TEST_F(DeadlinesTest, TheEvesAreASetting) {
    const auto open = load(R"({ "closed_on": { "christmas_eve": false } })");
    ASSERT_TRUE(open);
    EXPECT_TRUE(open->calendar().isWorkingDay("2026-12-24"));
    EXPECT_FALSE(open->calendar().isWorkingDay("2026-12-31"));
}

TEST_F(DeadlinesTest, TellsEverythingThatIsWrongAtOnce) {
    const auto deadlines = load(R"({
        "defaults": { "answer_days": 0, "remind_befor": [1] },
        "rules": [
            { "id": "a", "to": ["1111111111"], "territory": ["Malmö"], "follow_up_months": ["tre"] },
            { "id": "a", "to": ["2021002114"], "escalate_to": "ingen",
              "valid_from": "2026-02-01", "valid_to": "2026-01-01" }
        ] })");
    ASSERT_FALSE(deadlines);
    std::vector<Code> codes;
    for (const auto& problem : deadlines.error()) codes.push_back(problem.code());
    std::sort(codes.begin(), codes.end());
    std::vector<Code> wanted = {Code::ConfigRange, Code::ConfigUnknownKey, Code::ConfigReference,
                                Code::ConfigRange, Code::ConfigRange,      Code::ConfigReference,
                                Code::ConfigRange, Code::ConfigDuplicate};
    std::sort(wanted.begin(), wanted.end());
    EXPECT_EQ(codes, wanted);
}

}  // namespace
