// What parties tell each other, and who gets it.
#include <gmock/gmock.h>

#include "tests/unit/custody/acts.h"

using namespace stafett;
using namespace stafett::custody;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

namespace {

Act planAct(const Holder& by, std::vector<PlanStep> steps) {
    Act made = act(Act::Kind::Plan, by);
    made.steps = std::move(steps);
    return made;
}

Act progressAct(const Holder& by, std::uint32_t step, const std::string& status,
                const std::string& on) {
    Act made = act(Act::Kind::Progress, by);
    made.step = step;
    made.step_status = status;
    made.on = on;
    return made;
}

}  // namespace

TEST(CustodyTalk, WhoNamesNobodyTellsTheOthersWhoTakePart) {
    auto state = must(std::nullopt, offerAct(Act::Kind::Refer, kGiver,
                                             {addressed(kTaker), addressed(kOther, Role::Part)}));
    state = must(state, act(Act::Kind::Accept, kTaker));
    EXPECT_THAT(taken(state, act(Act::Kind::Progress, kTaker)).receivers, ElementsAre(kGiver));
    state = must(state, act(Act::Kind::Accept, kOther));
    EXPECT_THAT(taken(state, act(Act::Kind::Progress, kTaker)).receivers,
                UnorderedElementsAre(kGiver, kOther));
}

TEST(CustodyTalk, AStrangerNeitherTellsNorIsTold) {
    const auto state = accepted();
    EXPECT_EQ(refusal(state, act(Act::Kind::Progress, kStranger)), Code::CustodyNotParty);
    EXPECT_EQ(refusal(state, act(Act::Kind::WithdrawConsent, kStranger)), Code::CustodyNotParty);
    auto plan = planAct(kTaker, {});
    plan.to = {{.who = kStranger}};
    EXPECT_EQ(refusal(state, plan), Code::CustodyNotParty);
}

TEST(CustodyTalk, ADeviationMayGoToOutsiders) {
    auto deviation = act(Act::Kind::Deviation, kTaker);
    deviation.to = {{.who = kStranger}};
    EXPECT_THAT(taken(accepted(), deviation).receivers, ElementsAre(kStranger));
    // And it needs no case: then it is nobody's to hand on.
    const auto alone = must(std::nullopt, deviation);
    EXPECT_EQ(alone.holder, kTaker);
    EXPECT_FALSE(stillHeldBy(alone, kTaker.party, "2026-02-01"));
}

TEST(CustodyTalk, WhoHandsOverHasNoPartAnyMoreWhoRefersKeepsOne) {
    const auto referred = accepted(Act::Kind::Refer);
    EXPECT_THAT(taken(referred, act(Act::Kind::Progress, kTaker)).receivers, ElementsAre(kGiver));
    const auto handed = accepted(Act::Kind::HandOver);
    EXPECT_THAT(taken(handed, act(Act::Kind::Progress, kTaker)).receivers, IsEmpty());
    // It may still tell what it knows: nothing is lost.
    EXPECT_THAT(taken(handed, act(Act::Kind::Progress, kGiver)).receivers, ElementsAre(kTaker));
}

TEST(CustodyTalk, R37_ProgressNamesAStepOfAPlan) {
    auto state = must(accepted(),
                      planAct(kTaker, {{.number = 2, .from = "2026-04-01", .to = "2026-05-31"},
                                       {.number = 1, .from = "2026-02-01", .to = "2026-03-31"}}));
    ASSERT_EQ(state.steps.size(), 2U);
    EXPECT_EQ(state.steps[0].number, 1U);
    EXPECT_EQ(refusal(state, progressAct(kTaker, 3, "done", "2026-03-01")), Code::CustodyNoStep);
    state = must(state, progressAct(kTaker, 1, "under_way", "2026-02-10"));
    EXPECT_EQ(reachedOn(state.steps[0], "2026-03-01"), StepReached::UnderWay);
    EXPECT_EQ(reachedOn(state.steps[0], "2026-04-01"), StepReached::Late);
    state = must(state, progressAct(kTaker, 1, "done", "2026-03-20"));
    EXPECT_EQ(state.steps[0].reached, "2026-03-20");
    EXPECT_EQ(reachedOn(state.steps[0], "2026-04-01"), StepReached::Done);
    EXPECT_EQ(reachedOn(state.steps[1], "2026-03-01"), StepReached::NotYet);
    // Told again later, it was reached when it was reached.
    state = must(state, progressAct(kTaker, 1, "done", "2026-04-20"));
    EXPECT_EQ(state.steps[0].reached, "2026-03-20");
}

TEST(CustodyTalk, R37_ANewerPlanKeepsWhatIsReachedAndKnowsTheOlderSteps) {
    auto state =
        must(accepted(), planAct(kTaker, {{.number = 1, .from = "2026-02-01", .to = "2026-03-31"},
                                          {.number = 2, .from = "2026-04-01"}}));
    state = must(state, progressAct(kTaker, 1, "done", "2026-03-20"));
    state = must(state, planAct(kTaker, {{.number = 1, .from = "2026-02-01", .to = "2026-06-30"}}));
    EXPECT_EQ(state.steps[0].to, "2026-06-30");
    EXPECT_EQ(state.steps[0].reached, "2026-03-20");
    EXPECT_EQ(must(state, progressAct(kTaker, 2, "under_way", "2026-04-02")).steps[1].status,
              "under_way");
}

