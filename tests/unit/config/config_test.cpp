#include "gateway/config/config.h"
#include "gateway/config/lines.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>

using namespace stafett;
namespace fs = std::filesystem;

namespace {

/// A copy of the example configuration that a test may spoil.
class Copy {
public:
    Copy() : folder_(fs::path(STAFETT_BUILD_DIR) / "test_config") {
        fs::remove_all(folder_);
        fs::copy(fs::path(STAFETT_SOURCE_DIR) / "config/examples/single-node", folder_,
                 fs::copy_options::recursive);
    }
    const fs::path& folder() const { return folder_; }
    void replace(const std::string& file, const std::string& what, const std::string& by) {
        std::ifstream in(folder_ / file);
        std::string text((std::istreambuf_iterator<char>(in)), {});
        const auto at = text.find(what);
        ASSERT_NE(at, std::string::npos) << what;
        text.replace(at, what.size(), by);
        std::ofstream(folder_ / file) << text;
    }

private:
    fs::path folder_;
};

bool tells(const Problems& problems, Code code, const std::string& path, const std::string& hint) {
    return std::any_of(problems.begin(), problems.end(), [&](const Error& e) {
        return e.code() == code && e.place().path == path &&
               e.place().hint.find(hint) != std::string::npos;
    });
}

}  // namespace

TEST(Config, ReadsTheExample) {
    const Copy copy;
    const auto config = config::load(copy.folder());
    ASSERT_TRUE(config) << describe(config.error().front(), Language::English);
    EXPECT_EQ(config->parties.size(), 5U);
    const auto* party = config->party(PartyId{"2120001124"});
    ASSERT_NE(party, nullptr);
    EXPECT_EQ(party->default_function, FunctionId{"ama"});
    EXPECT_EQ(config->door(party->id, FunctionId{"dv"})->id, "kommun");
    EXPECT_EQ(config->settings.inbox.body, 1U << 20);
}

TEST(Config, TellsEveryProblemAtOnceWithPointerAndNearestKey) {
    Copy copy;
    copy.replace("stafett.json", "\"party\": \"2220009902\"", "\"pary\": \"2220009902\"");
    copy.replace("stafett.json", "\"port\": 8443", "\"port\": 84430");
    copy.replace("parties/kommun.json", "\"1280\"", "\"0280\"");
    copy.replace("routes.json", "\"id\": \"fk\", \"party\": \"2021005521\"",
                 "\"id\": \"fk\", \"party\": \"2021005529\"");
    copy.replace("stafett.json", "\"2321000115\"", "\"2321000116\"");
    const auto config = config::load(copy.folder());
    ASSERT_FALSE(config);
    const Problems& problems = config.error();
    EXPECT_TRUE(tells(problems, Code::ConfigUnknownKey, "/pary", "Nearest: party"));
    EXPECT_TRUE(tells(problems, Code::ConfigMissing, "/party", ""));
    EXPECT_TRUE(tells(problems, Code::ConfigRange, "/inbox/port", "Between 0 and 65535"));
    EXPECT_TRUE(tells(problems, Code::MunicipalityCode, "/municipality", ""));
    EXPECT_TRUE(tells(problems, Code::ConfigReference, "/doors/1/party", "No such party"));
    EXPECT_TRUE(tells(problems, Code::ConfigReference, "/systems/3/parties/1", "No such party"));
    EXPECT_EQ(problems.size(), 6U);
}

TEST(Doors, AreByPushByMailboxOrByFolder) {
    Copy copy;
    fs::create_directories(copy.folder() / "ut");
    fs::create_directories(copy.folder() / "in");
    copy.replace("routes.json", R"("host": "localhost", "port": 8502)", R"("by": "mailbox")");
    copy.replace("routes.json", R"("host": "localhost", "port": 8503)",
                 R"("by": "folder", "out": "ut", "in": "in", "route": "/arende",
                    "content_type": "application/xml")");
    const auto config = config::load(copy.folder());
    ASSERT_TRUE(config) << describe(config.error().front(), Language::English);
    using By = config::Door::By;
    EXPECT_EQ(config->reachedBy(By::Mailbox), std::vector<PartyId>{PartyId{"2021005521"}});
    EXPECT_EQ(config->reachedBy(By::Folder), std::vector<PartyId>{PartyId{"2120001124"}});
    EXPECT_EQ(config->reachedBy(By::Push).size(), 3U);
    const auto* door = config->door(PartyId{"2120001124"}, {});
    EXPECT_EQ(door->out, copy.folder() / "ut");
    EXPECT_EQ(door->in, copy.folder() / "in");
}

