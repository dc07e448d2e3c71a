#include "gateway/custody/custody.h"

#include <gtest/gtest.h>

using namespace stafett;
using namespace stafett::custody;

namespace {

const Holder kGiver{PartyId{"2120001124"}, FunctionId{"ama"}};
const Holder kTaker{PartyId{"2021002114"}, FunctionId{"af-rehab-syd"}};
const Holder kOther{PartyId{"2021005521"}, FunctionId{"fk-samordning-syd"}};

Act offerAct(Act::Kind kind, Holder by, std::vector<std::pair<Holder, Role>> to) {
    Act act;
    act.kind = kind;
    act.message = MessageId::make();
    act.by = std::move(by);
    act.to = std::move(to);
    act.answer_by = "2026-02-01";
    act.today = "2026-01-01";
    return act;
}

Act answerAct(Act::Kind kind, Holder by, std::optional<MessageId> about = {}) {
    Act act;
    act.kind = kind;
    act.message = MessageId::make();
    act.by = std::move(by);
    act.about = about;
    act.today = "2026-01-02";
    return act;
}

CaseState must(const std::optional<CaseState>& before, const Act& act) {
    auto decision = decide(before, act);
    EXPECT_TRUE(decision) << (decision ? "" : describe(decision.error(), Language::English));
    return decision ? decision->state : CaseState{};
}

Code refusal(const std::optional<CaseState>& before, const Act& act) {
    const auto decision = decide(before, act);
    EXPECT_FALSE(decision);
    return decision ? Code::CustodyConflict : decision.error().code();
}

CaseState offered() {
    return must(std::nullopt, offerAct(Act::Kind::Refer, kGiver, {{kTaker, Role::Lead}}));
}

}  // namespace

TEST(Custody, AnOfferLeavesTheBatonWithTheGiver) {
    const auto state = offered();
    EXPECT_EQ(state.holder, kGiver);
    ASSERT_EQ(state.offers.size(), 1U);
    EXPECT_EQ(state.offers[0].state, OfferState::Offered);
    EXPECT_EQ(state.offers[0].answer_by, "2026-02-01");
    EXPECT_EQ(state.version, 1U);
}

TEST(Custody, TheHolderChangesOnlyWhenTheReceiverAccepts) {
    const auto state = must(offered(), answerAct(Act::Kind::Accept, kTaker));
    EXPECT_EQ(state.holder, kTaker);
    EXPECT_EQ(state.offers[0].state, OfferState::Accepted);
}

TEST(Custody, AnAnswerGoesToTheGiver) {
    const auto decision = decide(offered(), answerAct(Act::Kind::Decline, kTaker));
    ASSERT_TRUE(decision);
    EXPECT_EQ(decision->receivers, std::vector<Holder>{kGiver});
    EXPECT_EQ(decision->state.holder, kGiver);
    EXPECT_EQ(decision->state.offers[0].state, OfferState::Declined);
}

TEST(Custody, AcceptedForLaterTakesOverOnItsDay) {
    auto accept = answerAct(Act::Kind::Accept, kTaker);
    accept.takes_over = "2026-03-01";
    const auto state = must(offered(), accept);
    EXPECT_EQ(state.holder, kGiver);
    EXPECT_EQ(holderOn(state, "2026-02-28"), kGiver);
    EXPECT_EQ(holderOn(state, "2026-03-01"), kTaker);
    EXPECT_EQ(describe(state.offers[0], Language::English), "accepted, takes over on 2026-03-01");
    // The taker may hand on only from that day.
    auto on = offerAct(Act::Kind::HandOver, kTaker, {{kOther, Role::Lead}});
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
    EXPECT_EQ(refusal(taken, offerAct(Act::Kind::HandOver, kGiver, {{kOther, Role::Lead}})),
              Code::CustodyNotHolder);
    const auto next = must(taken, offerAct(Act::Kind::HandOver, kTaker, {{kOther, Role::Lead}}));
    EXPECT_EQ(next.holder, kTaker);
}

TEST(Custody, OneOpenOfferAtATime) {
    EXPECT_EQ(refusal(offered(), offerAct(Act::Kind::HandOver, kGiver, {{kOther, Role::Lead}})),
              Code::CustodyOpenOffer);
    const auto declined = must(offered(), answerAct(Act::Kind::Decline, kTaker));
    EXPECT_EQ(
        must(declined, offerAct(Act::Kind::HandOver, kGiver, {{kOther, Role::Lead}})).offers.size(),
        2U);
}

TEST(Custody, ASupplementIsAskedGivenAndThenAnswered) {
    const auto asked = must(offered(), answerAct(Act::Kind::Ask, kTaker));
    EXPECT_EQ(asked.offers[0].state, OfferState::SupplementAsked);
    EXPECT_EQ(refusal(asked, answerAct(Act::Kind::Supplement, kTaker)), Code::CustodyNotYours);
    const auto decision = decide(asked, answerAct(Act::Kind::Supplement, kGiver));
    ASSERT_TRUE(decision);
    EXPECT_EQ(decision->receivers, std::vector<Holder>{kTaker});
    EXPECT_EQ(must(decision->state, answerAct(Act::Kind::Accept, kTaker)).holder, kTaker);
}

TEST(Custody, APartIsTakenWithoutTheBaton) {
    const auto state = must(std::nullopt, offerAct(Act::Kind::HandOver, kGiver,
                                                   {{kTaker, Role::Lead}, {kOther, Role::Part}}));
    const auto part = must(state, answerAct(Act::Kind::Accept, kOther));
    EXPECT_EQ(part.holder, kGiver);
    EXPECT_EQ(must(part, answerAct(Act::Kind::Accept, kTaker)).holder, kTaker);
}

TEST(Custody, WhichOfTwoQuestionsASupplementAnswersIsNeverGuessed) {
    auto state = must(std::nullopt, offerAct(Act::Kind::HandOver, kGiver,
                                             {{kTaker, Role::Lead}, {kOther, Role::Part}}));
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
                                             {{kTaker, Role::Lead}, {kOther, Role::Lead}})),
              Code::CustodyConflict);
    EXPECT_EQ(refusal(std::nullopt, offerAct(Act::Kind::HandOver, kGiver, {{kOther, Role::Part}})),
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

TEST(Custody, PrintsAndParsesBack) {
    auto accept = answerAct(Act::Kind::Accept, kTaker);
    accept.takes_over = "2026-03-01";
    const auto state = must(offered(), accept);
    const auto back = parse(print(state));
    ASSERT_TRUE(back);
    EXPECT_EQ(*back, state);
    EXPECT_FALSE(parse("{\"version\":1}"));
    EXPECT_FALSE(parse("nonsense"));
}
