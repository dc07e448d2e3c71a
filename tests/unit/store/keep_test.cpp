#include <gmock/gmock.h>

#include <atomic>
#include <thread>

#include "made.h"

using namespace stafett;
using namespace stafett::store;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using Is = Kept::Outcome;

namespace {

class Keeping : public ::testing::Test {
protected:
    Folder folder;
    std::unique_ptr<MessageStore> store = openAt(folder.file());
};

}  // namespace

TEST_F(Keeping, AMessageIsFoundByAllItsNames) {
    Keep keep = newKeep();
    keep.aliases = {{kSender, "text", sha256("alias"), "sealed-alias"}};
    const auto kept = keepIn(*store, keep);
    ASSERT_TRUE(kept);
    EXPECT_EQ(kept->outcome, Is::Stored);
    EXPECT_EQ(kept->message, keep.id);
    EXPECT_EQ(kept->receipt, keep.receipt);

    for (const auto& found :
         {store->findRepeat(kSystem, keep.repeat_digest),
          store->findSenderId(kSender, keep.sender_id), store->findSentTo(keep.id, kReceiver)}) {
        ASSERT_TRUE(found && *found);
        EXPECT_EQ((*found)->id, keep.id);
        EXPECT_EQ((*found)->case_id, keep.case_id);
        EXPECT_EQ((*found)->kind, "referral");
        EXPECT_EQ((*found)->body_digest, keep.body_digest);
        EXPECT_EQ((*found)->transport_free_digest, keep.transport_free_digest);
        EXPECT_EQ((*found)->receipt, keep.receipt);
    }
    const auto row = store->findCase(keep.case_id);
    ASSERT_TRUE(row && *row);
    EXPECT_EQ((*row)->version, 1U);
    EXPECT_EQ((*row)->state, keep.case_state);
    EXPECT_EQ(*store->findAlias(kSender, sha256("alias")), std::vector{keep.case_id});
    const auto alias = store->aliasOf(keep.case_id, kSender, "text");
    ASSERT_TRUE(alias && *alias);
    EXPECT_EQ((*alias)->sealed, "sealed-alias");
    EXPECT_EQ((*alias)->data_key, "wrapped");
    EXPECT_EQ((*alias)->message, keep.id);
    const auto canonical = store->canonicalOf(keep.id);
    ASSERT_TRUE(canonical && *canonical);
    EXPECT_EQ((*canonical)->bytes, "sealed-canonical");
    EXPECT_EQ(*store->findBySenderId({sha256("x"), keep.sender_id}), std::vector{keep.id});
}

TEST_F(Keeping, WhomACaseIsAbout) {
    Keep first = newKeep();
    first.person = sha256("hers");
    ASSERT_EQ(outcomeOf(*store, first), Is::Stored);
    Keep named_again = nextKeep(first);
    named_again.person = first.person;
    ASSERT_EQ(outcomeOf(*store, named_again), Is::Stored);
    Keep not_named = nextKeep(named_again);
    not_named.person.reset();
    ASSERT_EQ(outcomeOf(*store, not_named), Is::Stored);
    EXPECT_THAT(*store->personsOf(first.case_id), ElementsAre(sha256("hers")));
    EXPECT_THAT(*store->personsOf(CaseId::make()), IsEmpty());
}

TEST_F(Keeping, NothingIsFoundByTheNamesOfAnother) {
    const Keep keep = newKeep();
    ASSERT_EQ(outcomeOf(*store, keep), Is::Stored);
    EXPECT_FALSE(store->findRepeat(SystemId{"other"}, keep.repeat_digest)->has_value());
    EXPECT_FALSE(store->findSenderId(kOther, keep.sender_id)->has_value());
    EXPECT_FALSE(store->findSentTo(keep.id, kOther)->has_value());
    EXPECT_FALSE(store->findSentTo(MessageId::make(), kReceiver)->has_value());
    EXPECT_FALSE(store->findCase(CaseId::make())->has_value());
    EXPECT_FALSE(store->aliasOf(keep.case_id, kSender, "text")->has_value());
    EXPECT_FALSE(store->canonicalOf(MessageId::make())->has_value());
    EXPECT_THAT(*store->findAlias(kSender, sha256("alias")), IsEmpty());
    EXPECT_THAT(*store->findBySenderId({sha256("x")}), IsEmpty());
}

