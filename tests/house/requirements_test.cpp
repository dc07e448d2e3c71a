// Each requirement of the sources, R1 to R45, has a test that names it.
#include <gtest/gtest.h>

#include <regex>
#include <set>

#include "tests/house/tree.h"

namespace stafett::house {
namespace {

constexpr int kRequirements = 45;

/// R13_R14_TheWarningHasItsRule names R13 and R14; so does a case, stegforflyttning_R6_whole.
void addNamed(const std::string& text, std::set<int>& named) {
    static const std::regex kName("R([1-9][0-9]?)_");
    for (const auto& number : matches(text, kName, 1)) named.insert(std::stoi(number));
}

TEST(Requirements, EachHasATestThatNamesIt) {
    static const std::regex kTest("TEST(?:_F|_P)?\\(\\w+,\\s*(\\w+)\\)");
    std::set<int> named;
    for (const auto& file : files("tests/", {".cpp"})) {
        for (const auto& name : matches(read(file), kTest, 1)) addNamed(name, named);
    }
    for (const auto& file : files("plugins/", {"canonical.json"})) addNamed(file, named);
    for (int requirement = 1; requirement <= kRequirements; ++requirement) {
        EXPECT_TRUE(named.contains(requirement)) << "R" << requirement;
    }
}

}  // namespace
}  // namespace stafett::house
