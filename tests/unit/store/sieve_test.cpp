// What the store knows that it does not hold, without looking.
#include <gmock/gmock.h>

#include "gateway/store/migrations.h"
#include "gateway/store/short_hash.h"
#include "gateway/store/sieve.h"
#include "made.h"

using namespace stafett;
using namespace stafett::store;
using Is = Kept::Outcome;

namespace {

constexpr char kAddName[] = "INSERT INTO name VALUES (?, ?)";
constexpr char kAddConsent[] =
    "INSERT INTO consent (ref, case_id, seq, giver, parties, kinds) VALUES (?, x'', 1, '', '', '')";
constexpr int kMany = 12000;  // more than are read at once, twice

std::uint64_t hashOf(int i) { return shortHash(sha256("name " + std::to_string(i))); }
Digest refOf(int i) { return sha256("consent " + std::to_string(i)); }

class Sieving : public ::testing::Test {
protected:
    Sieving() {
        auto opened = Connection::open(folder.file(), Connection::Access::Write);
        EXPECT_TRUE(opened && migrate(*opened, migrations()));
        connection.emplace(std::move(*opened));
        EXPECT_TRUE(sieve.start(*connection));
    }
    Folder folder;
    std::optional<Connection> connection;
    Sieve sieve;
    std::atomic<bool> stop{false};
};

}  // namespace

TEST_F(Sieving, ItMayBeThereUntilTheStoreHasBeenRead) {
    EXPECT_TRUE(sieve.mayHoldName(hashOf(1)));
    EXPECT_TRUE(sieve.mayHoldConsent(refOf(1)));
    ASSERT_TRUE(sieve.learn(*connection, stop));
    EXPECT_TRUE(sieve.hasLearnt());
    EXPECT_FALSE(sieve.mayHoldName(hashOf(1)));
    EXPECT_FALSE(sieve.mayHoldConsent(refOf(1)));
}

TEST_F(Sieving, NothingThatIsThereIsSaidNotToBe) {
    ASSERT_TRUE(connection->run("BEGIN"));
    for (int i = 0; i < kMany; ++i) {
        const auto bytes = bytesOf(hashOf(i));
        ASSERT_TRUE(connection->run(kAddName, Blob{{bytes.data(), bytes.size()}}, i));
        ASSERT_TRUE(connection->run(kAddConsent, refOf(i)));
    }
    ASSERT_TRUE(connection->run("COMMIT"));
    ASSERT_TRUE(sieve.learn(*connection, stop));
    sieve.addName(hashOf(kMany));
    sieve.addConsent(refOf(kMany));
    int wrong = 0;
    for (int i = 0; i <= kMany; ++i) {
        ASSERT_TRUE(sieve.mayHoldName(hashOf(i)));
        ASSERT_TRUE(sieve.mayHoldConsent(refOf(i)));
        wrong += sieve.mayHoldName(hashOf(-1 - i)) ? 1 : 0;
        wrong += sieve.mayHoldConsent(refOf(-1 - i)) ? 1 : 0;
    }
    EXPECT_LT(wrong, 2 * kMany / 50);
}

TEST_F(Sieving, WhoIsStoppedHasNotLearnt) {
    stop = true;
    ASSERT_TRUE(sieve.learn(*connection, stop));
    EXPECT_FALSE(sieve.hasLearnt());
    EXPECT_TRUE(sieve.mayHoldName(hashOf(1)));
}

TEST_F(Sieving, AFullOneIsWrongMoreOftenAndStillNeverDenies) {
    ASSERT_TRUE(sieve.learn(*connection, stop));
    for (int i = 0; i < 3'000'000; ++i)
        sieve.addName(static_cast<std::uint64_t>(i) * 0x9E3779B97F4A7C15ULL);
    for (int i = 0; i < 3'000'000; i += 100) {
        ASSERT_TRUE(sieve.mayHoldName(static_cast<std::uint64_t>(i) * 0x9E3779B97F4A7C15ULL));
    }
}

TEST(SieveOfAStore, RepeatsAndConsentsAreFoundWhenItHasLearntAndBefore) {
    const Folder folder;
    std::vector<Keep> keeps;
    Keep telling = newKeep();
    telling.consent = NewConsent{.ref = sha256("ref"), .date = "2026-01-01"};
    {
        const auto store = openAt(folder.file());
        for (int i = 0; i < 50; ++i) {
            keeps.push_back(newKeep());
            keeps.back().aliases = {{kSender, "text", sha256("a" + std::to_string(i)), "sealed"}};
            ASSERT_EQ(outcomeOf(*store, keeps.back()), Is::Stored);
            ASSERT_EQ(outcomeOf(*store, keeps.back()), Is::Repeat);
        }
        EXPECT_FALSE(*store->findConsent({sha256("ref")}));
        ASSERT_EQ(outcomeOf(*store, telling), Is::Stored);
        EXPECT_TRUE(*store->findConsent({sha256("none"), sha256("ref")}));
    }
    const auto store = openAt(folder.file());
    for (int round = 0; round < 20; ++round) {  // it learns meanwhile
        for (std::size_t i = 0; i < keeps.size(); ++i) {
            ASSERT_TRUE(*store->findRepeat(kSystem, keeps[i].repeat_digest));
            ASSERT_EQ(store->findAlias(kSender, sha256("a" + std::to_string(i)))->size(), 1U);
        }
        ASSERT_TRUE(*store->findConsent({sha256("ref")}));
    }
    for (const auto& keep : keeps) ASSERT_EQ(outcomeOf(*store, keep), Is::Repeat);
}
