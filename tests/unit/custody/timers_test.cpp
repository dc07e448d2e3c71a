// What the calendar does to a case.
#include <gmock/gmock.h>

#include "tests/unit/custody/acts.h"

using namespace stafett;
using namespace stafett::custody;
using testing::ElementsAre;
using testing::IsEmpty;

namespace {

Decision ticked(const CaseState& state, const std::string& today) {
    return taken(state, tickAct(today));
}

}  // namespace

TEST(CustodyTimers, R3_AnUnansweredOfferIsRemindedOverdueAndEscalated) {
    auto state = offered();
    EXPECT_EQ(nextDue(state), "2026-01-29");
    auto decision = ticked(state, "2026-01-29");
    EXPECT_THAT(told(decision), ElementsAre("reminder_soon af-rehab-syd"));
    EXPECT_EQ(decision.obligations[0].due, "2026-02-02");
    EXPECT_EQ(decision.obligations[0].party, kGiver.party);
    EXPECT_EQ(decision.obligations[0].about, state.offers[0].message);

    state = decision.state;
    EXPECT_EQ(nextDue(state), "2026-02-03");
    decision = ticked(state, "2026-02-03");
    EXPECT_THAT(told(decision), ElementsAre("overdue af-rehab-syd", "overdue ama"));
    EXPECT_EQ(describe(decision.state.offers[0], Language::English),
              "offered, answer by 2026-02-02, overdue");

    state = decision.state;
    EXPECT_EQ(nextDue(state), "2026-02-09");
    decision = ticked(state, "2026-02-09");
    EXPECT_THAT(told(decision), ElementsAre("escalated af-rehab-syd", "escalated ama"));
    EXPECT_EQ(nextDue(decision.state), "");
    EXPECT_EQ(decision.state.holder, kGiver);
    EXPECT_EQ(describe(decision.state.offers[0], Language::Swedish),
              "erbjuden, svar senast 2026-02-02, eskalerad 2026-02-09");
}

TEST(CustodyTimers, R3_EscalationGoesToTheFunctionThatAnswersForIt) {
    auto to = addressed(kTaker);
    to.dates.escalate_to = FunctionId{"af-chef"};
    const auto state = must(std::nullopt, offerAct(Act::Kind::HandOver, kGiver, {to}));
    EXPECT_THAT(
        told(ticked(state, "2026-02-09")),
        ElementsAre("overdue af-rehab-syd", "overdue ama", "escalated af-chef", "escalated ama"));
}

TEST(CustodyTimers, EachFiresOnceWhateverTheClockDoes) {
    auto state = offered();
    state = ticked(state, "2026-02-03").state;
    for (const auto* day : {"2026-02-03", "2026-01-29", "2026-01-01", "2026-02-04"}) {
        const auto again = ticked(state, day);
        EXPECT_THAT(again.obligations, IsEmpty()) << day;
        EXPECT_EQ(again.state, state) << day;
    }
    EXPECT_EQ(nextDue(state), "2026-02-09");
}

TEST(CustodyTimers, SoonIsNotToldWhenItIsLateAlready) {
    EXPECT_THAT(told(ticked(offered(), "2026-02-05")),
                ElementsAre("overdue af-rehab-syd", "overdue ama"));
    // Of two days missed, one reminder comes.
    auto twice = addressed(kTaker);
    twice.dates.remind_on = {"2026-02-03", "2026-02-05"};
    EXPECT_THAT(told(ticked(must(std::nullopt, offerAct(Act::Kind::HandOver, kGiver, {twice})),
                            "2026-02-05")),
                ElementsAre("overdue af-rehab-syd", "overdue ama"));
    // Due on a Friday, told on Monday: on Saturday it is neither soon nor yet told.
    auto to = addressed(kTaker, Role::Lead, "2026-02-06");
    to.dates.remind_on = {"2026-02-05", "2026-02-09"};
    const auto state = must(std::nullopt, offerAct(Act::Kind::HandOver, kGiver, {to}));
    EXPECT_THAT(told(ticked(state, "2026-02-06")), ElementsAre("reminder_soon af-rehab-syd"));
    const auto missed = ticked(state, "2026-02-07");
    EXPECT_THAT(missed.obligations, IsEmpty());
    EXPECT_EQ(nextDue(missed.state), "2026-02-09");
}

