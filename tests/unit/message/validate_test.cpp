#include <fstream>
#include <set>

#include "gateway/message/sample.h"
#include "tests/unit/message/canonical_folder.h"

using namespace stafett;
using namespace stafett::message;

namespace {

constexpr std::string_view kToday = "2026-01-01";

/// A referral with its required fields and no other.
Message plainReferral() {
    Message message(schemaOf("referral"));
    message.set("message/id", "0198f000-0000-7000-8000-000000000001");
    message.set("message/senderId", "A-1");
    message.set("message/kind", "referral");
    message.set("message/schema", "referral/1");
    message.set("sender/party", "2021005521");
    message.set("person/id", "pnr:191212121212");
    message.set("reason/code", "nollplacerad");
    Record& receiver = message.root().append(*message.schema().root.find("receivers"));
    receiver.set(*receiver.type().find("party"), "2120001124");
    return message;
}

using Found = std::multiset<std::string>;

Found problems(const Message& message, const Rules& rules = {}, std::string_view today = kToday) {
    Found found;
    for (const auto& problem : validate(message, catalogue(), rules, today)) {
        found.insert(std::string(problem.info().id) + " " + problem.place().path);
    }
    return found;
}

/// What is wrong when one field of a good referral is set to this.
Found with(std::string_view path, std::string_view value, const Rules& rules = {}) {
    Message message = plainReferral();
    message.set(path, value);
    return problems(message, rules);
}

Record& add(Message& message, std::string_view list) {
    return message.root().append(*message.schema().root.find(list));
}
void put(Record& record, std::string_view path, std::string_view value) {
    record.set(*record.type().find(path), value);
}

}  // namespace

TEST(Validation, FindsNothingWrongWithAPlainReferral) {
    EXPECT_EQ(problems(plainReferral()), Found{});
}

TEST(Validation, NamesEveryMissingFieldAtOnce) {
    EXPECT_EQ(
        problems(Message(schemaOf("referral"))),
        (Found{"ST-MAP-002 message/id", "ST-MAP-002 message/kind", "ST-MAP-002 message/schema",
               "ST-MAP-002 message/senderId", "ST-MAP-002 person/id", "ST-MAP-002 reason/code",
               "ST-MAP-002 receivers", "ST-MAP-002 sender/party"}));
}

TEST(Validation, JudgesEachTypeOfValue) {
    EXPECT_EQ(with("person/id", "pnr:191212121213"), Found{"ST-PER-001 person/id"});
    EXPECT_EQ(with("person/id", "191212121212"), Found{"ST-PER-001 person/id"});
    EXPECT_EQ(with("person/id", "samordning:191212121212"), Found{"ST-PER-001 person/id"});
    EXPECT_EQ(with("person/id", "pnr:19121212-1212"), Found{"ST-PER-001 person/id"});
    EXPECT_EQ(with("person/id", "passport:191212121212"), Found{"ST-PER-001 person/id"});
    EXPECT_EQ(with("sender/party", "202100-5521"), Found{"ST-PER-003 sender/party"});
    EXPECT_EQ(with("person/municipality", "0280"), Found{"ST-PER-005 person/municipality"});
    EXPECT_EQ(with("answerBy", "2026-02-30"), Found{"ST-MAP-004 answerBy"});
    EXPECT_EQ(with("message/created", "2026-01-01T00:00:00+01:00"),
              Found{"ST-MAP-005 message/created"});
    EXPECT_EQ(with("message/id", "0198F000-0000-7000-8000-000000000001"),
              Found{"ST-MAP-003 message/id"});
    EXPECT_EQ(with("reason/code", "no_such"), Found{"ST-MAP-014 reason/code"});
    EXPECT_EQ(with("message/kind", "handover"), Found{"ST-MSG-001 message/kind"});
    EXPECT_EQ(with("message/schema", "referral/2"), Found{"ST-MSG-001 message/schema"});
    EXPECT_EQ(with("reason/text", "a\x01"), Found{"ST-MAP-003 reason/text"});
    EXPECT_EQ(with("reason/text", "a\tb\r\nc\x7F"), Found{});
    for (const char* bad : {"8", "8,0", "8.00", ".0", "8.", "-8.0", "08.0", "8.0 ", "1e1"}) {
        EXPECT_EQ(with("extent/hours", bad), Found{"ST-MAP-006 extent/hours"}) << bad;
    }
    EXPECT_EQ(with("extent/hours", "0.0"), Found{});
    for (const char* bad : {"1.0", "01", "+1", "-0", "x", "99999999999999999999"}) {
        EXPECT_EQ(with("message/revision", bad), Found{"ST-MAP-006 message/revision"}) << bad;
    }
}

