// The kinds that follow a referral: each finds its case and changes what is known of it.
#include <gmock/gmock.h>

#include "tests/support/rehearsal.h"

namespace stafett::e2e {
namespace {

using support::documentRequest;
using support::goldenRequest;
using support::Json;
using support::Names;
using support::Rehearsal;

constexpr char kToRegion[] =
    "<Mottagare><Organisationsnummer>232100-0115</Organisationsnummer>"
    "<Enhet>rehabkoordinator</Enhet></Mottagare>";

constexpr char kHer[] = "19740702-9284";
constexpr char kHim[] = "19900222-2397";

support::Changes ofCase(Names& names, support::Changes changes = {}) {
    changes.emplace_back("4711", names.get("int:kommun"));
    return changes;
}

TEST(Cases, WhatHasNotBeenSentIsTakenOutOfTheQueue) {
    // The receiver is not there, and is not tried again meanwhile.
    Rehearsal play("cancelled", [](const support::GatewayFolder& folder) {
        folder.edit("stafett.json", [](Json& settings) {
            settings["delivery"] = {{"first_wait_seconds", 600}, {"last_wait_seconds", 600}};
        });
    });
    Names names;
    const auto id = play.accepted("kommun", documentRequest("remiss.xml", names));
    play.gateway().story(id, [](const Json& told) {
        return told.at("messages")[0].at("deliveries")[0].at("attempts") == 1;
    });
    const auto cancel = play.accepted(
        "kommun", goldenRequest("municipality", "aterkallelse_felregistrering",
                                ofCase(names, {{"M-2026-0201", names.get("uuid:remiss")}})));
    const auto story = play.gateway().story(cancel, [](const Json& told) {
        return told.at("messages")[0].at("deliveries")[0].at("state") == "withdrawn";
    });
    EXPECT_EQ(story.at("messages")[1].at("deliveries")[0].at("state"), "withdrawn");
    EXPECT_EQ(story.at("case").at("offers")[0].at("state"), "withdrawn");
    EXPECT_EQ(story.at("case").at("holder").at("party"), "2120001124");
    EXPECT_FALSE(story.at("case").contains("next_due"));
    // There is nothing left to take back.
    const auto again = play.gateway().send(
        "kommun", goldenRequest("municipality", "aterkallelse_felregistrering",
                                ofCase(names, {{"M-2026-0201", names.get("uuid:remiss")},
                                               {"M-2026-0449", "M-2026-0450"}})));
    EXPECT_EQ(support::fieldOf(again.body, "Fel/@kod"), "ST-CUS-008") << again.body;
}

TEST(Cases, WhoDoesNotHoldACaseCannotCloseIt) {
    Rehearsal play("not-the-holders");
    play.gateway().agency("fk");
    Names names;
    const auto id = play.accepted("kommun", documentRequest("remiss.xml", names));
    names.set("fk-fick", id);
    play.accepted("fk", documentRequest("fk-svar-tar-over.xml", names));
    const auto closed = play.gateway().send(
        "kommun", goldenRequest("municipality", "avslut_R12_arbete_with_support_but_no_decision",
                                ofCase(names, {{" MotpartId=\"FK-2026-17\"", ""}})));
    EXPECT_EQ(closed.headers.get("Stafett-Outcome"), "conflict");
    EXPECT_EQ(support::fieldOf(closed.body, "Fel/@kod"), "ST-CUS-003") << closed.body;
    EXPECT_EQ(play.story(id).at("case").at("state"), "open");
}

TEST(Cases, R30_ChangesOfCaseworkerAreCountedByCaseAndParty) {
    Rehearsal play("caseworkers");
    play.gateway().agency("fk");
    Names names;
    const auto id = play.accepted("kommun", documentRequest("remiss.xml", names));
    for (const char* own : {"M-2026-0465", "M-2026-0466"}) {
        play.accepted("kommun", goldenRequest("municipality", "handlaggarbyte_R30_whole",
                                              ofCase(names, {{"M-2026-0465", own}})));
    }
    const auto changes = play.story(id).at("case").at("caseworker_changes");
    ASSERT_EQ(changes.size(), 1U);
    EXPECT_EQ(changes[0].at("party"), "2120001124");
    EXPECT_EQ(changes[0].at("count"), 2);
}

TEST(Cases, R37_ThePlanIsShownAgainstWhatHasBeenReached) {
    Rehearsal play("planned");
    auto& fk = play.gateway().agency("fk");
    Names names;
    const auto id = play.accepted("kommun", documentRequest("remiss.xml", names));
    play.accepted(
        "kommun",
        goldenRequest("municipality", "planering_R37_whole",
                      ofCase(names, {{kToRegion, ""}, {" MotpartId=\"FK-2026-17\"", ""}})));
    const auto progress = [&](const char* own, const char* step, const char* status) {
        return play.gateway().send(
            "kommun",
            goldenRequest("municipality", "stegforflyttning_R6_whole",
                          ofCase(names, {{"<Delmål>2</Delmål>", step},
                                         {"<Läge>PÅGÅR</Läge>", status},
                                         {" MotpartId=\"FK-2026-17\"", ""},
                                         {"MeddelandeId=\"M-2026-0417\"",
                                          "MeddelandeId=\"" + std::string(own) + "\""}})));
    };
    const auto done = progress("M-1", "<Delmål>1</Delmål>", "<Läge>KLART</Läge>");
    EXPECT_EQ(done.headers.get("Stafett-Outcome"), "accepted") << done.body;
    const auto steps = play.story(id).at("case").at("steps");
    ASSERT_EQ(steps.size(), 2U);
    EXPECT_EQ(steps[0].at("reached"), "done");
    EXPECT_NE(steps[1].at("reached"), "done");
    const auto unknown = progress("M-2", "<Delmål>9</Delmål>", "<Läge>KLART</Läge>");
    EXPECT_EQ(support::fieldOf(unknown.body, "Fel/@kod"), "ST-CUS-009") << unknown.body;
    EXPECT_TRUE(support::until([&] { return fk.arrived() == 3; })) << fk.arrived();
}

TEST(Cases, WhatBelongsToNoKnownCaseIsRefusedAndSaysWhatWasTried) {
    Rehearsal play("no-case");
    const auto refused =
        play.gateway().send("kommun", goldenRequest("municipality", "stegforflyttning_R6_whole"));
    EXPECT_EQ(support::fieldOf(refused.body, "Fel/@kod"), "ST-ADR-005") << refused.body;
}

/// A number used once more, or mistyped, must not lead into somebody else's case.
TEST(Cases, ACaseNumberWithAnotherPersonIsAnotherCase) {
    Rehearsal play("two-persons");
    play.gateway().agency("fk");
    Names names;
    const auto caseOf = [&](const support::Changes& changes) {
        names.set("uuid:remiss", Uuid::make().text());
        const auto answer =
            play.gateway().send("kommun", documentRequest("remiss.xml", names, changes));
        EXPECT_EQ(answer.headers.get("Stafett-Outcome"), "accepted") << answer.body;
        return support::claimsOf(answer).at("case").get<std::string>();
    };
    const auto hers = caseOf({});
    const auto his = caseOf({{kHer, kHim}});
    EXPECT_NE(hers, his);

    int sent = 0;
    const auto changesCaseworker = [&](const char* person) {
        return play.gateway().send(
            "kommun", goldenRequest("municipality", "handlaggarbyte_R30_whole",
                                    ofCase(names, {{"M-2026-0465", "M-" + std::to_string(++sent)},
                                                   {kHer, person}})));
    };
    EXPECT_EQ(support::claimsOf(changesCaseworker(kHer)).at("case"), hers);
    EXPECT_EQ(support::claimsOf(changesCaseworker(kHim)).at("case"), his);
    const auto nobodys = changesCaseworker("19610118-2803");
    EXPECT_EQ(support::fieldOf(nobodys.body, "Fel/@kod"), "ST-ADR-005") << nobodys.body;
}

}  // namespace
}  // namespace stafett::e2e
