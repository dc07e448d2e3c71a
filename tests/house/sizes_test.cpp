// Files stay small enough to be read at a sitting (a quarter more than the measure is let pass),
// and say what they are.
#include <gtest/gtest.h>

#include <map>
#include <regex>

#include "tests/house/tree.h"

namespace stafett::house {
namespace {

/// The most lines a file of this kind should have; 0 = as many as it needs.
std::size_t measureOf(const std::string& file) {
    const bool code = file.ends_with(".h") || file.ends_with(".cpp");
    if (file.starts_with("tests/")) return code ? 400 : 0;
    if (file.starts_with("plugins/")) {
        if (code) return 200;
        if (file.ends_with("README.md")) return 150;
    }
    if (file.ends_with(".map.json")) return 300;
    if (file.starts_with("gateway/")) {
        if (file.ends_with(".h")) return 150;
        if (file.ends_with(".cpp")) return 400;
    }
    return 0;
}

TEST(Sizes, NoFileIsTooLong) {
    std::vector<std::string> over, too_long;
    std::size_t seen = 0;
    for (const auto& file : files()) {
        const std::size_t measure = measureOf(file);
        if (measure == 0) continue;
        ++seen;
        const std::size_t count = lineCount(file);
        const std::string line =
            file + ": " + std::to_string(count) + " lines of " + std::to_string(measure);
        if (count > measure) over.push_back(line);
        if (count * 4 > measure * 5) too_long.push_back(line);
    }
    if (!over.empty()) std::cout << "over the measure:\n" << listed(over);
    EXPECT_GT(seen, 100U);
    EXPECT_TRUE(too_long.empty()) << listed(too_long);
}

TEST(Comments, EveryPublicHeaderSaysWhatItIs) {
    std::vector<std::string> silent;
    for (const auto& file : files("gateway/", {".h"})) {
        const std::string text = read(file);
        // abi.h is C: its contract stands in block comments.
        const bool says = text.find("///") != std::string::npos ||
                          (file.ends_with("abi.h") && text.find("/*") != std::string::npos);
        if (!says) silent.push_back(file);
        if (!file.ends_with("abi.h") && text.find("#pragma once") == std::string::npos) {
            silent.push_back(file + " (no #pragma once)");
        }
    }
    EXPECT_TRUE(silent.empty()) << listed(silent);
}

/// A thing left to do has an issue, or it is forgotten.
TEST(Comments, NothingIsLeftToDoWithoutAnIssue) {
    static const std::regex kLeft("\\b(TODO|FIXME|XXX|HACK)\\b");
    static const std::regex kIssue("\\b(TODO|FIXME)\\(#[0-9]+\\)");
    std::vector<std::string> left;
    for (const auto& file : files("", {".h", ".cpp", ".md", ".sh", ".txt", ".cmake", ".sql"})) {
        if (file == "tests/house/sizes_test.cpp") continue;
        std::size_t number = 0;
        for (const auto& line : lines(file)) {
            ++number;
            if (std::regex_search(line, kLeft) && !std::regex_search(line, kIssue)) {
                left.push_back(file + ":" + std::to_string(number));
            }
        }
    }
    EXPECT_TRUE(left.empty()) << listed(left);
}

/// Names that say nothing of what a thing is.
TEST(Names, NoFileIsAManagerOrAHelper) {
    static const std::regex kEmpty("(^|_)(manager|handler|helper|helpers|util|utils|impl)(_|\\.)");
    std::vector<std::string> empty;
    for (const auto& file : files("", {".h", ".cpp"})) {
        if (std::regex_search(fs::path(file).filename().string(), kEmpty)) empty.push_back(file);
    }
    EXPECT_TRUE(empty.empty()) << listed(empty);
}

/// A script that goes on after a failed command does harm.
TEST(Scripts, EveryScriptStopsAtAnError) {
    static const std::regex kShell("^#!(/usr)?/bin/(env )?(ba|da)?sh");
    static const std::regex kStops("^set -[a-z]*[eu]");
    std::vector<std::string> careless;
    std::size_t seen = 0;
    for (const auto& file : files()) {
        if (fs::file_size(root() / file) > 200'000) continue;
        const auto text = lines(file);
        if (text.empty() || !std::regex_search(text.front(), kShell)) continue;
        ++seen;
        const auto head = text.begin() + std::min<std::ptrdiff_t>(25, std::ssize(text));
        const bool stops = std::any_of(
            text.begin(), head, [](const auto& line) { return std::regex_search(line, kStops); });
        if (!stops) careless.push_back(file);
    }
    EXPECT_GE(seen, 4U);
    EXPECT_TRUE(careless.empty()) << listed(careless);
}

}  // namespace
}  // namespace stafett::house
