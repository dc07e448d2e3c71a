// What is asked once more before a delivery leaves.
#include "gateway/pipeline/consent.h"

#include <gtest/gtest.h>

namespace stafett::pipeline {
namespace {

/// Noon in Stockholm on 15 January 2026.
const Time kNoon{std::chrono::milliseconds{1768474800000LL}};

bool leaves(std::optional<store::Lease::Consent> consent, Time now = kNoon) {
    store::Lease lease;
    lease.consent = std::move(consent);
    return mayStillLeave(lease, now);
}

}  // namespace

TEST(Leaving, IsAskedOfNothingThatRestsOnNoConsent) { EXPECT_TRUE(leaves(std::nullopt)); }

TEST(Leaving, R28_EndsOnTheDayOfTheWithdrawal) {
    EXPECT_TRUE(leaves({{.to = "", .withdrawn = ""}}));
    EXPECT_FALSE(leaves({{.to = "", .withdrawn = "2026-01-14"}}));
    EXPECT_FALSE(leaves({{.to = "", .withdrawn = "2026-01-15"}}));
    EXPECT_TRUE(leaves({{.to = "", .withdrawn = "2026-01-16"}}));
}

TEST(Leaving, R28_EndsAfterTheLastDayOfTheConsentInStockholm) {
    EXPECT_TRUE(leaves({{.to = "2026-01-15", .withdrawn = ""}}));
    EXPECT_FALSE(leaves({{.to = "2026-01-14", .withdrawn = ""}}));
    const Time late = kNoon + std::chrono::hours(11) + std::chrono::minutes(30);
    EXPECT_TRUE(leaves({{.to = "2026-01-15", .withdrawn = ""}}, late));
    EXPECT_FALSE(leaves({{.to = "2026-01-15", .withdrawn = ""}}, late + std::chrono::hours(1)));
}

}  // namespace stafett::pipeline
