// A disk that has no room left, for store and log alike, and has room again.
#include <gtest/gtest.h>

#include "tests/support/documents.h"
#include "tests/support/preload.h"
#include "tests/support/running_gateway.h"
#include "tests/support/sanitized.h"

namespace stafett::e2e {
namespace {

using support::documentRequest;
using support::Names;

TEST(FullDisk, D4_IsBusyWithoutAReceiptAndGoesOnByItselfWhenThereIsRoom) {
    if (support::kSanitized) GTEST_SKIP() << "built with a sanitizer";
    support::RunningGateway gateway("full");
    gateway.terminate();
    const auto sign = std::filesystem::canonical(gateway.folder().root()) / "full";
    {
        const support::Preload disk(STAFETT_FULL_DISK, "STAFETT_FULL", sign.c_str());
        gateway.start();
    }
    const auto process = gateway.process();
    auto& fk = gateway.agency("fk");
    Names first;
    ASSERT_EQ(
        gateway.send("kommun", documentRequest("remiss.xml", first)).headers.get("Stafett-Outcome"),
        "accepted");
    ASSERT_TRUE(fk.waitFor(0, "/samverkan/v1", Deadline::in(std::chrono::seconds(20))));
    const auto came = fk.arrived();

    support::writeFile(sign, "");
    Names second;
    const auto request = documentRequest("remiss.xml", second);
    for (int i = 0; i < 3; ++i) {
        const auto full = gateway.send("kommun", request);
        EXPECT_EQ(full.status, 503) << full.body;
        EXPECT_EQ(full.headers.get("Stafett-Outcome"), "busy");
        EXPECT_FALSE(full.headers.get("Retry-After").empty());
        EXPECT_FALSE(full.headers.has("Stafett-Receipt"));
    }
    EXPECT_TRUE(gateway.isRunning());

    std::filesystem::remove(sign);
    const auto taken = gateway.send("kommun", request);
    EXPECT_EQ(taken.headers.get("Stafett-Outcome"), "accepted") << taken.body;
    EXPECT_TRUE(support::until([&] { return fk.arrived() > came; }));
    EXPECT_EQ(gateway.process(), process);
    EXPECT_TRUE(gateway.isRunning());
}

}  // namespace
}  // namespace stafett::e2e
