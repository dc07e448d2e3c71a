// Who holds the baton: offers and their answers.
#include <gmock/gmock.h>

#include "tests/unit/custody/acts.h"

using namespace stafett;
using namespace stafett::custody;
using testing::ElementsAre;

namespace {

constexpr auto answerAct = [](auto kind, const Holder& by, std::optional<MessageId> about = {}) {
    Act made = act(kind, by);
    made.about = about;
    return made;
};

}  // namespace

TEST(Custody, AnOfferLeavesTheBatonWithTheGiver) {
    const auto state = offered();
    EXPECT_EQ(state.holder, kGiver);
    ASSERT_EQ(state.offers.size(), 1U);
    EXPECT_EQ(state.offers[0].state, OfferState::Offered);
    EXPECT_EQ(state.offers[0].dates.answer_by, "2026-02-02");
    EXPECT_EQ(state.version, 1U);
}

TEST(Custody, R3_TheHolderChangesOnlyWhenTheReceiverAccepts) {
    const auto state = must(offered(), answerAct(Act::Kind::Accept, kTaker));
    EXPECT_EQ(state.holder, kTaker);
    EXPECT_EQ(state.offers[0].state, OfferState::Accepted);
}

TEST(Custody, R10_AnAnswerGoesToTheGiver) {
    const auto decision = decide(offered(), answerAct(Act::Kind::Decline, kTaker));
    ASSERT_TRUE(decision);
    EXPECT_EQ(decision->receivers, std::vector<Holder>{kGiver});
    EXPECT_EQ(decision->state.holder, kGiver);
    EXPECT_EQ(decision->state.offers[0].state, OfferState::Declined);
}

TEST(Custody, R3_AcceptedForLaterTakesOverOnItsDay) {
    auto accept = answerAct(Act::Kind::Accept, kTaker);
    accept.takes_over = "2026-03-01";
    const auto state = must(offered(), accept);
    EXPECT_EQ(state.holder, kGiver);
    EXPECT_EQ(holderOn(state, "2026-02-28"), kGiver);
    EXPECT_EQ(holderOn(state, "2026-03-01"), kTaker);
    EXPECT_EQ(describe(state.offers[0], Language::English), "accepted, takes over on 2026-03-01");
    // The taker may hand on only from that day.
    auto on = offerAct(Act::Kind::HandOver, kTaker, {addressed(kOther)});
    on.today = "2026-02-28";
    EXPECT_EQ(refusal(state, on), Code::CustodyNotHolder);
    on.today = "2026-03-01";
    EXPECT_EQ(must(state, on).holder, kTaker);
}

TEST(Custody, TheFirstAnswerWins) {
    const auto accepted = must(offered(), answerAct(Act::Kind::Accept, kTaker));
    EXPECT_EQ(refusal(accepted, answerAct(Act::Kind::Accept, kTaker)), Code::CustodyConflict);
    EXPECT_EQ(refusal(accepted, answerAct(Act::Kind::Decline, kTaker)), Code::CustodyConflict);
}

TEST(Custody, NobodyAnswersForAnother) {
    const auto state = offered();
    EXPECT_EQ(refusal(state, answerAct(Act::Kind::Accept, kOther)), Code::CustodyNotYours);
    EXPECT_EQ(refusal(state, answerAct(Act::Kind::Accept, kOther, state.offers[0].message)),
              Code::CustodyNotYours);
    EXPECT_EQ(refusal(state, answerAct(Act::Kind::Accept, kTaker, MessageId::make())),
              Code::CustodyConflict);
    EXPECT_EQ(refusal(std::nullopt, answerAct(Act::Kind::Accept, kTaker)), Code::CustodyConflict);
}

TEST(Custody, OnlyTheHolderHandsOver) {
    const auto taken = must(offered(), answerAct(Act::Kind::Accept, kTaker));
    EXPECT_EQ(refusal(taken, offerAct(Act::Kind::HandOver, kGiver, {addressed(kOther)})),
              Code::CustodyNotHolder);
    const auto next = must(taken, offerAct(Act::Kind::HandOver, kTaker, {addressed(kOther)}));
    EXPECT_EQ(next.holder, kTaker);
}

TEST(Custody, OneOpenOfferAtATime) {
    EXPECT_EQ(refusal(offered(), offerAct(Act::Kind::HandOver, kGiver, {addressed(kOther)})),
              Code::CustodyOpenOffer);
    const auto declined = must(offered(), answerAct(Act::Kind::Decline, kTaker));
    EXPECT_EQ(
        must(declined, offerAct(Act::Kind::HandOver, kGiver, {addressed(kOther)})).offers.size(),
        2U);
}

