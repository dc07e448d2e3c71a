// Consents on record, and what their withdrawal does to deliveries that wait.
#include <set>

#include "gateway/store/migrations.h"
#include "made.h"

namespace stafett::store {
namespace {

const Digest kRef = sha256("S-17 of one person");

class Consents : public ::testing::Test {
protected:
    Folder folder_;
    std::unique_ptr<MessageStore> store_ = openAt(folder_.file());

    Keep restingOn(const Digest& ref, const std::string& to = {}) {
        Keep keep = newKeep();
        keep.rests_on = ref;
        keep.deliveries.front().consent = ref;
        keep.deliveries.front().consent_to = to;
        return keep;
    }
    static Keep telling(Keep keep, NewConsent::Act act, const std::string& date) {
        keep.kind = "consent";
        keep.consent = NewConsent{.act = act, .ref = kRef, .person = sha256("p"), .date = date};
        keep.consent->record = {.parties = {kSender.value, kReceiver.value},
                                .kinds = {"health"},
                                .purpose = "rehab",
                                .form = "9443",
                                .from = "2026-01-01",
                                .to = "2026-12-31"};
        return keep;
    }
    void given(const std::string& date) {
        ASSERT_EQ(outcomeOf(*store_, telling(newKeep({}), NewConsent::Act::Given, date)),
                  Kept::Outcome::Stored);
    }
    void withdrawn(const std::string& date) {
        ASSERT_EQ(outcomeOf(*store_, telling(newKeep({}), NewConsent::Act::Withdrawn, date)),
                  Kept::Outcome::Stored);
    }
    message::Consent onRecord() {
        const auto found = store_->findConsent({sha256("an old key's"), kRef});
        EXPECT_TRUE(found && *found);
        return found && *found ? (*found)->consent : message::Consent{};
    }
    std::optional<Lease::Consent> atTheDoor(Time now) {
        const auto leases = store_->lend(now, std::chrono::seconds(60), 10, {});
        EXPECT_TRUE(leases && leases->size() == 1);
        return leases && !leases->empty() ? leases->front().consent : std::nullopt;
    }
};

}  // namespace

TEST_F(Consents, AreFoundByTheirHashWithAllThatWasSaid) {
    EXPECT_FALSE(*store_->findConsent({kRef}));
    given("2026-01-01");
    const auto consent = onRecord();
    EXPECT_EQ(consent.parties, (std::vector{kSender.value, kReceiver.value}));
    EXPECT_EQ(consent.kinds, std::vector<std::string>{"health"});
    EXPECT_EQ(consent.purpose, "rehab");
    EXPECT_EQ(consent.form, "9443");
    EXPECT_EQ(consent.from, "2026-01-01");
    EXPECT_EQ(consent.to, "2026-12-31");
    EXPECT_EQ(consent.withdrawn, "");
}

TEST_F(Consents, WithdrawnStandAgainOnlyWhenALaterOneIsGiven) {
    given("2026-01-01");
    withdrawn("2026-02-01");
    EXPECT_EQ(onRecord().withdrawn, "2026-02-01");
    given("2026-01-15");
    EXPECT_EQ(onRecord().withdrawn, "2026-02-01");
    given("2026-02-02");
    EXPECT_EQ(onRecord().withdrawn, "");
    withdrawn("2026-01-20");  // said late, but said
    EXPECT_EQ(onRecord().withdrawn, "2026-01-20");
}

TEST_F(Consents, AWithdrawalCountsAlsoWhereNothingWasOnRecord) {
    withdrawn("2026-02-01");
    EXPECT_EQ(onRecord().withdrawn, "2026-02-01");
    EXPECT_TRUE(onRecord().parties.empty());
}

TEST_F(Consents, ADeliveryIsLentWithTheConsentAsItStandsThen) {
    ASSERT_EQ(outcomeOf(*store_, restingOn(kRef, "2026-03-01")), Kept::Outcome::Stored);
    const auto unknown = atTheDoor(at(10));
    ASSERT_TRUE(unknown);
    EXPECT_EQ(unknown->to, "2026-03-01");  // the message's own word: nothing is on record
    EXPECT_EQ(unknown->withdrawn, "");
    given("2026-01-01");
    const auto known = atTheDoor(at(70'000));
    ASSERT_TRUE(known);
    EXPECT_EQ(known->to, "2026-12-31");
    withdrawn("2026-02-01");
    const auto taken_back = atTheDoor(at(140'000));
    ASSERT_TRUE(taken_back);
    EXPECT_EQ(taken_back->withdrawn, "2026-02-01");
}

TEST_F(Consents, ADeliveryThatRestsOnNoneIsLentWithNone) {
    ASSERT_EQ(outcomeOf(*store_, newKeep()), Kept::Outcome::Stored);
    EXPECT_FALSE(atTheDoor(at(10)));
}

TEST_F(Consents, ACaseRemembersWhatItRestsOn) {
    const Keep first = restingOn(kRef);
    ASSERT_EQ(outcomeOf(*store_, first), Kept::Outcome::Stored);
    EXPECT_EQ((*store_->findCase(first.case_id))->consent, kRef);
    const Keep second = nextKeep(first);
    ASSERT_EQ(outcomeOf(*store_, second), Kept::Outcome::Stored);
    EXPECT_EQ((*store_->findCase(first.case_id))->consent, kRef);
}

TEST_F(Consents, AWithdrawalMakesWhatWaitsInTheCaseDueAtOnce) {
    const Keep first = restingOn(kRef);
    ASSERT_EQ(outcomeOf(*store_, first), Kept::Outcome::Stored);
    const auto id = first.deliveries.front().id;
    ASSERT_EQ(lentFrom(*store_, at(10)), std::vector{id});
    ASSERT_TRUE(settleIn(*store_, attemptOf(id, Attempt::Outcome::Retry, at(20), at(3'600'000))));
    EXPECT_TRUE(lentFrom(*store_, at(1000)).empty());
    Keep told = telling(nextKeep(first, {kOther}), NewConsent::Act::Withdrawn, "2026-01-01");
    told.received_at = at(1000);
    ASSERT_EQ(outcomeOf(*store_, told), Kept::Outcome::Stored);
    const auto due = lentFrom(*store_, at(1000));
    EXPECT_EQ(std::set(due.begin(), due.end()), (std::set{id, told.deliveries.front().id}));
}

TEST_F(Consents, AWithdrawnDeliveryKeepsItsCodeAndLetsTheNextOneForward) {
    const Keep first = restingOn(kRef);
    const Keep second = nextKeep(first);
    ASSERT_EQ(outcomeOf(*store_, first), Kept::Outcome::Stored);
    ASSERT_EQ(outcomeOf(*store_, second), Kept::Outcome::Stored);
    const auto id = first.deliveries.front().id;
    ASSERT_EQ(lentFrom(*store_, at(10)), std::vector{id});
    auto stopped = attemptOf(id, Attempt::Outcome::Withdrawn, at(20));
    stopped.code = Code::DeliverConsent;
    ASSERT_TRUE(settleIn(*store_, stopped));
    EXPECT_EQ(lentFrom(*store_, at(30)), std::vector{second.deliveries.front().id});
    const auto story = store_->story(first.id.uuid);
    ASSERT_TRUE(story && *story);
    const auto& delivery = (*story)->messages.front().deliveries.front();
    EXPECT_EQ(delivery.state, DeliveryState::Withdrawn);
    EXPECT_EQ(delivery.code, Code::DeliverConsent);
    EXPECT_EQ(delivery.attempts, 0U);
    EXPECT_EQ(store_->counts()->waiting, 1U);
}

TEST(ConsentMigration, WhatVersionOneHeldIsStillHeldAndRestsOnNothing) {
    const Folder folder;
    {
        auto old = Connection::open(folder.file(), Connection::Access::Write);
        ASSERT_TRUE(old && migrate(*old, migrations().first(1)));
        const auto filled = old->script(
            "INSERT INTO case_file VALUES (x'0123456789abcdef0123456789abcdef', 1, '{}', "
            "'2120000142', 'intag', NULL, '1280', 1, 1)");
        ASSERT_TRUE(filled) << sqlite3_errmsg(old->raw());
    }
    const auto store = openAt(folder.file());
    ASSERT_TRUE(store);
    const auto id = Uuid::parse("01234567-89ab-cdef-0123-456789abcdef");
    const auto row = store->findCase(CaseId{*id});
    ASSERT_TRUE(row && *row);
    EXPECT_EQ((*row)->state, "{}");
    EXPECT_FALSE((*row)->consent);
    EXPECT_EQ(outcomeOf(*store, newKeep()), Kept::Outcome::Stored);
}

}  // namespace stafett::store
