// What is let go together, and what waits.
#include "gateway/report/release.h"

#include <gtest/gtest.h>

#include <random>

using namespace stafett::report;

namespace {

Event event(const std::string& place, const std::string& outcome) {
    return {Population::Outcome, {{"municipality", place}, {"target", outcome}}, 0};
}

std::vector<Event> times(std::size_t n, const Event& one) { return std::vector<Event>(n, one); }

const std::vector<Margin> kPlaces = {{"", "target"}, {"municipality", "target"}};

std::uint64_t cell(const Release& release, const CellKey& key) {
    const auto found = release.cells.find(key);
    return found == release.cells.end() ? 0 : found->second.n;
}

TEST(Release, FiveAreLetGoAndFourWait) {
    const auto five = letGo(times(5, event("1280", "other")), kPlaces);
    EXPECT_TRUE(five.waiting.empty());
    EXPECT_EQ(cell(five, {"municipality", "1280", "target", "other"}), 5U);
    EXPECT_EQ(cell(five, {"", "", "target", "other"}), 5U);
    const auto four = letGo(times(4, event("1280", "other")), kPlaces);
    EXPECT_EQ(four.waiting.size(), 4U);
    EXPECT_TRUE(four.cells.empty());
}

TEST(Release, WhatIsSmallInOneSplitIsCountedInNone) {
    auto events = times(20, event("1280", "other"));
    const auto few = times(3, event("1290", "other"));
    events.insert(events.end(), few.begin(), few.end());
    const auto release = letGo(events, kPlaces);
    EXPECT_EQ(release.waiting.size(), 3U);
    EXPECT_EQ(cell(release, {"", "", "target", "other"}), 20U)
        << "the total less the municipality shown would tell of three";
}

TEST(Release, WhatBecomesSmallByOthersThatWaitDoesSoToo) {
    // Seven of 1280 and three of 1290 make ten of work; the three wait, seven stay. Of studies five
    // stand in 1290 together with four in 1280: the four wait, and so the total becomes five.
    std::vector<Event> events = times(7, event("1280", "work_or_studies"));
    for (const auto& [n, e] :
         {std::pair(3U, event("1290", "work_or_studies")), std::pair(5U, event("1290", "other")),
          std::pair(4U, event("1280", "other"))}) {
        const auto more = times(n, e);
        events.insert(events.end(), more.begin(), more.end());
    }
    const auto release = letGo(events, kPlaces);
    EXPECT_EQ(release.waiting.size(), 7U);
    EXPECT_EQ(cell(release, {"", "", "target", "other"}), 5U);
    for (const auto& [key, found] : release.cells) EXPECT_GE(found.n, kLeast) << key.value;
}

TEST(Release, WhatWaitsIsLetGoWithTheNext) {
    auto release = letGo(times(4, event("1280", "other")), kPlaces);
    release.waiting.push_back(event("1280", "other"));
    EXPECT_EQ(cell(letGo(release.waiting, kPlaces), {"", "", "target", "other"}), 5U);
}

TEST(Release, NobodyIsLostAndEverySplitHasTheSameTotal) {
    std::mt19937 chance(7);
    for (int round = 0; round < 200; ++round) {
        std::vector<Event> events;
        const auto count = std::uniform_int_distribution<std::size_t>(0, 120)(chance);
        while (events.size() < count) {
            events.push_back(event(std::to_string(1280 + chance() % 6),
                                   chance() % 4 == 0 ? "other" : "ordinary"));
        }
        const auto release = letGo(events, kPlaces);
        std::uint64_t total = 0, split = 0;
        for (const auto& [key, found] : release.cells) {
            EXPECT_GE(found.n, kLeast);
            (key.by.empty() ? total : split) += found.n;
        }
        EXPECT_EQ(total, split);
        EXPECT_EQ(total + release.waiting.size(), count);
    }
}

}  // namespace
