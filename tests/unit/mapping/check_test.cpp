// Every check that is made when a mapping is loaded, refusing: code, file, line, row, path and
// hint.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "gateway/mapping/library.h"
#include "tests/unit/mapping/support.h"

namespace stafett::mapping {
namespace {

using testing::describeAll;
using testing::Dialect;
using ::testing::HasSubstr;

constexpr const char* kXml = R"("format": "xml", "root": "R")";
constexpr const char* kJson = R"("format": "json")";
constexpr const char* kRest = R"({ "canonical": "*", "because": "small", "unless_empty": true })";
constexpr const char* kAll =
    R"({ "canonical": "wire/id", "wire": "id" }, { "canonical": "sender/party", "from": "sender.party" },)"
    R"({ "canonical": "person/id", "wire": "pid" }, { "canonical": "reason/code", "wire": "reason" })";

struct Case {
    const char* name;
    Code code;
    std::uint32_t line;
    const char* path;
    const char* hint;
    std::string rows;
    std::string wire = kXml;
    std::string cannot = kRest;
    std::string base = kAll;
    std::string canonical = "referral/1";
    std::string extra = "";
    std::string file = "test/form.map.json";
};

void PrintTo(const Case& one, std::ostream* out) { *out << one.name; }

constexpr const char* kTable = R"({ "table": "t", "version": "2.0.0", "set": "reason",
 "rows": [
  { "canonical": "annan", "wire": "A" } ] })";

class Check : public ::testing::TestWithParam<Case> {};

TEST_P(Check, RefusesWithFileLineRowAndHint) {
    const Case& one = GetParam();
    const Dialect dialect;
    dialect.put("codes/t.json", kTable);
    dialect.put(
        "codes/unknown.json",
        "{ \"table\": \"unknown\", \"version\": \"1.0.0\", \"set\": \"reason\",\n \"rows\": [\n"
        "  { \"canonical\": \"anan\", \"wire\": \"A\" } ] }");
    dialect.put(
        "codes/twice.json",
        "{ \"table\": \"twice\", \"version\": \"1.0.0\", \"set\": \"reason\",\n \"rows\": [\n"
        "  { \"canonical\": \"annan\", \"wire\": \"A\" },\n"
        "  { \"canonical\": \"nyanland\", \"wire\": \"A\" } ] }");
    dialect.put(
        "codes/double.json",
        "{ \"table\": \"double\", \"version\": \"1.0.0\", \"set\": \"reason\",\n \"rows\": [\n"
        "  { \"canonical\": \"annan\", \"wire\": \"A\" },\n"
        "  { \"canonical\": \"annan\", \"wire\": \"B\" } ] }");
    dialect.put("bad.rows.json", "{ \"rows\": [\n { \"include\": \"x.rows.json\" } ] }");
    dialect.put("good.rows.json",
                "{ \"rows\": [\n { \"canonical\": \"person/gven\", \"wire\": \"g\" } ] }");
    dialect.put(
        "form.xsd",
        R"(<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema"><xs:element name="R"><xs:complexType>
      <xs:sequence><xs:element name="id" type="xs:string"/><xs:element name="pid" type="xs:string"/>
      <xs:element name="reason" type="xs:string"/>
      <xs:choice><xs:element name="a" type="xs:string"/><xs:element name="b" type="xs:string"/></xs:choice>
      <xs:element name="group" minOccurs="0" type="G"/>
      </xs:sequence><xs:attribute name="number"/></xs:complexType></xs:element>
      <xs:complexType name="G"><xs:complexContent><xs:extension base="B"><xs:sequence>
      <xs:element name="last" type="xs:string"/></xs:sequence></xs:extension></xs:complexContent></xs:complexType>
      <xs:complexType name="B"><xs:sequence><xs:element name="first" type="xs:string"/></xs:sequence></xs:complexType>
      </xs:schema>)");
    std::string text = "{ \"mapping\": \"test/form\", \"version\": \"1.0.0\", \"canonical\": \"" +
                       one.canonical + "\",\n  \"wire\": { " + one.wire + " },\n  " + one.extra +
                       "\"rows\": [\n    " + one.base;
    if (!one.rows.empty()) text += (one.base.empty() ? "\n    " : ",\n    ") + one.rows;
    text += " ],\n  \"cannot_carry\": [ " + one.cannot + " ] }";
    const auto form =
        loadForm(dialect.put("form.map.json", text), testing::catalogue(), {.law_messages = 100});
    ASSERT_FALSE(form) << "nothing was found in\n" << text;
    const auto& findings = form.error();
    const auto found = std::find_if(findings.begin(), findings.end(), [&](const Error& e) {
        return e.code() == one.code && e.place().path == one.path;
    });
    ASSERT_NE(found, findings.end()) << describeAll(findings);
    EXPECT_EQ(found->place().line, one.line) << describeAll(findings);
    EXPECT_EQ(found->place().file, one.file);
    EXPECT_NE(found->place().row, "");
    EXPECT_THAT(found->place().hint, HasSubstr(one.hint));
}

