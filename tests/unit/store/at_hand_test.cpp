// What was just kept is lent from memory, and is what would have been read.
#include <gmock/gmock.h>

#include "gateway/store/at_hand.h"
#include "made.h"

using namespace stafett;
using namespace stafett::store;
using Is = Kept::Outcome;

namespace {

std::vector<Lease> leasesFrom(MessageStore& store, Time now) {
    auto leases = store.lend(now, std::chrono::seconds(60), 100, {});
    EXPECT_TRUE(leases);
    return leases ? std::move(*leases) : std::vector<Lease>();
}

/// A lease as text: two that are the same give the same.
std::string told(const Lease& lease) {
    std::string text = lease.id.text() + " " + lease.message.text() + " " + lease.case_id.text();
    for (const auto& part : {lease.sender.value, lease.receiver.value, lease.function.value,
                             lease.dialect.value, lease.form.value, lease.kind}) {
        text += " " + part;
    }
    text += " " + std::to_string(lease.attempt) + " " +
            std::to_string(lease.first_due.time_since_epoch().count()) + " " + lease.data_key +
            " " + lease.request;
    if (lease.consent) text += " consent " + lease.consent->to + "/" + lease.consent->withdrawn;
    return text;
}

/// The same leases from the store that kept them, and from one that was opened afterwards.
void expectSameWhenRead(const std::vector<Keep>& keeps) {
    const Folder folder;
    std::vector<std::string> at_hand;
    {
        const auto store = openAt(folder.file());
        for (const Keep& keep : keeps) ASSERT_EQ(outcomeOf(*store, keep), Is::Stored);
        for (const Lease& lease : leasesFrom(*store, at(10))) at_hand.push_back(told(lease));
    }
    std::vector<std::string> read;
    const auto store = openAt(folder.file());
    for (const Lease& lease : leasesFrom(*store, at(10))) read.push_back(told(lease));
    EXPECT_FALSE(read.empty());
    EXPECT_EQ(at_hand, read);
}

Keep consentOf(const Digest& ref, NewConsent::Act act) {
    Keep keep = newKeep({});
    NewConsent consent;
    consent.act = act;
    consent.ref = ref;
    consent.date = "2026-01-01";
    consent.record.to = "2026-12-31";
    keep.consent = consent;
    return keep;
}

struct Message {
    explicit Message(std::size_t size = 10) { keep.deliveries[0].request = Bytes(size, 'q'); }
    DeliveryId id() const { return keep.deliveries[0].id; }
    Fresh fresh() const { return {&keep, 0}; }
    Keep keep = newKeep();
};

}  // namespace

TEST(AtHand, WhatIsLentIsWhatWouldHaveBeenRead) {
    const Keep first = newKeep({kReceiver, kOther});
    expectSameWhenRead({first, nextKeep(first), newKeep()});
}

TEST(AtHand, AConsentIsReadWhenTheDeliveryIsLent) {
    Keep resting = newKeep({kReceiver});
    resting.deliveries[0].consent = sha256("consent");
    resting.deliveries[0].consent_to = "2026-06-30";
    expectSameWhenRead({resting});
    expectSameWhenRead({resting, consentOf(sha256("consent"), NewConsent::Act::Given)});
    expectSameWhenRead({resting, consentOf(sha256("consent"), NewConsent::Act::Withdrawn)});
    expectSameWhenRead({consentOf(sha256("consent"), NewConsent::Act::Given), resting});
}

TEST(AtHand, AnotherAttemptHasItsOwnNumber) {
    const Folder folder;
    const auto store = openAt(folder.file());
    const Keep keep = newKeep();
    ASSERT_EQ(outcomeOf(*store, keep), Is::Stored);
    ASSERT_EQ(leasesFrom(*store, at(1)).at(0).attempt, 1U);
    ASSERT_TRUE(settleIn(
        *store, attemptOf(keep.deliveries[0].id, Attempt::Outcome::Retry, at(2), at(100))));
    EXPECT_EQ(leasesFrom(*store, at(200)).at(0).attempt, 2U);
}

TEST(AtHand, WhatIsTakenBackBeforeItWasTriedIsNotLent) {
    const Folder folder;
    const auto store = openAt(folder.file());
    const Keep first = newKeep();
    ASSERT_EQ(outcomeOf(*store, first), Is::Stored);
    Keep second = nextKeep(first);
    second.take_back = {{first.id, kReceiver}};
    ASSERT_EQ(outcomeOf(*store, second), Is::Stored);
    EXPECT_TRUE(leasesFrom(*store, at(10)).empty());
}

TEST(AtHand, ADataKeyThatWasWrappedAnewIsTheOneThatIsLent) {
    const Folder folder;
    const auto store = openAt(folder.file());
    const Keep keep = newKeep();
    ASSERT_EQ(outcomeOf(*store, keep), Is::Stored);
    ASSERT_TRUE(store->dataKeys().replace({{1, keep.id, "wrapped anew"}}));
    EXPECT_EQ(leasesFrom(*store, at(1)).at(0).data_key, "wrapped anew");
}

TEST(AtHand, IsTakenOnceAndForgottenWhenItChanges) {
    AtHand at_hand;
    const Message one, other;
    at_hand.add(one.fresh());
    at_hand.add(other.fresh());
    EXPECT_TRUE(at_hand.take(one.id()));
    EXPECT_FALSE(at_hand.take(one.id()));
    at_hand.forget(other.id());
    EXPECT_FALSE(at_hand.take(other.id()));
}

TEST(AtHand, HoldsTheNewestUpToANumber) {
    AtHand at_hand;
    const std::vector<Message> messages(AtHand::kMost + 1);
    for (const auto& message : messages) at_hand.add(message.fresh());
    EXPECT_FALSE(at_hand.take(messages.front().id()));
    EXPECT_TRUE(at_hand.take(messages[1].id()));
    EXPECT_TRUE(at_hand.take(messages.back().id()));
}

TEST(AtHand, HoldsTheNewestUpToASize) {
    AtHand at_hand;
    const Message first(AtHand::kMostBytes / 2), second(AtHand::kMostBytes / 2), third(1);
    const Message huge(AtHand::kMostBytes + 1);
    for (const auto* message : {&first, &second, &third, &huge}) at_hand.add(message->fresh());
    EXPECT_FALSE(at_hand.take(first.id()));
    EXPECT_TRUE(at_hand.take(second.id()));
    EXPECT_TRUE(at_hand.take(third.id()));
    EXPECT_FALSE(at_hand.take(huge.id()));
}
