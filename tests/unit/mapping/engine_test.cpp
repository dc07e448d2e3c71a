// The engine on small forms of one kind, XML and JSON, both directions.
#include <gtest/gtest.h>

#include "gateway/mapping/library.h"
#include "tests/unit/mapping/support.h"

namespace stafett::mapping {
namespace {

using testing::describeAll;
using testing::Dialect;

constexpr std::string_view kReason =
    R"({ "table": "reason", "version": "1.2.0", "set": "reason", "rows": [
  { "canonical": "nollplacerad", "wire": "NOLL", "display": "Noll" },
  { "canonical": "annan", "wire": "ÖVR" },
  { "canonical": "aldrig_arbetat", "wire": "ÖVR", "only": "write" },
  { "canonical": "annan", "wire": "Ö", "only": "read" } ] })";

constexpr std::string_view kXml = R"({
  "mapping": "test/remiss", "version": "1.0.0", "canonical": "referral/1",
  "wire": { "format": "xml", "encoding": "ISO-8859-1", "root": "Ärende" },
  "rows": [
    { "canonical": "wire/id", "wire": "@Id", "required": true },
    { "const": "REMISS", "wire": "Typ", "required": true },
    { "canonical": "sender/party", "wire": "attr:Party", "as": "orgnr:10" },
    { "canonical": "receivers", "each": "Mottagare", "rows": [
      { "canonical": "party", "wire": "Organisationsnummer", "as": "orgnr:NNNNNN-NNNN", "required": true } ] },
    { "at": "Person", "rows": [
      { "canonical": "person/id", "wire": "Personnummer", "as": "personnummer:YYYYMMDD-NNNC", "required": true },
      { "canonical": "person/given", "wire": "Förnamn" } ] },
    { "canonical": "reason/code", "wire": "Anledning/@kod", "table": "reason" },
    { "canonical": "reason/text", "wire": "Anledning" },
    { "canonical": "extent/hours", "wire": "Omfattning", "as": "decimal:comma:1" },
    { "canonical": "targetGroup", "each": "Grupper/Grupp", "order": "insignificant",
      "rows": [ { "canonical": ".", "wire": "." } ] },
    { "canonical": "period/from", "wire": "Från" },
    { "keep": "Lokalt" },
    { "drop": "Handläggare", "because": "a named caseworker is not an address" } ],
  "cannot_carry": [ { "canonical": "*", "because": { "en": "a small form", "sv": "en liten form" },
    "unless_empty": true } ] })";

constexpr std::string_view kDocument =
    R"(<?xml version="1.0" encoding="UTF-8"?><Ärende Id="M-1"><Typ>REMISS</Typ>)"
    R"(<Mottagare><Organisationsnummer>202100-5521</Organisationsnummer></Mottagare>)"
    R"(<Person><Personnummer>19121212-1212</Personnummer><Förnamn>Tolvan &amp; Co</Förnamn></Person>)"
    R"(<Anledning kod="NOLL">utan SGI</Anledning><Omfattning>8,0</Omfattning>)"
    R"(<Grupper><Grupp>nyanland</Grupp><Grupp>nollplacerad</Grupp></Grupper><Från>2026-02-01</Från>)"
    R"(<Handläggare>NN</Handläggare><Lokalt a="1"><Kö>7</Kö></Lokalt></Ärende>)";

std::shared_ptr<const Form> load(const Dialect& dialect, std::string_view text,
                                 const std::string& name = "remiss") {
    dialect.put("codes/reason.json", kReason);
    auto form = loadForm(dialect.put(name + ".map.json", text), testing::catalogue(),
                         {.law_messages = 100});
    if (!form) ADD_FAILURE() << describeAll(form.error());
    return form ? *form : nullptr;
}

ReadOutcome read(const Form& form, std::string_view document) {
    Attributes attributes;
    attributes.set("Party", "2120000142");
    ReadContext context;
    context.attributes = &attributes;
    context.person.today = "2026-01-01";
    const auto parsed =
        form.format() == codec::Format::Xml ? testing::xml(document) : testing::json(document);
    return form.read(parsed, context);
}

