// What somebody is told who writes a command that is not quite right. No gateway runs.
#include <gmock/gmock.h>

#include "tests/support/running_gateway.h"

namespace stafett::e2e {
namespace {

using support::run;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

namespace fs = std::filesystem;

TEST(CommandLine, AMisspeltCommandIsNamedWithTheNearest) {
    const auto top = run("stafett", {"trce", "x"});
    EXPECT_EQ(top.code, 64);
    EXPECT_THAT(top.err, HasSubstr("There is no command trce; did you mean trace?"));
    const auto below = run("stafett", {"mapping", "chek"});
    EXPECT_EQ(below.code, 64);
    EXPECT_THAT(below.err, HasSubstr("There is no command chek; did you mean check?"));
    EXPECT_THAT(run("stafett", {"mapping"}).err, HasSubstr("A subcommand is required"));
}

TEST(CommandLine, ACodeIsExplainedInAnyCase) {
    const auto told = run("stafett", {"explain", "st-map-014"});
    EXPECT_EQ(told.code, 0) << told.err;
    EXPECT_THAT(told.out, AllOf(HasSubstr("ST-MAP-014"), HasSubstr("kodtabellen")));
    const auto none = run("stafett", {"--lang", "sv", "explain", "ST-MAP-999"});
    EXPECT_EQ(none.code, 64);
    EXPECT_THAT(none.err, HasSubstr("Det finns ingen kod ST-MAP-999. Närmast: ST-MAP-0"));
}

TEST(CommandLine, WhatAsksAGatewayIsToldItsPort) {
    for (const auto& command :
         {std::vector<std::string>{"keys", "rewrap"}, {"report", "import"}, {"trace"}, {"cases"}}) {
        auto asked = command;
        asked.emplace_back("--help");
        EXPECT_THAT(run("stafett", asked).out, HasSubstr("--admin")) << command.back();
    }
}

TEST(CommandLine, ADocumentOfAnotherDialectIsNotRecognised) {
    const auto source = fs::path(STAFETT_SOURCE_DIR);
    const auto told =
        run("stafett",
            {"--lang", "sv", "translate", "--config",
             (source / "config/examples/single-node").string(), "--from", "municipality", "--to",
             "region", (source / "plugins/region/cases/remiss_whole/wire.json").string()});
    EXPECT_EQ(told.code, 1);
    EXPECT_THAT(told.err, HasSubstr("ST-PLU-012 dokumentet känns inte igen"));
}

/// Mappings of the repository, copied, for a test to spoil.
class CommandLineMappings : public ::testing::Test {
protected:
    CommandLineMappings() : root_(fs::path(STAFETT_BUILD_DIR) / "command_line") {
        fs::remove_all(root_);
        const fs::path source(STAFETT_SOURCE_DIR);
        for (const char* part : {"mappings/canonical", "mappings/municipality", "plugins"}) {
            fs::create_directories((root_ / part).parent_path());
            fs::copy(source / part, root_ / part, fs::copy_options::recursive);
        }
    }
    support::Ran mapping(const std::string& act, const std::string& what) {
        return run("stafett", {"mapping", act, (root_ / "mappings/municipality" / what).string()});
    }

    fs::path root_;
};

TEST_F(CommandLineMappings, AFolderMeansAllThatLieInIt) {
    const auto told = mapping("test", "");
    EXPECT_EQ(told.code, 0) << told.err;
    EXPECT_THAT(told.out,
                AllOf(HasSubstr("municipality/remiss:"), HasSubstr("municipality/svar:")));
}

TEST_F(CommandLineMappings, SharedRowsAreCheckedInEveryMappingAndToldOnce) {
    const auto rows = root_ / "mappings/municipality/content.rows.json";
    auto text = support::readFile(rows);
    const std::string codec = "decimal:comma:1";
    ASSERT_NE(text.find(codec), std::string::npos);
    support::writeFile(rows, text.replace(text.find(codec), codec.size(), "decimal:coma:1"));
    const auto told = mapping("check", "content.rows.json");
    EXPECT_EQ(told.code, 78);
    EXPECT_THAT(told.out, AllOf(HasSubstr("content.rows.json:7:5: ST-CHK-005"),
                                HasSubstr("1 finding."), Not(HasSubstr("ST-CHK-022"))));
}

}  // namespace
}  // namespace stafett::e2e
