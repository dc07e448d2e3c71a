// What FK is told, in ResultType and Fault, and what FK's own answers mean.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <regex>

#include "support.h"

namespace stafett::dialects {
namespace {

using plugin::Fate;
using plugin::ReplyInput;
using plugin::WireAnswer;
using plugin::WireMessage;
using ::testing::HasSubstr;
using ::testing::Not;

const plugin::Adapter& fk() { return adapterOf("social_insurance"); }

WireMessage replyTo(Outcome outcome, Code code, std::string_view form = "remiss",
                    std::vector<plugin::ReplyLine> lines = {}) {
    ReplyInput input;
    input.outcome = outcome;
    input.code = code;
    input.id = "01980000-0000-7000-8000-000000000001";
    input.sender_id = "6f9a1c52";
    input.form = form;
    input.lines = std::move(lines);
    input.count = input.lines.size();
    return fk().reply(input);
}

const std::vector<plugin::ReplyLine> kTwo = {
    {.code = "ST-MAP-014",
     .place = "anledning/t:code",
     .text = "värdet saknas i <kodtabellen> & \"mer\""},
    {.code = "ST-PER-001", .place = "person-id", .text = "personnumret är fel"}};

TEST(SocialInsuranceReply, SaysOkWhenAccepted) {
    const auto reply = replyTo(Outcome::Accepted, Code::HttpMalformed);
    EXPECT_EQ(reply.status, 200);
    EXPECT_EQ(judgeEnvelope(reply.body), "");
    EXPECT_THAT(reply.body,
                HasSubstr("<RemissResponse xmlns=\"urn:example:fk:samverkan:remiss:1\""));
    EXPECT_THAT(reply.body, HasSubstr("<t:resultCode>OK</t:resultCode></result>"));
    EXPECT_THAT(reply.body,
                HasSubstr("<meddelande-id>01980000-0000-7000-8000-000000000001</meddelande-id>"));
}

TEST(SocialInsuranceReply, SaysInfoWithTheTextWhenThereAreWarnings) {
    const auto reply = replyTo(
        Outcome::Accepted, Code::HttpMalformed, "overlamning",
        {{.code = "ST-MAP-009", .place = "omfattning", .text = "ovanligt", .warning = true}});
    EXPECT_EQ(reply.status, 200);
    EXPECT_EQ(judgeEnvelope(reply.body), "");
    EXPECT_THAT(reply.body, HasSubstr("<t:resultCode>INFO</t:resultCode><t:resultText>ST-MAP-009 "
                                      "omfattning: ovanligt</t:resultText>"));
    EXPECT_THAT(reply.body, HasSubstr("varning=\"true\""));
    EXPECT_THAT(reply.body, Not(HasSubstr("errorId")));
}

TEST(SocialInsuranceReply, NamesEveryProblemInTheTextAndAgainInTheAnySlot) {
    const auto reply = replyTo(Outcome::ContentRefused, Code::MapUnknownValue, "remiss", kTwo);
    EXPECT_EQ(reply.status, 200);
    EXPECT_EQ(judgeEnvelope(reply.body), "");
    EXPECT_THAT(reply.body, HasSubstr("<t:resultCode>ERROR</t:resultCode>"));
    EXPECT_THAT(reply.body, HasSubstr("<t:errorId>VALIDATION_ERROR</t:errorId>"));
    EXPECT_THAT(reply.body, HasSubstr("&#10;ST-PER-001 person-id: personnumret är fel"));
    EXPECT_THAT(reply.body, HasSubstr("kod=\"ST-MAP-014\" plats=\"anledning/t:code\""));
    EXPECT_THAT(reply.body, HasSubstr("01980000-0000-7000-8000-000000000001"));
    EXPECT_THAT(reply.body, Not(HasSubstr("<meddelande-id>")));
}

TEST(SocialInsuranceReply, CallsWhatMayBeSentAgainTechnicalAndNothingElse) {
    const auto errorOf = [](Outcome outcome, Code code) {
        const auto reply = replyTo(outcome, code, "svar");
        EXPECT_EQ(reply.status, 200);
        EXPECT_EQ(judgeEnvelope(reply.body), "");
        std::smatch found;
        const std::string body = reply.body;
        return std::regex_search(body, found, std::regex("<t:errorId>(.*?)</t:errorId>"))
                   ? found[1].str()
                   : std::string();
    };
    EXPECT_EQ(errorOf(Outcome::Busy, Code::StoreBusy), "TECHNICAL_ERROR");
    EXPECT_EQ(errorOf(Outcome::NotAllowed, Code::PolicyNoFlow), "APPLICATION_ERROR");
    EXPECT_EQ(errorOf(Outcome::Conflict, Code::CustodyConflict), "APPLICATION_ERROR");
    EXPECT_EQ(errorOf(Outcome::ContentRefused, Code::MapMissing), "VALIDATION_ERROR");
}

TEST(SocialInsuranceReply, IsAFaultWhenTheRequestIsMalformedOrOfNoForm) {
    const auto malformed = replyTo(Outcome::Malformed, Code::XmlDoctype, "");
    EXPECT_EQ(malformed.status, 500);
    EXPECT_EQ(judgeEnvelope(malformed.body), "");
    EXPECT_THAT(malformed.body, HasSubstr("<faultcode>soap:Client</faultcode>"));

    const auto busy = replyTo(Outcome::Busy, Code::StoreBusy, "");
    EXPECT_EQ(busy.status, 500);
    EXPECT_EQ(judgeEnvelope(busy.body), "");
    EXPECT_THAT(busy.body, HasSubstr("<faultcode>soap:Server</faultcode>"));
}

TEST(SocialInsuranceReply, HasAResponseOfItsOwnForEveryForm) {
    std::size_t seen = 0;
    const auto manifest = nlohmann::json::parse(fk().manifest());
    for (const auto& route : manifest.at("inbound")) {
        for (const auto& choice : route.at("forms")) {
            const std::string form = choice.at("form");
            const std::string root = choice.at("when").at("root");
            const std::string space = choice.at("when").at("namespace");
            const auto reply = replyTo(Outcome::Accepted, Code::HttpMalformed, form);
            EXPECT_EQ(reply.status, 200) << form;
            EXPECT_THAT(reply.body, HasSubstr("<" + root + "Response xmlns=\"" + space + "\""));
            if (space.starts_with("urn:example:")) {
                EXPECT_EQ(judgeEnvelope(reply.body), "");
            }
            ++seen;
        }
    }
    EXPECT_GE(seen, 14U);
}

std::string answered(std::string_view root, std::string_view result) {
    std::string out =
        "<soap:Envelope xmlns:soap=\"http://schemas.xmlsoap.org/soap/envelope/\"><soap:Body>";
    out.append("<f:").append(root).append("Response xmlns:f=\"urn:example:fk:samverkan:");
    for (const char c : root) out += static_cast<char>(c >= 'A' && c <= 'Z' ? c + 32 : c);
    out.append(":1\" xmlns:t=\"urn:example:fk:samverkan:typer:1\"><f:result>").append(result);
    out.append("</f:result><f:meddelande-id>FK-77</f:meddelande-id></f:").append(root);
    return out.append("Response></soap:Body></soap:Envelope>");
}

plugin::Interpretation meaningOf(int status, std::string_view body,
                                 std::string_view form = "remiss") {
    const std::vector<std::pair<std::string, std::string>> headers = {
        {"Content-Type", "text/xml; charset=utf-8"}};
    return fk().interpret(WireAnswer{.status = status,
                                     .headers = &headers,
                                     .body = body,
                                     .our_id = "01980000-0000-7000-8000-000000000001",
                                     .form = form});
}

constexpr std::string_view kOk = "<t:resultCode>OK</t:resultCode>";
constexpr std::string_view kInfo =
    "<t:resultCode>INFO</t:resultCode><t:resultText>Handläggs i maj</t:resultText>";

std::string errorResult(std::string_view id) {
    return "<t:resultCode>ERROR</t:resultCode><t:resultText>Nej</t:resultText><t:errorId>" +
           std::string(id) + "</t:errorId>";
}

TEST(SocialInsuranceAnswer, OkAndInfoAreDelivered) {
    const auto ok = meaningOf(200, answered("Remiss", kOk));
    EXPECT_EQ(ok.fate, Fate::Delivered);
    EXPECT_EQ(ok.receiver_id, "FK-77");
    EXPECT_FALSE(ok.info);
    const auto info = meaningOf(200, answered("Svar", kInfo), "svar");
    EXPECT_EQ(info.fate, Fate::Delivered);
    EXPECT_TRUE(info.info);
}

TEST(SocialInsuranceAnswer, OnlyATechnicalErrorIsSentAgain) {
    EXPECT_EQ(meaningOf(200, answered("Remiss", errorResult("TECHNICAL_ERROR"))).fate, Fate::Retry);
    EXPECT_EQ(meaningOf(500, answered("Remiss", errorResult("TECHNICAL_ERROR"))).fate, Fate::Retry);
    for (const auto* id : {"VALIDATION_ERROR", "APPLICATION_ERROR", "REVOKED"}) {
        const auto meant = meaningOf(200, answered("Remiss", errorResult(id)));
        EXPECT_EQ(meant.fate, Fate::Refused) << id;
        EXPECT_EQ(meant.code, id);
    }
    EXPECT_EQ(meaningOf(200, answered("Remiss", "<t:resultCode>ERROR</t:resultCode>")).fate,
              Fate::Refused);
}

TEST(SocialInsuranceAnswer, AFaultIsSentAgain) {
    const std::string fault =
        "<soap:Envelope xmlns:soap=\"http://schemas.xmlsoap.org/soap/envelope/\"><soap:Body>"
        "<soap:Fault><faultcode>soap:Server</faultcode><faultstring>x</faultstring></soap:Fault>"
        "</soap:Body></soap:Envelope>";
    EXPECT_EQ(meaningOf(500, fault).fate, Fate::Retry);
    EXPECT_EQ(meaningOf(200, fault).fate, Fate::Retry);
}

TEST(SocialInsuranceAnswer, WhatCannotBeReadIsNeverDelivered) {
    EXPECT_EQ(meaningOf(200, "").fate, Fate::Retry);
    EXPECT_EQ(meaningOf(200, "<html>välkommen</html>").fate, Fate::Retry);
    EXPECT_EQ(meaningOf(200, answered("Remiss", kOk).substr(0, 200)).fate, Fate::Retry);
    EXPECT_EQ(meaningOf(200, answered("Remiss", "<t:resultCode>KANSKE</t:resultCode>")).fate,
              Fate::Retry);
    EXPECT_EQ(meaningOf(200, answered("Svar", kOk), "remiss").fate, Fate::Retry)
        << "the answer to another message";
    EXPECT_EQ(meaningOf(403, "").fate, Fate::Denied);
    EXPECT_EQ(meaningOf(404, "").fate, Fate::Refused);
}

/// Our result element as it would stand in the certificate dialogue's own response.
TEST(SocialInsurancePublicShapes, OurResultIsValidInRivtasOwnSchema) {
    const auto data = publicFiles();
    if (data.empty()) GTEST_SKIP() << "STAFETT_DATA: rivta is not here";
    const std::string space =
        "urn:riv:clinicalprocess:healthcond:certificate:SendMessageToCareResponder:2";
    for (const auto outcome : {Outcome::Accepted, Outcome::ContentRefused, Outcome::Busy}) {
        std::string body = replyTo(outcome, Code::MapMissing, "remiss", kTwo).body;
        body = body.substr(body.find("<RemissResponse"));
        body = body.substr(0, body.find("</soap:Body>"));
        body = std::regex_replace(body, std::regex("<meddelande-id>.*</meddelande-id>"), "");
        body = std::regex_replace(body, std::regex("RemissResponse"), "SendMessageToCareResponse");
        body = std::regex_replace(body, std::regex("urn:example:fk:samverkan:remiss:1"), space);
        body = std::regex_replace(body, std::regex("urn:example:fk:samverkan:typer:1"),
                                  "urn:riv:clinicalprocess:healthcond:certificate:3");
        EXPECT_EQ(judge(body, data / "rivta/interactions/SendMessageToCareInteraction/"
                                     "SendMessageToCareResponder_2.0.xsd"),
                  "");
    }
}

/// The part of a golden case between two tags, tags included.
std::string cut(const std::string& text, std::string_view name) {
    const auto from = text.find("<" + std::string(name) + ">");
    const auto end = "</" + std::string(name) + ">";
    return text.substr(from, text.find(end) + end.size() - from);
}

TEST(SocialInsurancePublicShapes, OurQuestionIsAQuestionOfTheCertificateDialogue) {
    const auto data = publicFiles();
    if (data.empty()) GTEST_SKIP() << "STAFETT_DATA: rivta is not here";
    const std::filesystem::path cases =
        std::filesystem::path(STAFETT_SOURCE_DIR) / "plugins/social_insurance/cases";
    const auto ours =
        readFile(cases / "svar_asks_with_the_certificate_dialogues_code" / "wire.xml");
    const auto person = cut(readFile(cases / "svar_takes_over" / "wire.xml"), "person-id");
    std::string document =
        "<SendMessageToCare xmlns=\"urn:riv:clinicalprocess:healthcond:certificate:"
        "SendMessageToCareResponder:2\" xmlns:t=\"urn:riv:clinicalprocess:healthcond:certificate:"
        "types:3\" xmlns:c=\"urn:riv:clinicalprocess:healthcond:certificate:3\">";
    document += cut(ours, "meddelande-id") + cut(ours, "skickatTidpunkt");
    document +=
        "<intygs-id><t:root>SE2321000115-1001</t:root><t:extension>1</t:extension></intygs-id>";
    document += std::regex_replace(person, std::regex("person-id"), "patientPerson-id");
    document += cut(ours, "logiskAdressMottagare") + cut(ours, "amne") + cut(ours, "meddelande");
    document +=
        std::regex_replace(cut(ours, "svarPa"), std::regex("t:meddelande-id"), "c:meddelande-id");
    document +=
        "<skickatAv><part><t:code>FKASSA</t:code><t:codeSystem>769bb12b-bd9f-4203-a5cd-"
        "fd14f2eb3b80</t:codeSystem></part></skickatAv>";
    document += cut(ours, "sistaDatumForSvar") + "</SendMessageToCare>";
    EXPECT_EQ(judge(document, data / "rivta/interactions/SendMessageToCareInteraction/"
                                     "SendMessageToCareResponder_2.0.xsd"),
              "");
}

TEST(SocialInsurancePublicShapes, OurSenderIsAnIngivareOfSsbtek) {
    const auto data = publicFiles();
    if (data.empty()) GTEST_SKIP() << "STAFETT_DATA: ssbtek is not here";
    const std::string schema = readFile(data / "ssbtek" / "sammansatt_bastjanst_v10.xsd");
    std::smatch found;
    ASSERT_TRUE(std::regex_search(
        schema, found,
        std::regex("name=\"Organisationsnummer\">\\s*<xsd:restriction[^>]*>\\s*<xsd:pattern "
                   "value=\"([^\"]+)\"")));
    const std::regex allowed(found[1].str());
    for (const auto* number : {"162021005521", "162120001124", "165565594230"}) {
        EXPECT_TRUE(std::regex_match(number, allowed)) << number;
    }
    // The order of the parameters is SSBTEK's; ours leaves some out and adds none.
    std::size_t at = schema.find("name=\"GenerellaFrageparametrar\"");
    for (const auto* name : {"frageTidpunkt", "korrelationsid", "ingivare", "arendeidentitet",
                             "personuppgiftsbitrade", "syfte", "lagtext"}) {
        const auto next = schema.find("<xsd:element name=\"" + std::string(name) + "\"", at);
        ASSERT_NE(next, std::string::npos) << name;
        at = next;
    }
}

}  // namespace
}  // namespace stafett::dialects
