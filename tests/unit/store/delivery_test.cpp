#include <gmock/gmock.h>

#include <atomic>

#include "gateway/store/sqlite.h"
#include "made.h"

using namespace stafett;
using namespace stafett::store;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;
using Ends = Attempt::Outcome;

namespace {

class Delivering : public ::testing::Test {
protected:
    Keep kept(Keep keep) {
        EXPECT_EQ(outcomeOf(*store, keep), Kept::Outcome::Stored);
        return keep;
    }
    void settled(const Keep& keep, Attempt::Outcome outcome, Time when, Time next = {}) {
        EXPECT_TRUE(settleIn(*store, attemptOf(keep.deliveries[0].id, outcome, when, next)));
    }
    StoryDelivery told(const Keep& keep) {
        const auto story = store->story(keep.deliveries[0].id.uuid);
        EXPECT_TRUE(story && *story);
        return (*story)->messages.at(keep.case_version).deliveries.at(0);
    }
    void reopen() {
        store.reset();
        store = openAt(folder.file());
    }

    Folder folder;
    std::unique_ptr<MessageStore> store = openAt(folder.file());
};

/// Cases with one delivery each that is due, all of one receiver; past the store, which would keep
/// them one by one.
void fillWithWaiting(const std::string& path, int count) {
    auto connection = Connection::open(path, Connection::Access::Write);
    ASSERT_TRUE(connection);
    const std::string rows =
        "WITH RECURSIVE i(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM i "
        "WHERE n < " +
        std::to_string(count) + ") ";
    const std::string id = "CAST(printf('%016d', n) AS BLOB)";
    const std::string digest = "CAST(printf('%032d', n) AS BLOB)";
    const auto filled = connection->script(
        "BEGIN; " + rows +
        "INSERT INTO case_file (id, version, state, holder, "
        "holder_function, opened_at, changed_at) SELECT " +
        id + ", 1, '{}', 'p', 'f', 0, 0 FROM i; " + rows + "INSERT INTO message SELECT n, " + id +
        ", 1, " + id + ", 0, 's', 'p', 'f', 'referral', 'd', 'f', " + digest + ", " + digest +
        ", " + digest + ", " + digest +
        ", NULL, 'r', x'00', '{}', '', x'00', x'00', NULL, NULL FROM i; " + rows +
        "INSERT INTO parcel SELECT n, '{}', '[]', 0, x'00', NULL FROM i; " + rows +
        "INSERT INTO delivery (case_id, receiver, seq, parcel, id, function, dialect, form, state, "
        "attempts, due, first_due) SELECT " +
        id + ", '" + kReceiver.value + "', 1, n, " + id +
        ", 'f', 'd', 'f', 0, 0, 1000, 1000 FROM i; COMMIT");
    ASSERT_TRUE(filled) << sqlite3_errmsg(connection->raw());
}

}  // namespace

TEST_F(Delivering, ANoticeIsOwedUntilAMessagePaysIt) {
    Keep keep = newKeep();
    keep.owed = {R"({"code":"rule_warning"})"};
    kept(keep);
    lentFrom(*store, at(10));
    auto attempt = attemptOf(keep.deliveries[0].id, Ends::Delivered, at(11));
    attempt.owed = {R"({"code":"delivered"})"};
    ASSERT_TRUE(settleIn(*store, attempt));
    reopen();
    auto owed = store->owed(10);
    ASSERT_TRUE(owed);
    ASSERT_EQ(owed->size(), 2U);
    EXPECT_EQ((*owed)[0].notice, keep.owed[0]);
    EXPECT_EQ((*owed)[1].notice, attempt.owed[0]);

    Keep notice = nextKeep(keep);
    notice.pays = (*owed)[0].number;
    Keep late = notice;
    late.case_version = 7;
    EXPECT_EQ(outcomeOf(*store, late), Kept::Outcome::CaseMoved);
    EXPECT_EQ(store->owed(10)->size(), 2U) << "what is not kept pays nothing";
    EXPECT_EQ(outcomeOf(*store, notice), Kept::Outcome::Stored);
    Answer<Status> forgotten;
    store->forgetOwed((*owed)[1].number, forgotten.taker());
    EXPECT_TRUE(forgotten.wait());
    EXPECT_THAT(*store->owed(10), IsEmpty());
}

