// FK's dialogue about certificates: the public contracts SendMessageToCare and
// SendMessageToRecipient, judged by their own schemas where these are.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "gateway/mapping/library.h"
#include "support.h"

namespace stafett::dialects {
namespace {

namespace fs = std::filesystem;
using plugin::Fate;
using ::testing::HasSubstr;
using ::testing::Not;

const plugin::Adapter& fk() { return adapterOf("social_insurance"); }

const mapping::Library& library() {
    static const auto loaded =
        mapping::Library::load(fs::path(STAFETT_SOURCE_DIR) / "mappings", catalogue(),
                               {DialectId{"social_insurance"}}, {.law_messages = 0, .proofs = {}});
    return loaded.value();
}

/// A care unit of Region Västra Götaland, made up.
const mapping::Settings kUnit = {{"intyg_part", "2321000131"},
                                 {"intyg_personal_id", "SE2321000131-P00000000001"},
                                 {"intyg_personal_namn", "Kim Exempelsson"},
                                 {"intyg_enhet_id", "SE2321000131-E000000000001"},
                                 {"intyg_enhet_namn", "Vårdcentralen Provet & Co"},
                                 {"intyg_arbetsplatskod", "0000000"},
                                 {"intyg_postadress", "Provgatan 1"},
                                 {"intyg_postnummer", "41250"},
                                 {"intyg_postort", "GÖTEBORG"},
                                 {"intyg_telefonnummer", "031-123456"},
                                 {"intyg_vardgivare_id", "SE2321000131-1001"},
                                 {"intyg_vardgivare_namn", "Västra Götalandsregionen"}};

message::Message answer(std::string_view type) {
    const auto& schemas = catalogue().schemas();
    message::Message made(*std::find_if(schemas.begin(), schemas.end(),
                                        [](const auto& one) { return one->kind == "answer"; }));
    made.set("message/id", "01980000-0000-7000-8000-000000000001");
    made.set("message/refTo", "FK-MED-1");
    made.set("case/sender", "4711");
    made.set("case/receiver", "FK-2026-0117");
    made.set("sender/party", "2321000131");
    auto& receiver = made.root().append(*made.schema().root.find("receivers"));
    receiver.set(*receiver.type().find("party"), "2021005521");
    made.set("answer/type", type);
    made.set("answer/text", "Åtta timmar i veckan är <möjligt>.");
    made.set("certificate/ref", "SE2321000131-1001/b1e5d1d0-0000-4000-8000-000000000001");
    made.set("person/id", "pnr:197407029284");
    return made;
}

std::string formOf(const message::Message& message, const mapping::Settings& settings = kUnit) {
    return fk().outboundForm(message, settings).value_or(FormId{"none"}).value;
}

/// The request that tells FK, as the care unit's answer.
plugin::WireMessage told(const message::Message& message) {
    mapping::WriteContext context;
    context.receiver = PartyId{"2021005521"};
    context.gateway = PartyId{"5565594230"};
    context.now = Time(std::chrono::hours(24) * 20'473);
    context.settings = &kUnit;
    const FormId form{formOf(message)};
    const auto out = library().find(fk().dialect(), form)->write(message, context);
    for (const auto& problem : out.problems) ADD_FAILURE() << describe(problem, Language::English);
    auto made = fk().encode(form, out.document, out.attributes, kUnit);
    if (made) return std::move(*made);
    ADD_FAILURE() << describe(made.error(), Language::English);
    return {};
}

std::string bodyOf(const std::string& envelope) {
    const auto from = envelope.find("<soap:Body>") + 11;
    return envelope.substr(from, envelope.find("</soap:Body>") - from);
}

fs::path schemaOf(const fs::path& data, const std::string& interaction, const char* version) {
    return data / "rivta/interactions" / (interaction + "Interaction") /
           (interaction + "Responder_" + version + ".xsd");
}

TEST(CertificateDialogue, IsSpokenOnlyOfACertificateByTheUnitThatIsSet) {
    EXPECT_EQ(formOf(answer("supplement")), "intygssvar");
    EXPECT_EQ(formOf(answer("ask")), "intygssvar");
    EXPECT_EQ(formOf(answer("accept")), "svar");
    EXPECT_EQ(formOf(answer("supplement"), {}), "svar");
    for (const auto& [name, value] : kUnit) {
        auto settings = kUnit;
        settings.erase(name);
        EXPECT_EQ(formOf(answer("supplement"), settings), "svar") << name;
    }
    auto other = answer("supplement");
    other.set("sender/party", "2321000255");
    EXPECT_EQ(formOf(other), "svar") << "another region's unit is not the one that is set";
    auto rootless = answer("supplement");
    rootless.set("certificate/ref", "b1e5d1d0");
    EXPECT_EQ(formOf(rootless), "svar") << "the contract demands a root";
}

TEST(CertificateDialogue, IsNotSpokenWhereSomethingWouldBeLeftUnsaid) {
    auto protected_person = answer("supplement");
    const auto field = *protected_person.schema().root.find("protection");
    protected_person.root().append(field).set(0, "sekretessmarkering");
    EXPECT_EQ(formOf(protected_person), "svar");
    auto agreed = answer("supplement");
    agreed.set("consent/ref", "S-1");
    EXPECT_EQ(formOf(agreed), "svar");
    auto reserve = answer("supplement");
    reserve.set("person/id", "reserv:98240301AA06");
    EXPECT_EQ(formOf(reserve), "svar");
}

TEST(CertificateDialogue, SupplementsWithTheQuestionsSubjectAndReferences) {
    const auto request = told(answer("supplement"));
    EXPECT_EQ(request.path,
              "/clinicalprocess/healthcond/certificate/SendMessageToRecipient/2/rivtabp21");
    EXPECT_THAT(request.body, HasSubstr(">2021005521</LogicalAddress>"));
    EXPECT_THAT(request.body, HasSubstr("<t:code>KOMPLT</t:code>"));
    EXPECT_THAT(request.body, HasSubstr("<svarPa><c:meddelande-id>FK-MED-1</c:meddelande-id>"
                                        "<c:referens-id>FK-2026-0117</c:referens-id></svarPa>"));
}

TEST(CertificateDialogue, AsksWithoutAnsweringAnything) {
    const auto request = told(answer("ask"));
    EXPECT_THAT(request.body, HasSubstr("<t:code>OVRIGT</t:code>"));
    EXPECT_THAT(request.body, Not(HasSubstr("svarPa")));
}

TEST(CertificateDialogue, WhatIsWrittenIsValidByThePublicContract) {
    const auto data = publicFiles();
    if (data.empty()) GTEST_SKIP() << "STAFETT_DATA: rivta is not here";
    auto wordless = answer("supplement");
    wordless.root().clear(*wordless.schema().root.find("answer/text"));
    auto dated = answer("ask");
    dated.set("answerBy", "2026-03-16");
    for (const auto* message : {&wordless, &dated}) {
        EXPECT_EQ(
            judge(bodyOf(told(*message).body), schemaOf(data, "SendMessageToRecipient", "2.1")),
            "");
    }
}

plugin::WireMessage replyTo(Outcome outcome) {
    plugin::ReplyInput input;
    input.outcome = outcome;
    input.code = Code::MapUnknownValue;
    input.id = "01980000-0000-7000-8000-000000000001";
    input.form = "intygsfraga";
    if (outcome != Outcome::Accepted) {
        input.lines = {{.code = "ST-MAP-014", .place = "amne/code", .text = "saknas"}};
        input.count = 1;
    }
    return fk().reply(input);
}

TEST(CertificateDialogue, OurReplyIsTheContractsOwn) {
    const auto accepted = replyTo(Outcome::Accepted).body;
    EXPECT_THAT(accepted, HasSubstr("<SendMessageToCareResponse xmlns=\"urn:riv:clinicalprocess:"
                                    "healthcond:certificate:SendMessageToCareResponder:2\""));
    EXPECT_THAT(accepted, Not(HasSubstr("meddelande-id")));
    const auto data = publicFiles();
    if (data.empty()) GTEST_SKIP() << "STAFETT_DATA: rivta is not here";
    for (const auto outcome : {Outcome::Accepted, Outcome::ContentRefused, Outcome::Busy}) {
        EXPECT_EQ(judge(bodyOf(replyTo(outcome).body), schemaOf(data, "SendMessageToCare", "2.0")),
                  "");
    }
}

Fate fateOf(std::string_view root, std::string_view result) {
    const std::vector<std::pair<std::string, std::string>> headers = {{"Content-Type", "text/xml"}};
    std::string body =
        "<soap:Envelope xmlns:soap=\"http://schemas.xmlsoap.org/soap/envelope/\"><soap:Body><r:";
    body.append(root).append(
        " xmlns:r=\"urn:riv:clinicalprocess:healthcond:certificate:"
        "SendMessageToRecipientResponder:2\" xmlns:c=\"urn:riv:clinicalprocess:healthcond:"
        "certificate:3\"><r:result>");
    body.append(result).append("</r:result></r:").append(root);
    body.append("></soap:Body></soap:Envelope>");
    return fk()
        .interpret(plugin::WireAnswer{.status = 200,
                                      .headers = &headers,
                                      .body = body,
                                      .our_id = "01980000-0000-7000-8000-000000000001",
                                      .form = "intygssvar"})
        .fate;
}

TEST(CertificateDialogue, FksAnswerIsReadAsTheContractSays) {
    constexpr std::string_view kRoot = "SendMessageToRecipientResponse";
    EXPECT_EQ(fateOf(kRoot, "<c:resultCode>OK</c:resultCode>"), Fate::Delivered);
    EXPECT_EQ(fateOf(kRoot,
                     "<c:resultCode>ERROR</c:resultCode><c:resultText>x</c:resultText>"
                     "<c:errorId>TECHNICAL_ERROR</c:errorId>"),
              Fate::Retry);
    EXPECT_EQ(fateOf(kRoot,
                     "<c:resultCode>ERROR</c:resultCode><c:resultText>x</c:resultText>"
                     "<c:errorId>VALIDATION_ERROR</c:errorId>"),
              Fate::Refused);
    EXPECT_EQ(fateOf("SendMessageToCareResponse", "<c:resultCode>OK</c:resultCode>"), Fate::Retry)
        << "the answer to another contract";
}

}  // namespace
}  // namespace stafett::dialects
