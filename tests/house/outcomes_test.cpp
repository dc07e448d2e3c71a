// docs/outcomes.md tells what the gateway and its plugins really say. STAFETT_GOLDEN=write makes it
// anew.
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>

#include "tests/house/outcomes.h"
#include "tests/house/tree.h"

namespace stafett::house {
namespace {

constexpr const char* kPage = "docs/outcomes.md";

TEST(OutcomesPage, IsMadeFromCodesAndReplies) {
    const std::string found = read(kPage);
    std::string made = withMade(found, "how each dialect says it", repliesTable());
    made = withMade(made, "what a sender reads", repliesWhole());
    made = withMade(made, "every code", codesTables());
    const char* golden = std::getenv("STAFETT_GOLDEN");
    if (golden != nullptr && std::string(golden) == "write") {
        std::ofstream(root() / kPage, std::ios::binary) << made;
        return;
    }
    EXPECT_EQ(found, made) << "run STAFETT_GOLDEN=write build/…/bin/test_house, and read the diff";
}

}  // namespace
}  // namespace stafett::house