TEST(CustodyTimers, NothingIsDueOfWhatIsAnswered) {
    EXPECT_EQ(nextDue(accepted()), "");
    EXPECT_THAT(ticked(accepted(), "2027-01-01").obligations, IsEmpty());
    EXPECT_EQ(nextDue(must(offered(), act(Act::Kind::Decline, kTaker))), "");
}

TEST(CustodyTimers, AnOfferIsOverdueTheDayAfterWhereNoReminderComesAfter) {
    auto to = addressed(kTaker, Role::Lead, "2026-02-28");
    to.dates.remind_on.clear();
    to.dates.escalate_on.clear();
    const auto state = must(std::nullopt, offerAct(Act::Kind::HandOver, kGiver, {to}));
    EXPECT_EQ(nextDue(state), "2026-03-01");
    EXPECT_THAT(ticked(state, "2026-02-28").obligations, IsEmpty());
    EXPECT_THAT(told(ticked(state, "2026-03-01")),
                ElementsAre("overdue af-rehab-syd", "overdue ama"));
}

TEST(CustodyTimers, WhoOwesASupplementIsReminded) {
    const auto asked = must(offered(), act(Act::Kind::Ask, kTaker));
    EXPECT_THAT(told(ticked(asked, "2026-01-29")), ElementsAre("reminder_soon ama"));
}

TEST(CustodyTimers, ASupplementMayBringALaterDateAndItsTimersBeginAnew) {
    auto state = ticked(offered(), "2026-02-03").state;
    state = must(state, act(Act::Kind::Ask, kTaker));
    auto supplement = act(Act::Kind::Supplement, kGiver, "2026-02-04");
    supplement.dates = {.rule = "default",
                        .answer_by = "2026-02-20",
                        .remind_on = {"2026-02-18"},
                        .escalate_on = "2026-02-27",
                        .escalate_to = {}};
    const auto later = must(state, supplement);
    EXPECT_EQ(nextDue(later), "2026-02-18");
    const auto escalated = must(ticked(state, "2026-02-09").state, supplement);
    EXPECT_THAT(told(ticked(escalated, "2026-02-27")),
                ElementsAre("overdue af-rehab-syd", "overdue ama", "escalated af-rehab-syd",
                            "escalated ama"));
    supplement.dates.answer_by = "2026-01-05";  // never earlier than what was promised
    EXPECT_EQ(must(state, supplement).offers[0].dates.answer_by, "2026-02-02");
}

TEST(CustodyTimers, R3_APromiseBecomesAFactOnItsDay) {
    auto accept = act(Act::Kind::Accept, kTaker);
    accept.takes_over = "2026-03-01";
    const auto state = must(offered(), accept);
    EXPECT_EQ(nextDue(state), "2026-03-01");
    EXPECT_EQ(ticked(state, "2026-02-28").state, state);
    const auto taken_over = ticked(state, "2026-03-05").state;
    EXPECT_EQ(taken_over.holder, kTaker);
    EXPECT_EQ(taken_over.version, state.version + 1);
    EXPECT_EQ(ticked(taken_over, "2026-02-01").state.holder, kTaker);
}

