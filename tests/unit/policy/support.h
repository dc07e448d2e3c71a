#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <nlohmann/json.hpp>

#include "gateway/policy/policy.h"

namespace stafett::policy {

using Json = nlohmann::json;

/// The shipped schemas, the parties of the single-node example and four performers more.
class PolicyTest : public ::testing::Test {
protected:
    void SetUp() override {
        const std::filesystem::path source(STAFETT_SOURCE_DIR);
        auto catalogue = message::Catalogue::load(source / "mappings/canonical");
        ASSERT_TRUE(catalogue);
        catalogue_ = std::make_unique<message::Catalogue>(std::move(*catalogue));
        auto config = config::load(source / "config/examples/single-node");
        ASSERT_TRUE(config);
        config_ = std::make_unique<config::Config>(std::move(*config));
        addInsats(kInStockholm, "0180");
        addInsats(kInHalland, "1380");
        addInsats(kNowhere, "");
    }

    Checked<Policy> load(const Json& json) const {
        const auto name = std::string("policy_") +
                          ::testing::UnitTest::GetInstance()->current_test_info()->name() + ".json";
        const auto file = std::filesystem::path(STAFETT_BUILD_DIR) / name;
        std::ofstream(file) << json.dump(2);
        auto policy = Policy::load(file, *config_, *catalogue_);
        std::filesystem::remove(file);
        return policy;
    }
    Policy loaded(const Json& json) const {
        auto policy = load(json);
        EXPECT_TRUE(policy);
        if (policy) return std::move(*policy);
        for (const auto& problem : policy.error()) {
            ADD_FAILURE() << describe(problem, Language::English);
        }
        return {};
    }
    /// Each problem as "CODE pointer".
    std::vector<std::string> problemsOf(const Json& json) const {
        const auto policy = load(json);
        std::vector<std::string> out;
        if (policy) return out;
        for (const auto& problem : policy.error()) {
            out.push_back(std::string(problem.info().id) + " " + problem.place().path);
        }
        return out;
    }

    message::Message message(const std::string& kind) const {
        for (const auto& schema : catalogue_->schemas()) {
            if (schema->kind == kind) return message::Message(schema);
        }
        std::abort();
    }
    const config::Party& party(const std::string& id) const { return *config_->party(PartyId{id}); }
    Passage passage(const message::Message& message, const std::string& to = kFk,
                    const std::string& today = "2026-01-15") const {
        today_ = today;
        return passageOf(message, party(kMalmo), party(to), today_);
    }
    /// What one flow says of a message from Malmö to the Social Insurance Agency.
    std::vector<Code> judge(const Json& flow, const message::Message& message) const {
        const auto policy = loaded({{"flows", {flow}}});
        const auto permission = policy.flowFor(passage(message));
        if (!permission) return {permission.error().code()};
        return codes(policy.judge(message, *permission->flow, passage(message), nullptr).refused);
    }
    static std::vector<Code> codes(const Problems& problems) {
        std::vector<Code> out;
        for (const auto& problem : problems) out.push_back(problem.code());
        return out;
    }
    static Json open(const Json& more = Json::object()) {
        Json flow = {{"id", "f"}, {"from", {"*"}}, {"to", {"*"}}, {"kinds", {"referral"}}};
        flow.update(more);
        return flow;
    }

    static constexpr const char* kMalmo = "2120001124";
    static constexpr const char* kFk = "2021005521";
    static constexpr const char* kAf = "2021002114";
    static constexpr const char* kInStockholm = "5560000001";
    static constexpr const char* kInHalland = "5560000002";
    static constexpr const char* kNowhere = "5560000003";

    std::unique_ptr<message::Catalogue> catalogue_;
    std::unique_ptr<config::Config> config_;

private:
    void addInsats(const std::string& id, const std::string& municipality) {
        config::Party party;
        party.id = PartyId{id};
        party.type = "insats";
        party.dialect = DialectId{"municipality"};
        party.municipality = municipality;
        config_->parties.emplace(party.id, party);
    }
    mutable std::string today_;
};

}  // namespace stafett::policy
