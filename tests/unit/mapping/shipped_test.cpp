#include <gtest/gtest.h>

#include "gateway/mapping/library.h"
#include "tests/unit/mapping/support.h"

namespace stafett::mapping {
namespace {

TEST(Shipped, EveryMappingPassesEveryCheck) {
    const auto library = Library::load(testing::sourceFolder() / "mappings", testing::catalogue(),
                                       {}, {.law_messages = 200});
    EXPECT_TRUE(library) << testing::describeAll(library.error());
}

}  // namespace
}  // namespace stafett::mapping
