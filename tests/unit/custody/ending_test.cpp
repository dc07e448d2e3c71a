// Taking back, consent, and the end of a case.
#include <gmock/gmock.h>

#include "tests/unit/custody/acts.h"

using namespace stafett;
using namespace stafett::custody;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

namespace {

Act closeAct(const Holder& by, const std::string& outcome,
             const std::string& today = "2026-03-01") {
    Act made = act(Act::Kind::Close, by, today);
    made.outcome = outcome;
    made.follow_ups = {{.month = 3, .due = "2026-06-01"}, {.month = 6, .due = "2026-09-01"}};
    return made;
}

Act followUpAct(const Holder& by, std::uint32_t month, bool kept) {
    Act made = act(Act::Kind::Progress, by, "2026-06-03");
    made.follow_up = true;
    made.month = month;
    made.kept = kept;
    made.on = "2026-06-02";
    return made;
}

}  // namespace

TEST(CustodyEnding, TheGiverTakesAnOpenOfferBack) {
    const auto decision = taken(offered(), act(Act::Kind::Cancel, kGiver));
    EXPECT_EQ(decision.state.offers[0].state, OfferState::Withdrawn);
    EXPECT_THAT(decision.receivers, ElementsAre(kTaker));
    EXPECT_THAT(decision.take_back,
                ElementsAre(TakeBack{decision.state.offers[0].message, kTaker}));
    EXPECT_EQ(refusal(decision.state, act(Act::Kind::Accept, kTaker)), Code::CustodyConflict);
    EXPECT_EQ(refusal(decision.state, act(Act::Kind::Cancel, kGiver)),
              Code::CustodyNothingToCancel);
    EXPECT_EQ(nextDue(decision.state), "");
}

TEST(CustodyEnding, WhatIsAnsweredCannotBeTakenBackNorWhatIsAnothers) {
    EXPECT_EQ(refusal(accepted(), act(Act::Kind::Cancel, kGiver)), Code::CustodyNothingToCancel);
    EXPECT_EQ(refusal(offered(), act(Act::Kind::Cancel, kTaker)), Code::CustodyNothingToCancel);
    auto cancel = act(Act::Kind::Cancel, kGiver);
    cancel.about = MessageId::make();
    EXPECT_EQ(refusal(offered(), cancel), Code::CustodyNothingToCancel);
}

TEST(CustodyEnding, OneOfSeveralOffersMayBeTakenBack) {
    const auto state = must(
        std::nullopt,
        offerAct(Act::Kind::HandOver, kGiver, {addressed(kTaker), addressed(kOther, Role::Part)}));
    auto cancel = act(Act::Kind::Cancel, kGiver);
    cancel.to = {{.who = kOther}};
    const auto decision = taken(state, cancel);
    EXPECT_EQ(decision.state.offers[0].state, OfferState::Offered);
    EXPECT_EQ(decision.state.offers[1].state, OfferState::Withdrawn);
}

TEST(CustodyEnding, ACaseClosesOnlyWithAnOutcomeAndByItsHolder) {
    EXPECT_EQ(refusal(accepted(), closeAct(kTaker, "")), Code::CustodyConflict);
    EXPECT_EQ(refusal(accepted(), closeAct(kGiver, "arbete")), Code::CustodyNotHolder);
    EXPECT_EQ(refusal(accepted(), closeAct(kStranger, "arbete")), Code::CustodyNotParty);
    EXPECT_EQ(refusal(offered(), closeAct(kGiver, "arbete")), Code::CustodyOpenOffer);
    const auto decision = taken(accepted(), closeAct(kTaker, "fortsatt_rehabilitering"));
    EXPECT_EQ(decision.state.phase, Phase::Closed);
    EXPECT_EQ(decision.state.holder, kTaker);
    EXPECT_THAT(decision.receivers, ElementsAre(kGiver));
    ASSERT_TRUE(decision.state.closure);
    EXPECT_EQ(decision.state.closure->outcome, "fortsatt_rehabilitering");
    EXPECT_THAT(decision.state.follow_ups, IsEmpty());
}