TEST(CustodyTimers, R35_APlannedExitWithoutAReceiverIsToldInGoodTime) {
    auto refer = offerAct(Act::Kind::Refer, kGiver, {addressed(kTaker)});
    refer.exit = {.on = "2026-06-30", .warn = "2026-06-01", .told = {}};
    auto state = must(std::nullopt, refer);
    EXPECT_TRUE(state.exit.on.empty());  // the taker's, when it has taken over
    state = must(state, act(Act::Kind::Accept, kTaker));
    EXPECT_EQ(nextDue(state), "2026-06-01");
    EXPECT_TRUE(betweenTheChairs(state, "2026-05-31").empty());
    const auto decision = ticked(state, "2026-06-01");
    EXPECT_THAT(told(decision), ElementsAre("exit_near af-rehab-syd"));
    const auto gaps = betweenTheChairs(decision.state, "2026-06-01");
    ASSERT_EQ(gaps.size(), 1U);
    EXPECT_EQ(gaps[0].why, Gap::Why::ExitNear);
    EXPECT_EQ(gaps[0].since, "2026-06-30");
    EXPECT_EQ(gaps[0].owes, kTaker);
    EXPECT_TRUE(ticked(decision.state, "2026-06-02").obligations.empty());

    // Held out to somebody, it stands between no chairs; declined, it does again.
    auto hand_over =
        offerAct(Act::Kind::HandOver, kTaker, {addressed(kOther, Role::Lead, "2026-06-20")});
    state = must(state, hand_over);
    EXPECT_TRUE(betweenTheChairs(state, "2026-06-10").empty());
    EXPECT_NE(nextDue(state), "2026-06-01");
    const auto declined = must(state, act(Act::Kind::Decline, kOther, "2026-06-10"));
    EXPECT_EQ(betweenTheChairs(declined, "2026-06-10").size(), 1U);
    EXPECT_EQ(nextDue(declined), "2026-06-01");
    // Taken over, the exit was the giver's.
    EXPECT_TRUE(must(state, act(Act::Kind::Accept, kOther, "2026-06-10")).exit.on.empty());
}

TEST(CustodyTimers, R35_APlanMovesTheExitAndIsWarnedOfAnew) {
    auto plan = act(Act::Kind::Plan, kTaker);
    plan.exit = {.on = "2026-06-30", .warn = "2026-06-01", .told = {}};
    auto state = ticked(must(accepted(), plan), "2026-06-01").state;
    EXPECT_EQ(state.exit.told, "2026-06-01");
    auto moved = act(Act::Kind::Plan, kTaker, "2026-06-02");
    moved.exit = {.on = "2026-09-30", .warn = "2026-09-01", .told = {}};
    state = must(state, moved);
    EXPECT_EQ(nextDue(state), "2026-09-01");
    // Whoever does not hold the case cannot say when it ends.
    moved.by = kGiver;
    moved.message = MessageId::make();
    moved.exit.on = "2026-07-01";
    EXPECT_EQ(must(state, moved).exit.on, "2026-09-30");
}

TEST(CustodyTimers, R35_ACaseOfAPartyThatHasEndedIsListed) {
    const auto state = accepted();
    EXPECT_TRUE(betweenTheChairs(state, "2026-03-01", {kGiver.party}).empty());
    const auto gaps = betweenTheChairs(state, "2026-03-01", {kTaker.party});
    ASSERT_EQ(gaps.size(), 1U);
    EXPECT_EQ(gaps[0].why, Gap::Why::PartyEnded);
    EXPECT_TRUE(stillHeldBy(state, kTaker.party, "2026-03-01"));
    EXPECT_FALSE(stillHeldBy(state, kGiver.party, "2026-03-01"));
}

TEST(CustodyTimers, R3_AnOverdueOfferStandsBetweenTheChairs) {
    const auto state = offered();
    EXPECT_TRUE(betweenTheChairs(state, "2026-02-02").empty());
    auto gaps = betweenTheChairs(state, "2026-02-03");
    ASSERT_EQ(gaps.size(), 1U);
    EXPECT_EQ(gaps[0], (Gap{.why = Gap::Why::Overdue,
                            .since = "2026-02-02",
                            .owes = kTaker,
                            .holder = kGiver,
                            .about = state.offers[0].message}));
    EXPECT_EQ(describe(gaps[0], Language::English), "an answer was due by 2026-02-02");
    gaps = betweenTheChairs(ticked(state, "2026-02-09").state, "2026-02-10");
    ASSERT_EQ(gaps.size(), 1U);
    EXPECT_TRUE(gaps[0].escalated);
    // Until someone acts: the answer takes it off the list.
    EXPECT_TRUE(
        betweenTheChairs(must(state, act(Act::Kind::Decline, kTaker)), "2026-02-03").empty());
}
