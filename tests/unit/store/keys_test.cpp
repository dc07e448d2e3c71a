// The data keys of what is kept, as turning the ring's key reads and replaces them; and the count
// of cases between the chairs.
#include <gmock/gmock.h>

#include <algorithm>

#include "gateway/security/seal.h"
#include "made.h"

using namespace stafett;
using namespace stafett::store;
using ::testing::IsEmpty;
using Is = Kept::Outcome;

namespace {

class DataKeysOfTheStore : public ::testing::Test {
protected:
    /// A wrapped key as the sealer makes it: what names its ring key, and what follows.
    static Bytes wrappedUnder(const std::string& ring_key, char filling) {
        return std::string("\x01", 1) + static_cast<char>(ring_key.size()) + ring_key +
               std::string(security::Sealer::kWrappedTail, filling);
    }
    MessageId keptUnder(const std::string& ring_key, char filling) {
        Keep keep = newKeep();
        keep.data_key = wrappedUnder(ring_key, filling);
        EXPECT_EQ(outcomeOf(*store, keep), Is::Stored);
        return keep.id;
    }

    Folder folder;
    std::unique_ptr<MessageStore> store = openAt(folder.file());
};

TEST_F(DataKeysOfTheStore, AreReadInPagesInTheOrderTheyWereKept) {
    std::vector<MessageId> ids;
    for (int i = 0; i < 5; ++i) ids.push_back(keptUnder("seal-1", 'a'));
    std::vector<MessageId> read;
    std::int64_t place = 0;
    while (true) {
        const auto some = store->dataKeys().after(place, 2);
        ASSERT_TRUE(some);
        if (some->empty()) break;
        for (const auto& one : *some) {
            read.push_back(one.message);
            EXPECT_EQ(one.wrapped, wrappedUnder("seal-1", 'a'));
        }
        place = some->back().place;
    }
    EXPECT_EQ(read, ids);
}

TEST_F(DataKeysOfTheStore, AreCountedByTheRingKeyTheyAskFor) {
    for (const char filling : {'a', 'b', 'c'}) keptUnder("seal-1", filling);
    keptUnder("seal-12", 'a');
    const auto users = store->dataKeys().users();
    ASSERT_TRUE(users);
    std::map<std::string, std::uint64_t> counted;
    for (const auto& one : *users) {
        counted[std::string(security::Sealer::ringKeyOf(one.wrapped))] = one.messages;
    }
    EXPECT_EQ(counted, (std::map<std::string, std::uint64_t>{{"seal-1", 3}, {"seal-12", 1}}));
}

TEST_F(DataKeysOfTheStore, AreReplacedAndNothingElseIs) {
    const auto turned = keptUnder("seal-1", 'a');
    const auto left = keptUnder("seal-1", 'b');
    auto keys = store->dataKeys().after(0, 10);
    ASSERT_TRUE(keys);
    keys->front().wrapped = wrappedUnder("seal-2", 'z');
    ASSERT_TRUE(store->dataKeys().replace({keys->front()}));
    EXPECT_EQ((*store->canonicalOf(turned))->data_key, wrappedUnder("seal-2", 'z'));
    EXPECT_EQ((*store->canonicalOf(turned))->bytes, "sealed-canonical");
    EXPECT_EQ((*store->canonicalOf(left))->data_key, wrappedUnder("seal-1", 'b'));

    // A place that is another message's changes nothing: a store put back from a copy, say.
    auto strange = keys->front();
    strange.message = left;
    strange.wrapped = wrappedUnder("seal-3", 'z');
    ASSERT_TRUE(store->dataKeys().replace({strange}));
    EXPECT_EQ((*store->canonicalOf(turned))->data_key, wrappedUnder("seal-2", 'z'));
    EXPECT_EQ((*store->canonicalOf(left))->data_key, wrappedUnder("seal-1", 'b'));
}

TEST_F(DataKeysOfTheStore, AreNoneInAnEmptyStore) {
    EXPECT_THAT(*store->dataKeys().after(0, 10), IsEmpty());
    EXPECT_THAT(*store->dataKeys().users(), IsEmpty());
}

TEST(Counting, CasesBetweenTheChairsComeAndGo) {
    const auto store = openAt(":memory:");
    EXPECT_EQ(store->counts()->between_chairs, 0U);
    Keep first = newKeep();
    first.between_since = "2026-01-05";
    Keep second = newKeep();
    ASSERT_EQ(outcomeOf(*store, first), Is::Stored);
    ASSERT_EQ(outcomeOf(*store, second), Is::Stored);
    EXPECT_EQ(store->counts()->between_chairs, 1U);
    ASSERT_EQ(outcomeOf(*store, nextKeep(first)), Is::Stored);
    EXPECT_EQ(store->counts()->between_chairs, 0U);
}

}  // namespace
