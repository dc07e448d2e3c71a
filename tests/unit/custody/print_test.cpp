// Case states as the store keeps them.
#include <gmock/gmock.h>

#include "tests/unit/custody/acts.h"

using namespace stafett;
using namespace stafett::custody;
using testing::HasSubstr;
using testing::Not;

namespace {

/// A state in which everything that can be said is said.
CaseState fullState() {
    auto refer =
        offerAct(Act::Kind::Refer, kGiver, {addressed(kTaker), addressed(kOther, Role::Part)});
    refer.to[0].dates.escalate_to = FunctionId{"af-chef"};
    refer.exit = {.on = "2026-06-30", .warn = "2026-06-01", .told = {}};
    auto state = must(std::nullopt, refer);
    state = must(state, act(Act::Kind::Remind, kGiver));
    state = must(state, tickAct("2026-02-09"));
    state = must(state, act(Act::Kind::Accept, kTaker, "2026-02-10"));
    auto accept = act(Act::Kind::Accept, kOther, "2026-02-10");
    accept.takes_over = "2026-03-01";
    state = must(state, accept);
    auto plan = act(Act::Kind::Plan, kTaker);
    plan.steps = {{.number = 1, .from = "2026-02-01", .to = "2026-03-31", .status = "done"}};
    plan.related = {CaseId::make()};
    plan.coordinator = kGiver;
    state = must(state, plan);
    auto request = act(Act::Kind::RequestAssessment, kOther);
    request.to = {{.who = kTaker}, {.who = kStranger}};
    request.dates.answer_by = "2026-02-02";
    state = must(state, request);
    auto book = act(Act::Kind::BookAssessment, kTaker);
    book.on = "2026-02-20";
    state = must(state, book);
    state = must(state, act(Act::Kind::ChangeCaseworker, kTaker));
    state = must(state, act(Act::Kind::GiveConsent, kGiver));
    state = must(state, tickAct("2026-06-01"));
    auto close = act(Act::Kind::Close, kTaker);
    close.outcome = "arbete";
    close.follow_ups = {{.month = 3, .due = "2026-06-01"}, {.month = 6, .due = "2026-09-01"}};
    close.support_after = true;
    state = must(state, close);
    auto follow_up = act(Act::Kind::Progress, kTaker, "2026-06-03");
    follow_up.follow_up = true;
    follow_up.kept = false;
    state = must(state, tickAct("2026-06-01"));
    return must(state, follow_up);
}

}  // namespace

TEST(CustodyPrint, PrintsAndParsesBack) {
    for (const auto& state : {offered(), accepted(), fullState(),
                              must(fullState(), act(Act::Kind::WithdrawConsent, kGiver))}) {
        const auto back = parse(print(state));
        ASSERT_TRUE(back);
        EXPECT_EQ(*back, state) << print(state);
        EXPECT_EQ(print(*back), print(state));
    }
}

TEST(CustodyPrint, WhatIsEmptyIsNotPrinted) {
    const auto text = print(offered());
    EXPECT_THAT(text, HasSubstr("\"answer_by\":\"2026-02-02\""));
    for (const auto* key : {"phase", "takes_over", "steps", "consents", "follow_ups", "exit",
                            "related", "closure", "reminders", "\"\"", "[]"}) {
        EXPECT_THAT(text, Not(HasSubstr(key)));
    }
}

TEST(CustodyPrint, ReadsStatesOfTheFirstVersion) {
    const auto old =
        parse(R"({"version":3,"holder":{"party":"2021002114","function":"af-rehab-syd"},"offers":[)"
              R"({"message":"0190a000-0000-7000-8000-000000000001","kind":"referral",)"
              R"("from":{"party":"2120001124","function":"ama"},)"
              R"("to":{"party":"2021002114","function":"af-rehab-syd"},)"
              R"("role":"lead","state":"accepted","answer_by":"2026-02-01"},)"
              R"({"message":"0190a000-0000-7000-8000-000000000001","kind":"referral",)"
              R"("from":{"party":"2120001124","function":"ama"},)"
              R"("to":{"party":"2021005521","function":"fk-samordning-syd"},)"
              R"("role":"part","state":"offered","answer_by":"2026-02-01"}]})");
    ASSERT_TRUE(old);
    EXPECT_EQ(old->version, 3U);
    EXPECT_EQ(old->holder, kTaker);
    EXPECT_EQ(old->opened_by, kGiver);
    EXPECT_EQ(old->opened_with, "referral");
    EXPECT_EQ(nextDue(*old), "2026-02-02");
    EXPECT_THAT(taken(*old, act(Act::Kind::Progress, kTaker)).receivers,
                testing::ElementsAre(kGiver));
    EXPECT_EQ(must(*old, act(Act::Kind::Accept, kOther)).participants.size(), 3U);
    const auto again = parse(print(*old));
    ASSERT_TRUE(again);
    EXPECT_EQ(*again, *old);
}

TEST(CustodyPrint, WhatIsNoStateIsDamaged) {
    const auto whole = print(fullState());
    for (const auto& text :
         {std::string("{\"version\":1}"), std::string("nonsense"), std::string("{}"),
          std::string("[]"), whole.substr(0, whole.size() / 2)}) {
        const auto state = parse(text);
        ASSERT_FALSE(state) << text;
        EXPECT_EQ(state.error().code(), Code::StoreDamaged);
    }
}