const Case kCases[] = {
    {"unknown key", Code::CheckUnknownKey, 5, "requried", "did you mean required?",
     R"({ "canonical": "person/given", "wire": "g", "requried": true })"},
    {"a key of another kind of row", Code::CheckUnknownKey, 5, "as",
     "not a key of this kind of row", R"({ "drop": "x", "because": "y", "as": "text" })"},
    {"canonical path", Code::CheckCanonicalPath, 5, "person/gven", "did you mean person/given?",
     R"({ "canonical": "person/gven", "wire": "g" })"},
    {"member of a set", Code::CheckCanonicalPath, 5, "protection[sekretess]",
     "value set protection",
     R"({ "canonical": "protection[sekretess]", "wire": "s", "as": "member:J/N" })"},
    {"canonical schema", Code::CheckCanonicalPath, 1, "referal/1", "did you mean referral/1?", "",
     kXml, kRest, kAll, "referal/1"},
    {"cannot_carry path", Code::CheckCanonicalPath, 6, "perzon", "did you mean",
     "{ \"drop\": \"x\", \"because\": \"y\" }", kXml,
     std::string(kRest) + R"(, { "canonical": "perzon", "because": "y" })"},
    {"wire path", Code::CheckWirePath, 5, "a//b", "no name",
     R"({ "canonical": "person/given", "wire": "a//b" })"},
    {"predicate", Code::CheckWirePath, 5, "a[b=c]", "single quotes",
     R"({ "canonical": "person/given", "wire": "a[b=c]" })"},
    {"prefix", Code::CheckWirePath, 5, "tt:a", "did you mean t?",
     R"({ "canonical": "person/given", "wire": "tt:a" })",
     R"("format": "xml", "root": "R", "namespaces": { "t": "urn:t" })"},
    {"attribute in JSON", Code::CheckWirePath, 5, "@a", "JSON has no attributes",
     R"({ "canonical": "person/given", "wire": "@a" })", kJson},
    {"array and value", Code::CheckWirePath, 5, "n", "as one value",
     R"({ "canonical": "person/given", "wire": "n[0]" }, { "canonical": "person/family", "wire": "n" })",
     kJson},
    {"star outside keep and drop", Code::CheckWirePath, 5, "**/a", "keep and drop only",
     R"({ "canonical": "person/given", "wire": "**/a" })"},
    {"codec", Code::CheckCodec, 5, "tekst", "did you mean text?",
     R"({ "canonical": "person/given", "wire": "g", "as": "tekst" })"},
    {"codec argument", Code::CheckCodec, 5, "decimal:semicolon:1",
     "it is written decimal:point:N, decimal:comma:N",
     R"({ "canonical": "extent/hours", "wire": "g", "as": "decimal:semicolon:1" })"},
    {"codec and type", Code::CheckCodecType, 5, "date", "person/given is text",
     R"({ "canonical": "person/given", "wire": "g", "as": "date" })"},
    {"codec without its parts", Code::CheckCodecType, 5, "g", "its wire parts are num, den",
     R"({ "canonical": "extent/hours", "wire": "g", "as": "fraction-of-40h" })"},
    {"table for a text", Code::CheckCodecType, 5, "t", "a table is for a code",
     R"({ "canonical": "person/given", "wire": "g", "table": "t" })"},
    {"table of another value set", Code::CheckCodecType, 5, "t", "has the value set service",
     R"({ "canonical": "service/code", "wire": "g", "table": "t" })"},
    {"range of a text", Code::CheckCodecType, 5, "range", "only numbers",
     R"({ "canonical": "person/given", "wire": "g", "range": { "min": 1 } })"},
    {"required field", Code::CheckRequired, 1, "person/id", "add a row that reads it", "", kXml,
     kRest,
     R"({ "canonical": "sender/party", "from": "sender.party" }, { "canonical": "reason/code", "wire": "r" })"},
    {"required field of an item", Code::CheckRequired, 5, "benefits/code", "the schema demands it",
     R"({ "canonical": "benefits", "each": "b", "rows": [ { "canonical": "from", "wire": "f" } ] })"},
    {"two rows make one field", Code::CheckTwoWriters, 5, "person/given",
     "make one of them an also",
     R"({ "canonical": "person/given", "wire": "g" }, { "canonical": "person/given", "wire": "h" })"},
    {"two rows write one place", Code::CheckTwoWriters, 5, "g", "writes it too",
     R"({ "canonical": "person/given", "wire": "g" }, { "canonical": "person/family", "wire": "g" })"},
    {"two lists take the same items", Code::CheckTwoWriters, 5, "g", "part them by predicates",
     R"({ "canonical": "targetGroup", "each": "g", "rows": [ { "canonical": ".", "wire": "." } ] },)"
     R"({ "canonical": "legalBasis", "order": "kept", "each": "g", "rows": [ { "canonical": ".", "wire": "." } ] })"},
    {"kept and mapped", Code::CheckTwoWriters, 5, "g", "keep or drop its parts",
     R"({ "canonical": "person/given", "wire": "g/h" }, { "keep": "g" })"},
    {"table file", Code::CheckTable, 5, "none", "there is no test/codes/none.json",
     R"({ "canonical": "handover", "wire": "h" }, { "also": "reason/code", "wire": "g", "table": "none" })"},
    {"table major", Code::CheckTable, 5, "t@1", "the table's version is 2.0.0",
     R"({ "also": "reason/code", "wire": "g", "table": "t@1" })"},
    {"table code", Code::CheckTable, 3, "anan", "did you mean annan?",
     R"({ "also": "reason/code", "wire": "g", "table": "unknown" })", kXml, kRest, kAll,
     "referral/1", "", "test/codes/unknown.json"},
    {"table read back", Code::CheckTableInverse, 4, "nyanland", "\"only\": \"write\"",
     R"({ "also": "reason/code", "wire": "g", "table": "twice" })", kXml, kRest, kAll, "referral/1",
     "", "test/codes/twice.json"},
    {"table with two writers", Code::CheckTableInverse, 4, "annan", "\"only\": \"read\"",
     R"({ "also": "reason/code", "wire": "g", "table": "double" })", kXml, kRest, kAll,
     "referral/1", "", "test/codes/double.json"},
    {"guards that overlap", Code::CheckGuards, 5, "person/given", "can hold together",
     R"({ "canonical": "person/given", "wire": "g", "when": { "canonical": "reason/code", "is": ["annan", "nyanland"], "wire": "reason", "wire_is": ["annan", "nyanland"] } },)"
     R"({ "canonical": "person/given", "wire": "h", "when": { "canonical": "reason/code", "is": "annan", "wire": "reason", "wire_is": "annan" } })"},
    {"guard without its image", Code::CheckGuards, 5, "when", "needs a wire test",
     R"({ "canonical": "person/given", "wire": "g", "when": { "canonical": "reason/code", "is": "annan" } })"},
    {"choice without a field of its own", Code::CheckGuards, 5, "one_of[1]",
     "no wire field of its own",
     R"({ "one_of": [ { "rows": [ { "canonical": "person/given", "wire": "g" } ] }, { "rows": [ { "canonical": "person/given", "wire": "g" } ] } ] })"},
    {"list without key or order", Code::CheckListKey, 5, "legalBasis", "\"order\": \"kept\"",
     R"({ "canonical": "legalBasis", "each": "g", "rows": [ { "canonical": ".", "wire": "." } ] })"},
    {"unaccounted field", Code::CheckUnaccounted, 1, "person/given", "cannot_carry", "", kXml,
     R"({ "canonical": "case", "because": "x" })"},
    {"unaccounted field of an item", Code::CheckUnaccounted, 5, "benefits/to", "cannot_carry",
     R"({ "canonical": "benefits", "each": "b", "rows": [ { "canonical": "code", "wire": "c" }, { "canonical": "from", "wire": "f" } ] })",
     kXml, R"({ "canonical": "case", "because": "x" })"},
    {"only some items", Code::CheckUnaccounted, 1, "receivers", "only some items have a row",
     R"({ "canonical": "receivers[0]/party", "wire": "to" })", kXml,
     R"({ "canonical": "case", "because": "x" })"},
    {"must be carried", Code::CheckMustCarry, 6, "protection", "unless_empty",
     "{ \"drop\": \"x\", \"because\": \"y\" }", kXml,
     std::string(kRest) + R"(, { "canonical": "protection", "because": "no place" })"},
    {"an answer without its request", Code::CheckAnswer, 1, "message/refTo", "case/own", "", kXml,
     kRest,
     R"({ "canonical": "sender/party", "from": "sender.party" }, { "canonical": "answer/type", "wire": "a" })",
     "answer/1"},
    {"include that is not there", Code::CheckInclude, 5, "test/none.rows.json", "cannot be read",
     R"({ "include": "none.rows.json" })"},
    {"include of another folder", Code::CheckInclude, 5, "../x.rows.json", "same folder",
     R"({ "include": "../x.rows.json" })"},
    {"include in an include", Code::CheckInclude, 2, "", "one level deep",
     R"({ "include": "bad.rows.json" })", kXml, kRest, kAll, "referral/1", "",
     "test/bad.rows.json"},
    {"a finding in an included file", Code::CheckCanonicalPath, 2, "person/gven",
     "did you mean person/given?", R"({ "include": "good.rows.json" })", kXml, kRest, kAll,
     "referral/1", "", "test/good.rows.json"},
    {"reason of a drop", Code::CheckBecause, 5, "x", "say why", R"({ "drop": "x" })"},
    {"reason in one language of two", Code::CheckValue, 5, "because", "one in each language",
     R"({ "drop": "x", "because": { "en": "y" } })"},
    {"reason in a third language", Code::CheckValue, 5, "because", "one in each language",
     R"({ "drop": "x", "because": { "en": "y", "sv": "z", "fi": "w" } })"},
    {"element the schema lacks", Code::CheckSchemaOrder, 5, "grupp", "did you mean group?",
     R"({ "canonical": "person/given", "wire": "a" }, { "canonical": "person/family", "wire": "grupp/first" })",
     R"("format": "xml", "root": "R", "schema": "form.xsd")"},
    {"order of the schema", Code::CheckSchemaOrder, 5, "a", "before group",
     R"({ "canonical": "person/family", "wire": "group/first" }, { "const": "x", "wire": "group/last" }, { "canonical": "person/given", "wire": "a" })",
     R"("format": "xml", "root": "R", "schema": "form.xsd")"},
    {"what the schema demands", Code::CheckSchemaOrder, 5, "group", "demands last",
     R"({ "canonical": "person/given", "wire": "a" }, { "canonical": "person/family", "wire": "group/first" })",
     R"("format": "xml", "root": "R", "schema": "form.xsd")"},
    {"a list where the schema has one", Code::CheckSchemaOrder, 5, "b", "stands once",
     R"({ "canonical": "targetGroup", "each": "b", "rows": [ { "canonical": ".", "wire": "." } ] })",
     R"("format": "xml", "root": "R", "schema": "form.xsd")"},
    {"attribute the schema lacks", Code::CheckSchemaOrder, 5, "@numer", "did you mean @number?",
     R"({ "canonical": "person/given", "wire": "@numer" })",
     R"("format": "xml", "root": "R", "schema": "form.xsd")"},
    {"schema file", Code::CheckSchemaOrder, 1, "none.xsd", "cannot be read", "",
     R"("format": "xml", "root": "R", "schema": "none.xsd")"},
    {"anchor", Code::CheckAnchor, 5, "taks", "did you mean task?",
     R"({ "at": "header", "rows": [ { "ref": "taks", "wire": "focus" } ] })", kJson, kRest, kAll,
     "referral/1",
     R"("anchors": { "in": "entry", "body": "resource", "id": "fullUrl", "type": "resourceType", "of": { "header": "H", "task": "T" } }, )"},
    {"anchor that nothing reaches", Code::CheckAnchor, 3, "task", "no ref",
     R"({ "at": "task", "rows": [ { "canonical": "person/given", "wire": "g" } ] })", kJson, kRest,
     kAll, "referral/1",
     R"("anchors": { "in": "entry", "body": "resource", "id": "fullUrl", "type": "resourceType", "of": { "header": "H", "task": "T" } }, )"},
    {"direction the form lacks", Code::CheckPerspective, 5, "on", "the form is for read only",
     R"({ "canonical": "person/given", "wire": "g", "on": "write" })", kXml, kRest, kAll,
     "referral/1", R"("direction": "read", )"},
    {"value of a key", Code::CheckValue, 5, "agree", "allowed: yes, no, within-codec",
     R"({ "also": "reason/code", "wire": "g", "agree": "perhaps" })"},
    {"constant without a value", Code::CheckValue, 5, "const", "a text, a number",
     R"({ "const": null, "wire": "c" })"},
    {"personal field in an attribute", Code::CheckMarks, 5, "attr:Name", "person/given is personal",
     R"({ "canonical": "person/given", "wire": "attr:Name" })"},
    {"sensitive field in an attribute", Code::CheckMarks, 5, "attr:Why", "reason/text is sensitive",
     R"({ "canonical": "reason/text", "wire": "attr:Why" })"},
    {"the law: an element that comes back as another", Code::CheckRoundTrip, 5, "person/given",
     "does not come back",
     R"({ "canonical": "person/given", "wire": "g", "on": "write" }, { "canonical": "person/given", "wire": "h", "on": "read" })"},
    {"the law: nothing can be written", Code::CheckRoundTrip, 1, "",
     "none of the generated messages",
     R"({ "setting": "s", "wire": "c", "as": "email" }, { "canonical": "extent/hours", "wire": "h", "as": "number:1", "required": true, "range": { "min": 9000, "max": 9001, "else": "refuse" } })"},
};

INSTANTIATE_TEST_SUITE_P(Findings, Check, ::testing::ValuesIn(kCases), [](const auto& given) {
    std::string name = given.param.name;
    for (char& c : name) {
        if (!isalnum(static_cast<unsigned char>(c))) c = '_';
    }
    return name;
});

TEST(CheckFile, TellsWhereTheJsonIsWrong) {
    const Dialect dialect;
    const auto form =
        loadForm(dialect.put("form.map.json", "{ \"mapping\": \"test/form\",\n  \"rows\": [ }"),
                 testing::catalogue(), {});
    ASSERT_FALSE(form);
    ASSERT_EQ(form.error().size(), 1U);
    EXPECT_EQ(form.error()[0].code(), Code::CheckSyntax);
    EXPECT_EQ(form.error()[0].place().line, 2U);
    EXPECT_EQ(form.error()[0].place().column, 13U);
}

TEST(CheckFile, TellsEverythingAtOnce) {
    const Dialect dialect;
    const auto form = loadForm(
        dialect.put(
            "form.map.json",
            "{ \"mapping\": \"test/other\", \"version\": \"1\", \"canonical\": \"referral/1\",\n"
            "  \"wire\": { \"format\": \"xml\", \"root\": \"R\" },\n  \"rows\": [\n"
            "    { \"canonical\": \"person/gven\", \"wire\": \"a//b\" },\n"
            "    { \"drop\": \"x\" },\n"
            "    { \"canonical\": \"person/given\", \"wire\": \"g\", \"as\": \"tekst\" } ] }"),
        testing::catalogue(), {});
    ASSERT_FALSE(form);
    std::string codes;
    for (const auto& one : form.error()) codes += std::string(one.info().id).substr(7) + " ";
    EXPECT_THAT(codes, HasSubstr("022 022 018"));
    EXPECT_THAT(codes, HasSubstr("003"));
    EXPECT_THAT(codes, HasSubstr("005"));
}

TEST(Proofs, AStartProvesOnlyWhatIsNew) {
    const Dialect dialect;
    const std::string text =
        std::string("{ \"mapping\": \"test/form\", \"version\": \"1.0.0\", \"canonical\": ") +
        "\"referral/1\", \"wire\": { " + kXml + " }, \"rows\": [ " + kAll +
        " ], \"cannot_carry\": [ " + kRest + " ] }";
    const auto file = dialect.put("form.map.json", text);
    const auto proofs = dialect.base() / "var" / "proofs";
    const LoadOptions options{.law_messages = 20, .proofs = proofs};
    ASSERT_TRUE(loadForm(file, testing::catalogue(), options));
    std::ifstream in(proofs);
    std::string digest;
    unsigned messages = 0;
    ASSERT_TRUE(in >> digest >> messages);
    EXPECT_EQ(messages, 20U);
    EXPECT_EQ(digest, (*loadForm(file, testing::catalogue(), options))->digest());
    // More messages are a proof of their own; another version is another digest.
    ASSERT_TRUE(loadForm(file, testing::catalogue(), {.law_messages = 30, .proofs = proofs}));
    std::ifstream again(proofs);
    std::string line;
    int lines = 0;
    while (std::getline(again, line)) ++lines;
    EXPECT_EQ(lines, 2);
}

}  // namespace
}  // namespace stafett::mapping
