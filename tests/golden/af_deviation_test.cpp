// AF's own deviation report tells of a person's absence, or of what the person is said to have
// done. The project's deviation tells of what failed the person. They share a name and a head; no
// code of the one is ever made into the other.
#include <gtest/gtest.h>

#include <algorithm>

#include "tests/golden/dialects.h"

namespace stafett::golden {
namespace {

/// AF's codes of an absence and its causes, and of what the person is said to have done.
constexpr const char* kCodesOfAf[] = {"15", "16", "26", "27", "17", "18", "1",  "2",
                                      "3",  "4",  "5",  "19", "20", "21", "22", "28"};

Case theCase(const std::string& name) {
    const auto cases = allCases();
    const auto found = std::find_if(cases.begin(), cases.end(), [&](const Case& one) {
        return one.dialect == "employment_service" && one.name == name;
    });
    if (found == cases.end()) std::abort();
    return *found;
}

Reading readDocument(const Json& document) {
    plugin::WireMessage posted;
    posted.method = "POST";
    posted.path = "/v1/avvikelse";
    posted.headers = {{"Content-Type", "application/json; charset=utf-8"},
                      {"AF-TrackingId", "0c9a4c5e-7d1b-4f3a-9e21-000000000001"}};
    posted.body = document.dump();
    return Dialects::get().read("employment_service", posted);
}

TEST(R7_DeviationOfAf, IsNeverMadeOfACodeOfAbsence) {
    const auto good = Json::parse(
        readFile(theCase("avvikelse_R7_trap15_of_the_system_with_the_head_of_af").wire));
    ASSERT_TRUE(readDocument(good).problems.empty());
    for (const char* code : kCodesOfAf) {
        for (const char* field : {"kategori", "orsak"}) {
            auto document = good;
            document["avvikelse"][field] = code;
            EXPECT_EQ(linesOf(readDocument(document).problems),
                      std::vector<std::string>{std::string("ST-MAP-014 avvikelse/") + field})
                << code;
        }
    }
}

TEST(R7_DeviationOfAf, ReportOfAnAbsenceIsRefusedWithWhatToWriteInstead) {
    for (const auto& [name, field] :
         {std::pair("avvikelse_refused_trap15_the_absence_report_of_af", "franvaro"),
          std::pair("avvikelse_refused_trap15_what_the_person_did_is_no_category",
                    "avvikelsealternativ")}) {
        const auto reading = Dialects::get().read(theCase(name));
        const auto told = std::find_if(reading.problems.begin(), reading.problems.end(),
                                       [](const Error& e) { return e.code() == Code::PluginRule; });
        ASSERT_NE(told, reading.problems.end()) << name;
        EXPECT_EQ(told->place().path, field);
        EXPECT_EQ(told->place().row, "AF-AVVIKELSERAPPORT");
        const auto& adapter = Dialects::get().adapter("employment_service");
        for (const auto language : {Language::Swedish, Language::English}) {
            const auto said = adapter.explain(told->place().row, language);
            ASSERT_TRUE(said.has_value());
            EXPECT_FALSE(said->warning);
            EXPECT_NE(said->todo.find("avvikelse/kategori"), std::string::npos) << said->todo;
        }
    }
}

}  // namespace
}  // namespace stafett::golden
