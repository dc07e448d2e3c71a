// The reports of follow-up, as a person at a terminal asks for them.
#include <gmock/gmock.h>

#include "tests/support/running_gateway.h"

namespace stafett::e2e {
namespace {

using support::run;
using ::testing::HasSubstr;

class Report : public ::testing::Test {
protected:
    Report() : gateway_("report"), admin_(std::to_string(gateway_.folder().adminPort())) {}

    support::Ran report(std::vector<std::string> arguments) {
        arguments.insert(arguments.begin(), "report");
        arguments.insert(arguments.begin() + 1, {"--admin", admin_});
        return run("stafett", arguments);
    }

    support::RunningGateway gateway_;
    std::string admin_;
};

TEST_F(Report, WithoutANameTellsWhichThereAre) {
    const auto list = report({});
    EXPECT_EQ(list.code, 0) << list.err;
    EXPECT_THAT(list.out, HasSubstr("deltagare"));
    EXPECT_THAT(list.out, HasSubstr("--by insats, sf, concept"));
}

TEST_F(Report, AnEmptyGatewayHasNothingToTell) {
    const auto made = report({"mal", "--by", "municipality"});
    EXPECT_EQ(made.code, 0) << made.err;
    EXPECT_THAT(made.out, HasSubstr("Outcomes against the targets"));
    EXPECT_THAT(made.out, HasSubstr("–"));
}

TEST_F(Report, AMonthThatHasNotClosedIsRefusedWithTheRemedy) {
    const auto refused = report({"deltagare", "--from", "2026-01", "--to", "2999-01"});
    EXPECT_EQ(refused.code, 64);
    EXPECT_THAT(refused.err, HasSubstr("ST-CLI-004"));
    EXPECT_THAT(refused.err, HasSubstr("--from 2026-01 --to 2026-03"));
    const auto split = report({"deltagare", "--by", "personnummer"});
    EXPECT_EQ(split.code, 64);
    EXPECT_THAT(split.err, HasSubstr("ST-CLI-005"));
    EXPECT_THAT(split.err, HasSubstr("One of: "));
}

TEST_F(Report, R24_WhatParticipantsSaidIsImportedAndShown) {
    const auto csv = gateway_.folder().root() / "upplevelse.csv";
    support::writeFile(csv,
                       "month;association;question;answers;yes\n"
                       "2026-05;Norra;Fick stöd som hjälpte;40;28\n");
    const auto imported = report({"import", csv.string()});
    EXPECT_EQ(imported.code, 0) << imported.err;
    EXPECT_THAT(imported.out, HasSubstr("1 rows imported"));
    const auto shown = report({"deltagare", "--from", "2026-01", "--to", "2026-06"});
    EXPECT_THAT(shown.out, HasSubstr("70 % of 40"));
    EXPECT_THAT(shown.out, HasSubstr("participants: target 2500 (not met)"));
    const auto again = report({"import", csv.string()});
    EXPECT_EQ(again.code, 64);
    EXPECT_THAT(again.err, HasSubstr("ST-CLI-006"));
}

TEST_F(Report, CsvAndPictureSayTheSame) {
    const auto svg = gateway_.folder().root() / "mal.svg";
    const auto made = report({"mal", "--csv", "--svg", svg.string()});
    EXPECT_EQ(made.code, 0) << made.err;
    EXPECT_THAT(made.out, HasSubstr("\"All\";;;;"));
    const auto picture = support::readFile(svg);
    EXPECT_THAT(picture, HasSubstr("<svg xmlns=\"http://www.w3.org/2000/svg\""));
    EXPECT_THAT(picture, HasSubstr("Work or studies"));
}

}  // namespace
}  // namespace stafett::e2e
