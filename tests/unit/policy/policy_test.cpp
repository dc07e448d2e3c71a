#include "gateway/policy/policy.h"

#include <gtest/gtest.h>

#include <fstream>

using namespace stafett;
namespace fs = std::filesystem;

namespace {

class PolicyTest : public ::testing::Test {
protected:
    void SetUp() override {
        const fs::path source(STAFETT_SOURCE_DIR);
        auto catalogue = message::Catalogue::load(source / "mappings/canonical");
        ASSERT_TRUE(catalogue);
        catalogue_ = std::make_unique<message::Catalogue>(std::move(*catalogue));
        auto config = config::load(source / "config/examples/single-node");
        ASSERT_TRUE(config);
        config_ = std::make_unique<config::Config>(std::move(*config));
    }

    Checked<policy::Policy> load(const std::string& flows) {
        const fs::path file = fs::path(STAFETT_BUILD_DIR) / "test_policy.json";
        std::ofstream(file) << "{\"flows\": [" << flows << "]}";
        return policy::Policy::load(file, *config_);
    }

    message::Message referral() {
        for (const auto& schema : catalogue_->schemas()) {
            if (schema->kind == "referral") return message::Message(schema);
        }
        std::abort();
    }

    std::vector<Code> judge(const std::string& flow, const message::Message& message) {
        const auto policy = load(flow);
        EXPECT_TRUE(policy);
        const auto permission =
            policy->permit(message, *config_->party(PartyId{"2120001124"}),
                           *config_->party(PartyId{"2021005521"}), "2026-01-15");
        std::vector<Code> codes;
        if (!permission) {
            for (const auto& problem : permission.error()) codes.push_back(problem.code());
        }
        return codes;
    }

    std::unique_ptr<message::Catalogue> catalogue_;
    std::unique_ptr<config::Config> config_;
};

const std::string kOpen = R"("from": ["*"], "to": ["*"], "kinds": ["referral"])";

}  // namespace

TEST_F(PolicyTest, WithoutAFlowNothingGoes) {
    EXPECT_EQ(
        judge(R"({"id": "f", "from": ["2321000115"], "to": ["*"], "kinds": ["*"]})", referral()),
        std::vector{Code::PolicyNoFlow});
    EXPECT_EQ(judge("{\"id\": \"f\", " + kOpen + "}", referral()), std::vector<Code>{});
    EXPECT_EQ(
        judge(R"({"id": "f", "from": ["type:municipality"], "to": ["dialect:social_insurance"],
                        "kinds": ["handover"]})",
              referral()),
        std::vector{Code::PolicyNoFlow});
}

TEST_F(PolicyTest, FlowsHaveAPeriodAndATerritory) {
    EXPECT_EQ(judge("{\"id\": \"f\", \"valid_to\": \"2026-01-14\", " + kOpen + "}", referral()),
              std::vector{Code::PolicyNoFlow});
    EXPECT_EQ(judge("{\"id\": \"f\", \"territory\": [\"01\"], " + kOpen + "}", referral()),
              std::vector{Code::PolicyNoFlow});
    auto message = referral();
    message.set("person/municipality", "0180");
    EXPECT_EQ(judge("{\"id\": \"f\", \"territory\": [\"01\"], " + kOpen + "}", message),
              std::vector<Code>{});
}

TEST_F(PolicyTest, TellsAllThatIsMissingAtOnce) {
    const std::string flow =
        "{\"id\": \"f\", \"consent\": \"demanded\", \"legal_basis\": [\"SoL\"], "
        "\"purposes\": [\"uppfoljning\"], " +
        kOpen + "}";
    EXPECT_EQ(judge(flow, referral()),
              (std::vector{Code::PolicyNoConsent, Code::PolicyNoGround, Code::PolicyNoPurpose}));
    auto message = referral();
    message.set("consent/ref", "S-1");
    message.set("consent/validTo", "2026-01-14");
    message.set("purpose", "uppfoljning");
    message.root().append(*message.schema().root.find("legalBasis")).set(0, "SoL");
    EXPECT_EQ(judge(flow, message), std::vector{Code::PolicyConsentExpired});
    message.set("consent/validTo", "2026-01-15");
    EXPECT_EQ(judge(flow, message), std::vector<Code>{});
}

TEST_F(PolicyTest, AProtectedPersonGoesOnlyWhereAFlowSaysSo) {
    auto message = referral();
    message.root().append(*message.schema().root.find("protection")).set(0, "sekretessmarkering");
    EXPECT_EQ(judge("{\"id\": \"f\", " + kOpen + "}", message), std::vector{Code::PolicyProtected});
    EXPECT_EQ(judge("{\"id\": \"f\", \"protected_persons\": true, " + kOpen + "}", message),
              std::vector<Code>{});
}

TEST_F(PolicyTest, SensitiveFieldsGoOnlyWhereListed) {
    auto message = referral();
    message.set("reason/code", "nollplacerad");
    message.set("certificate/ref", "I-1");
    message.set("service/code", "arbetstraning");
    policy::Flow flow;
    flow.sensitive = {"reason"};
    const auto held_back = policy::withheld(message, flow);
    ASSERT_EQ(held_back.size(), 1U);
    EXPECT_EQ(message.schema().root.fields[held_back[0]].path, "certificate/ref");
    flow.sensitive = {"*"};
    EXPECT_TRUE(policy::withheld(message, flow).empty());
}

TEST_F(PolicyTest, RefusesOverlapsAndUnknownSidesWithPlaces) {
    const auto policy =
        load("{\"id\": \"a\", " + kOpen + "}, {\"id\": \"b\", " + kOpen +
             "}, {\"id\": \"c\", \"from\": [\"type:municipalty\"], \"to\": [\"*\"], "
             "\"kinds\": [\"*\"]}");
    ASSERT_FALSE(policy);
    ASSERT_EQ(policy.error().size(), 2U);
    EXPECT_EQ(policy.error()[0].code(), Code::ConfigOverlap);
    EXPECT_EQ(policy.error()[1].place().path, "/flows/2/from");
    EXPECT_NE(policy.error()[1].place().hint.find("type:municipality"), std::string::npos);
}

TEST_F(PolicyTest, TenHoursWarnAndNothingElse) {
    auto message = referral();
    EXPECT_TRUE(policy::warnings(message).empty());
    message.set("extent/hours", "8.0");
    ASSERT_EQ(policy::warnings(message).size(), 1U);
    EXPECT_EQ(policy::warnings(message)[0].code(), Code::PolicyTenHours);
    message.set("extent/hours", "10.0");
    EXPECT_TRUE(policy::warnings(message).empty());
}
