#include "gateway/app/simulate/names.h"

#include <gtest/gtest.h>

namespace stafett::app {
namespace {

Names atNoon() {
    return Names([] { return Time{std::chrono::hours(12)}; });
}

TEST(Names, EveryAgencyIsToldNumbersOfItsOwn) {
    auto names = atNoon();
    names.hear("mia", "id", "1000000014");
    names.hear("asf", "other", "1000000005");
    EXPECT_EQ(names.idsAt("mia"), std::set<std::string>{"1000000014"});
    EXPECT_EQ(names.idsAt("asf"), std::set<std::string>{"1000000005"});
}

TEST(Names, UuidsAndSendersNumbersMeanTheSameEverywhere) {
    auto names = atNoon();
    const std::string message = "01a20127-ae7e-79ae-9896-2dc071678816";
    names.hear("mia", "message", message);
    names.set("own", "SK-12345678");
    EXPECT_EQ(names.idsAt("asf"), (std::set<std::string>{message, "12345678"}));
}

TEST(Names, WhatIsHeardAgainElsewhereCountsThere) {
    auto names = atNoon();
    names.hear("mia", "id", "1000000014");
    names.hear("asf", "id", "1000000014");
    EXPECT_TRUE(names.idsAt("mia").empty());
    EXPECT_EQ(names.idsAt("asf").size(), 1U);
}

TEST(Names, NumbersMadeOnceANameHaveNineDigits) {
    auto names = atNoon();
    const auto first = names.fill("${int:a}");
    EXPECT_EQ(first.size(), 9U);
    EXPECT_EQ(names.fill("${int:a}"), first);
    EXPECT_NE(names.fill("${int:b}"), first);
}

TEST(Names, IdsAreFoundAmongOtherNumbers) {
    EXPECT_EQ(idsIn("<Id>1000000014</Id> 222000-9928 2220009928 2026-04-08T08:00:00 R-1234567"),
              (std::set<std::string>{"1000000014", "1234567"}));
}

}  // namespace
}  // namespace stafett::app
