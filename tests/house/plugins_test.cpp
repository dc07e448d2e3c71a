// Every plugin's folder is whole, and what is built of it shows the world one symbol.
#include <gtest/gtest.h>

#include <map>
#include <nlohmann/json.hpp>
#include <regex>
#include <set>
#include <sstream>

#include "tests/house/tree.h"

namespace stafett::house {
namespace {

std::vector<std::string> dialects() {
    static const std::regex kLine("add_subdirectory\\(([a-z_0-9]+)\\)");
    std::vector<std::string> found;
    for (const auto& line : lines("plugins/CMakeLists.txt")) {
        std::smatch name;
        if (std::regex_search(line, name, kLine)) found.push_back(name[1]);
    }
    return found;
}

nlohmann::json manifestOf(const std::string& dialect) {
    return nlohmann::json::parse(read("plugins/" + dialect + "/manifest.json"), nullptr, true,
                                 true);
}

/// Every form a sender may use.
std::set<std::string> inboundForms(const std::string& dialect) {
    std::set<std::string> forms;
    const auto manifest = manifestOf(dialect);
    for (const auto& route : manifest.at("inbound")) {
        for (const auto& choice : route.at("forms")) forms.insert(choice.at("form"));
    }
    return forms;
}

struct Count {
    std::size_t good = 0, refused = 0;
};

/// Cases are named after their form: remiss_whole_in_latin1.
std::map<std::string, Count> casesOf(const std::string& dialect) {
    const auto forms = inboundForms(dialect);
    std::map<std::string, Count> counts;
    for (const auto& form : forms) counts[form];
    for (const auto& entry : fs::directory_iterator(root() / "plugins" / dialect / "cases")) {
        const std::string name = entry.path().filename().string();
        const std::string form = name.substr(0, name.find('_'));
        EXPECT_TRUE(forms.contains(form)) << dialect << "/cases/" << name << ": of no form";
        EXPECT_TRUE(fs::exists(entry.path() / "wire.xml") || fs::exists(entry.path() / "wire.json"))
            << entry.path();
        const bool refused = fs::exists(entry.path() / "refused.txt");
        EXPECT_NE(refused, fs::exists(entry.path() / "canonical.json")) << entry.path();
        ++(refused ? counts[form].refused : counts[form].good);
    }
    return counts;
}

TEST(Plugins, ThereAreFourAtLeast) {
    const auto found = dialects();
    for (const auto* one : {"employment_service", "municipality", "region", "social_insurance"}) {
        EXPECT_NE(std::find(found.begin(), found.end(), one), found.end()) << one;
    }
}

TEST(Plugins, TheRegisterNamesEveryFolderAndNothingElse) {
    std::set<std::string> folders;
    for (const auto& entry : fs::directory_iterator(root() / "plugins")) {
        if (entry.is_directory()) folders.insert(entry.path().filename().string());
    }
    const auto found = dialects();
    EXPECT_EQ(std::set<std::string>(found.begin(), found.end()), folders);
}

TEST(Plugins, AFolderIsWhole) {
    for (const auto& dialect : dialects()) {
        for (const auto* file : {"manifest.json", "README.md", "dialect.md", "CMakeLists.txt"}) {
            EXPECT_TRUE(fs::exists(root() / "plugins" / dialect / file)) << dialect << "/" << file;
        }
        EXPECT_EQ(lineCount("plugins/" + dialect + "/CMakeLists.txt"), 1U) << dialect;
        EXPECT_EQ(manifestOf(dialect).at("dialect"), dialect);
        EXPECT_TRUE(fs::is_directory(root() / "mappings" / dialect)) << dialect;
    }
}

TEST(Plugins, EveryFormHasFourGoodAndFourRefusedCases) {
    for (const auto& dialect : dialects()) {
        for (const auto& [form, count] : casesOf(dialect)) {
            EXPECT_GE(count.good, 4U) << dialect << "/" << form;
            EXPECT_GE(count.refused, 4U) << dialect << "/" << form;
        }
    }
}

TEST(Plugins, EveryFormHasAMappingOfItsName) {
    for (const auto& dialect : dialects()) {
        auto forms = inboundForms(dialect);
        const auto manifest = manifestOf(dialect);
        for (const auto& choice : manifest.at("outbound")) forms.insert(choice.at("form"));
        for (const auto& form : forms) {
            EXPECT_TRUE(fs::exists(root() / "mappings" / dialect / (form + ".map.json")))
                << dialect << "/" << form;
        }
    }
}

/// Who traces a message reads why it does not tell something, in Swedish as in English.
TEST(Plugins, TheReasonsOfOurMappingsAreInBothLanguages) {
    std::vector<std::string> alone;
    for (const auto& path : files("mappings/", {".map.json", ".rows.json"})) {
        if (read(path).find("\"because\": \"") != std::string::npos) alone.push_back(path);
    }
    EXPECT_TRUE(alone.empty()) << listed(alone);
}

/// What a README tells, in this order: what it speaks, whose it is, how to try it.
TEST(Plugins, AReadmeSaysHowToTryIt) {
    for (const auto& dialect : dialects()) {
        const std::string text = read("plugins/" + dialect + "/README.md");
        EXPECT_NE(text.find("stafett "), std::string::npos) << dialect;
        EXPECT_NE(text.find("dialect.md"), std::string::npos) << dialect;
    }
}

TEST(Plugins, ABuiltPluginShowsOneSymbol) {
    for (const auto& dialect : dialects()) {
        const auto file = fs::path(STAFETT_BUILD_DIR) / "plugins" / (dialect + ".so");
        ASSERT_TRUE(fs::exists(file)) << file;
        const auto [printed, code] = run("nm -D --defined-only '" + file.string() + "'");
        ASSERT_EQ(code, 0) << printed;
        std::istringstream in(printed);
        std::vector<std::string> symbols;
        for (std::string line; std::getline(in, line);) {
            symbols.push_back(line.substr(line.rfind(' ') + 1));
        }
        EXPECT_EQ(symbols, std::vector<std::string>{"stafett_plugin_v1"}) << dialect;
    }
}

}  // namespace
}  // namespace stafett::house
