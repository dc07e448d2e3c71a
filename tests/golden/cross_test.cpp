// Every dialect to every other that has the kind: what one agency wrote is told to the others, and
// what they are told says the same, but for the losses that stand in the list.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <map>
#include <set>

#include "tests/golden/dialects.h"

namespace stafett::golden {
namespace {

const std::filesystem::path kWritten =
    std::filesystem::path(STAFETT_BUILD_DIR) / "golden" / "region";
const std::filesystem::path kToFk =
    std::filesystem::path(STAFETT_BUILD_DIR) / "golden" / "social_insurance";

struct Pair {
    Case from;
    std::string to;
};

std::ostream& operator<<(std::ostream& out, const Pair& pair) {
    return out << pair.from << " to " << pair.to;
}

/// No party tells another what only the gateway tells.
bool isToldByParties(const std::string& kind) { return kind != "notice"; }

std::vector<Pair> allPairs() {
    const auto& dialects = Dialects::get();
    std::map<std::string, std::set<std::string>> can_be_told;
    for (const auto& to : dialects.names()) can_be_told[to] = dialects.outboundKinds(to);
    std::vector<Pair> pairs;
    for (const Case& test : allCases()) {
        const auto kind = dialects.kindOf(test);
        if (test.refused || !isToldByParties(kind)) continue;
        for (const auto& [to, kinds] : can_be_told) {
            if (to != test.dialect && kinds.contains(kind)) pairs.push_back({test, to});
        }
    }
    return pairs;
}

std::string joined(const std::vector<std::string>& lines) {
    std::string text;
    for (const auto& line : lines) text += line + "\n";
    return text;
}

/// What a receiver may never be spared, or cannot hold: then the message is not sent to it at all.
bool refusedForGoodReason(const message::Message& message, const Problems& problems) {
    const bool protected_person = !message.items("protection").empty();
    const auto number = message.text("person/id");
    const bool odd_number = !number.starts_with("pnr:") && !number.starts_with("samordning:");
    return std::all_of(problems.begin(), problems.end(), [&](const Error& problem) {
        return (protected_person && problem.code() == Code::MapMustCarry) ||
               (odd_number && problem.code() == Code::MapCannotSay);
    });
}

class CrossCase : public ::testing::TestWithParam<Pair> {};

TEST_P(CrossCase, TellsTheOtherTheSame) {
    const auto& [test, to] = GetParam();
    const auto& dialects = Dialects::get();
    const auto reading = dialects.read(test);
    ASSERT_TRUE(reading.problems.empty());
    const auto* form = dialects.outboundForm(to, *reading.message);
    ASSERT_NE(form, nullptr) << to << " has no form for " << reading.message->schema().kind;
    const auto view = viewFor(*reading.message, *form);

    const auto writing = dialects.write(to, view, nullptr);
    if (!writing.problems.empty()) {
        EXPECT_TRUE(refusedForGoodReason(view, writing.problems))
            << joined(linesOf(writing.problems));
        return;
    }

    if (to == "social_insurance") {  // xsd.test.sh judges these by the plugin's schemas
        writeFile(kToFk / (test.dialect + "_" + test.name + ".xml"), writing.request.body);
    }

    const auto again = dialects.read(to, writing.request);
    ASSERT_TRUE(again.problems.empty()) << joined(linesOf(again.problems)) << writing.request.body;
    EXPECT_EQ(again.form, writing.form);
    // Where documents say own and other, it is the receiver who would speak next.
    auto told = canonicalOf(dialects.namesCasesByPerspective(to, view) ? turned(*again.message)
                                                                       : again.message->copy());
    auto said = canonicalOf(view);
    EXPECT_EQ(told["message"]["senderId"], view.text("message/id"));
    told["message"]["senderId"] = said["message"]["senderId"];
    dialects.forgiveLabels(said, told);
    const auto expected = without(said, writing.losses);
    const auto found = without(told, writing.losses);
    EXPECT_EQ(expected, found) << Json::diff(expected, found).dump(1) << "\nlosses:\n"
                               << joined(linesOf(writing.losses)) << writing.request.body;
}

std::string nameOfPair(const ::testing::TestParamInfo<Pair>& info) {
    return info.param.from.dialect + "_" + info.param.from.name + "_to_" + info.param.to;
}

INSTANTIATE_TEST_SUITE_P(Dialects, CrossCase, ::testing::ValuesIn(allPairs()), nameOfPair);

std::set<std::string> kindsSentBy(const std::string& dialect) {
    std::set<std::string> kinds;
    const auto inbound = Dialects::get().inboundForms(dialect);
    for (const auto* form : Dialects::get().forms(dialect)) {
        const bool sent = std::find(inbound.begin(), inbound.end(), form->name()) != inbound.end();
        if (sent && isToldByParties(form->schema().kind)) kinds.insert(form->schema().kind);
    }
    return kinds;
}

TEST(Cross, EveryKindThatTwoDialectsHaveIsTriedBothWays) {
    const auto& dialects = Dialects::get();
    std::set<std::string> told;
    for (const Pair& pair : allPairs()) {
        told.insert(pair.from.dialect + " " + pair.to + " " + dialects.kindOf(pair.from));
    }
    for (const auto& from : dialects.names()) {
        const auto sent = kindsSentBy(from);
        for (const auto& to : dialects.names()) {
            const auto can_be_told = dialects.outboundKinds(to);
            for (const auto& kind : sent) {
                if (from == to || !can_be_told.contains(kind)) continue;
                EXPECT_TRUE(told.contains(from + " " + to + " " + kind))
                    << from << " " << to << " " << kind;
            }
        }
    }
}

TEST(Cross, TheFourDialectsSpeakOfEveryKind) {
    const auto& dialects = Dialects::get();
    for (const char* dialect :
         {"employment_service", "municipality", "region", "social_insurance"}) {
        const auto sent = kindsSentBy(dialect);
        const auto can_be_told = dialects.outboundKinds(dialect);
        for (const auto& schema : dialects.catalogue().schemas()) {
            const auto& kind = schema->kind;
            EXPECT_TRUE(can_be_told.contains(kind)) << dialect << " " << kind;
            if (!isToldByParties(kind)) continue;
            EXPECT_TRUE(sent.contains(kind)) << dialect << " " << kind;
        }
    }
}

// --- ten hours: eight of them are never made into ten

Case theCase(const std::string& dialect, const std::string& name) {
    const auto cases = allCases();
    const auto found = std::find_if(cases.begin(), cases.end(), [&](const Case& one) {
        return one.dialect == dialect && one.name == name;
    });
    if (found == cases.end()) std::abort();
    return *found;
}

struct Told {
    std::string body;
    std::vector<std::string> warnings;
    std::string hours_again;
};

Told tellEightHours(const Case& from, const std::string& to) {
    const auto& dialects = Dialects::get();
    const auto reading = dialects.read(from);
    EXPECT_EQ(reading.message->text("extent/hours"), "8.0");
    const auto view = viewFor(*reading.message, *dialects.outboundForm(to, *reading.message));
    const auto writing = dialects.write(to, view, nullptr);
    EXPECT_TRUE(writing.problems.empty()) << joined(linesOf(writing.problems));
    for (const auto& loss : writing.losses) EXPECT_NE(loss.canonical, "extent/hours");
    if (!writing.problems.empty()) return {};
    const auto again = dialects.read(to, writing.request);
    EXPECT_TRUE(again.problems.empty()) << joined(linesOf(again.problems));
    if (!again.problems.empty()) return {};
    return {writing.request.body, linesOf(writing.warnings),
            std::string(again.message->text("extent/hours"))};
}

const Case kAfEight =
    theCase("employment_service", "leverantorsavrop_trap25_eight_hours_are_20_percent");
const Case kRegionEight = theCase("region", "remiss_whole");
const Case kFkEight = theCase("social_insurance", "remiss_eight_hours_is_one_fifth");

TEST(TenHours, EightAreTwentyPercentAtAfWithAWarning) {
    for (const Case& from : {kRegionEight, kFkEight}) {
        const auto told = tellEightHours(from, "employment_service");
        const auto json = Json::parse(told.body);
        EXPECT_EQ(json.at("deltagandegrad"), 20);
        EXPECT_EQ(json.at("timmar_per_vecka"), 8);
        EXPECT_EQ(told.warnings, std::vector<std::string>{"ST-MAP-008 deltagandegrad"});
        EXPECT_EQ(told.hours_again, "8.0");
    }
}

TEST(TenHours, EightAreOneFifthAtFkWithAWarning) {
    for (const Case& from : {kRegionEight, kAfEight}) {
        const auto told = tellEightHours(from, "social_insurance");
        EXPECT_NE(told.body.find("taljare>1<"), std::string::npos) << told.body;
        EXPECT_NE(told.body.find("namnare>5<"), std::string::npos);
        ASSERT_EQ(told.warnings.size(), 1U);
        EXPECT_TRUE(told.warnings.front().starts_with("ST-MAP-009 ")) << told.warnings.front();
        EXPECT_EQ(told.hours_again, "8.0");
    }
}

TEST(TenHours, EightAreEightCommaNoughtInAMunicipality) {
    for (const Case& from : {kRegionEight, kAfEight, kFkEight}) {
        const auto told = tellEightHours(from, "municipality");
        EXPECT_NE(told.body.find(">8,0<"), std::string::npos) << told.body;
        EXPECT_TRUE(told.warnings.empty()) << joined(told.warnings);
        EXPECT_EQ(told.hours_again, "8.0");
    }
}

TEST(TenHours, EightAreEightHoursAWeekInFhir) {
    for (const Case& from : {kAfEight, kFkEight}) {
        const auto told = tellEightHours(from, "region");
        EXPECT_NE(told.body.find("\"h/wk\""), std::string::npos) << told.body;
        EXPECT_TRUE(told.warnings.empty()) << joined(told.warnings);
        EXPECT_EQ(told.hours_again, "8.0");
    }
}

// --- the receiver's own judge

TEST(WrittenDocuments, OfTheRegionAreFhir) {
    const auto& dialects = Dialects::get();
    std::filesystem::remove_all(kWritten);
    int written = 0;
    const auto can_be_told = dialects.outboundKinds("region");
    for (const Case& from : allCases()) {
        if (from.refused || !can_be_told.contains(dialects.kindOf(from))) continue;
        const auto reading = dialects.read(from);
        ASSERT_TRUE(reading.problems.empty()) << from;
        const auto view =
            viewFor(*reading.message, *dialects.outboundForm("region", *reading.message));
        const auto writing = dialects.write("region", view, nullptr);
        ASSERT_TRUE(writing.problems.empty()) << from << joined(linesOf(writing.problems));
        writeFile(kWritten / (from.dialect + "_" + from.name + ".json"), writing.request.body);
        ++written;
    }
    EXPECT_GE(written, 60);
    const auto judged = checkFhir(kWritten);
    if (judged == Judge::Absent) GTEST_SKIP() << "npm ci has not been run in tests/golden/fhir";
    EXPECT_EQ(judged, Judge::Satisfied);
}

}  // namespace
}  // namespace stafett::golden