TEST(Engine, ReadsXml) {
    const Dialect dialect;
    const auto form = load(dialect, kXml);
    ASSERT_TRUE(form);
    const auto out = read(*form, kDocument);
    EXPECT_TRUE(out.problems.empty()) << describeAll(out.problems);
    EXPECT_EQ(message::print(out.message),
              R"({"message":{"senderId":"M-1","kind":"referral","schema":"referral/1"},)"
              R"("sender":{"party":"2120000142"},"receivers":[{"party":"2021005521"}],)"
              R"("person":{"id":"pnr:191212121212","given":"Tolvan & Co"},)"
              R"("reason":{"code":"nollplacerad","text":"utan SGI"},"extent":{"hours":"8.0"},)"
              R"("period":{"from":"2026-02-01"},"targetGroup":["nollplacerad","nyanland"]})");
    ASSERT_EQ(out.residue.fields.size(), 2U);
    EXPECT_EQ(out.residue.fields[0], (std::pair<std::string, std::string>("Lokalt/@a", "1")));
    EXPECT_EQ(out.residue.fields[1], (std::pair<std::string, std::string>("Lokalt/Kö", "7")));
}

TEST(Engine, WritesBackWhatItRead) {
    const Dialect dialect;
    const auto form = load(dialect, kXml);
    ASSERT_TRUE(form);
    auto in = read(*form, kDocument);
    in.message.set("message/id", "0198c1a2-0000-7000-8000-000000000001");
    in.message.set("case/receiver", "A1");
    WriteContext context;
    context.residue = &in.residue;
    const auto out = form->write(in.message, context);
    EXPECT_TRUE(out.problems.empty()) << describeAll(out.problems);
    const auto back = testing::xml(out.document);
    EXPECT_EQ(
        codec::print(back),
        R"(<?xml version="1.0" encoding="UTF-8"?><Ärende Id="0198c1a2-0000-7000-8000-000000000001">)"
        R"(<Typ>REMISS</Typ>)"
        R"(<Mottagare><Organisationsnummer>202100-5521</Organisationsnummer></Mottagare>)"
        R"(<Person><Personnummer>19121212-1212</Personnummer><Förnamn>Tolvan &amp; Co</Förnamn></Person>)"
        R"(<Anledning kod="NOLL">utan SGI</Anledning><Omfattning>8,0</Omfattning>)"
        R"(<Grupper><Grupp>nyanland</Grupp><Grupp>nollplacerad</Grupp></Grupper><Från>2026-02-01</Från>)"
        R"(<Lokalt a="1"><Kö>7</Kö></Lokalt></Ärende>)");
    ASSERT_NE(out.attributes.find("Party"), nullptr);
    EXPECT_EQ(*out.attributes.find("Party"), "2120000142");
    ASSERT_EQ(out.losses.size(), 1U);
    EXPECT_EQ(out.losses[0].canonical, "case/receiver");
    EXPECT_EQ(out.losses[0].because.in(Language::English), "a small form");
    EXPECT_EQ(out.losses[0].because.in(Language::Swedish), "en liten form");
}

TEST(Engine, TellsEverythingWrongAtOnceWithPlaces) {
    const Dialect dialect;
    const auto form = load(dialect, kXml);
    ASSERT_TRUE(form);
    const auto out = read(*form,
                          "<Ärende Id='x'>\n<Typ>ANNAT</Typ>\n<Okänt>1</Okänt>\n"
                          "<Person><Personnummer>19121212-1213</Personnummer></Person>\n"
                          "<Anledning kod='FEL'/>\n<Från>2026-02-30</Från>\n"
                          "<Omfattning>1.5</Omfattning></Ärende>");
    std::string told;
    for (const auto& one : out.problems) {
        told += std::string(one.info().id) + " " + one.place().path + ":" +
                std::to_string(one.place().line) + "\n";
    }
    EXPECT_EQ(told,
              "ST-MAP-001 Okänt:3\nST-MAP-012 Typ:2\nST-PER-001 Person/Personnummer:4\n"
              "ST-MAP-014 Anledning/@kod:5\nST-MAP-006 Omfattning:7\nST-MAP-004 Från:6\n");
}

