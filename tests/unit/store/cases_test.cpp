// Lists of cases, ticks, and what is taken back.
#include <gmock/gmock.h>

#include <algorithm>
#include <cstdlib>

#include "made.h"

using namespace stafett;
using namespace stafett::store;
using ::testing::ElementsAre;
using ::testing::ElementsAreArray;
using ::testing::IsEmpty;
using ::testing::Pair;
using ::testing::UnorderedElementsAre;
using Is = Kept::Outcome;

namespace {

class Cases : public ::testing::Test {
protected:
    Keep kept(Keep keep) {
        EXPECT_EQ(outcomeOf(*store, keep), Is::Stored);
        return keep;
    }
    Keep opened(const PartyId& holder, const std::string& due = {}) {
        Keep keep = newKeep();
        keep.holder = holder;
        keep.next_due = due;
        keep.joined = {holder, kReceiver};
        return kept(keep);
    }
    std::vector<CaseId> listed(const CaseQuery& query) {
        const auto cases = store->cases(query);
        EXPECT_TRUE(cases);
        std::vector<CaseId> ids;
        if (cases) {
            for (const auto& one : *cases) ids.push_back(one.row.id);
        }
        return ids;
    }
    /// The same, read in pages of one.
    std::vector<CaseId> paged(CaseQuery query) {
        query.limit = 1;
        std::vector<CaseId> ids;
        while (true) {
            const auto page = store->cases(query);
            if (!page || page->empty()) return ids;
            ids.push_back(page->front().row.id);
            query.after = page->front().key;
        }
    }
    Is ticked(const Tick& tick) {
        Answer<Result<Kept>> answer;
        store->tick(tick, answer.taker());
        const auto kept = answer.wait();
        EXPECT_TRUE(kept) << info(kept.error().code()).id;
        return kept ? kept->outcome : Is::Conflict;
    }
    static Tick tickOf(const Keep& keep) {
        Tick tick;
        static_cast<CaseMove&>(tick) = keep;
        tick.case_version = keep.case_version + 1;
        tick.case_state = R"({"ticked":true})";
        tick.now = at(5000);
        return tick;
    }
    StoryMessage told(const Keep& keep) {
        const auto story = store->story(keep.id.uuid);
        EXPECT_TRUE(story && *story);
        for (const auto& message : (*story)->messages) {
            if (message.id == keep.id) return message;
        }
        ADD_FAILURE() << "not in its case";
        return {};
    }
    DeliveryState stateOf(const Keep& keep, std::size_t which = 0) {
        for (const auto& delivery : told(keep).deliveries) {
            if (delivery.id == keep.deliveries.at(which).id) return delivery.state;
        }
        ADD_FAILURE() << "no such delivery";
        return {};
    }
    /// A cancellation of the message, to the same receivers.
    Keep cancelOf(const Keep& keep) {
        std::vector<PartyId> receivers;
        for (const auto& delivery : keep.deliveries) receivers.push_back(delivery.receiver);
        Keep cancel = nextKeep(keep, receivers);
        cancel.kind = "cancel";
        for (const auto& receiver : receivers) cancel.take_back.push_back({keep.id, receiver});
        return cancel;
    }

