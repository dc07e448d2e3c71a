// What an admin is told of a configuration before a gateway loads it.
#include <gmock/gmock.h>

#include "tests/support/documents.h"
#include "tests/support/running_gateway.h"

namespace stafett::e2e {
namespace {

using support::Json;
using ::testing::AllOf;
using ::testing::ContainsRegex;
using ::testing::HasSubstr;
using ::testing::Not;

class Check : public ::testing::Test {
protected:
    Check() : gateway_("check") {}
    support::Ran check() {
        return support::run("stafett",
                            {"--lang", "en", "check", gateway_.folder().config().string()});
    }
    void edit(const std::string& file, const std::function<void(Json&)>& change) {
        gateway_.folder().edit(file, change);
    }

    support::RunningGateway gateway_;
};

TEST_F(Check, AWholeConfigurationIsTold) {
    const auto ran = check();
    EXPECT_EQ(ran.code, 0) << ran.err;
    EXPECT_THAT(ran.out, HasSubstr("is whole: "));
}

TEST_F(Check, ProblemsOfAllFilesAreToldAtOnceEachWithItsPlace) {
    edit("routes.json", [](Json& json) { json["doors"][0]["party"] = "2021005520"; });
    edit("policy.json", [](Json& json) { json["flows"][0]["kindz"] = {"referral"}; });
    edit("parties/fk.json", [](Json& json) { json["dialect"] = "social_insurrance"; });
    const auto ran = check();
    EXPECT_EQ(ran.code, 78);
    EXPECT_THAT(ran.err, AllOf(ContainsRegex("routes.json:[0-9]+: ST-CFG-007"),
                               HasSubstr("/doors/0/party")));
    EXPECT_THAT(ran.err,
                AllOf(ContainsRegex("policy.json:[0-9]+: ST-CFG-"), HasSubstr("/flows/0/kindz")));
    EXPECT_THAT(ran.err,
                AllOf(ContainsRegex("fk.json:[0-9]+: ST-CFG-007"), HasSubstr("social_insurance.")));
    EXPECT_THAT(ran.err, HasSubstr("3 problems"));
}

TEST_F(Check, ACertificateThatIsNotThereIsToldOnce) {
    edit("stafett.json", [](Json& json) { json["tls"]["certificate"] = "none.pem"; });
    const auto ran = check();
    EXPECT_EQ(ran.code, 78);
    EXPECT_THAT(ran.err, HasSubstr("1 problem\n"));
}

TEST_F(Check, WhatNamesAPartyThatCannotBeReadIsNotWrongForThat) {
    edit("parties/fk.json", [](Json& json) { json["dialekt"] = "social_insurance"; });
    const auto ran = check();
    EXPECT_EQ(ran.code, 78);
    EXPECT_THAT(ran.err, HasSubstr("/dialekt"));
    EXPECT_THAT(ran.err, Not(HasSubstr("policy.json")));
}

}  // namespace
}  // namespace stafett::e2e
