// A hundred thousand random histories of a case, and the proof that the checker would see each
// thing it is there for.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <iostream>
#include <random>

#include "tests/model/histories.h"

using namespace stafett;
using namespace stafett::custody;
using namespace stafett::custody::model;

namespace {

constexpr std::size_t kHistories = 100'000;
constexpr std::size_t kUntilCaught = 5'000;

/// A new one each run; STAFETT_MODEL_SEED plays one again.
std::uint64_t seed() {
    static const std::uint64_t kSeed = [] {
        const char* given = std::getenv("STAFETT_MODEL_SEED");
        const std::uint64_t chosen =
            given != nullptr ? std::strtoull(given, nullptr, 10) : std::random_device{}();
        std::cout << "STAFETT_MODEL_SEED=" << chosen << '\n';
        return chosen;
    }();
    return kSeed;
}

std::string told(const Played& outcome) {
    std::string text = outcome.violation + " in history " + std::to_string(outcome.histories);
    for (const auto& line : outcome.history) text += "\n    " + line;
    return text;
}

using Before = std::optional<CaseState>;

/// Whoever answers is taken for the one who was asked.
Result<Decision> anybodyAccepts(const Before& before, const Act& act) {
    auto decision = decide(before, act);
    if (decision || !before || act.kind != Act::Kind::Accept) return decision;
    Act forged = act;
    for (const auto& offer : before->offers) {
        if (isOpen(offer)) forged.by = offer.to;
    }
    return decide(before, forged);
}

bool isOffer(const Act& act) {
    return act.kind == Act::Kind::HandOver || act.kind == Act::Kind::Refer;
}

Result<Decision> changesHolderAtTheOffer(const Before& before, const Act& act) {
    auto decision = decide(before, act);
    if (decision && isOffer(act)) decision->state.holder = act.to.front().who;
    return decision;
}

Result<Decision> offersWithoutADate(const Before& before, const Act& act) {
    if (!isOffer(act)) return decide(before, act);
    Act dated = act;
    for (auto& to : dated.to) {
        if (to.dates.answer_by.empty()) to.dates.answer_by = "2026-12-31";
    }
    auto decision = decide(before, dated);
    if (decision && dated.to != act.to) decision->state.offers.back().dates.answer_by.clear();
    return decision;
}

Result<Decision> closesWithNobody(const Before& before, const Act& act) {
    auto decision = decide(before, act);
    if (decision && act.kind == Act::Kind::Close) decision->state.holder = {};
    return decision;
}

Result<Decision> countsARepeatTwice(const Before& before, const Act& act) {
    Before forgetful = before;
    if (forgetful) std::erase(forgetful->counted, act.message);
    return decide(forgetful, act);
}

Result<Decision> forgetsWhatWasTold(const Before& before, const Act& act) {
    Before forgetful = before;
    if (forgetful && act.kind == Act::Kind::Tick) {
        for (auto& offer : forgetful->offers) offer.told = {};
    }
    return decide(forgetful, act);
}

/// A start told late takes the baton back from whoever has it by then.
Result<Decision> startsTakeTheBaton(const Before& before, const Act& act) {
    auto decision = decide(before, act);
    if (decision && act.kind == Act::Kind::Started) {
        for (const auto& offer : decision->state.offers) {
            if (offer.to == act.by && offer.role == Role::Lead) decision->state.holder = act.by;
        }
    }
    return decision;
}

struct Sabotage {
    const char* name;
    Result<Decision> (*decide)(const Before&, const Act&);
    std::vector<std::string> caught_as;
};

class CustodySabotage : public ::testing::TestWithParam<Sabotage> {};

}  // namespace

TEST(CustodyModel, R3_ExactlyOneHolderWhateverHappens) {
    const auto outcome = play(decide, seed(), kHistories);
    EXPECT_TRUE(outcome.violation.empty()) << told(outcome);
    EXPECT_EQ(outcome.histories, kHistories);
    std::cout << outcome.allowed << " acts allowed, " << outcome.forbidden << " forbidden, "
              << outcome.taken_over << " takeovers, " << outcome.closed << " closures, "
              << outcome.notices << " notices\n";
    // The histories are worth something: everything happens, and often.
    EXPECT_GT(outcome.allowed, kHistories * 5);
    EXPECT_GT(outcome.forbidden, kHistories * 2);
    EXPECT_GT(outcome.taken_over, kHistories / 2);
    EXPECT_GT(outcome.closed, kHistories / 20);
    EXPECT_GT(outcome.notices, kHistories / 2);
}

TEST_P(CustodySabotage, IsCaught) {
    const auto outcome = play(GetParam().decide, seed(), kUntilCaught);
    EXPECT_FALSE(outcome.violation.empty()) << "nothing was seen";
    const auto& expected = GetParam().caught_as;
    EXPECT_NE(std::find(expected.begin(), expected.end(), outcome.violation), expected.end())
        << told(outcome);
}

INSTANTIATE_TEST_SUITE_P(
    All, CustodySabotage,
    ::testing::Values(
        Sabotage{"AcceptedByTheWrongParty",
                 anybodyAccepts,
                 {"somebody accepted what was not held out to them"}},
        Sabotage{"HolderChangedAtTheOffer",
                 changesHolderAtTheOffer,
                 {"the holder changed without an acceptance"}},
        Sabotage{"OfferWithoutADate", offersWithoutADate, {"an open offer without a date"}},
        Sabotage{"ClosedWithNobody", closesWithNobody, {"a case was closed with nobody"}},
        Sabotage{"RepeatCountedTwice", countsARepeatTwice, {"a repeat was counted twice"}},
        Sabotage{"TimersFireTwice",
                 forgetsWhatWasTold,
                 {"a timer fired twice, or never, or without cause"}},
        Sabotage{"ALateStartTakesTheBaton",
                 startsTakeTheBaton,
                 {"the holder changed without an acceptance"}}),
    [](const auto& tried) { return tried.param.name; });