TEST(Engine, RefusesAnotherRoot) {
    const Dialect dialect;
    const auto form = load(dialect, kXml);
    ASSERT_TRUE(form);
    const auto out = read(*form, "<Annat/>");
    ASSERT_EQ(out.problems.size(), 1U);
    EXPECT_EQ(out.problems[0].code(), Code::MapWrongRoot);
}

constexpr std::string_view kJson = R"({
  "mapping": "test/avrop", "version": "1.0.0", "canonical": "referral/1",
  "wire": { "format": "json" },
  "rows": [
    { "canonical": "wire/id", "wire": "id", "as": "uuid", "required": true },
    { "canonical": "sender/party", "wire": "avsandare/nr", "as": "orgnr:16", "required": true },
    { "canonical": "receivers[0]/party", "wire": "mottagare[0]/nr", "as": "orgnr:10" },
    { "canonical": "receivers[0]/role", "wire": "mottagare[0]/roll" },
    { "canonical": "person/id", "wire": { "system": "pid[use='official']/system", "value": "pid[use='official']/value" }, "as": "person-uri" },
    { "canonical": "person/given", "wire": "namn", "as": "words" },
    { "canonical": "protection[sekretessmarkering]", "wire": "skydd[kod='S']", "as": "present" },
    { "canonical": "protection[skyddad_folkbokforing]", "wire": "skyddad", "as": "member:true/false:json" },
    { "canonical": "reason/code", "wire": { "code": "kod/kod", "display": "kod/text" }, "table": "reason" },
    { "canonical": "extent/hours", "wire": "timmar", "as": "number:1" },
    { "also": "extent/hours", "wire": "grad", "as": "percent-of-40h", "agree": "within-codec", "inexact": "report",
      "range": { "min": 50, "max": 100, "else": "warn" } },
    { "const": 3, "wire": "version" },
    { "const": "h", "wire": "enhet", "with": "timmar" },
    { "canonical": "benefits", "each": "stod", "rows": [
      { "canonical": "code", "wire": "kod" }, { "canonical": "from", "wire": "fran" } ],
      "cannot_carry": [ { "canonical": "to", "because": "no end" } ] } ],
  "cannot_carry": [ { "canonical": "*", "because": "a small form", "unless_empty": true } ] })";

TEST(Engine, ReadsAndWritesJson) {
    const Dialect dialect;
    const auto form = load(dialect, kJson, "avrop");
    ASSERT_TRUE(form);
    const std::string_view document =
        R"({"id":"0198c1a2-0000-7000-8000-000000000001","avsandare":{"nr":"162120000142"},)"
        R"("mottagare":[{"nr":"2021005521","roll":"lead"}],)"
        R"("pid":[{"use":"official","system":"http://electronichealth.se/identifier/personnummer","value":"191212121212"}],)"
        R"("namn":["Tolvan","Tolv"],"skydd":[{"kod":"S"}],"skyddad":false,)"
        R"("kod":{"kod":"NOLL","text":"Noll"},"timmar":8,"grad":20,"version":3,"enhet":"h",)"
        R"("stod":[{"kod":"sjukpenning","fran":"2026-01-01"},{"kod":"a_kassa"}]})";
    auto in = read(*form, document);
    EXPECT_TRUE(in.problems.empty()) << describeAll(in.problems);
    ASSERT_EQ(in.warnings.size(), 1U);
    EXPECT_EQ(in.warnings[0].code(), Code::MapUsualRange);
    EXPECT_EQ(in.message.text("person/given"), "Tolvan Tolv");
    EXPECT_EQ(in.message.text("extent/hours"), "8.0");
    EXPECT_EQ(in.message.items("protection").size(), 1U);
    in.message.set("message/id", in.message.text("message/senderId"));
    const auto out = form->write(in.message, {});
    EXPECT_TRUE(out.problems.empty()) << describeAll(out.problems);
    EXPECT_EQ(out.document, document);
}

}  // namespace
}  // namespace stafett::mapping