TEST(CustodyEnding, ClosingTakesBackThePartsThatNobodyHasTaken) {
    auto state = must(std::nullopt, offerAct(Act::Kind::HandOver, kGiver,
                                             {addressed(kTaker), addressed(kOther, Role::Part)}));
    state = must(state, act(Act::Kind::Accept, kTaker));
    const auto decision = taken(state, closeAct(kTaker, "arbete"));
    EXPECT_EQ(decision.state.offers[1].state, OfferState::Withdrawn);
    EXPECT_THAT(told(decision), ElementsAre("withdrawn fk-samordning-syd"));
    EXPECT_EQ(decision.take_back.size(), 1U);
}

TEST(CustodyEnding, AClosedCaseTakesOnlyFollowUpsDeviationsConsentsAndNotices) {
    const auto closed = must(accepted(), closeAct(kTaker, "annat"));
    using Kind = Act::Kind;
    for (const auto kind : {Kind::Refer, Kind::HandOver, Kind::Accept, Kind::Status, Kind::Plan,
                            Kind::RequestAssessment, Kind::Progress, Kind::Close, Kind::Cancel,
                            Kind::Remind, Kind::ChangeCaseworker}) {
        EXPECT_EQ(refusal(closed, act(kind, kTaker)), Code::CustodyClosed)
            << static_cast<int>(kind);
    }
    must(closed, act(Kind::Deviation, kTaker));
    must(closed, act(Kind::GiveConsent, kTaker));
    must(closed, act(Kind::WithdrawConsent, kTaker));
    must(closed, act(Kind::Notice, kTaker));
    must(closed, followUpAct(kTaker, 3, true));
    EXPECT_TRUE(betweenTheChairs(closed, "2030-01-01", {kTaker.party}).empty());
    EXPECT_FALSE(stillHeldBy(closed, kTaker.party, "2030-01-01"));
}

TEST(CustodyEnding, R36_AfterWorkOrStudiesFollowUpsComeDueAndAreDone) {
    auto state = must(accepted(), closeAct(kTaker, "arbete"));
    EXPECT_EQ(nextDue(state), "2026-06-01");
    EXPECT_THAT(whoseTurn(state, "2026-05-31"), IsEmpty());
    auto decision = taken(state, tickAct("2026-06-01"));
    EXPECT_THAT(told(decision), ElementsAre("follow_up_due af-rehab-syd"));
    EXPECT_THAT(taken(decision.state, tickAct("2026-06-01")).obligations, IsEmpty());
    const auto turns = whoseTurn(decision.state, "2026-06-01");
    ASSERT_EQ(turns.size(), 1U);
    EXPECT_EQ(turns[0].owes, Turn::Owes::FollowUp);
    EXPECT_EQ(describe(turns[0], Language::English), "must follow up since 2026-06-01");

    state = must(decision.state, followUpAct(kTaker, 3, true));
    EXPECT_EQ(state.follow_ups[0].done, "2026-06-02");
    EXPECT_EQ(state.follow_ups[0].kept, true);
    EXPECT_THAT(whoseTurn(state, "2026-06-05"), IsEmpty());
    EXPECT_EQ(nextDue(state), "2026-09-01");
    // Done before its day, it never comes due.
    state = must(state, followUpAct(kTaker, 0, false));
    EXPECT_EQ(state.follow_ups[1].kept, false);
    EXPECT_EQ(nextDue(state), "");
}

TEST(CustodyEnding, R12_SupportAfterTheExitIsAFlag) {
    auto close = closeAct(kTaker, "arbete");
    EXPECT_FALSE(must(accepted(), close).support_after);
    close.support_after = true;
    EXPECT_TRUE(must(accepted(), close).support_after);
}

