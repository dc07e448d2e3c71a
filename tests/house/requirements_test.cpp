// Each requirement of the sources, R1 to R45, has a test that names it.
#include <gtest/gtest.h>

#include <regex>
#include <set>
#include <string>
#include <vector>

#include "tests/house/tree.h"

namespace stafett::house {
namespace {

constexpr int kRequirements = 45;

std::vector<std::string> matches(const std::string& text, const std::regex& pattern) {
    std::vector<std::string> found;
    for (std::sregex_iterator i(text.begin(), text.end(), pattern), end; i != end; ++i) {
        found.push_back((*i)[1]);
    }
    return found;
}

/// R13_R14_TheWarningHasItsRule names R13 and R14; so does a case, stegforflyttning_R6_whole.
void addNamed(const std::string& text, std::set<int>& named) {
    static const std::regex kName("R([1-9][0-9]?)_");
    for (const auto& number : matches(text, kName)) named.insert(std::stoi(number));
}

TEST(Requirements, EachHasATestThatNamesIt) {
    static const std::regex kTest("TEST(?:_F|_P)?\\(\\w+,\\s*(\\w+)\\)");
    std::set<int> named;
    for (const auto& file : files("tests/", {".cpp"})) {
        for (const auto& name : matches(read(file), kTest)) addNamed(name, named);
    }
    for (const auto& file : files("plugins/", {"canonical.json"})) addNamed(file, named);
    for (int requirement = 1; requirement <= kRequirements; ++requirement) {
        EXPECT_TRUE(named.contains(requirement)) << "R" << requirement;
    }
}

}  // namespace
}  // namespace stafett::house
