// FK asks about a certificate by the public contract, and is answered by it.
#include <gmock/gmock.h>

#include "tests/support/documents.h"
#include "tests/support/running_gateway.h"

namespace stafett::e2e {
namespace {

using support::claimsOf;
using support::documentRequest;
using support::Json;
using support::Names;
using ::testing::HasSubstr;

/// The unit that answers for the municipality, made up; and certificates may be told in answers.
void setUnit(const support::GatewayFolder& folder) {
    folder.edit("parties/fk.json", [](Json& party) {
        party["settings"] = {{"intyg_part", "2120001124"},
                             {"intyg_personal_id", "SE2120001124-P1"},
                             {"intyg_personal_namn", "Kim Exempelsson"},
                             {"intyg_enhet_id", "SE2120001124-E1"},
                             {"intyg_enhet_namn", "Kommunens rehabenhet"},
                             {"intyg_arbetsplatskod", "0000000"},
                             {"intyg_postadress", "Provgatan 1"},
                             {"intyg_postnummer", "20580"},
                             {"intyg_postort", "MALMÖ"},
                             {"intyg_telefonnummer", "040-341000"},
                             {"intyg_vardgivare_id", "SE2120001124-1"},
                             {"intyg_vardgivare_namn", "Malmö stad"}};
    });
}

/// FK tells the number it has given the case.
transport::HttpRequest status(Names& names) {
    return documentRequest("fk-svar-tar-over.xml", names,
                           {{"<t:code>OVERTAR</t:code>", "<t:code>LAGE</t:code>"},
                            {"<overtagandeFrom>${today}</overtagandeFrom>", ""}});
}

transport::HttpRequest question(Names& names) {
    return support::goldenRequest(
        "social_insurance", "intygsfraga_question_by_question",
        {{"<referens-id>FK-2026-0117</referens-id>",
          names.fill("<referens-id>FK-${int:fk}</referens-id>")},
         {"<meddelande-id>6f9a1c52-dddd-4a6b-9c3e-000000000001</meddelande-id>",
          names.fill("<meddelande-id>${uuid:fraga}</meddelande-id>")},
         {"SE2321000131-1001</add:LogicalAddress>", "SE2120001124-E1</add:LogicalAddress>"},
         {"<logiskAdressMottagare>SE2321000131-1001<", "<logiskAdressMottagare>SE2120001124-E1<"}});
}

TEST(CertificateDialogue, FksQuestionReachesWhoReferredAndTheAnswerGoesBackByTheContract) {
    support::RunningGateway gateway("certificate", setUnit);
    auto& fk = gateway.agency("fk");
    auto& kommun = gateway.agency("kommun");
    Names names;
    const auto referral = gateway.send("kommun", documentRequest("remiss.xml", names));
    ASSERT_EQ(referral.headers.get("Stafett-Outcome"), "accepted") << referral.body;
    names.set("fk-fick", claimsOf(referral).at("mid").get<std::string>());
    const auto known = gateway.send("fk", status(names));
    ASSERT_EQ(known.headers.get("Stafett-Outcome"), "accepted") << known.body;

    const auto asked = gateway.send("fk", question(names));
    ASSERT_EQ(asked.headers.get("Stafett-Outcome"), "accepted") << asked.body;
    EXPECT_THAT(asked.body, HasSubstr("SendMessageToCareResponse"));
    const auto holding = [](app::Agency& agency, const std::string& text) {
        return support::until([&] {
            for (const auto& arrival : agency.arrivals(0)) {
                if (arrival.request.body.find(text) != std::string::npos) return true;
            }
            return false;
        });
    };
    EXPECT_TRUE(holding(kommun, "<Fr\xE5ga nr=\"26\">")) << "the questions, in ISO-8859-1";

    names.set("kommun-fick", claimsOf(asked).at("mid").get<std::string>());
    const auto answer = gateway.send(
        "kommun",
        documentRequest(
            "kommun-svar-ja.xml", names,
            {{"<Besked>JA</Besked>", "<Besked>KOMPL</Besked><Text>Smärta. Den 1 maj.</Text>"},
             {"<TarÖverFrån>${today}</TarÖverFrån>", ""},
             {"<Kontakt>", "<Person><Personnummer>19740702-9284</Personnummer></Person><Kontakt>"},
             {"</Svar>", "</Svar><Läkarintyg id=\"SE2120001124-E1/b1e5d1d0-0001\"/>"},
             {" Id=\"${kommun-id}\"", ""},
             {"232100-0255", "202100-5521"}}));
    ASSERT_EQ(answer.headers.get("Stafett-Outcome"), "accepted") << answer.body;
    ASSERT_TRUE(holding(fk, "SendMessageToRecipient"));
    EXPECT_TRUE(holding(fk, "<c:fullstandigtNamn>Kim Exempelsson</c:fullstandigtNamn>"));
    EXPECT_TRUE(holding(fk, "<svarPa><c:meddelande-id>" + names.get("uuid:fraga")));
    EXPECT_TRUE(holding(fk, "<c:referens-id>FK-" + names.get("int:fk") + "</c:referens-id>"));
}

}  // namespace
}  // namespace stafett::e2e