TEST_F(Delivering, NothingIsOwedForAnAttemptThatEndsNothing) {
    const auto keep = kept(newKeep());
    lentFrom(*store, at(10));
    auto attempt = attemptOf(keep.deliveries[0].id, Ends::Delivered, at(11));
    attempt.owed = {R"({"code":"delivered"})"};
    ASSERT_TRUE(settleIn(*store, attempt));
    ASSERT_TRUE(settleIn(*store, attempt)) << "told once more";
    EXPECT_EQ(store->owed(10)->size(), 1U);
}

TEST_F(Delivering, ALeaseHoldsAllThatAnAttemptNeeds) {
    const Keep keep = kept(newKeep());
    const auto leases = store->lend(at(5), std::chrono::seconds(30), 10, {});
    ASSERT_TRUE(leases);
    ASSERT_EQ(leases->size(), 1U);
    const Lease& lease = leases->front();
    EXPECT_EQ(lease.id, keep.deliveries[0].id);
    EXPECT_EQ(lease.message, keep.id);
    EXPECT_EQ(lease.case_id, keep.case_id);
    EXPECT_EQ(lease.sender, kSender);
    EXPECT_EQ(lease.receiver, kReceiver);
    EXPECT_EQ(lease.function, FunctionId{"intag"});
    EXPECT_EQ(lease.dialect, DialectId{"employment_service"});
    EXPECT_EQ(lease.form, FormId{"leverantorsavrop"});
    EXPECT_EQ(lease.kind, "referral");
    EXPECT_EQ(lease.attempt, 1U);
    EXPECT_EQ(lease.first_due, keep.received_at);
    EXPECT_EQ(lease.data_key, "wrapped");
    EXPECT_EQ(lease.request, "sealed-out");
}

TEST_F(Delivering, WhatIsLentIsNotLentAgainBeforeItsTimeIsUp) {
    const Keep keep = kept(newKeep());
    EXPECT_THAT(lentFrom(*store, at(0)), ElementsAre(keep.deliveries[0].id));
    EXPECT_THAT(lentFrom(*store, at(0)), IsEmpty());
    EXPECT_EQ(*store->nextDue({}), at(60000));  // when the lease runs out
    EXPECT_THAT(lentFrom(*store, at(59999)), IsEmpty());
    EXPECT_THAT(lentFrom(*store, at(60000)), ElementsAre(keep.deliveries[0].id));
}

TEST_F(Delivering, WhatIsLentIsNotLentAgainWhenAnOlderOneComes) {
    Keep young = newKeep();
    young.received_at = at(100);
    kept(young);
    ASSERT_THAT(lentFrom(*store, at(200)), ElementsAre(young.deliveries[0].id));
    const Keep old = kept(newKeep());  // due at a place before the one that is lent
    EXPECT_THAT(lentFrom(*store, at(200)), ElementsAre(old.deliveries[0].id));
    settled(old, Ends::Retry, at(200), at(50));
    EXPECT_THAT(lentFrom(*store, at(200)), ElementsAre(old.deliveries[0].id));
    EXPECT_EQ(*store->nextDue({}), at(60200));
}

TEST_F(Delivering, WhatWasLentIsDueAgainAfterARestart) {
    const Keep keep = kept(newKeep());
    ASSERT_THAT(lentFrom(*store, at(0)), ElementsAre(keep.deliveries[0].id));
    reopen();
    EXPECT_THAT(lentFrom(*store, at(0)), ElementsAre(keep.deliveries[0].id));
}

