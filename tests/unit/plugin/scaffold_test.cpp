#include "gateway/plugin/scaffold.h"

#include <unistd.h>

#include <cstdlib>
#include <set>
#include <sstream>

#include "gateway/mapping/library.h"
#include "gateway/plugin/conformance.h"
#include "tests/unit/plugin/support.h"

namespace stafett::plugin {
namespace {

namespace fs = std::filesystem;

class Scaffold : public ::testing::Test {
protected:
    void SetUp() override {
        root_ = fs::temp_directory_path() / ("stafett-scaffold-" + std::to_string(::getpid()));
        fs::create_directories(root_ / "plugins");
        std::ofstream(root_ / "plugins" / "CMakeLists.txt")
            << "# The register.\nadd_subdirectory(alpha)\nadd_subdirectory(zeta)\n";
    }
    void TearDown() override { fs::remove_all(root_); }
    std::string make(const std::string& name) {
        out_.str("");
        const auto made = makePlugin(root_, name, out_);
        return made ? "made" : std::string(made.error().info().id);
    }
    fs::path root_;
    std::ostringstream out_;
};

TEST_F(Scaffold, MakesTwoFoldersAndOneLine) {
    ASSERT_EQ(make("skola"), "made");
    EXPECT_EQ(
        readFile(root_ / "plugins/CMakeLists.txt"),
        "# The "
        "register.\nadd_subdirectory(alpha)\nadd_subdirectory(skola)\nadd_subdirectory(zeta)\n");
    EXPECT_EQ(readFile(root_ / "plugins/skola/CMakeLists.txt"), "stafett_add_plugin(skola)\n");
    for (const char* file :
         {"plugins/skola/README.md", "plugins/skola/dialect.md", "plugins/skola/manifest.json",
          "plugins/skola/cases/remiss_first/wire.json", "mappings/skola/remiss.map.json",
          "mappings/skola/remiss.test.json", "mappings/skola/codes/reason.json"}) {
        EXPECT_FALSE(readFile(root_ / file).empty()) << file;
        EXPECT_EQ(readFile(root_ / file).find("NAME"), std::string::npos) << file;
        EXPECT_NE(out_.str().find(file), std::string::npos) << file;
    }
}

TEST_F(Scaffold, RefusesNamesAndTouchesNothingThatIsThere) {
    for (const char* name : {"", "Skola", "sko-la", "1a", "../x", "a/b", "skolå"}) {
        EXPECT_EQ(make(name), "ST-CLI-001") << name;
    }
    ASSERT_EQ(make("skola"), "made");
    std::ofstream(root_ / "plugins/skola/manifest.json") << "mine";
    EXPECT_EQ(make("skola"), "ST-CLI-001");
    EXPECT_EQ(readFile(root_ / "plugins/skola/manifest.json"), "mine");
    fs::remove(root_ / "plugins/CMakeLists.txt");
    EXPECT_EQ(make("annan"), "ST-CLI-003");
    EXPECT_FALSE(fs::exists(root_ / "plugins/annan"));
}

/// The .so of plugins/NAME, made as the build makes it.
fs::path build(const fs::path& root, const std::string& name) {
    const std::string source = STAFETT_SOURCE_DIR, folder = (root / "plugins" / name).string();
    const auto library = root / (name + ".so");
    const std::string command =
        "cmake -DIN=" + folder + "/manifest.json -DOUT=" + folder + "/manifest.h -P " + source +
        "/cmake/embed-manifest.cmake && c++ -std=c++20 -O1 -fPIC -shared -fvisibility=hidden -I" +
        folder + " -I" + source + " " + source + "/cmake/declared_plugin.cpp -o " +
        library.string() + " -Wl,-z,now -Wl,-z,defs -Wl,--version-script=" + source +
        "/cmake/plugin.map";
    EXPECT_EQ(std::system(command.c_str()), 0);
    return library;
}

TEST_F(Scaffold, WhatItMakesBuildsAndHoldsTheContract) {
    ASSERT_EQ(make("skola"), "made");
    std::ostringstream told;
    EXPECT_TRUE(checkPlugin(build(root_, "skola"), told)) << told.str();
}

std::string listed(const Problems& problems) {
    std::string all;
    for (const auto& error : problems) all += stafett::describe(error, Language::English) + "\n";
    return all;
}

/// One side of an exchange: a dialect's plugin and its mappings.
struct Side {
    const Adapter* adapter;
    const mapping::Library* library;
    std::set<std::string>* lost;  ///< canonical paths that were told as losses

