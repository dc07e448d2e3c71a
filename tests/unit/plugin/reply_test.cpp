#include "tests/unit/plugin/support.h"

#include <nlohmann/json.hpp>

namespace stafett::plugin {
namespace {

ReplyInput refused() {
    ReplyInput input;
    input.outcome = Outcome::ContentRefused;
    input.id = "0198c0de-0000-7000-8000-000000000001";
    input.code = Code::MapUnknownValue;
    input.lines = {{"ST-MAP-014", "Anledning/@kod", "värdet \"saknas\" <&>", false},
                   {"X-WARN", "a", "b", true}};
    input.count = 2;
    return input;
}

TEST(Reply, IsAProblemDetailWhenNothingElseIsDeclared) {
    const auto adapter = adapterOf(jsonManifest());
    auto input = refused();
    input.language = Language::English;
    const auto made = adapter->reply(input);
    EXPECT_EQ(made.status, 422);
    EXPECT_EQ(headerOf(made, "Content-Type"), "application/problem+json");
    EXPECT_EQ(headerOf(made, "Stafett-Outcome"), "content_refused");
    const auto body = nlohmann::json::parse(made.body);
    EXPECT_EQ(body["type"], "urn:stafett:code:ST-MAP-014");
    EXPECT_EQ(body["title"], "the value is not in the code table");
    EXPECT_EQ(body["status"], 422);
    EXPECT_EQ(body["instance"], "urn:uuid:0198c0de-0000-7000-8000-000000000001");
    EXPECT_EQ(body["problems"].size(), 2U);
    EXPECT_EQ(body["problems"][0]["text"], "värdet \"saknas\" <&>");
    EXPECT_EQ(body["problems"][1]["warning"], true);
    EXPECT_EQ(body["count"], 2);
}

TEST(Reply, HasTheStatusOfItsOutcome) {
    const auto adapter = adapterOf(jsonManifest());
    const auto status = [&](Outcome outcome, Code code) {
        ReplyInput input;
        input.outcome = outcome;
        input.code = code;
        return std::to_string(adapter->reply(input).status) + " " +
               headerOf(adapter->reply(input), "Stafett-Outcome");
    };
    EXPECT_EQ(status(Outcome::Accepted, Code::HttpMalformed), "200 accepted");
    EXPECT_EQ(status(Outcome::NotAllowed, Code::TlsNotForParty), "403 not_allowed");
    EXPECT_EQ(status(Outcome::Conflict, Code::NoForm), "409 conflict");
    EXPECT_EQ(status(Outcome::Malformed, Code::XmlMalformed), "400 malformed");
    EXPECT_EQ(status(Outcome::Malformed, Code::HttpMediaType), "415 malformed");
    EXPECT_EQ(status(Outcome::Malformed, Code::HttpMethod), "405 malformed");
    EXPECT_EQ(status(Outcome::Busy, Code::PluginSlow), "503 busy");
    EXPECT_EQ(status(Outcome::Busy, Code::HttpTooMany), "429 busy");
    EXPECT_EQ(status(Outcome::Hold, Code::PluginFailed), "503 busy");
}

TEST(Reply, AlwaysCarriesReceiptAndRetryAfter) {
    const auto adapter = adapterOf(jsonManifest());
    ReplyInput input;
    input.id = "m";
    input.receipt = "a.b.c";
    EXPECT_EQ(headerOf(adapter->reply(input), "Stafett-Receipt"), "a.b.c");
    input.outcome = Outcome::Busy;
    input.retry_after = std::chrono::seconds(7);
    EXPECT_EQ(headerOf(adapter->reply(input), "Retry-After"), "7");
    EXPECT_EQ(headerOf(adapter->reply(input), "Stafett-Receipt"), "");
}

int everything(Call& call, const Reply& reply) {
    call.header("Content-Type", "application/xml");
    call.write("<K id=\"", xml(reply.id), "\" eget=\"", reply.sender_id, "\" arende=\"",
               reply.case_own, "\" tid=\"", reply.time, "\" kod=\"", reply.code, "\" form=\"",
               reply.form, "\" antal=\"", std::to_string(reply.count), "\" vanta=\"",
               std::to_string(reply.retry_after), "\">", reply.say("ja", "yes"));
    for (const Line& line : reply.lines) {
        call.write("<F v=\"", line.warning ? "1" : "0", "\" k=\"", xml(line.code), "\" p=\"",
                   xml(line.place), "\">", xml(line.text), "</F>");
    }
    call.write("</K>");
    return reply.outcome == STAFETT_CONTENT_REFUSED ? 200 : reply.status;
}

TEST(Reply, GivesThePluginAllThereIsToSay) {
    const auto adapter =
        adapterOf(jsonManifest(R"(, "replies": "plugin")"), {.reply = bridge<everything>});
    auto input = refused();
    input.sender_id = "s-1";
    input.case_own = "c-1";
    input.form = "remiss";
    input.language = Language::English;
    input.retry_after = std::chrono::seconds(3);
    input.now = Time(std::chrono::hours(24 * 365));
    const auto made = adapter->reply(input);
    EXPECT_EQ(made.status, 200);
    EXPECT_EQ(
        made.body,
        "<K id=\"0198c0de-0000-7000-8000-000000000001\" eget=\"s-1\" arende=\"c-1\" "
        "tid=\"1971-01-01T00:00:00Z\" "
        "kod=\"ST-MAP-014\" form=\"remiss\" antal=\"2\" vanta=\"3\">yes<F v=\"0\" k=\"ST-MAP-014\" "
        "p=\"Anledning/@kod\">värdet &quot;saknas&quot; &lt;&amp;&gt;</F><F v=\"1\" k=\"X-WARN\" "
        "p=\"a\">b</F></K>");
    EXPECT_EQ(headerOf(made, "Stafett-Outcome"), "content_refused");
}

int untyped(Call& call, const Reply& reply) {
    call.write("x");
    return reply.status;
}
int strange(Call&, const Reply&) { return 99; }

TEST(Reply, FallsBackWhenThePluginsReplyIsNone) {
    for (const auto function : {bridge<untyped>, bridge<strange>}) {
        const auto adapter =
            adapterOf(jsonManifest(R"(, "replies": "plugin")"), {.reply = function});
        const auto made = adapter->reply(refused());
        EXPECT_EQ(made.status, 422);
        EXPECT_EQ(headerOf(made, "Content-Type"), "application/problem+json");
        EXPECT_EQ(adapter->health().failures, 1U);
    }
}

void rules(Call& call, const CheckedDocument& document) {
    if (document.value("a") == "1") call.problem("X-RULE", "a");
    if (document.has("b")) call.problem("X-WARN", "b[0]");
    if (document.has("c")) call.problem("X-NONE", "c");
    if (document.has("d")) call.problem("X-RULE", "the person 191212121212/");
}

TEST(Check, GivesCodesOfTheManifestWithPlaces) {
    const auto adapter =
        adapterOf(jsonManifest(R"(, "check": "plugin")"), {.check = bridge<rules>});
    const auto found = [&](const char* text) {
        const auto document = codec::readJson(text, {});
        std::string all;
        for (const auto& one : adapter->check({"remiss"}, *document)) {
            all +=
                std::string(one.info().id) + " " + one.place().path + " " + one.place().row + ";";
        }
        return all;
    };
    EXPECT_EQ(found(R"({"a":"2"})"), "");
    EXPECT_EQ(found(R"({"a":"1","b":[1]})"), "ST-PLU-014 a X-RULE;ST-PLU-015 b[0] X-WARN;");
    EXPECT_EQ(found(R"({"c":1})"), "ST-PLU-008  ;");
    EXPECT_EQ(found(R"({"d":1})"), "ST-PLU-008  ;");
    const auto text = adapter->explain("X-RULE", Language::Swedish);
    ASSERT_TRUE(text);
    EXPECT_EQ(text->what, "fel");
    EXPECT_EQ(text->todo, "rätta");
    EXPECT_FALSE(adapter->explain("X-NONE", Language::Swedish));
}

TEST(Escape, MakesTextSafe) {
    EXPECT_EQ(xml("a<b>&\"\r\n\x01"), "a&lt;b&gt;&amp;&quot;&#13;&#10;\xEF\xBF\xBD");
    EXPECT_EQ(json("a\"\\\n\x01å"), "\"a\\\"\\\\\\u000a\\u0001å\"");
    EXPECT_EQ(latin1("å€\xC2\x85z"), "\xE5&#8364;&#133;z");
    EXPECT_EQ(asciiXml("å"), "&#229;");
}

}  // namespace
}  // namespace stafett::plugin