    Folder folder;
    std::unique_ptr<MessageStore> store = openAt(folder.file());
};

/// Ids are ordered by time; those of one millisecond by chance, but always alike.
std::vector<CaseId> newestFirst(const std::vector<Keep>& keeps) {
    std::vector<CaseId> ids;
    for (const auto& keep : keeps) ids.push_back(keep.case_id);
    std::sort(ids.begin(), ids.end(), [](const CaseId& a, const CaseId& b) { return b < a; });
    return ids;
}

TEST_F(Cases, AreListedByHolderPartyAndStateNewestFirst) {
    const Keep first = opened(kSender);
    const Keep second = opened(kOther);
    Keep third = opened(kSender);
    Keep closing = nextKeep(third);
    closing.holder = kSender;
    closing.closed_on = "2026-01-02";
    kept(closing);

    EXPECT_THAT(listed({}), ElementsAreArray(newestFirst({third, second, first})));
    EXPECT_THAT(listed({.holder = kSender}), ElementsAreArray(newestFirst({third, first})));
    EXPECT_THAT(listed({.holder = kSender, .open = true}), ElementsAre(first.case_id));
    EXPECT_THAT(listed({.open = false}), ElementsAre(third.case_id));
    EXPECT_THAT(listed({.party = kOther}), ElementsAre(second.case_id));
    EXPECT_THAT(listed({.holder = kSender, .party = kOther}), IsEmpty());
    EXPECT_THAT(paged({}), ElementsAreArray(newestFirst({third, second, first})));
    EXPECT_THAT(paged({.party = kReceiver}), ElementsAreArray(newestFirst({third, second, first})));
    EXPECT_THAT(*store->holders(), UnorderedElementsAre(Pair(kSender, 1), Pair(kOther, 1)));
    EXPECT_FALSE(store->cases({.after = "nonsense"}));
}

TEST_F(Cases, R3_ThoseBetweenTheChairsAreListedLongestFirst) {
    opened(kSender);
    Keep late = newKeep();
    late.between_since = "2026-02-03";
    kept(late);
    Keep later = newKeep();
    later.between_since = "2026-02-05";
    kept(later);
    EXPECT_THAT(listed({.between_chairs = true}), ElementsAre(late.case_id, later.case_id));
    EXPECT_THAT(paged({.between_chairs = true}), ElementsAre(late.case_id, later.case_id));
    kept(nextKeep(late));  // answered
    EXPECT_THAT(listed({.between_chairs = true}), ElementsAre(later.case_id));
}

TEST_F(Cases, ThoseWithADateThatHasComeAreFoundEarliestFirst) {
    const Keep second = opened(kSender, "2026-01-09");
    const Keep first = opened(kSender, "2026-01-08");
    opened(kSender, "2026-01-10");
    opened(kSender);
    EXPECT_THAT(listed({.due_by = "2026-01-09"}), ElementsAre(first.case_id, second.case_id));
    EXPECT_THAT(paged({.due_by = "2026-01-09"}), ElementsAre(first.case_id, second.case_id));
    EXPECT_EQ(*store->nextCaseDue(), "2026-01-08");
}

TEST_F(Cases, TheEarliestDateOfACommitIsTold) {
    Answer<std::string> woken;
    store->onCaseDue([&](const std::string& date) { woken.taker()(date); });
    opened(kSender);
    opened(kSender, "2026-01-09");
    EXPECT_EQ(woken.wait(), "2026-01-09");
    store->onCaseDue({});
}

TEST_F(Cases, ATickMovesTheCaseWithWhatItSaysInOneTransaction) {
    const Keep offer = opened(kSender, "2026-01-09");
    Tick tick = tickOf(offer);
    tick.next_due = "2026-01-16";
    tick.between_since = "2026-01-09";
    Keep notice = newKeep({kOther});
    notice.case_id = offer.case_id;
    notice.kind = "notice";
    tick.notices = {notice};
    tick.notes = {{offer.id, {trace::Step::Due, at(5000), {}}}};
    EXPECT_EQ(ticked(tick), Is::Stored);

    const auto row = *store->findCase(offer.case_id);
    EXPECT_EQ(row->version, 3U);
    EXPECT_EQ(row->state, R"({"ticked":true})");
    EXPECT_EQ(told(notice).seq, 3U);
    EXPECT_EQ(told(offer).events.size(), 3U);
    EXPECT_EQ(*store->nextCaseDue(), "2026-01-16");
    EXPECT_THAT(lentFrom(*store, at(6000)),
                UnorderedElementsAre(offer.deliveries[0].id, notice.deliveries[0].id));
}

TEST_F(Cases, WhatComesAfterATickIsToldWithItsOwnMessage) {
    const Keep offer = opened(kSender, "2026-01-09");
    ASSERT_EQ(ticked(tickOf(offer)), Is::Stored);
    Keep after = nextKeep(offer);
    after.case_version = 2;
    kept(after);
    EXPECT_TRUE(
        settleIn(*store, attemptOf(offer.deliveries[0].id, Attempt::Outcome::Delivered, at(7000))));
    EXPECT_EQ(told(after).seq, 3U);
    ASSERT_EQ(told(after).deliveries.size(), 1U);
    EXPECT_EQ(told(after).deliveries[0].id, after.deliveries[0].id);
    EXPECT_EQ(told(offer).deliveries.size(), 1U);
}

TEST_F(Cases, OfTwoTicksAtTheSameVersionOneKeepsNothing) {
    const Keep offer = opened(kSender, "2026-01-09");
    Tick tick = tickOf(offer);
    EXPECT_EQ(ticked(tick), Is::Stored);
    Keep notice = newKeep({kOther});
    notice.case_id = offer.case_id;
    tick.notices = {notice};
    EXPECT_EQ(ticked(tick), Is::CaseMoved);
    EXPECT_EQ(store->counts()->messages, 1U);
    EXPECT_EQ(outcomeOf(*store, nextKeep(offer)), Is::CaseMoved) << "the tick took a place";
}

TEST_F(Cases, WhatHasNotBeenTriedIsTakenBackAndItsReceiverIsToldNothing) {
    const Keep offer = kept(newKeep({kReceiver, kOther}));
    const Keep cancel = kept(cancelOf(offer));
    EXPECT_EQ(stateOf(offer, 0), DeliveryState::Withdrawn);
    EXPECT_EQ(stateOf(offer, 1), DeliveryState::Withdrawn);
    EXPECT_EQ(stateOf(cancel, 0), DeliveryState::Withdrawn);
    EXPECT_THAT(lentFrom(*store, at(100)), IsEmpty());
    EXPECT_EQ(store->counts()->waiting, 0U);
}

TEST_F(Cases, OnlyAReceiverThatMayHaveGotItIsToldThatItIsTakenBack) {
    const Keep offer = kept(newKeep({kReceiver, kOther}));
    lentFrom(*store, at(100));
    Attempt down = attemptOf(offer.deliveries[0].id, Attempt::Outcome::Retry, at(150), at(200));
    down.reached = false;
    EXPECT_TRUE(settleIn(*store, down));
    EXPECT_TRUE(
        settleIn(*store, attemptOf(offer.deliveries[1].id, Attempt::Outcome::Delivered, at(150))));
    const Keep cancel = kept(cancelOf(offer));
    EXPECT_EQ(stateOf(offer, 0), DeliveryState::Withdrawn);
    EXPECT_EQ(stateOf(offer, 1), DeliveryState::Delivered);
    EXPECT_EQ(stateOf(cancel, 0), DeliveryState::Withdrawn);
    EXPECT_THAT(lentFrom(*store, at(300)), ElementsAre(cancel.deliveries[1].id));
}

TEST_F(Cases, AnAttemptThatMayHaveReachedIsNeverForgotten) {
    const Keep offer = kept(newKeep());
    lentFrom(*store, at(100));
    EXPECT_TRUE(settleIn(
        *store, attemptOf(offer.deliveries[0].id, Attempt::Outcome::Retry, at(150), at(200))));
    lentFrom(*store, at(200));
    Attempt down = attemptOf(offer.deliveries[0].id, Attempt::Outcome::Retry, at(250), at(300));
    down.reached = false;
    EXPECT_TRUE(settleIn(*store, down));
    kept(cancelOf(offer));
    EXPECT_EQ(stateOf(offer), DeliveryState::Waiting);
}

TEST_F(Cases, WhatIsBeingTriedIsNotTakenBack) {
    const Keep offer = kept(newKeep());
    EXPECT_THAT(lentFrom(*store, at(100)), ElementsAre(offer.deliveries[0].id));
    const Keep cancel = kept(cancelOf(offer));
    EXPECT_EQ(stateOf(offer), DeliveryState::Waiting);
    EXPECT_TRUE(
        settleIn(*store, attemptOf(offer.deliveries[0].id, Attempt::Outcome::Delivered, at(150))));
    EXPECT_THAT(lentFrom(*store, at(200)), ElementsAre(cancel.deliveries[0].id));
}

TEST_F(Cases, R28_AConsentTakenBackIsToldToWhoeverHasSeenAnythingOfTheCase) {
    const auto withdrawing = [this](const Keep& offer) {
        Keep consent = cancelOf(offer);
        consent.kind = "consent";
        consent.consent = NewConsent{.act = NewConsent::Act::Withdrawn,
                                     .ref = sha256("r"),
                                     .person = sha256("p"),
                                     .date = "2026-01-01"};
        return kept(std::move(consent));
    };
    const Keep unseen = kept(newKeep());
    const Keep untold = withdrawing(unseen);
    EXPECT_EQ(stateOf(unseen), DeliveryState::Withdrawn);
    EXPECT_EQ(stateOf(untold), DeliveryState::Withdrawn);

    const Keep given = kept(newKeep());
    EXPECT_THAT(lentFrom(*store, at(100)), ElementsAre(given.deliveries[0].id));
    EXPECT_TRUE(
        settleIn(*store, attemptOf(given.deliveries[0].id, Attempt::Outcome::Delivered, at(150))));
    const Keep offer = kept(nextKeep(given));
    const Keep told = withdrawing(offer);
    EXPECT_EQ(stateOf(offer), DeliveryState::Withdrawn);
    EXPECT_EQ(stateOf(told), DeliveryState::Waiting);
    EXPECT_THAT(lentFrom(*store, at(200)), ElementsAre(told.deliveries[0].id));
}

TEST_F(Cases, WhatStoodBehindWhatWasTakenBackComesForward) {
    const Keep offer = kept(newKeep());
    const Keep behind = kept(nextKeep(offer));
    Keep cancel = nextKeep(behind, {});
    cancel.take_back = {{offer.id, kReceiver}};
    kept(cancel);
    EXPECT_THAT(lentFrom(*store, at(200)), ElementsAre(behind.deliveries[0].id));
}

}  // namespace
