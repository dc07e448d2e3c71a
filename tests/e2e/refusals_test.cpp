// What is refused is refused once, with every problem, in the sender's own form, and is found
// again.
#include <gmock/gmock.h>

#include "gateway/codec/read.h"
#include "tests/support/documents.h"
#include "tests/support/running_gateway.h"

namespace stafett::e2e {
namespace {

using support::documentRequest;
using support::goldenRequest;
using support::Json;
using support::Names;
using ::testing::HasSubstr;

/// One gateway for all: a refusal leaves nothing behind that another test would see.
class Refusals : public ::testing::Test {
protected:
    static void SetUpTestSuite() {
        gateway_ = std::make_unique<support::RunningGateway>("refusals");
    }
    static void TearDownTestSuite() { gateway_.reset(); }

    transport::HttpResponse send(const std::string& agency, transport::HttpRequest request) {
        return gateway_->send(agency, std::move(request));
    }
    static void expectKeptNowhere(const transport::HttpResponse& answer) {
        EXPECT_TRUE(answer.headers.get("Stafett-Receipt").empty());
    }

    static std::unique_ptr<support::RunningGateway> gateway_;
};
std::unique_ptr<support::RunningGateway> Refusals::gateway_;

struct Golden {
    const char *agency, *dialect, *name;
    int status;
    const char *form, *form_end;  ///< what the dialect's error form begins with and holds
};

class FourProblems : public Refusals, public ::testing::WithParamInterface<Golden> {};

TEST_P(FourProblems, AreToldAtOnceInTheSendersOwnForm) {
    const Golden& golden = GetParam();
    const auto answer = send(golden.agency, goldenRequest(golden.dialect, golden.name));
    EXPECT_EQ(answer.status, golden.status) << answer.body;
    EXPECT_EQ(answer.headers.get("Stafett-Outcome"), "content_refused");
    EXPECT_THAT(answer.body, HasSubstr(golden.form));
    EXPECT_THAT(answer.body, HasSubstr(golden.form_end));
    expectKeptNowhere(answer);

    // The golden case says which codes at which places; the reply must say each, place beside code.
    const auto refused = support::readFile(std::filesystem::path(STAFETT_SOURCE_DIR) / "plugins" /
                                           golden.dialect / "cases" / golden.name / "refused.txt");
    std::istringstream lines(refused);
    std::string code, place;
    std::size_t count = 0;
    const auto body = codec::asUtf8(answer.body);
    while (lines >> code >> place) {
        ++count;
        EXPECT_THAT(body, HasSubstr(code));
        // FHIR writes a place as an expression, Bundle.entry[2].resource…: the last step stays.
        const auto last = place.substr(place.find_last_of("/@") + 1);
        EXPECT_THAT(body, HasSubstr(last.substr(0, last.find('['))));
    }
    EXPECT_EQ(count, 4U);
}

INSTANTIATE_TEST_SUITE_P(
    Dialects, FourProblems,
    ::testing::Values(Golden{"af", "employment_service",
                             "leverantorsavrop_refused_four_problems_at_once", 422, "\"error_id\"",
                             "\"error\""},
                      Golden{"fk", "social_insurance", "remiss_four_problems_at_once", 200,
                             "VALIDATION_ERROR", "ERROR"},
                      Golden{"kommun", "municipality", "remiss_four_problems_at_once", 422,
                             "<Kvittens status=\"FEL\">", "plats="},
                      Golden{"region", "region", "remiss_refused_four_problems_at_once", 422,
                             "OperationOutcome", "\"expression\""}),
    [](const auto& about) { return std::string(about.param.dialect); });

TEST_F(Refusals, OfARefusedMessageItsIdMayBeUsedAgain) {
    gateway_->agency("fk");
    Names names;
    const auto bad = documentRequest("remiss.xml", names, {{"19740702-9284", "19740702-9285"}});
    EXPECT_EQ(send("kommun", bad).headers.get("Stafett-Outcome"), "content_refused");
    const auto good = send("kommun", documentRequest("remiss.xml", names));
    EXPECT_EQ(good.headers.get("Stafett-Outcome"), "accepted") << good.body;
}

TEST_F(Refusals, OfAnUnknownAddressSayTheStatusTheyHave) {
    Names names;
    auto request = documentRequest("remiss.xml", names);
    request.path = "/arenden";
    const auto answer = send("kommun", request);
    EXPECT_EQ(answer.status, 404);
    const auto problem = Json::parse(answer.body);
    EXPECT_EQ(problem.at("status"), 404);
    EXPECT_EQ(problem.at("code"), "ST-HTTP-005");
    EXPECT_THAT(problem.at("detail").get<std::string>(), HasSubstr("dialektens blad"));
}

TEST_F(Refusals, OfBrokenXmlSayTheLine) {
    transport::HttpRequest request;
    Names names;
    request = documentRequest("remiss.xml", names);
    request.body =
        "<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?>\n<\xC4rende>\n<Typ>REMISS</Tyq>";
    const auto answer = send("kommun", request);
    EXPECT_EQ(answer.status, 400);
    EXPECT_EQ(answer.headers.get("Stafett-Outcome"), "malformed");
    EXPECT_THAT(answer.body, HasSubstr("<Kvittens status=\"FEL\">"));
    EXPECT_THAT(answer.body, ::testing::ContainsRegex("plats=\"3:[0-9]+ Typ\""));
    expectKeptNowhere(answer);
}

TEST_F(Refusals, OfBrokenXmlForTheSocialInsuranceAgencyAreASoapFault) {
    auto request = goldenRequest("social_insurance", "remiss_whole");
    request.body = support::replaced(request.body, "</soap:Body>", "</soap:Bodi>");
    const auto answer = send("fk", request);
    EXPECT_EQ(answer.status, 500);
    EXPECT_EQ(answer.headers.get("Stafett-Outcome"), "malformed");
    EXPECT_THAT(answer.body, HasSubstr("Fault>"));
    EXPECT_THAT(answer.body, HasSubstr("Client"));
}

TEST_F(Refusals, OfBrokenJsonAreEachAgencysOwn) {
    auto request = goldenRequest("employment_service", "leverantorsavrop_whole");
    request.body += "}";
    auto answer = send("af", request);
    EXPECT_EQ(answer.status, 400);
    EXPECT_EQ(answer.headers.get("Stafett-Outcome"), "malformed");
    EXPECT_THAT(answer.body, HasSubstr("\"error_id\""));

    request = goldenRequest("region", "remiss_whole");
    request.body = request.body.substr(0, request.body.size() / 2);
    answer = send("region", request);
    EXPECT_EQ(answer.status, 400);
    EXPECT_EQ(answer.headers.get("Stafett-Outcome"), "malformed");
    EXPECT_THAT(answer.body, HasSubstr("OperationOutcome"));
}

TEST_F(Refusals, OfAMissingConsentNameTheRule) {
    Names names;
    const auto answer =
        send("kommun",
             documentRequest("remiss.xml", names,
                             {{"<Samtycke id=\"S-2026-12\" till=\"${in_90_days}\">J</Samtycke>",
                               "<Samtycke>N</Samtycke>"}}));
    EXPECT_EQ(answer.headers.get("Stafett-Outcome"), "not_allowed");
    EXPECT_EQ(answer.status, 403);
    EXPECT_THAT(answer.body, HasSubstr("ST-POL-002"));
    expectKeptNowhere(answer);
}

TEST_F(Refusals, OfAnotherAgencysCertificateOnSomeonesRoute) {
    Names names;
    gateway_->agency("kommun");
    const auto answer = send("region", documentRequest("remiss.xml", names));
    EXPECT_EQ(answer.status, 403);
    EXPECT_EQ(answer.headers.get("Stafett-Outcome"), "not_allowed");
    expectKeptNowhere(answer);
}

TEST_F(Refusals, OfACertificateNobodyKnows) {
    Names names;
    auto& stranger = gateway_->stranger("operator");
    const auto answer = stranger.post("localhost", gateway_->folder().inboxPort(),
                                      documentRequest("remiss.xml", names));
    if (answer) {
        EXPECT_EQ(answer->status, 403);
        expectKeptNowhere(*answer);
    } else {
        ADD_FAILURE() << describe(answer.error(), Language::English);
    }
    // The same document is nobody's repeat: its agency may send it.
    gateway_->agency("fk");
    EXPECT_EQ(send("kommun", documentRequest("remiss.xml", names)).headers.get("Stafett-Outcome"),
              "accepted");
}

TEST_F(Refusals, OfAProtectedPersonWithoutAFlow) {
    Names names;
    const auto answer = send(
        "kommun",
        documentRequest("remiss.xml", names, {{"<Skyddad>N</Skyddad>", "<Skyddad>J</Skyddad>"}}));
    EXPECT_EQ(answer.headers.get("Stafett-Outcome"), "not_allowed");
    EXPECT_THAT(answer.body, HasSubstr("ST-POL-004"));
    expectKeptNowhere(answer);
}

TEST(ProtectedPersons, GoWhereAFlowNamesThemAndTheDialectHasTheMark) {
    support::RunningGateway gateway("protected", [](const support::GatewayFolder& folder) {
        folder.edit("policy.json", [](Json& policy) {
            for (auto& flow : policy["flows"]) flow["protected_persons"] = true;
        });
    });
    auto& fk = gateway.agency("fk");
    Names names;
    const support::Changes marked = {{"<Skyddad>N</Skyddad>", "<Skyddad>J</Skyddad>"}};
    const auto to_fk = gateway.send("kommun", documentRequest("remiss.xml", names, marked));
    EXPECT_EQ(to_fk.headers.get("Stafett-Outcome"), "accepted") << to_fk.body;
    const auto arrival = fk.waitFor(0, "/samverkan/v1", Deadline::in(std::chrono::seconds(20)));
    ASSERT_TRUE(arrival);
    EXPECT_EQ(support::fieldOf(arrival->request.body, "Body/Remiss/sekretessmarkering"), "true");

    Names others;
    auto to_af = marked;
    to_af.emplace_back("202100-5521", "202100-2114");
    to_af.emplace_back("fk-samordning-syd", "af-malmo-rehab");
    const auto refused = gateway.send("kommun", documentRequest("remiss.xml", others, to_af));
    EXPECT_EQ(refused.headers.get("Stafett-Outcome"), "content_refused");
    EXPECT_THAT(refused.body, HasSubstr("ST-MAP-022"));
    EXPECT_THAT(refused.body, HasSubstr("2021002114")) << "the receiver that cannot be told";
}

}  // namespace
}  // namespace stafett::e2e
