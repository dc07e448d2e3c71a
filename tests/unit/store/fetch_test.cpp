// Deliveries of receivers who fetch: a lease that is kept, and whose acknowledgement still counts.
#include <gmock/gmock.h>

#include "tests/unit/store/made.h"

using namespace stafett;
using namespace stafett::store;
using std::chrono::seconds;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

namespace {

using Ends = Attempt::Outcome;
const Receivers kFetcher{.which = Receivers::Which::Only, .parties = {kReceiver}};
const Receivers kCalled{.which = Receivers::Which::AllBut, .parties = {kReceiver}};

class Fetching : public ::testing::Test {
protected:
    Keep kept(const Keep& keep) {
        EXPECT_EQ(outcomeOf(*store, keep), Kept::Outcome::Stored);
        return keep;
    }
    /// Lends the one that is due and keeps that it was fetched, for a minute.
    Status fetched(const Keep& keep, Time when, std::uint32_t before) {
        const auto leases = store->lend(when, seconds(10), 1, kFetcher);
        EXPECT_TRUE(leases && leases->size() == 1);
        return settled(keep, Ends::Fetched, when, before, when + seconds(60));
    }
    Status settled(const Keep& keep, Ends outcome, Time when, std::uint32_t times, Time next = {}) {
        Attempt attempt = attemptOf(keep.deliveries[0].id, outcome, when, next);
        attempt.fetched = times;
        return settleIn(*store, attempt);
    }
    Standing standing(const Keep& keep) { return **store->standing(keep.deliveries[0].id); }

    Folder folder;
    std::unique_ptr<MessageStore> store = openAt(folder.file());
};

Code codeOf(const Status& status) { return status ? Code::HttpMalformed : status.error().code(); }

}  // namespace

TEST_F(Fetching, IsLentToThoseAloneWhoAreNamed) {
    const Keep fetched = kept(newKeep());
    const Keep pushed = kept(newKeep({kOther}));
    EXPECT_EQ(*store->nextDue(kCalled), pushed.received_at);
    EXPECT_THAT(*store->lend(at(1), seconds(9), 9, kCalled), ::testing::SizeIs(1));
    EXPECT_EQ(*store->nextDue(kFetcher), fetched.received_at);
    const auto leases = store->lend(at(1), seconds(9), 9, kFetcher);
    ASSERT_THAT(*leases, ::testing::SizeIs(1));
    EXPECT_EQ(leases->front().receiver, kReceiver);
    EXPECT_EQ(*store->nextDue({.which = Receivers::Which::Only, .parties = {kSender}}),
              std::nullopt);
}

TEST_F(Fetching, ALeaseOutlivesTheProcess) {
    const Keep keep = kept(newKeep());
    ASSERT_TRUE(fetched(keep, at(0), 0));
    store.reset();
    store = openAt(folder.file());
    EXPECT_THAT(*store->lend(at(59'999), seconds(9), 9, kFetcher), IsEmpty());
    const auto again = store->lend(at(60'000), seconds(9), 9, kFetcher);
    ASSERT_THAT(*again, ::testing::SizeIs(1));
    EXPECT_EQ(again->front().id, keep.deliveries[0].id);
    EXPECT_EQ(again->front().attempt, 2U);
    EXPECT_EQ(again->front().first_due, keep.received_at);
}

TEST_F(Fetching, IsSettledByTheLastWhoFetchedAlone) {
    const Keep keep = kept(newKeep());
    ASSERT_TRUE(fetched(keep, at(0), 0));
    ASSERT_TRUE(fetched(keep, at(60'000), 1));
    EXPECT_EQ(codeOf(settled(keep, Ends::Delivered, at(60'001), 1)), Code::MailboxLease);
    EXPECT_EQ(standing(keep).state, DeliveryState::Waiting);
    EXPECT_TRUE(settled(keep, Ends::Delivered, at(60'002), 2));
    EXPECT_EQ(standing(keep).state, DeliveryState::Delivered);
    EXPECT_EQ(standing(keep).lease.attempt, 3U) << "each fetch was an attempt, its settling none";
    EXPECT_EQ(codeOf(settled(keep, Ends::Delivered, at(60'003), 2)), Code::MailboxLease);
    EXPECT_EQ(store->counts()->delivered, 1U);
}

TEST_F(Fetching, TheNextOfACaseComesForwardWhenItIsAcknowledged) {
    const Keep first = kept(newKeep());
    const Keep second = kept(nextKeep(first));
    ASSERT_TRUE(fetched(first, at(10), 0));
    EXPECT_THAT(*store->lend(at(20), seconds(9), 9, kFetcher), IsEmpty());
    EXPECT_FALSE(standing(second).may_be_tried);
    ASSERT_TRUE(settled(first, Ends::Delivered, at(30), 1));
    const auto next = store->lend(at(30), seconds(9), 9, kFetcher);
    ASSERT_THAT(*next, ::testing::SizeIs(1));
    EXPECT_EQ(next->front().id, second.deliveries[0].id);
}

TEST_F(Fetching, TellsWhatNobodyHasFetchedForLong) {
    const Keep old = kept(newKeep());
    Keep young = newKeep();
    young.received_at = at(5'000);
    kept(young);
    EXPECT_THAT(*store->unfetched(kReceiver, at(9'000), at(-1), 9), IsEmpty());
    const auto late = store->unfetched(kReceiver, at(9'000), at(0), 9);
    ASSERT_THAT(*late, ::testing::SizeIs(1));
    EXPECT_EQ(late->front().id, old.deliveries[0].id);
    EXPECT_THAT(*store->unfetched(kOther, at(9'000), at(9'000), 9), IsEmpty());
    ASSERT_TRUE(settled(old, Ends::Held, at(9'000), 0));
    EXPECT_EQ(standing(old).state, DeliveryState::Held);
    EXPECT_EQ(standing(old).code, "ST-DEL-004");
    EXPECT_EQ(codeOf(settled(old, Ends::Delivered, at(9'001), 0)), Code::MailboxLease)
        << "nobody has ever fetched it";
}

TEST_F(Fetching, ALateAcknowledgementEndsWhatWasHeldMeanwhile) {
    const Keep keep = kept(newKeep());
    ASSERT_TRUE(fetched(keep, at(0), 0));
    ASSERT_TRUE(settled(keep, Ends::Held, at(60'000), 1));
    EXPECT_EQ(codeOf(settled(keep, Ends::Held, at(60'001), 1)), Code::MailboxLease);
    EXPECT_TRUE(settled(keep, Ends::Delivered, at(60'002), 1));
    EXPECT_EQ(standing(keep).state, DeliveryState::Delivered);
    EXPECT_EQ(standing(keep).lease.attempt, 2U);
}

TEST_F(Fetching, WhatWasFetchedIsNotTakenBack) {
    const Keep referral = kept(newKeep());
    ASSERT_TRUE(fetched(referral, at(0), 0));
    store.reset();
    store = openAt(folder.file());
    Keep cancel = nextKeep(referral);
    cancel.take_back = {{referral.id, kReceiver}};
    kept(cancel);
    EXPECT_EQ(standing(referral).state, DeliveryState::Waiting);
    EXPECT_EQ(standing(cancel).state, DeliveryState::Waiting) << "it is told of the cancelling";
}