TEST_F(Keeping, TheSameMessageAgainGivesTheFirstReceipt) {
    const Keep first = newKeep();
    ASSERT_EQ(outcomeOf(*store, first), Is::Stored);

    Keep same_bytes = newKeep();
    same_bytes.repeat_digest = first.repeat_digest;
    Keep same_body = newKeep();
    same_body.sender_id = first.sender_id;
    same_body.body_digest = first.body_digest;
    Keep same_content = newKeep();
    same_content.sender_id = first.sender_id;
    same_content.transport_free_digest = first.transport_free_digest;
    for (const Keep& again : {same_bytes, same_body, same_content}) {
        const auto kept = keepIn(*store, again);
        ASSERT_TRUE(kept);
        EXPECT_EQ(kept->outcome, Is::Repeat);
        EXPECT_EQ(kept->message, first.id);
        EXPECT_EQ(kept->receipt, first.receipt);
        EXPECT_FALSE(store->findCase(again.case_id)->has_value());
    }
    EXPECT_EQ(store->counts()->messages, 1U);
    EXPECT_EQ(store->counts()->waiting, 1U);
}

TEST_F(Keeping, TheSameIdWithOtherContentIsAConflict) {
    const Keep first = newKeep();
    ASSERT_EQ(outcomeOf(*store, first), Is::Stored);
    Keep other = newKeep();
    other.sender_id = first.sender_id;
    const auto kept = keepIn(*store, other);
    ASSERT_TRUE(kept);
    EXPECT_EQ(kept->outcome, Is::Conflict);
    EXPECT_EQ(kept->message, first.id);
    EXPECT_EQ(store->counts()->messages, 1U);

    other.sender = kOther;  // another party may use the same id
    EXPECT_EQ(outcomeOf(*store, other), Is::Stored);
}

TEST_F(Keeping, ACaseThatMovedIsTakenAgain) {
    const Keep first = newKeep();
    ASSERT_EQ(outcomeOf(*store, first), Is::Stored);
    Keep opened_again = newKeep();
    opened_again.case_id = first.case_id;
    EXPECT_EQ(outcomeOf(*store, opened_again), Is::CaseMoved);
    const Keep second = nextKeep(first);
    EXPECT_EQ(outcomeOf(*store, second), Is::Stored);
    EXPECT_EQ(outcomeOf(*store, nextKeep(first)), Is::CaseMoved);
    Keep too_new = nextKeep(nextKeep(second));
    EXPECT_EQ(outcomeOf(*store, too_new), Is::CaseMoved);
    Keep nowhere = newKeep();
    nowhere.case_version = 3;
    EXPECT_EQ(outcomeOf(*store, nowhere), Is::CaseMoved);
    EXPECT_EQ((*store->findCase(first.case_id))->version, 2U);
}

TEST_F(Keeping, OfTwoAnswersAtOnceOneIsKept) {
    for (int round = 0; round < 20; ++round) {
        const Keep first = newKeep();
        ASSERT_EQ(outcomeOf(*store, first), Is::Stored);
        std::atomic<int> stored{0};
        std::atomic<int> moved{0};
        std::vector<std::thread> senders;
        for (int i = 0; i < 4; ++i) {
            senders.emplace_back([&, answer = nextKeep(first)] {
                const auto outcome = outcomeOf(*store, answer);
                stored += outcome == Is::Stored ? 1 : 0;
                moved += outcome == Is::CaseMoved ? 1 : 0;
            });
        }
        for (auto& sender : senders) sender.join();
        EXPECT_EQ(stored, 1);
        EXPECT_EQ(moved, 3);
    }
}

TEST_F(Keeping, OfManyRepeatsAtOnceOneIsKept) {
    const Keep first = newKeep();
    std::vector<Answer<Result<Kept>>> answers(50);
    for (auto& answer : answers) {
        Keep again = newKeep();
        again.repeat_digest = first.repeat_digest;
        again.sender_id = first.sender_id;
        again.body_digest = first.body_digest;
        store->keep(again, answer.taker());
    }
    int stored = 0;
    std::set<std::string> receipts;
    for (auto& answer : answers) {
        const auto kept = answer.wait();
        ASSERT_TRUE(kept);
        stored += kept->outcome == Is::Stored ? 1 : 0;
        receipts.insert(kept->receipt);
    }
    EXPECT_EQ(stored, 1);
    EXPECT_EQ(receipts.size(), 1U);
    EXPECT_EQ(store->counts()->messages, 1U);
}