TEST(Validation, CountsLengthInCharacters) {
    std::string text;
    for (int i = 0; i < 128; ++i) text += "Ö";
    EXPECT_EQ(with("contact/unit", text), Found{});
    EXPECT_EQ(with("contact/unit", text + "x"), Found{"ST-MAP-010 contact/unit"});
}

TEST(Validation, TakesKindsOfPersonalNumbersBySetting) {
    EXPECT_EQ(with("person/id", "interim:20000101T220"), Found{"ST-PER-002 person/id"});
    EXPECT_EQ(with("person/id", "interim:20000101T220", {.interim_numbers = true}), Found{});
    EXPECT_EQ(with("person/id", "reserv:98240301AA06"), Found{});
    EXPECT_EQ(with("person/id", "reserv:98240301AA06", {.reserve_numbers = false}),
              Found{"ST-PER-002 person/id"});
    EXPECT_EQ(with("person/id", "pnr:199001011234"), Found{"ST-PER-001 person/id"});
    EXPECT_EQ(with("person/id", "pnr:199001011234", {.test_numbers = true}), Found{});
}

TEST(Validation, LooksIntoListsAndNamesTheItem) {
    Message message = plainReferral();
    put(add(message, "receivers"), "role", "leader");
    Record& benefit = add(message, "benefits");
    put(benefit, "code", "sjukpenning");
    put(benefit, "from", "2026-02-01");
    put(benefit, "to", "2026-01-31");
    add(message, "protection").set(0, "hemlig");
    EXPECT_EQ(problems(message),
              (Found{"ST-MAP-002 receivers[1]/party", "ST-MAP-014 receivers[1]/role",
                     "ST-MSG-003 benefits[0]/to", "ST-MAP-014 protection[0]"}));
}

TEST(Validation, RefusesItemsWithTheSameKeyAndMembersThatRepeat) {
    Message message = plainReferral();
    put(add(message, "receivers"), "party", "2120001124");
    for (const char* from : {"2026-01-01", "2026-02-01", "2026-01-01"}) {
        Record& benefit = add(message, "benefits");
        put(benefit, "code", "sjukpenning");
        put(benefit, "from", from);
    }
    add(message, "targetGroup").set(0, "nyanland");
    add(message, "targetGroup").set(0, "nyanland");
    add(message, "legalBasis").set(0, "SoL");
    add(message, "legalBasis").set(0, "SoL");  // plain and ordered: may repeat
    EXPECT_EQ(problems(message), (Found{"ST-MAP-017 receivers[1]", "ST-MAP-017 benefits[2]",
                                        "ST-MAP-017 targetGroup[1]"}));
}

TEST(Validation, RefusesAPeriodThatEndsBeforeItBegins) {
    Message message = plainReferral();
    message.set("period/from", "2026-01-02");
    message.set("period/to", "2026-01-01");
    EXPECT_EQ(problems(message), Found{"ST-MSG-003 period/to"});
    message.set("period/to", "2026-01-02");
    EXPECT_EQ(problems(message), Found{});
}

TEST(Validation, TakesACodeOnlyBetweenItsDates) {
    const auto folder =
        std::filesystem::temp_directory_path() / ("stafett-dated-" + std::to_string(::getpid()));
    std::filesystem::remove_all(folder);
    std::filesystem::copy(canonicalFolder(), folder, std::filesystem::copy_options::recursive);
    std::ofstream(folder / "codes/purpose.json")
        << R"({"set":"purpose","version":"1.0","values":[{"code":"old","sv":"a","en":"a","from":"2020-01-01","to":"2020-12-31"}]})";
    const auto dated = Catalogue::load(folder);
    std::filesystem::remove_all(folder);
    ASSERT_TRUE(dated);
    Message message = plainReferral();
    message.set("purpose", "old");
    const auto count = [&](std::string_view today) {
        return validate(message, *dated, Rules{}, today).size();
    };
    EXPECT_EQ(count("2019-12-31"), 1U);
    EXPECT_EQ(count("2020-01-01"), 0U);
    EXPECT_EQ(count("2020-12-31"), 0U);
    EXPECT_EQ(count("2021-01-01"), 1U);
}
