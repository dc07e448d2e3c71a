// What becomes due without anybody writing a word, played on a rehearsal's clock.
#include <gmock/gmock.h>

#include "gateway/custody/calendar.h"
#include "tests/support/rehearsal.h"

namespace stafett::e2e {
namespace {

using support::claimsOf;
using support::documentRequest;
using support::goldenRequest;
using support::Json;
using support::Names;
using support::Rehearsal;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr char kKommun[] = "2120001124";
constexpr char kFk[] = "2021005521";
constexpr char kToFk[] =
    "<Mottagare><Organisationsnummer>202100-5521</Organisationsnummer></Mottagare>";

/// Messages of a kind that the gateway has kept in a case.
int countOf(const Json& story, const std::string& kind) {
    int count = 0;
    for (const auto& message : story.at("messages")) count += message.at("kind") == kind;
    return count;
}

/// Due events of a story, by what they say.
int dueOf(const Json& story, const std::string& what) {
    int count = 0;
    for (const auto& message : story.at("messages")) {
        for (const auto& event : message.at("events")) {
            if (event.at("step") == "due") count += event.at("fields").at("what") == what;
        }
    }
    return count;
}

TEST(Timers, R3_R43_AnOfferNobodyAnswersIsRemindedEscalatedAndStandsBetweenTheChairs) {
    Rehearsal play("unanswered", [](const support::GatewayFolder& folder) {
        folder.edit("parties/kommun.json", [](Json& party) {
            party["notices"] = {"overdue", "escalated"};
            party["phone"] = "040-34 10 00";
        });
    });
    auto& fk = play.gateway().agency("fk");
    auto& kommun = play.gateway().agency("kommun");
    Names names;
    const auto id = play.accepted("kommun", documentRequest("remiss.xml", names));

    auto story = play.passNext(id);
    EXPECT_EQ(dueOf(story, "reminder_soon"), 1) << "to who owes it, which never asked for notices";
    EXPECT_EQ(countOf(story, "reminder"), 1);
    story = play.passNext(id);
    EXPECT_EQ(dueOf(story, "overdue"), 2) << "to both sides";
    story = play.passNext(id);
    EXPECT_EQ(dueOf(story, "escalated"), 2);
    EXPECT_EQ(countOf(story, "reminder"), 3);
    EXPECT_EQ(countOf(story, "notice"), 2);
    EXPECT_TRUE(support::until([&] { return fk.arrived() == 4 && kommun.arrived() == 2; }))
        << fk.arrived() << " " << kommun.arrived();

    const auto& told = story.at("case");
    EXPECT_EQ(told.at("holder").at("party"), kKommun) << "the baton stays";
    EXPECT_EQ(told.at("offers")[0].at("state"), "offered");
    EXPECT_FALSE(told.contains("next_due")) << "each fires once";
    const auto case_id = told.at("id").get<std::string>();
    const auto list = play.gateway().admin("/v1/cases", "between_chairs=true");
    ASSERT_EQ(list.at("cases").size(), 1U);
    EXPECT_EQ(list.at("cases")[0].at("id"), case_id);
    EXPECT_EQ(list.at("cases")[0].at("between_since"), told.at("offers")[0].at("answer_by"));

    const auto shown = play.gateway().stafett({"cases", "--between-chairs"});
    EXPECT_THAT(shown.out, HasSubstr(case_id));
    EXPECT_THAT(shown.out, HasSubstr("Försäkringskassan"));
    const auto page = play.gateway().stafett({"case", case_id, "--for-participant"});
    EXPECT_EQ(page.code, 0) << page.err;
    EXPECT_THAT(page.out, HasSubstr("Malmö stad"));
    EXPECT_THAT(page.out, HasSubstr("Försäkringskassan, Samordning, Syd ska svara"));
    EXPECT_THAT(page.out, HasSubstr("040-34 10 00"));
    EXPECT_THAT(page.out, Not(HasSubstr("ST-")));
    EXPECT_THAT(page.out, Not(HasSubstr("Åsa")));

    // An answer, however late, ends it.
    names.set("fk-fick", id);
    play.accepted("fk", documentRequest("fk-svar-tar-over.xml", names));
    EXPECT_TRUE(play.gateway().admin("/v1/cases", "between_chairs=true").at("cases").empty());
}

TEST(Timers, R35_APlannedExitThatNobodyIsAskedAboutStandsBetweenTheChairs) {
    Rehearsal play("exit");
    auto& fk = play.gateway().agency("fk");
    play.gateway().agency("kommun");
    Names names;
    const auto id = play.accepted("kommun", documentRequest("remiss.xml", names));
    names.set("fk-fick", id);
    play.accepted("fk", documentRequest("fk-svar-tar-over.xml", names));
    const auto exit = play.story(id).at("case").at("planned_exit").at("on").get<std::string>();
    ASSERT_EQ(play.story(id).at("case").at("next_due"),
              custody::Calendar().workingDaysFrom(exit, -20));
    EXPECT_TRUE(play.gateway().admin("/v1/cases", "between_chairs=true").at("cases").empty());

    const auto story = play.passNext(id);
    EXPECT_EQ(dueOf(story, "exit_near"), 1);
    EXPECT_EQ(story.at("case").at("between_chairs")[0].at("why"), "exit_near");
    EXPECT_EQ(play.gateway()
                  .admin("/v1/cases", "between_chairs=true&holder=" + std::string(kFk))
                  .at("cases")
                  .size(),
              1U);
    // The referral, the notice that its answer was delivered, and now this.
    EXPECT_TRUE(support::until([&] { return fk.arrived() == 3; })) << "the one who holds it";
}

TEST(Timers, R35_APartyThatHoldsCasesIsNotSwitchedOff) {
    Rehearsal play("switched-off");
    play.gateway().agency("fk");
    Names names;
    play.accepted("kommun", documentRequest("remiss.xml", names));
    const auto ends = [&](const std::string& party) {
        play.gateway().folder().edit("parties/" + party + ".json",
                                     [](Json& json) { json["valid_to"] = "2020-12-31"; });
        return play.gateway().reload();
    };
    EXPECT_EQ(ends("region-halland"), "reloaded") << "holds nothing";
    EXPECT_EQ(ends("kommun"), "reload_refused");
    EXPECT_THAT(support::readFile(play.gateway().folder().log()), HasSubstr("ST-CUS-010"));
}

TEST(Timers, R36_WorkThatWasFoundIsFollowedUp) {
    Rehearsal play("followed-up");
    play.gateway().agency("fk");
    auto& kommun = play.gateway().agency("kommun");
    Names names;
    const auto id = play.accepted("kommun", documentRequest("remiss.xml", names));
    names.set("fk-fick", id);
    play.accepted(
        "fk",
        documentRequest("fk-svar-tar-over.xml", names,
                        {{"<t:code>OVERTAR</t:code>", "<t:code>AVBOJER</t:code>"},
                         {"<t:displayName>Tar över</t:displayName>", ""},
                         {"<overtagandeFrom>${today}</overtagandeFrom>",
                          "<skal><t:code>FEL_MOTTAGARE</t:code>"
                          "<t:codeSystem>urn:example:fk:samverkan:skal</t:codeSystem></skal>"}}));
    const auto today = play.today();
    play.accepted("kommun",
                  goldenRequest("municipality", "avslut_R12_arbete_with_support_but_no_decision",
                                {{"4711", names.get("int:kommun")},
                                 {kToFk, ""},
                                 {" MotpartId=\"FK-2026-17\"", ""},
                                 {"<Enhet>Daglig verksamhet</Enhet>", "<Enhet>ama</Enhet>"},
                                 {"2026-06-30", today}}));
    auto story = play.story(id);
    EXPECT_EQ(story.at("case").at("state"), "closed");
    ASSERT_EQ(story.at("case").at("follow_ups").size(), 3U);
    EXPECT_EQ(story.at("case").at("next_due"), custody::monthsAfter(today, 3));

    story = play.passNext(id);
    EXPECT_EQ(dueOf(story, "follow_up_due"), 1);
    EXPECT_TRUE(support::until([&] { return kommun.arrived() == 2; })) << "FK's no, and this";
    play.accepted(
        "kommun",
        goldenRequest("municipality", "stegforflyttning_R36_work_kept_after_six_months",
                      {{"4711", names.get("int:kommun")},
                       {kToFk, ""},
                       {" AvserMeddelandeId=\"01980000-bbbb-7000-8000-000000000001\"", ""},
                       {"2026-12-01", play.today()},
                       {"<Månad>6</Månad>", "<Månad>3</Månad>"}}));
    story = play.story(id);
    EXPECT_EQ(story.at("case").at("follow_ups")[0].at("kept"), true);
    EXPECT_FALSE(story.at("case").at("follow_ups")[1].contains("done"));
}

TEST(Timers, R3_KilledAtAnyMomentEachFiresOnce) {
    constexpr int kCases = 12;
    constexpr int kRounds = 3;
    Rehearsal play("killed");
    std::vector<std::string> ids;
    for (int i = 0; i < kCases; ++i) {
        Names names;
        ids.push_back(play.accepted("kommun", documentRequest("remiss.xml", names)));
    }
    const auto due = play.story(ids.front()).at("case").at("next_due").get<std::string>();
    for (int round = 0; round < kRounds; ++round) {
        play.advanceTo(due);
        // No waiting: somewhere between the first tick and the last.
        play.gateway().kill();
        play.gateway().start();
    }
    play.advanceTo(due);
    for (const auto& id : ids) {
        const auto fired = [](const Json& story) {
            return dueOf(story, "reminder_soon") > 0 &&
                   story.at("case").at("next_due") !=
                       story.at("case").at("offers")[0].at("answer_by");
        };
        const auto story = play.gateway().story(id, fired);
        EXPECT_EQ(dueOf(story, "reminder_soon"), 1);
        EXPECT_EQ(countOf(story, "reminder"), 1);
    }
}

TEST(Timers, AClockOfItsOwnBelongsToARehearsal) {
    support::RunningGateway gateway("world-clock");
    EXPECT_THROW(Rehearsal::advance(gateway, std::chrono::seconds(1)), std::runtime_error);
}

}  // namespace
}  // namespace stafett::e2e