TEST(CustodyTalk, R40_APlanMayCoverRelatedCasesAndSaysWhoCoordinates) {
    auto plan = planAct(kTaker, {});
    plan.related = {CaseId::make(), CaseId::make()};
    plan.coordinator = kGiver;
    auto state = must(accepted(), plan);
    EXPECT_EQ(state.related, plan.related);
    EXPECT_EQ(state.coordinator, kGiver);
    auto again = planAct(kTaker, {});
    again.related = {plan.related[0]};
    state = must(state, again);
    EXPECT_EQ(state.related.size(), 2U);
    EXPECT_EQ(state.coordinator, kGiver);
}

TEST(CustodyTalk, R30_ChangesOfCaseworkerAreCountedPerParty) {
    auto state = must(accepted(), act(Act::Kind::ChangeCaseworker, kTaker));
    state = must(state, act(Act::Kind::ChangeCaseworker, kTaker));
    const auto decision = taken(state, act(Act::Kind::ChangeCaseworker, kGiver));
    EXPECT_THAT(decision.receivers, ElementsAre(kTaker));
    EXPECT_THAT(decision.state.caseworker_changes,
                UnorderedElementsAre(CaseworkerChanges{kTaker.party, 2},
                                     CaseworkerChanges{kGiver.party, 1}));
}

TEST(CustodyTalk, R5_AJointAssessmentIsRequestedBookedAndHasAResult) {
    auto request = act(Act::Kind::RequestAssessment, kOther);
    request.to = {{.who = kTaker}};
    request.dates = {.rule = "default",
                     .answer_by = "2026-02-02",
                     .remind_on = {"2026-02-03"},
                     .escalate_on = {},
                     .escalate_to = {}};
    auto state = must(std::nullopt, request);  // it may be where cooperation begins
    EXPECT_EQ(state.holder, kOther);
    EXPECT_EQ(nextDue(state), "2026-02-03");
    EXPECT_THAT(told(taken(state, tickAct("2026-02-03"))),
                ElementsAre("overdue af-rehab-syd", "overdue fk-samordning-syd"));
    const auto turns = whoseTurn(state, "2026-01-10");
    ASSERT_EQ(turns.size(), 1U);
    EXPECT_EQ(turns[0].who, kTaker);
    EXPECT_EQ(turns[0].owes, Turn::Owes::Booking);

    auto book = act(Act::Kind::BookAssessment, kTaker);
    book.on = "2026-02-20";
    auto decision = taken(state, book);
    EXPECT_THAT(decision.receivers, ElementsAre(kOther));
    EXPECT_EQ(decision.state.assessments[0].meets, "2026-02-20");
    EXPECT_EQ(nextDue(decision.state), "");
    decision = taken(decision.state, act(Act::Kind::AssessmentResult, kOther, "2026-02-20"));
    EXPECT_THAT(decision.receivers, ElementsAre(kTaker));
    EXPECT_EQ(decision.state.assessments[0].state, Assessment::State::Done);
    EXPECT_EQ(refusal(decision.state, act(Act::Kind::BookAssessment, kTaker)),
              Code::CustodyConflict);
    EXPECT_EQ(decision.state.holder, kOther);  // it moves no baton
}

TEST(CustodyTalk, AReminderGoesToWhoOwesAndIsCounted) {
    auto decision = taken(offered(), act(Act::Kind::Remind, kGiver));
    EXPECT_THAT(decision.receivers, ElementsAre(kTaker));
    EXPECT_EQ(decision.state.offers[0].reminders, 1U);
    decision = taken(decision.state, act(Act::Kind::Remind, kGiver));
    EXPECT_EQ(decision.state.offers[0].reminders, 2U);
    EXPECT_EQ(refusal(offered(), act(Act::Kind::Remind, kTaker)), Code::CustodyConflict);
    const auto asked = must(offered(), act(Act::Kind::Ask, kTaker));
    EXPECT_THAT(taken(asked, act(Act::Kind::Remind, kTaker)).receivers, ElementsAre(kGiver));
    EXPECT_EQ(refusal(accepted(), act(Act::Kind::Remind, kGiver)), Code::CustodyConflict);
}

TEST(CustodyTalk, AMessageThatIsCountedAlreadyIsNotCountedAgain) {
    const auto change = act(Act::Kind::ChangeCaseworker, kTaker);
    const auto state = must(accepted(), change);
    EXPECT_EQ(refusal(state, change), Code::CustodyConflict);
    const auto refer = offerAct(Act::Kind::Refer, kGiver, {addressed(kTaker)});
    EXPECT_EQ(refusal(must(std::nullopt, refer), refer), Code::CustodyConflict);
}

TEST(CustodyTalk, ANoticeIsCountedAndChangesNothing) {
    const auto before = offered();
    auto notice = act(Act::Kind::Notice, {PartyId{"5560000000"}, FunctionId{"gateway"}});
    notice.to = {{.who = kGiver}};
    const auto decision = taken(before, notice);
    EXPECT_EQ(decision.state.version, before.version + 1);
    EXPECT_EQ(decision.state.offers, before.offers);
    EXPECT_THAT(decision.receivers, ElementsAre(kGiver));
}
