// Where a problem with a value is told: which part of several, and texts that are too long.
#include <gtest/gtest.h>

#include "gateway/mapping/library.h"
#include "tests/unit/mapping/support.h"

namespace stafett::mapping {
namespace {

using testing::Dialect;

constexpr std::string_view kForm = R"({
  "mapping": "test/remiss", "version": "1.0.0", "canonical": "referral/1",
  "wire": { "format": "xml", "root": "R" },
  "rows": [
    { "canonical": "person/id", "wire": { "root": "P/@root", "value": "P" }, "as": "person-oid" },
    { "canonical": "person/given", "wire": "N" },
    { "canonical": "certificate/ref", "wire": { "root": "I/@root", "extension": "I" }, "as": "oid-pair" },
    { "canonical": "receivers", "each": "M", "rows": [ { "canonical": "party", "wire": ".", "as": "orgnr:10" } ] },
    { "canonical": "wire/id", "wire": "@id", "as": "text" },
    { "canonical": "sender/party", "wire": "@av", "as": "orgnr:10" },
    { "canonical": "reason/code", "wire": "@skal", "as": "text" } ],
  "cannot_carry": [ { "canonical": "*", "because": "a small form", "unless_empty": true } ] })";

ReadOutcome readInside(const Form& form, const std::string& inside) {
    const ReadContext context{.sender = PartyId{"2120000142"},
                              .received_at = {},
                              .settings = nullptr,
                              .person = {.today = "2026-01-20"},
                              .attributes = nullptr,
                              .explanation = nullptr};
    return form.read(testing::xml(R"(<R id="1" av="2021005521" skal="annan"><M>2021002114</M>)" +
                                  inside + "</R>"),
                     context);
}

std::shared_ptr<const Form> form() {
    static const Dialect dialect;
    auto made =
        loadForm(dialect.put("remiss.map.json", kForm), testing::catalogue(), {.law_messages = 0});
    if (!made) ADD_FAILURE() << testing::describeAll(made.error());
    return made ? *made : nullptr;
}

constexpr const char* kPerson = R"(<P root="1.2.752.129.2.1.3.1">191212121212</P>)";

TEST(Parts, ACertificateMayBeKnownByItsExtensionAlone) {
    const auto both = readInside(*form(), std::string(kPerson) + R"(<I root="1.2">a/b</I>)");
    ASSERT_TRUE(both.problems.empty()) << testing::describeAll(both.problems);
    EXPECT_EQ(both.message.text("certificate/ref"), "1.2/a/b");
    const auto alone = readInside(*form(), std::string(kPerson) + "<I>intyg-4711</I>");
    ASSERT_TRUE(alone.problems.empty()) << testing::describeAll(alone.problems);
    EXPECT_EQ(alone.message.text("certificate/ref"), "intyg-4711");

    auto message = alone.message.copy();
    message.set("message/id", "01980000-0000-7000-8000-000000000001");
    const auto written = form()->write(message, {});
    ASSERT_TRUE(written.problems.empty()) << testing::describeAll(written.problems);
    EXPECT_NE(written.document.find("<I>intyg-4711</I>"), std::string::npos) << written.document;
}

TEST(Parts, WhatCouldBeTwoThingsIsRefused) {
    const auto slash = readInside(*form(), std::string(kPerson) + "<I>a/b</I>");
    ASSERT_EQ(slash.problems.size(), 1U);
    EXPECT_EQ(slash.problems[0].code(), Code::MapBadValue);
    const auto root = readInside(*form(), std::string(kPerson) + R"(<I root="1.2"/>)");
    ASSERT_EQ(root.problems.size(), 1U);
    EXPECT_EQ(root.problems[0].code(), Code::MapPartial);
}

TEST(Parts, AWrongNumberIsToldAtTheNumber) {
    const auto wrong = readInside(*form(), R"(<P root="1.2.752.129.2.1.3.1">191212121213</P>)");
    ASSERT_EQ(wrong.problems.size(), 1U);
    EXPECT_EQ(wrong.problems[0].code(), Code::PersonNumber);
    EXPECT_EQ(wrong.problems[0].place().path, "P");
}

TEST(Parts, ATextThatTheMessageCannotHoldIsToldAtItsPlaceOnTheWire) {
    std::string name;
    for (int i = 0; i < 256; ++i) name += "å";  // 256 characters, 512 bytes
    EXPECT_TRUE(readInside(*form(), kPerson + ("<N>" + name + "</N>")).problems.empty());
    const auto longer = readInside(*form(), kPerson + ("<N>" + name + "å</N>"));
    ASSERT_EQ(longer.problems.size(), 1U);
    EXPECT_EQ(longer.problems[0].code(), Code::MapTooLong);
    EXPECT_EQ(longer.problems[0].place().path, "N");
}

}  // namespace
}  // namespace stafett::mapping