    std::optional<message::Message> read(const WireMessage& wire) const {
        const auto decoded =
            adapter->decode({wire.method, wire.path, "", &wire.headers, wire.body});
        if (!decoded) {
            ADD_FAILURE() << stafett::describe(decoded.error(), Language::English) << wire.body;
            return std::nullopt;
        }
        mapping::ReadContext context;
        context.person.today = "2026-01-20";
        context.attributes = &decoded->attributes;
        auto outcome =
            library->find(adapter->dialect(), decoded->form)->read(decoded->document, context);
        EXPECT_TRUE(outcome.problems.empty()) << listed(outcome.problems) << wire.body;
        return std::move(outcome.message);
    }
    std::optional<WireMessage> write(message::Message& message) const {
        const auto form_id = adapter->outboundForm(message, {});
        if (!form_id) return std::nullopt;
        const auto* form = library->find(adapter->dialect(), *form_id);
        message.set("message/id", "0198c0de-0000-7000-8000-000000000001");
        if (form->aliasForm().starts_with("digits:")) message.set("case/receiver", "1000000042");
        const mapping::Settings settings;
        mapping::WriteContext context;
        context.receiver = {"2021005521"};
        context.gateway = {"5565594230"};
        context.endpoint = "https://mottagare.example/in";
        context.now = Time(std::chrono::hours(24) * 20'473);
        context.settings = &settings;
        auto outcome = form->write(message, context);
        EXPECT_TRUE(outcome.problems.empty()) << adapter->id() << "\n" << listed(outcome.problems);
        for (const auto& loss : outcome.losses) lost->insert(loss.canonical);
        auto made = adapter->encode(*form_id, outcome.document, outcome.attributes, settings);
        if (made) return std::move(*made);
        ADD_FAILURE() << stafett::describe(made.error(), Language::English);
        return std::nullopt;
    }
};

/// All that was not told as a loss; the person, the reason and the sender never are one.
void saysTheSame(const message::Message& said, const message::Message& heard,
                 const std::set<std::string>& lost) {
    for (const char* path : {"person/id", "reason/code", "sender/party"}) {
        EXPECT_FALSE(said.text(path).empty()) << path;
        EXPECT_EQ(said.text(path), heard.text(path)) << path;
    }
    for (const char* path : {"person/given", "person/family", "reason/text"}) {
        if (lost.contains(path)) continue;
        EXPECT_EQ(said.text(path), heard.text(path)) << path;
    }
}

TEST_F(Scaffold, WhatItMakesExchangesAReferralWithEveryOtherDialect) {
    ASSERT_EQ(make("skola"), "made");
    const fs::path mappings = fs::path(STAFETT_SOURCE_DIR) / "mappings";
    const auto catalogue = message::Catalogue::load(mappings / "canonical");
    ASSERT_TRUE(catalogue) << listed(catalogue.error());
    const auto ours = mapping::Library::load(root_ / "mappings", *catalogue, {{"skola"}}, {});
    ASSERT_TRUE(ours) << listed(ours.error());
    const std::vector<std::string> others = {"employment_service", "social_insurance",
                                             "municipality", "region"};
    std::vector<DialectId> dialects;
    std::vector<PluginSource> sources = {{build(root_, "skola")}};
    for (const auto& name : others) {
        dialects.push_back({name});
        sources.push_back({fs::path(STAFETT_BUILD_DIR) / "plugins" / (name + ".so")});
    }
    const auto theirs = mapping::Library::load(mappings, *catalogue, dialects, {.law_messages = 1});
    ASSERT_TRUE(theirs) << listed(theirs.error());
    const auto registry = Registry::load(sources, Profile::Dev);
    ASSERT_TRUE(registry) << listed(registry.error());
    std::set<std::string> lost;
    const Side school{registry->find({"skola"}), &*ours, &lost};
    EXPECT_TRUE(checkForms(*school.adapter, *ours).empty())
        << listed(checkForms(*school.adapter, *ours));
    EXPECT_FALSE(checkForms(*school.adapter, *theirs).empty());

    WireMessage first;
    first.method = "POST";
    first.path = "/skola/remiss";
    first.headers = {{"Content-Type", "application/json; charset=utf-8"}};
    first.body = readFile(root_ / "plugins/skola/cases/remiss_first/wire.json");
    for (const auto& name : others) {
        SCOPED_TRACE(name);
        lost.clear();
        const Side other{registry->find({name}), &*theirs, &lost};
        auto said = school.read(first);
        ASSERT_TRUE(said);
        const auto there = other.write(*said);
        ASSERT_TRUE(there);
        auto heard = other.read(*there);
        ASSERT_TRUE(heard);
        saysTheSame(*said, *heard, lost);
        const auto back = school.write(*heard);
        ASSERT_TRUE(back);
        const auto again = school.read(*back);
        ASSERT_TRUE(again);
        saysTheSame(*said, *again, lost);
    }
}

}  // namespace
}  // namespace stafett::plugin