TEST(CustodyEnding, WithdrawnConsentStopsOffersAndTellsBothSides) {
    const auto state = offered();
    const auto decision = taken(state, act(Act::Kind::WithdrawConsent, kGiver));
    EXPECT_EQ(decision.state.offers[0].state, OfferState::Withdrawn);
    EXPECT_EQ(decision.state.holder, kGiver);  // somebody must hold it still
    EXPECT_EQ(decision.state.phase, Phase::Open);
    EXPECT_THAT(told(decision), UnorderedElementsAre("withdrawn af-rehab-syd", "withdrawn ama"));
    EXPECT_THAT(decision.receivers, ElementsAre(kTaker));
    EXPECT_THAT(decision.take_back, ElementsAre(TakeBack{state.offers[0].message, kTaker}));
    using Kind = Act::Kind;
    for (const auto kind : {Kind::Accept, Kind::Status, Kind::Plan, Kind::Progress, Kind::Deviation,
                            Kind::RequestAssessment, Kind::Remind}) {
        EXPECT_EQ(refusal(decision.state, act(kind, kGiver)), Code::CustodyConsentWithdrawn);
        EXPECT_FALSE(goesWithoutConsent(kind));
    }
    EXPECT_TRUE(goesWithoutConsent(Kind::WithdrawConsent));
    const auto turns = whoseTurn(decision.state, "2026-01-05");
    ASSERT_EQ(turns.size(), 1U);
    EXPECT_EQ(turns[0].who, kGiver);
    EXPECT_EQ(turns[0].owes, Turn::Owes::Closure);
    EXPECT_EQ(must(decision.state, closeAct(kGiver, "avbrutet")).phase, Phase::Closed);
}

TEST(CustodyEnding, WithdrawnConsentStopsWhatIsPromised) {
    auto accept = act(Act::Kind::Accept, kTaker);
    accept.takes_over = "2026-03-01";
    const auto state = must(must(offered(), accept), act(Act::Kind::WithdrawConsent, kGiver));
    EXPECT_EQ(holderOn(state, "2026-04-01"), kGiver);
    EXPECT_EQ(must(state, tickAct("2026-04-01")).holder, kGiver);
}

TEST(CustodyEnding, ANewConsentReopens) {
    const auto withdrawn = must(offered(), act(Act::Kind::WithdrawConsent, kGiver));
    const auto given = must(withdrawn, act(Act::Kind::GiveConsent, kGiver));
    EXPECT_EQ(given.consents.state, Consents::State::Given);
    const auto again = must(given, offerAct(Act::Kind::HandOver, kGiver, {addressed(kTaker)}));
    EXPECT_EQ(must(again, act(Act::Kind::Accept, kTaker)).holder, kTaker);
}

TEST(CustodyEnding, OneConsentOfSeveralMayBeWithdrawnAndTheOthersHold) {
    const auto first = act(Act::Kind::GiveConsent, kGiver);
    const auto second = act(Act::Kind::GiveConsent, kGiver);
    const auto state = must(must(offered(), first), second);
    auto withdraw = act(Act::Kind::WithdrawConsent, kGiver);
    withdraw.about = first.message;
    const auto left = must(state, withdraw);
    EXPECT_EQ(left.consents.state, Consents::State::Given);
    EXPECT_THAT(left.consents.given, ElementsAre(second.message));
    EXPECT_EQ(left.offers[0].state, OfferState::Offered);
    // One that names none we know is taken as all.
    withdraw.about = MessageId::make();
    EXPECT_EQ(must(state, withdraw).consents.state, Consents::State::Withdrawn);
    withdraw.about.reset();
    EXPECT_EQ(must(state, withdraw).consents.state, Consents::State::Withdrawn);
}

TEST(CustodyEnding, AConsentMayComeBeforeTheFirstOffer) {
    auto given = act(Act::Kind::GiveConsent, kGiver);
    given.to = {{.who = kTaker}};
    const auto state = must(std::nullopt, given);
    EXPECT_EQ(state.holder, kGiver);
    EXPECT_EQ(must(state, offerAct(Act::Kind::Refer, kGiver, {addressed(kTaker)})).offers.size(),
              1U);
}

TEST(CustodyEnding, FollowUpsRestWhileTheConsentIsWithdrawn) {
    auto state = must(accepted(), closeAct(kTaker, "studier"));
    state = must(state, act(Act::Kind::WithdrawConsent, kTaker));
    EXPECT_EQ(nextDue(state), "");
    EXPECT_THAT(taken(state, tickAct("2026-06-01")).obligations, IsEmpty());
    EXPECT_EQ(refusal(state, followUpAct(kTaker, 3, true)), Code::CustodyConsentWithdrawn);
    state = must(state, act(Act::Kind::GiveConsent, kTaker));
    EXPECT_EQ(nextDue(state), "2026-06-01");
}