TEST(Custody, R10_ASupplementIsAskedGivenAndThenAnswered) {
    const auto asked = must(offered(), answerAct(Act::Kind::Ask, kTaker));
    EXPECT_EQ(asked.offers[0].state, OfferState::SupplementAsked);
    EXPECT_EQ(refusal(asked, answerAct(Act::Kind::Supplement, kTaker)), Code::CustodyNotYours);
    const auto decision = decide(asked, answerAct(Act::Kind::Supplement, kGiver));
    ASSERT_TRUE(decision);
    EXPECT_EQ(decision->receivers, std::vector<Holder>{kTaker});
    EXPECT_EQ(must(decision->state, answerAct(Act::Kind::Accept, kTaker)).holder, kTaker);
}

TEST(Custody, R33_APartIsTakenWithoutTheBaton) {
    const auto state = must(
        std::nullopt,
        offerAct(Act::Kind::HandOver, kGiver, {addressed(kTaker), addressed(kOther, Role::Part)}));
    const auto part = must(state, answerAct(Act::Kind::Accept, kOther));
    EXPECT_EQ(part.holder, kGiver);
    EXPECT_EQ(must(part, answerAct(Act::Kind::Accept, kTaker)).holder, kTaker);
}

TEST(Custody, WhichOfTwoQuestionsASupplementAnswersIsNeverGuessed) {
    auto state = must(std::nullopt, offerAct(Act::Kind::HandOver, kGiver,
                                             {addressed(kTaker), addressed(kOther, Role::Part)}));
    state = must(state, answerAct(Act::Kind::Ask, kTaker));
    state = must(state, answerAct(Act::Kind::Ask, kOther));
    EXPECT_EQ(refusal(state, answerAct(Act::Kind::Supplement, kGiver)), Code::CustodyConflict);
    state = must(state, answerAct(Act::Kind::Accept, kOther));
    const auto decision = decide(state, answerAct(Act::Kind::Supplement, kGiver));
    ASSERT_TRUE(decision);
    EXPECT_EQ(decision->receivers, std::vector<Holder>{kTaker});
}

TEST(Custody, ThereIsExactlyOneLead) {
    EXPECT_EQ(refusal(std::nullopt, offerAct(Act::Kind::HandOver, kGiver,
                                             {addressed(kTaker), addressed(kOther)})),
              Code::CustodyConflict);
    EXPECT_EQ(refusal(std::nullopt,
                      offerAct(Act::Kind::HandOver, kGiver, {addressed(kOther, Role::Part)})),
              Code::CustodyConflict);
}

TEST(Custody, StartingTakesOverBeforeTheDay) {
    auto accept = answerAct(Act::Kind::Accept, kTaker);
    accept.takes_over = "2026-03-01";
    const auto accepted = must(offered(), accept);
    EXPECT_EQ(refusal(offered(), answerAct(Act::Kind::Started, kTaker)), Code::CustodyConflict);
    const auto started = must(accepted, answerAct(Act::Kind::Started, kTaker));
    EXPECT_EQ(started.holder, kTaker);
    EXPECT_EQ(started.offers[0].state, OfferState::Started);
}

TEST(Custody, AStartToldLateTakesNothingBack) {
    auto state = must(accepted(), offerAct(Act::Kind::HandOver, kTaker, {addressed(kOther)}));
    state = must(state, answerAct(Act::Kind::Accept, kOther));
    const auto first = state.offers[0].message;
    EXPECT_EQ(must(state, answerAct(Act::Kind::Started, kTaker, first)).holder, kOther);
}

TEST(Custody, AnOfferWithoutADateCannotBeMade) {
    for (const auto* date : {"", "soon", "2026-02-30"}) {
        const auto made = offerAct(Act::Kind::Refer, kGiver, {addressed(kTaker, Role::Lead, date)});
        EXPECT_EQ(refusal(std::nullopt, made), Code::CustodyConflict) << date;
    }
}

TEST(Custody, NobodyIsOfferedWhatTheyHoldNorTwice) {
    EXPECT_EQ(refusal(std::nullopt, offerAct(Act::Kind::Refer, kGiver, {addressed(kGiver)})),
              Code::CustodyConflict);
    EXPECT_EQ(refusal(std::nullopt, offerAct(Act::Kind::Refer, kGiver,
                                             {addressed(kTaker), addressed(kTaker, Role::Part)})),
              Code::CustodyConflict);
}

