// A sender over its share is told so in its own dialect's form, with Retry-After; what it sent is
// still its own, and nobody else notices.
#include <gmock/gmock.h>

#include "tests/support/documents.h"
#include "tests/support/running_gateway.h"

namespace stafett::e2e {
namespace {

using support::documentRequest;
using support::Json;
using support::Names;
using ::testing::HasSubstr;

struct Told {
    const char *agency, *document;
    int status;
    const char *form, *form_end;
};

class OverItsShare : public ::testing::TestWithParam<Told> {
protected:
    static void SetUpTestSuite() {
        gateway_ = std::make_unique<support::RunningGateway>(
            "capacity", [](const support::GatewayFolder& folder) {
                folder.edit("stafett.json",
                            [](Json& settings) { settings["inbox"]["connections_per_peer"] = 1; });
            });
    }
    static void TearDownTestSuite() { gateway_.reset(); }
    static std::unique_ptr<support::RunningGateway> gateway_;
};
std::unique_ptr<support::RunningGateway> OverItsShare::gateway_;

TEST_P(OverItsShare, IsToldInItsOwnForm) {
    const auto& told = GetParam();
    const std::string agency = told.agency;
    Names names;
    names.set("af-fick", "none")
        .set("af-referens", "none")
        .set("fk-fick", "none")
        .set("region-fick", "none")
        .set("kommun-fick", "none");
    const auto request = documentRequest(told.document, names);
    // Its one connection stays open behind this answer, whatever it says.
    EXPECT_NE(gateway_->send(agency, request).status, 429);
    const auto second = gateway_->stranger(agency + "-system")
                            .post("localhost", gateway_->folder().inboxPort(), request);
    ASSERT_TRUE(second.has_value());
    EXPECT_EQ(second->status, told.status) << second->body;
    EXPECT_EQ(second->headers.get("Stafett-Outcome"), "busy");
    EXPECT_EQ(second->headers.get("Retry-After"), "5");
    EXPECT_THAT(second->body, HasSubstr(told.form));
    EXPECT_THAT(second->body, HasSubstr(told.form_end));
    EXPECT_TRUE(second->headers.get("Stafett-Receipt").empty());
    EXPECT_NE(gateway_->send(agency, request).status, 429);
}

INSTANTIATE_TEST_SUITE_P(
    Dialects, OverItsShare,
    ::testing::Values(Told{"af", "af-overtagande.json", 429, "ST-HTTP-008", "\"antal_fel\":1"},
                      Told{"fk", "fk-svar-tar-over.xml", 500, "soap:Server", "ST-HTTP-008"},
                      Told{"kommun", "remiss.xml", 429, "<Kvittens", "ST-HTTP-008"},
                      Told{"region", "region-remiss.json", 429, "OperationOutcome", "ST-HTTP-008"}),
    [](const auto& told) { return std::string(told.param.agency); });

TEST_F(OverItsShare, OnAPathOfNoDialectIsToldInTheGatewaysForm) {
    transport::HttpRequest request;
    request.method = "GET";
    request.path = "/.well-known/stafett-keys";
    ASSERT_EQ(gateway_->send("region", request).status, 200);
    const auto second = gateway_->stranger("region-system")
                            .post("localhost", gateway_->folder().inboxPort(), request);
    ASSERT_TRUE(second.has_value());
    EXPECT_EQ(second->status, 429);
    EXPECT_EQ(second->headers.get("Content-Type"), "application/problem+json");
    EXPECT_EQ(second->headers.get("Retry-After"), "5");
}

}  // namespace
}  // namespace stafett::e2e
