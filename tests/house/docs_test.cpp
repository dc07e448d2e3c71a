// What the pages say is there, is there.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <regex>
#include <set>

#include "gateway/trace/event.h"
#include "tests/house/tree.h"

namespace stafett::house {
namespace {

std::vector<std::string> pages() { return files("", {".md"}); }

std::vector<std::string> matches(const std::string& text, const std::regex& pattern, int group) {
    std::vector<std::string> found;
    for (auto at = std::sregex_iterator(text.begin(), text.end(), pattern);
         at != std::sregex_iterator(); ++at) {
        found.push_back((*at)[static_cast<std::size_t>(group)]);
    }
    return found;
}

/// Headings as GitHub and others make anchors of them.
std::set<std::string> anchorsOf(const std::string& page) {
    std::set<std::string> anchors;
    for (const auto& line : lines(page)) {
        if (!line.starts_with("#")) continue;
        std::string anchor;
        for (const char c : line.substr(line.find_first_not_of("# "))) {
            const auto byte = static_cast<unsigned char>(c);
            if (std::isalnum(byte) != 0 || byte >= 0x80U || c == '-' || c == '_') {
                anchor += static_cast<char>(byte < 0x80U ? std::tolower(byte) : byte);
            } else if (c == ' ') {
                anchor += '-';
            }
        }
        anchors.insert(anchor);
    }
    return anchors;
}

TEST(Docs, EveryLinkLeadsSomewhere) {
    static const std::regex kLink("\\]\\(([^)\\s]+)\\)");
    std::vector<std::string> broken;
    std::size_t seen = 0;
    for (const auto& page : pages()) {
        for (const auto& link : matches(read(page), kLink, 1)) {
            if (link.starts_with("http") || link.starts_with("mailto:")) continue;
            ++seen;
            const auto hash = link.find('#');
            const auto file = link.substr(0, hash);
            const auto target = file.empty()
                                    ? fs::path(page)
                                    : (fs::path(page).parent_path() / file).lexically_normal();
            if (!fs::exists(root() / target)) {
                broken.push_back(page + ": " + link);
            } else if (hash != std::string::npos && target.extension() == ".md" &&
                       !anchorsOf(target.string()).contains(link.substr(hash + 1))) {
                broken.push_back(page + ": " + link + " (no such heading)");
            }
        }
    }
    EXPECT_GT(seen, 20U);
    EXPECT_TRUE(broken.empty()) << listed(broken);
}

/// A page that code, configuration or another page names.
TEST(Docs, EveryPageThatIsNamedExists) {
    static const std::regex kPage("\\bdocs/[A-Za-z0-9_/-]+\\.(md|yaml|svg)");
    std::vector<std::string> missing;
    for (const auto& file :
         files("", {".md", ".h", ".cpp", ".json", ".txt", ".def", ".sh", ".yaml"})) {
        const std::string text = read(file);
        for (const auto& page : matches(text, kPage, 0)) {
            if (!fs::exists(root() / page)) missing.push_back(file + ": " + page);
        }
    }
    EXPECT_TRUE(missing.empty()) << listed(missing);
}

/// Paths in backticks that begin with a folder of ours are files, folders or patterns of them.
TEST(Docs, EveryFileThatAPageNamesExists) {
    static const std::regex kPath(
        "`((?:gateway|plugins|mappings|config|certs|tests|cmake|docs)/[A-Za-z0-9_./-]+)`");
    std::vector<std::string> missing;
    for (const auto& page : pages()) {
        if (page == "docs/plugin-authors.md") continue;  // names what a new plugin will have
        for (auto path : matches(read(page), kPath, 1)) {
            while (path.ends_with("/") || path.ends_with(".")) path.pop_back();
            if (fs::exists(root() / path)) continue;
            missing.push_back(page + ": " + path);
        }
    }
    EXPECT_TRUE(missing.empty()) << listed(missing);
}

std::string stafett() { return (fs::path(STAFETT_BUILD_DIR) / "bin" / "stafett").string(); }

/// `stafett translate --from …` in a page: the command is there, and has each option.
TEST(Docs, EveryCommandThatIsShownExists) {
    if (!fs::exists(stafett())) GTEST_SKIP() << "stafett is not built";
    static const std::regex kCommand(
        "\\bstafett ((?:mapping |plugin |policy |delivery )?[a-z]+)((?: +[^\\s`|]+)*)");
    static const std::regex kOption("--[a-z][a-z-]*");
    const auto [help, code] = run("'" + stafett() + "' --help");
    ASSERT_EQ(code, 0);
    std::map<std::string, std::string> helps;
    std::vector<std::string> wrong;
    std::size_t seen = 0;
    for (const auto& page : pages()) {
        for (const auto& line : lines(page)) {
            const auto begins = line.find("stafett ");
            // In prose a command stands in backticks; in a block it begins the line.
            const bool block = line.starts_with("stafett ") || line.starts_with("$ stafett ") ||
                               line.find("/stafett ") != std::string::npos;
            if (begins == std::string::npos) continue;
            static const std::regex kInline("`(?:[^`]*/)?(stafett [^`]+)`");
            auto commands = matches(line, kInline, 1);
            if (block) commands.push_back(line.substr(begins));
            for (const auto& shown : commands) {
                std::smatch parts;
                if (!std::regex_search(shown, parts, kCommand)) continue;
                ++seen;
                const std::string name = parts[1];
                if (!helps.contains(name)) {
                    const auto [text, failed] = run("'" + stafett() + "' " + name + " --help");
                    helps[name] = failed == 0 && text != help ? text : "";
                }
                if (helps[name].empty()) {
                    wrong.push_back(page + ": there is no command: " + shown);
                    continue;
                }
                const std::string options = parts[2];
                for (const auto& option : matches(options, kOption, 0)) {
                    const bool known = helps[name].find(option) != std::string::npos ||
                                       help.find(option) != std::string::npos;
                    if (!known) wrong.push_back(page + ": " + name + " has no " + option);
                }
            }
        }
    }
    EXPECT_GT(seen, 10U);
    EXPECT_TRUE(wrong.empty()) << listed(wrong);
}

/// A block after `<!-- from: FILE -->` stands in that file, line by line.
TEST(Docs, EverySampleStandsInItsFile) {
    std::vector<std::string> stray;
    std::size_t seen = 0;
    for (const auto& page : pages()) {
        std::string source, fence;
        for (const auto& line : lines(page)) {
            std::smatch parts;
            static const std::regex kFrom("<!-- from: (.+) -->");
            if (std::regex_match(line, parts, kFrom)) {
                source = read(parts[1]);
                fence = "awaited";
            } else if (line.starts_with("```") && !fence.empty()) {
                fence = fence == "awaited" ? "open" : "";
            } else if (fence == "open") {
                ++seen;
                const auto text = line.substr(std::min(line.find_first_not_of(' '), line.size()));
                if (source.find(text) == std::string::npos) stray.push_back(page + ": " + line);
            }
        }
    }
    EXPECT_GE(seen, 3U);
    EXPECT_TRUE(stray.empty()) << listed(stray);
}

/// What the first lines of the README name can be run.
TEST(Docs, TheReadmesCommandsAreThere) {
    const std::string text = read("README.md");
    static const std::regex kScript("(?:^|[\\s`])\\./([a-z]+)\\b");
    const auto scripts = matches(text, kScript, 1);
    EXPECT_GE(scripts.size(), 2U);
    for (const auto& script : scripts) {
        const auto file = root() / script;
        ASSERT_TRUE(fs::exists(file)) << script;
        const auto mode = fs::status(file).permissions();
        EXPECT_NE(mode & fs::perms::owner_exec, fs::perms::none) << script;
    }
}

/// docs/openapi.yaml has every path, parameter and field of the admin API, and no path of its own.
TEST(Docs, TheApiIsDescribedWhole) {
    const std::string api = read("docs/openapi.yaml");
    std::string code;
    for (const auto& file : files("gateway/admin/", {".cpp"})) code += read(file);
    std::set<std::string> paths;
    for (auto path : matches(code, std::regex("\"(/[a-z.][a-z0-9./-]*)\""), 1)) {
        if (path.ends_with("/")) path += "{id}";
        paths.insert(path);
    }
    std::set<std::string> described;
    for (const auto& path : matches(api, std::regex("\\n  (/[^:]*):"), 1)) described.insert(path);
    EXPECT_EQ(described, paths);
    EXPECT_GT(paths.size(), 6U);
    for (const auto& name : matches(code, std::regex("key == \"([a-z_]+)\""), 1)) {
        EXPECT_NE(api.find("name: " + name + ", in: query"), std::string::npos) << name;
    }
    auto fields = matches(code, std::regex("(?:[^ ]|[^=] )\\{\"([a-z_]+)\","), 1);
    const auto set = matches(code, std::regex("\\[\"([a-z_]+)\"\\]"), 1);
    fields.insert(fields.end(), set.begin(), set.end());
    EXPECT_GT(fields.size(), 40U);
    for (const auto& field : fields) {
        EXPECT_TRUE(std::regex_search(api, std::regex("\\b" + field + ":"))) << field;
    }
    std::set<std::string> operations;
    for (const auto& id : matches(api, std::regex("operationId: (\\w+)"), 1)) {
        EXPECT_TRUE(operations.insert(id).second) << "two operations are called " << id;
    }
    const auto steps = matches(api, std::regex("enum: \\[(received,[^\\]]*)"), 1);
    ASSERT_EQ(steps.size(), 1U);
    for (auto step = trace::Step::Received;; step = static_cast<trace::Step>(int(step) + 1)) {
        const std::regex named("\\b" + std::string(name(step)) + "\\b");
        EXPECT_TRUE(std::regex_search(steps.front(), named)) << name(step);
        if (step == trace::Step::Due) break;
    }
}

/// Every decision has a number, and no number is used twice.
TEST(Docs, EveryDecisionHasItsNumber) {
    static const std::regex kName("docs/decisions/([0-9]{3})-[a-z0-9-]+\\.md");
    std::set<std::string> numbers;
    for (const auto& page : files("docs/decisions/", {".md"})) {
        std::smatch parts;
        ASSERT_TRUE(std::regex_match(page, parts, kName)) << page;
        EXPECT_TRUE(numbers.insert(parts[1]).second) << page;
        EXPECT_LE(lineCount(page), 80U) << page << ": one page";
    }
    EXPECT_GE(numbers.size(), 6U);
}

}  // namespace
}  // namespace stafett::house
