#pragma once

#include <gtest/gtest.h>

#include "gateway/custody/custody.h"
#include "gateway/custody/questions.h"

/// The parties and acts that custody's tests are played with.
namespace stafett::custody {

inline const Holder kGiver{PartyId{"2120001124"}, FunctionId{"ama"}};
inline const Holder kTaker{PartyId{"2021002114"}, FunctionId{"af-rehab-syd"}};
inline const Holder kOther{PartyId{"2021005521"}, FunctionId{"fk-samordning-syd"}};
inline const Holder kStranger{PartyId{"2321000016"}, FunctionId{"rehab"}};

inline Act act(Act::Kind kind, Holder by, std::string today = "2026-01-02") {
    Act made;
    made.kind = kind;
    made.message = MessageId::make();
    made.by = std::move(by);
    made.today = std::move(today);
    return made;
}

inline Addressed addressed(const Holder& who, Role role = Role::Lead,
                           const std::string& answer_by = "2026-02-02") {
    return {.who = who,
            .role = role,
            .dates = {.rule = "default",
                      .answer_by = answer_by,
                      .remind_on = {"2026-01-29", "2026-02-03"},
                      .escalate_on = "2026-02-09",
                      .escalate_to = {}}};
}

inline Act offerAct(Act::Kind kind, Holder by, std::vector<Addressed> to) {
    Act made = act(kind, std::move(by), "2026-01-01");
    made.to = std::move(to);
    return made;
}

inline Act tickAct(std::string today) { return act(Act::Kind::Tick, {}, std::move(today)); }

/// What comes of an act that must be allowed.
inline Decision taken(const std::optional<CaseState>& before, const Act& made) {
    auto decision = decide(before, made);
    EXPECT_TRUE(decision) << (decision ? "" : describe(decision.error(), Language::English));
    return decision ? *decision : Decision{};
}

inline CaseState must(const std::optional<CaseState>& before, const Act& made) {
    return taken(before, made).state;
}

/// The code of an act that must be forbidden.
inline Code refusal(const std::optional<CaseState>& before, const Act& made) {
    const auto decision = decide(before, made);
    EXPECT_FALSE(decision);
    return decision ? Code::MapMissing : decision.error().code();
}

/// A case that kGiver has handed over to kTaker, not answered.
inline CaseState offered(Act::Kind kind = Act::Kind::HandOver) {
    return must(std::nullopt, offerAct(kind, kGiver, {addressed(kTaker)}));
}

inline CaseState accepted(Act::Kind kind = Act::Kind::Refer) {
    return must(offered(kind), act(Act::Kind::Accept, kTaker));
}

/// Who is told what, as "code to-function about-party".
inline std::vector<std::string> told(const Decision& decision) {
    std::vector<std::string> lines;
    for (const auto& one : decision.obligations) {
        lines.push_back(std::string(one.code) + " " + one.to.function.value);
    }
    return lines;
}

}  // namespace stafett::custody