TEST_F(Keeping, OneJobThatCannotBeKeptTakesNoOtherWithIt) {
    // The same delivery id twice: found by the store's own rule, after the message was written.
    Keep broken = newKeep({kReceiver, kOther});
    broken.deliveries[1].id = broken.deliveries[0].id;
    std::vector<Keep> good;
    for (int i = 0; i < 10; ++i) good.push_back(newKeep());
    std::vector<Answer<Result<Kept>>> answers(good.size());
    Answer<Result<Kept>> refused;
    for (std::size_t i = 0; i < 5; ++i) store->keep(good[i], answers[i].taker());
    store->keep(broken, refused.taker());
    for (std::size_t i = 5; i < 10; ++i) store->keep(good[i], answers[i].taker());

    const auto kept = refused.wait();
    ASSERT_FALSE(kept);
    EXPECT_EQ(kept.error().code(), Code::StoreFailed);
    for (auto& answer : answers) EXPECT_EQ(answer.wait()->outcome, Is::Stored);
    EXPECT_FALSE(store->findCase(broken.case_id)->has_value());
    EXPECT_FALSE(store->findRepeat(kSystem, broken.repeat_digest)->has_value());
    EXPECT_EQ(store->counts()->messages, 10U);
    EXPECT_EQ(store->counts()->waiting, 10U);
    EXPECT_TRUE(store->health());
}

TEST_F(Keeping, SeveralCasesMayHaveTheSameAlias) {
    std::vector<CaseId> cases;
    for (int i = 0; i < 3; ++i) {
        Keep keep = newKeep();
        keep.aliases = {{kSender, "digits:10", sha256("4711"), "sealed" + std::to_string(i)}};
        ASSERT_EQ(outcomeOf(*store, keep), Is::Stored);
        cases.push_back(keep.case_id);
        Keep next = nextKeep(keep);
        next.aliases = keep.aliases;  // learnt once
        ASSERT_EQ(outcomeOf(*store, next), Is::Stored);
        EXPECT_EQ((*store->aliasOf(keep.case_id, kSender, "digits:10"))->message, keep.id);
    }
    EXPECT_THAT(*store->findAlias(kSender, sha256("4711")),
                ::testing::UnorderedElementsAreArray(cases));
    EXPECT_THAT(*store->findAlias(kOther, sha256("4711")), IsEmpty());
}

TEST_F(Keeping, NumbersNeverComeTwiceAlsoAfterARestart) {
    std::set<std::uint64_t> seen;
    for (int restart = 0; restart < 3; ++restart) {
        std::vector<std::future<std::vector<std::uint64_t>>> takers;
        for (int t = 0; t < 4; ++t) {
            takers.push_back(std::async(std::launch::async, [this] {
                std::vector<std::uint64_t> numbers;
                for (int i = 0; i < 50; ++i)
                    numbers.push_back(*store->reserve(kSender, "digits:10"));
                return numbers;
            }));
        }
        for (auto& taker : takers) {
            for (const auto number : taker.get()) EXPECT_TRUE(seen.insert(number).second) << number;
        }
        store.reset();
        store = openAt(folder.file());
    }
    EXPECT_EQ(*seen.begin(), 1U);
    EXPECT_EQ(*store->reserve(kOther, "digits:10"), 1U);  // a sequence of its own
    EXPECT_EQ(*store->reserve(kSender, "text"), 1U);
}

TEST_F(Keeping, CountsWhatItHolds) {
    const Keep keep = newKeep({kReceiver, kOther});
    ASSERT_EQ(outcomeOf(*store, keep), Is::Stored);
    ASSERT_EQ(lentFrom(*store, at(10)).size(), 2U);
    ASSERT_TRUE(
        settleIn(*store, attemptOf(keep.deliveries[0].id, Attempt::Outcome::Delivered, at(11))));
    ASSERT_TRUE(settleIn(*store, attemptOf(keep.deliveries[1].id, Attempt::Outcome::Held, at(11))));
    const auto counts = store->counts();
    ASSERT_TRUE(counts);
    EXPECT_EQ(counts->messages, 1U);
    EXPECT_EQ(counts->cases, 1U);
    EXPECT_EQ(counts->waiting, 0U);
    EXPECT_EQ(counts->delivered, 1U);
    EXPECT_EQ(counts->held, 1U);
    EXPECT_EQ(counts->refusals, 0U);
}