TEST_F(Delivering, WhatAClockThatRanAheadPutOffIsTriedWhenItIsSetRight) {
    const Time ahead = at(0) + std::chrono::hours(24 * 365 * 14);
    const auto committed = [&] { return store->purge(at(0)).has_value(); };
    const Keep soon = kept(newKeep());
    const Keep far = kept(newKeep({kOther}));
    ASSERT_EQ(lentFrom(*store, at(0)).size(), 2U);
    settled(soon, Ends::Retry, at(0), at(0) + std::chrono::hours(23));
    settled(far, Ends::Retry, ahead, ahead + std::chrono::hours(1));
    EXPECT_THAT(lentFrom(*store, at(1)), IsEmpty());
    ASSERT_TRUE(committed());
    EXPECT_THAT(lentFrom(*store, at(1)), IsEmpty()) << "the clock has not gone back";

    EXPECT_THAT(lentFrom(*store, at(-120'000)), IsEmpty());
    ASSERT_TRUE(committed());
    EXPECT_THAT(lentFrom(*store, at(-120'000)), ElementsAre(far.deliveries[0].id));
    settled(far, Ends::Retry, ahead, ahead + std::chrono::hours(1));

    reopen();  // which way the clock went meanwhile nobody knows
    EXPECT_THAT(lentFrom(*store, at(0)), IsEmpty());
    ASSERT_TRUE(committed());
    EXPECT_THAT(lentFrom(*store, at(0)), ElementsAre(far.deliveries[0].id));
}

TEST_F(Delivering, OldestFirstThenInOrderOfCommitAndNoMoreThanAskedFor) {
    std::vector<DeliveryId> expected(4);
    for (int i = 0; i < 4; ++i) {
        Keep keep = newKeep({i % 2 == 0 ? kReceiver : kOther});
        keep.received_at = at(i < 2 ? 100 : 50);
        kept(keep);
        expected[static_cast<std::size_t>(i < 2 ? i + 2 : i - 2)] = keep.deliveries[0].id;
    }
    EXPECT_THAT(lentFrom(*store, at(49)), IsEmpty());
    EXPECT_THAT(lentFrom(*store, at(200), {}, 3),
                ElementsAre(expected[0], expected[1], expected[2]));
    EXPECT_THAT(lentFrom(*store, at(200), {}, 3), ElementsAre(expected[3]));
}

TEST_F(Delivering, OneIsUnderWayForEachCaseAndReceiver) {
    const Keep first = kept(newKeep({kReceiver}));
    const Keep second = kept(nextKeep(first, {kReceiver, kOther}));
    const Keep third = kept(nextKeep(second));
    const Keep elsewhere = kept(newKeep());
    EXPECT_THAT(lentFrom(*store, at(10)),
                UnorderedElementsAre(first.deliveries[0].id, second.deliveries[1].id,
                                     elsewhere.deliveries[0].id));
    settled(first, Ends::Delivered, at(20));
    EXPECT_THAT(lentFrom(*store, at(19)), IsEmpty());
    EXPECT_EQ(*store->nextDue({}), at(20));
    const auto leases = store->lend(at(20), std::chrono::seconds(60), 10, {});
    ASSERT_TRUE(leases);
    ASSERT_EQ(leases->size(), 1U);
    EXPECT_EQ(leases->front().id, second.deliveries[0].id);
    EXPECT_EQ(leases->front().first_due, at(20));  // its schedule counts from here
    settled(second, Ends::Delivered, at(30));
    EXPECT_THAT(lentFrom(*store, at(30)), ElementsAre(third.deliveries[0].id));
}

TEST_F(Delivering, TwoFunctionsOfOneReceiverAreOneAfterTheOther) {
    const Keep keep = kept(newKeep({kReceiver, kReceiver}));
    EXPECT_THAT(lentFrom(*store, at(0)), ElementsAre(keep.deliveries[0].id));
    settled(keep, Ends::Delivered, at(1));
    EXPECT_THAT(lentFrom(*store, at(1)), ElementsAre(keep.deliveries[1].id));
}

TEST_F(Delivering, ARetryWaitsForItsTimeAndCountsItsAttempts) {
    const Keep keep = kept(newKeep());
    const Keep behind = kept(nextKeep(keep));
    for (std::uint32_t attempt = 1; attempt <= 3; ++attempt) {
        const Time now = at(1000 * attempt);
        const auto leases = store->lend(now, std::chrono::seconds(60), 10, {});
        ASSERT_TRUE(leases);
        ASSERT_EQ(leases->size(), 1U);
        EXPECT_EQ(leases->front().attempt, attempt);
        EXPECT_EQ(leases->front().first_due, keep.received_at);
        settled(keep, Ends::Retry, now, at(1000 * (attempt + 1)));
        EXPECT_EQ(*store->nextDue({}), at(1000 * (attempt + 1)));
        EXPECT_THAT(lentFrom(*store, at(1000 * (attempt + 1) - 1)), IsEmpty());
        if (attempt == 2) reopen();
    }
    const auto delivery = told(keep);
    EXPECT_EQ(delivery.attempts, 3U);
    EXPECT_EQ(delivery.code, Code::DeliverUnreachable);
    EXPECT_EQ(delivery.next, at(4000));
    EXPECT_EQ(told(behind).code, std::nullopt);
}

TEST_F(Delivering, AHeldOneBlocksThoseBehindItAndNoOthers) {
    const Keep first = kept(newKeep());
    const Keep second = kept(nextKeep(first, {kReceiver, kOther}));
    const Keep elsewhere = kept(newKeep());
    ASSERT_THAT(lentFrom(*store, at(0)),
                UnorderedElementsAre(first.deliveries[0].id, elsewhere.deliveries[0].id));
    settled(first, Ends::Held, at(1));
    EXPECT_THAT(lentFrom(*store, at(1)), ElementsAre(second.deliveries[1].id));
    EXPECT_EQ(told(first).state, DeliveryState::Held);
    EXPECT_EQ(told(first).code, Code::DeliverRefused);
    EXPECT_EQ(told(second).state, DeliveryState::Waiting);
    EXPECT_EQ(told(second).code, Code::DeliverBlocked);
    EXPECT_EQ(told(elsewhere).code, std::nullopt);
    reopen();
    EXPECT_THAT(lentFrom(*store, at(3600000)), testing::Not(Contains(second.deliveries[0].id)));
}

TEST_F(Delivering, ReleaseSendsTheHeldOneOnThenThoseBehindIt) {
    const Keep first = kept(newKeep());
    const Keep second = kept(nextKeep(first));
    ASSERT_EQ(lentFrom(*store, at(0)).size(), 1U);
    settled(first, Ends::Held, at(1));
    ASSERT_TRUE(store->release(first.deliveries[0].id, {trace::Step::Released, at(5000), {}}));
    EXPECT_EQ(*store->nextDue({}), at(5000));
    const auto leases = store->lend(at(5000), std::chrono::seconds(60), 10, {});
    ASSERT_TRUE(leases);
    ASSERT_EQ(leases->size(), 1U);
    EXPECT_EQ(leases->front().id, first.deliveries[0].id);
    EXPECT_EQ(leases->front().attempt, 2U);
    EXPECT_EQ(leases->front().first_due, at(5000));  // the schedule begins anew
    settled(first, Ends::Delivered, at(5001));
    EXPECT_THAT(lentFrom(*store, at(5001)), ElementsAre(second.deliveries[0].id));
}

TEST_F(Delivering, SkipLetsThoseBehindItPass) {
    const Keep first = kept(newKeep());
    const Keep second = kept(nextKeep(first));
    ASSERT_EQ(lentFrom(*store, at(0)).size(), 1U);
    settled(first, Ends::Held, at(1));
    ASSERT_TRUE(store->skip(first.deliveries[0].id, {trace::Step::Skipped, at(5000), {}}));
    EXPECT_EQ(told(first).state, DeliveryState::Skipped);
    EXPECT_THAT(lentFrom(*store, at(5000)), ElementsAre(second.deliveries[0].id));
    const auto counts = store->counts();
    EXPECT_EQ(counts->held, 0U);
    EXPECT_EQ(counts->waiting, 1U);
    EXPECT_EQ(counts->delivered, 0U);
}

TEST_F(Delivering, HeldFromTheStartBlocksAndSkippingBehindAnotherOpensNothing) {
    const Keep first = kept(newKeep());
    Keep second = nextKeep(first);
    second.deliveries[0].held = Code::MapUnknownValue;
    kept(second);
    const Keep third = kept(nextKeep(second));
    ASSERT_EQ(lentFrom(*store, at(0)).size(), 1U);
    EXPECT_EQ(told(second).code, Code::MapUnknownValue);
    EXPECT_EQ(told(third).code, Code::DeliverBlocked);
    ASSERT_TRUE(store->skip(second.deliveries[0].id, {trace::Step::Skipped, at(10), {}}));
    EXPECT_THAT(lentFrom(*store, at(10)), IsEmpty());  // the first is under way still
    EXPECT_EQ(told(third).code, std::nullopt);
    settled(first, Ends::Delivered, at(20));
    EXPECT_THAT(lentFrom(*store, at(20)), ElementsAre(third.deliveries[0].id));
}

TEST_F(Delivering, ReleaseBehindAnotherWaitsItsTurn) {
    const Keep first = kept(newKeep());
    Keep second = nextKeep(first);
    second.deliveries[0].held = Code::MapUnknownValue;
    kept(second);
    ASSERT_EQ(lentFrom(*store, at(0)).size(), 1U);
    ASSERT_TRUE(store->release(second.deliveries[0].id, {trace::Step::Released, at(10), {}}));
    EXPECT_THAT(lentFrom(*store, at(10)), IsEmpty());
    settled(first, Ends::Delivered, at(20));
    EXPECT_THAT(lentFrom(*store, at(20)), ElementsAre(second.deliveries[0].id));
}

TEST_F(Delivering, OnlyWhatIsHeldCanBeReleasedOrSkipped) {
    const Keep keep = kept(newKeep());
    const trace::Event event{trace::Step::Released, at(1), {}};
    EXPECT_EQ(store->release(keep.deliveries[0].id, event).error().code(), Code::StoreNotFound);
    EXPECT_EQ(store->skip(keep.deliveries[0].id, event).error().code(), Code::StoreNotFound);
    EXPECT_EQ(store->skip(DeliveryId::make(), event).error().code(), Code::StoreNotFound);
    const auto unknown = settleIn(*store, attemptOf(DeliveryId::make(), Ends::Delivered, at(1)));
    EXPECT_EQ(unknown.error().code(), Code::StoreNotFound);
}

TEST_F(Delivering, AReceiverThatIsNotToBeTriedHoldsUpNoOther) {
    const Keep down = kept(newKeep({kReceiver}));
    const Keep up = kept(newKeep({kOther}));
    EXPECT_THAT(lentFrom(*store, at(0), {kReceiver}), ElementsAre(up.deliveries[0].id));
    EXPECT_THAT(lentFrom(*store, at(0)), ElementsAre(down.deliveries[0].id));
}

TEST_F(Delivering, ALateAnswerIsToldAndChangesOnlyWhatIsOpen) {
    const Keep first = kept(newKeep());
    const Keep second = kept(nextKeep(first));
    ASSERT_EQ(lentFrom(*store, at(0)).size(), 1U);
    ASSERT_EQ(lentFrom(*store, at(60000)).size(), 1U);  // lent anew: the first lease ran out
    settled(first, Ends::Held, at(60001));
    settled(first, Ends::Delivered, at(60002));  // it had arrived after all
    EXPECT_EQ(told(first).state, DeliveryState::Delivered);
    EXPECT_THAT(lentFrom(*store, at(60002)), ElementsAre(second.deliveries[0].id));
    settled(first, Ends::Retry, at(60003), at(70000));
    EXPECT_EQ(told(first).state, DeliveryState::Delivered);
    EXPECT_EQ(store->counts()->delivered, 1U);
    EXPECT_EQ(store->counts()->held, 0U);
}

TEST_F(Delivering, NothingIsDueWhenNothingWaits) {
    EXPECT_EQ(*store->nextDue({}), std::nullopt);
    const Keep keep = kept(newKeep());
    EXPECT_EQ(*store->nextDue({}), keep.received_at);
    ASSERT_EQ(lentFrom(*store, at(0)).size(), 1U);
    settled(keep, Ends::Delivered, at(1));
    EXPECT_EQ(*store->nextDue({}), std::nullopt);
    EXPECT_THAT(lentFrom(*store, at(3600000)), IsEmpty());
}

TEST_F(Delivering, WakesWhoeverWaitsForWork) {
    std::atomic<int> woken{0};
    store->onDue([&] { ++woken; });
    const Keep first = kept(newKeep());
    const Keep second = kept(nextKeep(first));
    store->close();  // waking comes after the answers
    EXPECT_EQ(woken, 1);
}

TEST_F(Delivering, StaysFastWithAHundredThousandWaitingForOneThatIsDown) {
    store.reset();
    fillWithWaiting(folder.file(), 100000);
    store = openAt(folder.file());
    const Keep up = kept(newKeep({kOther}));
    const auto begun = std::chrono::steady_clock::now();
    EXPECT_THAT(lentFrom(*store, at(10), {kReceiver}, 1000), Contains(up.deliveries[0].id));
    for (int i = 0; i < 20; ++i) {
        EXPECT_EQ(lentFrom(*store, at(10), {}, 50).size(), 50U);
        EXPECT_TRUE(store->nextDue({})->has_value());
    }
    const std::chrono::duration<double> taken = std::chrono::steady_clock::now() - begun;
    EXPECT_LT(taken.count(), 1.0);
}