TEST(Doors, ByFolderHaveFoldersOfTheirOwnThatAreThere) {
    Copy copy;
    fs::create_directories(copy.folder() / "ut");
    fs::create_directory_symlink(copy.folder() / "ut", copy.folder() / "samma");
    copy.replace("routes.json", R"("host": "localhost", "port": 8501)",
                 R"("by": "folder", "out": "ut")");
    copy.replace("routes.json", R"("host": "localhost", "port": 8502)",
                 R"("by": "folder", "out": "samma")");
    copy.replace("routes.json", R"("host": "localhost", "port": 8503)",
                 R"("by": "folder", "out": "ingen", "in": "ut", "host": "x")");
    const auto config = config::load(copy.folder());
    ASSERT_FALSE(config);
    EXPECT_TRUE(tells(config.error(), Code::ConfigDuplicate, "/doors/1/out", "folders of its own"));
    EXPECT_TRUE(tells(config.error(), Code::ConfigFile, "/doors/2/out", "no such folder"));
    EXPECT_TRUE(tells(config.error(), Code::ConfigDuplicate, "/doors/2/in", "folders of its own"));
    EXPECT_TRUE(tells(config.error(), Code::ConfigRange, "/doors/2/route", "own path"));
    EXPECT_TRUE(tells(config.error(), Code::ConfigMissing, "/doors/2/content_type", ""));
    EXPECT_TRUE(tells(config.error(), Code::ConfigUnknownKey, "/doors/2/host", ""));
}

TEST(Doors, OfOnePartyAreOfOneKind) {
    Copy copy;
    copy.replace("routes.json", R"({ "id": "fk",)",
                 R"({ "id": "fk-syd", "party": "2021005521", "function": "fk-samordning-syd",
                      "by": "mailbox" },
                    { "id": "fk",)");
    const auto config = config::load(copy.folder());
    ASSERT_FALSE(config);
    EXPECT_TRUE(tells(config.error(), Code::ConfigRange, "/doors/2/by", "of one kind"));
    EXPECT_EQ(config.error().size(), 1U);
}

TEST(Config, TellsTheLineOfASyntaxError) {
    Copy copy;
    copy.replace("policy.json", "", "");
    copy.replace("routes.json", "\"doors\": [", "\"doors\": [,");
    const auto config = config::load(copy.folder());
    ASSERT_FALSE(config);
    EXPECT_EQ(config.error().front().code(), Code::ConfigSyntax);
    EXPECT_EQ(config.error().front().place().line, 7U);
}

TEST(Lines, APointerLeadsToItsLine) {
    const std::string text = R"(// a comment: { "doors": [
{
  "a": "x\"{[", /* "doors" */ "b": -1.5e3,
  "empty": {}, "none": [],
  "doors": [
    { "id": "one", "to": ["p", "q"] }, // ]
    { "id": "two",
      "a/b": { "deep": true } }
  ]
})";
    using config::lineOf;
    EXPECT_EQ(lineOf(text, ""), 2U);
    EXPECT_EQ(lineOf(text, "/b"), 3U);
    EXPECT_EQ(lineOf(text, "/doors"), 5U);
    EXPECT_EQ(lineOf(text, "/doors/0/to/1"), 6U);
    EXPECT_EQ(lineOf(text, "/doors/1"), 7U);
    EXPECT_EQ(lineOf(text, "/doors/1/a~1b/deep"), 8U);
    EXPECT_EQ(lineOf(text, "/doors/1/missing"), 7U) << "what it should stand in";
    EXPECT_EQ(lineOf(text, "/missing"), 2U);
    for (std::size_t cut = 0; cut < text.size(); ++cut) {
        EXPECT_LE(lineOf(text.substr(0, cut), "/doors/1/a~1b/deep"), 8U);
    }
}

TEST(Config, ProductionWantsDigestsAndRevocationLists) {
    Copy copy;
    copy.replace("stafett.json", "\"profile\": \"dev\"", "\"profile\": \"production\"");
    copy.replace("stafett.json",
                 "\"revocation_lists\":", "\"revocation\": \"off\", \"revocation_lists\":");
    const auto config = config::load(copy.folder());
    ASSERT_FALSE(config);
    EXPECT_TRUE(tells(config.error(), Code::ConfigMissing, "/plugins/0/sha256", "dev profile"));
    EXPECT_TRUE(tells(config.error(), Code::ConfigRange, "/tls/revocation", "dev profile"));
}

TEST(Config, AnEmptyListOfMediaTypesTakesNone) {
    Copy copy;
    EXPECT_EQ(config::load(copy.folder())->settings.attachments.media_types.size(), 4U);
    copy.replace("stafett.json",
                 "\"party\":", "\"attachments\": {\"media_types\": []}, \"party\":");
    const auto config = config::load(copy.folder());
    ASSERT_TRUE(config) << describe(config.error().front(), Language::English);
    EXPECT_TRUE(config->settings.attachments.media_types.empty());
}

TEST(Config, PeriodsAreInclusive) {
    EXPECT_TRUE(config::holdsOn("2026-01-01", "2026-01-31", "2026-01-01"));
    EXPECT_TRUE(config::holdsOn("2026-01-01", "2026-01-31", "2026-01-31"));
    EXPECT_FALSE(config::holdsOn("2026-01-01", "2026-01-31", "2026-02-01"));
    EXPECT_TRUE(config::holdsOn("", "", "2026-02-01"));
}