TEST(Custody, R33_EachReceiverAnswersForItself) {
    auto state = must(std::nullopt, offerAct(Act::Kind::HandOver, kGiver,
                                             {addressed(kTaker), addressed(kOther, Role::Part)}));
    state = must(state, answerAct(Act::Kind::Accept, kOther));
    state = must(state, answerAct(Act::Kind::Decline, kTaker));
    EXPECT_EQ(state.offers[0].state, OfferState::Declined);
    EXPECT_EQ(state.offers[1].state, OfferState::Accepted);
    EXPECT_EQ(state.holder, kGiver);
    // The lead has declined: the giver names a new one, or closes.
    const auto turns = whoseTurn(state, "2026-01-05");
    ASSERT_EQ(turns.size(), 1U);
    EXPECT_EQ(turns[0].who, kGiver);
    EXPECT_EQ(turns[0].owes, Turn::Owes::NewReceiver);
    state = must(state, offerAct(Act::Kind::HandOver, kGiver, {addressed(kStranger)}));
    EXPECT_EQ(must(state, answerAct(Act::Kind::Accept, kStranger)).holder, kStranger);
}

TEST(Custody, R11_InsideOnePartyTheFunctionThatIsAskedAnswers) {
    const Holder dv{kGiver.party, FunctionId{"dv"}};
    auto state = must(std::nullopt, offerAct(Act::Kind::HandOver, kGiver, {addressed(dv)}));
    EXPECT_EQ(refusal(state, answerAct(Act::Kind::Accept, kGiver)), Code::CustodyNotYours);
    EXPECT_EQ(state.holder, kGiver);
    state = must(state, answerAct(Act::Kind::Accept, dv));
    // A function that does not hold the case hands nothing over inside its party.
    const Holder third{kGiver.party, FunctionId{"ifo"}};
    const auto taken_once = must(offered(), answerAct(Act::Kind::Decline, kTaker));
    EXPECT_EQ(refusal(taken_once, offerAct(Act::Kind::HandOver, dv, {addressed(third)})),
              Code::CustodyNotHolder);
    EXPECT_EQ(state.holder, dv);
    // The one who has handed over cannot hand over, nor close, for the other.
    EXPECT_EQ(refusal(state, offerAct(Act::Kind::HandOver, kGiver, {addressed(kOther)})),
              Code::CustodyNotHolder);
    auto close = act(Act::Kind::Close, kGiver);
    close.outcome = "arbete";
    EXPECT_EQ(refusal(state, close), Code::CustodyNotHolder);
    EXPECT_EQ(must(state, offerAct(Act::Kind::HandOver, dv, {addressed(kOther)})).holder, dv);
}

TEST(Custody, R11_BetweenPartiesAPartyAnswersForAnyOfItsFunctions) {
    const Holder front{kTaker.party, FunctionId{"reception"}};
    const auto state = must(offered(), answerAct(Act::Kind::Accept, front));
    EXPECT_EQ(state.holder, kTaker);  // the function that was asked
}

TEST(Custody, OfTwoOffersToOnePartyEachFunctionAnswersItsOwn) {
    const Holder front{kTaker.party, FunctionId{"reception"}};
    const auto state = must(
        std::nullopt,
        offerAct(Act::Kind::HandOver, kGiver, {addressed(kTaker), addressed(front, Role::Part)}));
    const auto part = must(state, answerAct(Act::Kind::Accept, front));
    EXPECT_EQ(part.holder, kGiver);
    EXPECT_EQ(part.offers[1].state, OfferState::Accepted);
    EXPECT_EQ(must(state, answerAct(Act::Kind::Accept, kTaker)).holder, kTaker);
    const Holder third{kTaker.party, FunctionId{"archive"}};
    EXPECT_EQ(refusal(state, answerAct(Act::Kind::Accept, third)), Code::CustodyConflict);
}

TEST(Custody, EveryKindOfMessageIsAnAct) {
    EXPECT_EQ(actKind("answer", "decline"), Act::Kind::Decline);
    EXPECT_EQ(actKind("plan", ""), Act::Kind::Plan);
    EXPECT_EQ(actKind("joint_assessment", "booked"), Act::Kind::BookAssessment);
    EXPECT_EQ(actKind("consent", "withdrawn"), Act::Kind::WithdrawConsent);
    EXPECT_FALSE(actKind("answer", "perhaps"));
    EXPECT_FALSE(actKind("gossip", ""));
}
