#include "gateway/mapping/test_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>

#include "gateway/mapping/library.h"
#include "gateway/mapping/report.h"
#include "tests/unit/mapping/support.h"

namespace stafett::mapping {
namespace {

using testing::describeAll;
using testing::Dialect;
using ::testing::HasSubstr;

constexpr std::string_view kForm = R"({
  "mapping": "test/svar", "version": "1.0.0", "canonical": "answer/1",
  "wire": { "format": "json" },
  "rows": [
    { "canonical": "wire/id", "wire": "id", "required": true },
    { "canonical": "case/own", "wire": "nr", "as": "alias:digits:5" },
    { "canonical": "sender/party", "from": "sender.party" },
    { "canonical": "receivers[0]/party", "wire": "till" },
    { "canonical": "answer/type", "wire": "svar" },
    { "keep": "eget" } ],
  "cannot_carry": [ { "canonical": "*", "because": "small", "unless_empty": true } ] })";

std::shared_ptr<const Form> load(const Dialect& dialect) {
    auto form =
        loadForm(dialect.put("svar.map.json", kForm), testing::catalogue(), {.law_messages = 50});
    if (!form) ADD_FAILURE() << describeAll(form.error());
    return form ? *form : nullptr;
}

constexpr std::string_view kTests = R"([
  { "name": "an answer", "wire": "{\"id\":\"x1\",\"nr\":\"12\",\"svar\":\"accept\",\"eget\":{\"a\":[1,\"två\"]}}",
    "canonical": { "message": { "senderId": "x1" }, "case": { "sender": "12" },
      "sender": { "party": "2120000142" }, "answer": { "type": "accept" } },
    "residue": { "eget/a[0]": "1", "eget/a[1]": "\"två\"" } },
  { "name": "no id", "wire": "{\"svar\":\"accept\",\"x\":1}",
    "refused": [ { "code": "ST-MAP-002", "path": "id" }, { "code": "ST-MAP-001", "path": "x" } ] },
  { "name": "written", "residue": { "eget/a[0]": "1", "eget/a[1]": "\"två\"" },
    "canonical": { "message": { "id": "0198c1a2-0000-7000-8000-000000000001" }, "case": { "receiver": "77" },
      "sender": { "party": "2120000142" }, "receivers": [ { "party": "2021005521" }, { "party": "2021002114" } ],
      "answer": { "type": "decline", "reason": "saknar_plats" } },
    "write": "{\"id\":\"0198c1a2-0000-7000-8000-000000000001\",\"nr\":\"77\",\"till\":\"2021005521\",\"svar\":\"decline\",\"eget\":{\"a\":[1,\"två\"]}}",
    "losses": [ { "code": "ST-MAP-024", "canonical": "answer/reason" }, { "code": "ST-MAP-027", "canonical": "receivers[1]" } ] },
  { "name": "an alias of another form", "canonical": { "case": { "receiver": "A-77" }, "sender": { "party": "2120000142" },
      "answer": { "type": "accept" } },
    "refused": [ { "code": "ST-MAP-034", "path": "nr" } ] },
  { "name": "must not be lost", "canonical": { "protection": [ "sekretessmarkering" ], "sender": { "party": "2120000142" },
      "answer": { "type": "accept" } },
    "refused": [ { "code": "ST-MAP-022", "path": "protection" } ] } ])";

TEST(TestFile, RunsWhatItSays) {
    const Dialect dialect;
    const auto form = load(dialect);
    ASSERT_TRUE(form);
    const auto run = runTests(*form, dialect.put("svar.test.json", kTests));
    EXPECT_EQ(run.ran, 5U);
    EXPECT_TRUE(run.problems.empty()) << describeAll(run.problems);
    EXPECT_EQ(form->aliasForm(), "digits:5");
}

TEST(TestFile, ShowsTheDifference) {
    const Dialect dialect;
    const auto form = load(dialect);
    ASSERT_TRUE(form);
    const auto run = runTests(
        *form, dialect.put("svar.test.json",
                           R"([ { "name": "a", "wire": "{\"id\":\"x1\",\"svar\":\"accept\"}",
               "canonical": { "message": { "senderId": "x2" }, "answer": { "type": "accept" } } },
             { "name": "b", "wire": "{\"id\":\"x1\",\"svar\":\"accept\"}", "refused": [ { "code": "ST-MAP-001", "path": "y" } ], "extra": 1 } ])"));
    ASSERT_EQ(run.problems.size(), 3U) << describeAll(run.problems);
    EXPECT_EQ(run.problems[0].code(), Code::CheckTest);
    EXPECT_EQ(run.problems[0].place().line, 1U);
    EXPECT_THAT(run.problems[0].place().hint, HasSubstr("wanted"));
    EXPECT_THAT(run.problems[1].place().hint, HasSubstr("ST-MAP-001 y"));
    EXPECT_EQ(run.problems[2].code(), Code::CheckUnknownKey);
}

TEST(Report, ExplainsEveryField) {
    const Dialect dialect;
    const auto form = load(dialect);
    ASSERT_TRUE(form);
    Explanation explanation;
    ReadContext context;
    context.sender = PartyId{"2120000142"};
    context.person.today = "2026-01-01";
    context.explanation = &explanation;
    const auto read =
        form->read(testing::json(R"({"id":"x1","nr":"12","svar":"accept","eget":1})"), context);
    EXPECT_TRUE(read.problems.empty()) << describeAll(read.problems);
    std::ostringstream out;
    explainReport(out, explanation, Language::English);
    EXPECT_THAT(out.str(), HasSubstr("svar               answer/type       svar.map.json:9"));
    EXPECT_THAT(out.str(), HasSubstr("from:sender.party  sender/party"));
    EXPECT_THAT(out.str(), HasSubstr("kept for the same dialect"));
}

TEST(Report, ExplainsWhatIsWritten) {
    const Dialect dialect;
    const auto form = load(dialect);
    ASSERT_TRUE(form);
    message::Message message(testing::catalogue().schemas()[0]);
    for (const auto& schema : testing::catalogue().schemas()) {
        if (schema->id() == "answer/1") message = message::Message(schema);
    }
    message.set("message/id", "0198c1a2-0000-7000-8000-000000000001");
    message.set("answer/type", "accept");
    message.set("answer/text", "ja");
    Explanation explanation;
    WriteContext context;
    context.explanation = &explanation;
    const auto written = form->write(message, context);
    EXPECT_TRUE(written.problems.empty()) << describeAll(written.problems);
    std::ostringstream out;
    explainReport(out, explanation, Language::English);
    EXPECT_THAT(out.str(), HasSubstr("answer/type  svar  svar.map.json:9"));
    EXPECT_THAT(out.str(), HasSubstr("answer/text  -"));
    std::ostringstream losses;
    lossReport(losses, written.losses, Language::Swedish);
    EXPECT_THAT(losses.str(), HasSubstr("[answer/text]: small"));
}

}  // namespace
}  // namespace stafett::mapping
