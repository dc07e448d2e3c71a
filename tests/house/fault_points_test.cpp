// Only a test ends the gateway at a boundary: nothing of what is installed sets a fault point.
#include <gtest/gtest.h>

#include <regex>

#include "tree.h"

namespace stafett::house {
namespace {

TEST(FaultPoints, AreSetByNothingThatIsInstalled) {
    const std::regex sets(R"(fault_point(\s*=|\.store|\.exchange)|STAFETT_FAULT)");
    std::size_t named = 0;
    for (const char* folder : {"gateway/", "plugins/"}) {
        for (const auto& file : files(folder, {".cpp", ".h"})) {
            const auto text = read(file);
            EXPECT_FALSE(std::regex_search(text, sets)) << file;
            if (text.find("reached(\"") != std::string::npos) ++named;
        }
    }
    EXPECT_GT(named, 2U) << "the boundaries have gone: tests/faults/boundary_test.cpp";
}

}  // namespace
}  // namespace stafett::house
