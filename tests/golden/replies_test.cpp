// What a sender hears from us, and what a receiver's answer means, in the two dialects that speak
// JSON.
#include <gtest/gtest.h>

#include <algorithm>

#include "tests/golden/dialects.h"

namespace stafett::golden {
namespace {

constexpr const char* kOurId = "019b1d2e-7c00-7a10-8b20-5a6b7c8d9e0f";
constexpr const char* kTheirId = "8a4d2f10-6b3c-4e5d-9f70-000000000001";

plugin::ReplyInput inputFor(Outcome outcome) {
    plugin::ReplyInput input;
    input.outcome = outcome;
    input.id = kOurId;
    input.sender_id = kTheirId;
    input.now = std::chrono::sys_days(std::chrono::year(2026) / 1 / 20) + std::chrono::hours(9);
    if (outcome != Outcome::Accepted) {
        input.code = Code::MapUnknownValue;
        input.lines = {{"ST-MAP-014", "entry[2]/resource/code", "värdet \"finns\" inte\n", false},
                       {"ST-MAP-001", "entry[9]", "okänt fält", false}};
        input.count = 2;
    }
    return input;
}

plugin::WireMessage replyOf(const std::string& dialect, const plugin::ReplyInput& input) {
    return Dialects::get().adapter(dialect).reply(input);
}

std::string headerOf(const plugin::WireMessage& reply, const std::string& name) {
    for (const auto& [key, value] : reply.headers) {
        if (key == name) return value;
    }
    return {};
}

TEST(AfReply, IsAMessageOrAnErrorObjectWithEveryProblem) {
    const auto accepted = replyOf("employment_service", inputFor(Outcome::Accepted));
    EXPECT_EQ(accepted.status, 201);
    EXPECT_EQ(Json::parse(accepted.body),
              Json({{"message", "Mottaget"}, {"meddelande_id", kOurId}}));
    EXPECT_EQ(headerOf(accepted, "AF-Traceability"), kOurId);

    const auto refused = replyOf("employment_service", inputFor(Outcome::ContentRefused));
    EXPECT_EQ(refused.status, 422);
    const auto error = Json::parse(refused.body);
    EXPECT_EQ(error.at("error_id"), kOurId);
    EXPECT_EQ(error.at("cause").at("code"), "ST-MAP-014");
    ASSERT_EQ(error.at("cause").at("error").size(), 2U);
    EXPECT_EQ(error.at("cause").at("error")[0].at("falt"), "entry[2]/resource/code");
    EXPECT_EQ(error.at("cause").at("error")[1].at("felkod"), "ST-MAP-001");
}

TEST(AfReply, HasAnotherShapeWhenNotAllowed) {
    auto input = inputFor(Outcome::NotAllowed);
    input.code = Code::PolicyNoFlow;
    const auto reply = replyOf("employment_service", input);
    EXPECT_EQ(reply.status, 403);
    const auto json = Json::parse(reply.body);
    EXPECT_EQ(json.at("error"), "ST-POL-001");
    EXPECT_FALSE(json.at("description").get<std::string>().empty());
    EXPECT_FALSE(json.contains("cause"));
}

TEST(AfRequest, CarriesOurIdAndNoCaller) {
    const auto cases = allCases();
    const auto& from = *std::find_if(cases.begin(), cases.end(), [](const Case& one) {
        return one.name == "leverantorsavrop_whole";
    });
    const auto reading = Dialects::get().read(from);
    const auto& dialects = Dialects::get();
    auto view =
        viewFor(*reading.message, *dialects.outboundForm("employment_service", *reading.message));
    view.set("message/id", kOurId);
    const auto request = dialects.write("employment_service", view, nullptr).request;
    EXPECT_EQ(request.method + " " + request.path, "POST /v1/leverantorsavrop");
    EXPECT_EQ(headerOf(request, "AF-TrackingId"), kOurId);
    EXPECT_EQ(headerOf(request, "AF-EndUserId"), "*sys*");
    EXPECT_EQ(headerOf(request, "Content-Type"), "application/json; charset=utf-8");
    for (const auto& [name, value] : request.headers) {
        EXPECT_FALSE(value.empty()) << name << ": a setting that is not there is not sent empty";
    }
}

TEST(RegionReply, IsAResponseOrAnOutcomeWithAnIssuePerProblem) {
    const auto accepted = replyOf("region", inputFor(Outcome::Accepted));
    EXPECT_EQ(accepted.status, 200);
    const auto header = Json::parse(accepted.body).at("entry")[0].at("resource");
    EXPECT_EQ(header.at("response"), Json({{"identifier", kTheirId}, {"code", "ok"}}));

    const auto refused = replyOf("region", inputFor(Outcome::ContentRefused));
    EXPECT_EQ(refused.status, 422);
    const auto outcome = Json::parse(refused.body);
    EXPECT_EQ(outcome.at("resourceType"), "OperationOutcome");
    ASSERT_EQ(outcome.at("issue").size(), 2U);
    EXPECT_EQ(outcome.at("issue")[0].at("expression")[0], "Bundle.entry[2].resource.code");
    EXPECT_EQ(outcome.at("issue")[0].at("details").at("coding")[0].at("code"), "ST-MAP-014");
}

TEST(RegionReply, IsFhirForEveryOutcome) {
    const auto folder = std::filesystem::path(STAFETT_BUILD_DIR) / "golden" / "region_replies";
    for (const auto outcome : {Outcome::Accepted, Outcome::ContentRefused, Outcome::NotAllowed,
                               Outcome::Conflict, Outcome::Malformed, Outcome::Busy}) {
        writeFile(folder / (std::to_string(static_cast<int>(outcome)) + ".json"),
                  replyOf("region", inputFor(outcome)).body);
    }
    const auto judged = checkFhir(folder);
    if (judged == Judge::Absent) GTEST_SKIP() << "npm ci has not been run in tests/golden/fhir";
    EXPECT_EQ(judged, Judge::Satisfied);
}

struct Meaning {
    const char* dialect;
    int status;
    const char* body;
    plugin::Fate fate;
    const char* code;
};

TEST(AnAnswer, MeansWhatTheDialectSheetSays) {
    using plugin::Fate;
    constexpr const char* kAf = "employment_service";
    constexpr const char* kRegion = "region";
    const Meaning meanings[] = {
        {kAf, 201, R"({"message":"OK"})", Fate::Delivered, "http-201"},
        {kAf, 422, R"({"error_id":"e","cause":{"code":"C","error":[{"felkod":"F9"}]}})",
         Fate::Refused, "F9"},
        {kAf, 400, R"({"error_id":"e","cause":{"code":"C"}})", Fate::Refused, "C"},
        // A receipt that is an error object is no receipt.
        {kAf, 200, R"({"error_id":"e","cause":{"code":"C"}})", Fate::Refused, "C"},
        {kAf, 403, R"({"error":"NEKAD","description":"x"})", Fate::Denied, "NEKAD"},
        {kAf, 503, "", Fate::Retry, "http-503"},
        {kRegion, 200, R"({"resourceType":"Bundle","identifier":{"value":"urn:uuid:9"},
          "entry":[{"resource":{"response":{"code":"ok"}}}]})",
         Fate::Delivered, "http-200"},
        {kRegion, 200, R"({"resourceType":"Bundle","entry":[{"resource":{"response":
          {"code":"transient-error"}}}]})",
         Fate::Retry, "http-200"},
        {kRegion, 200, R"({"resourceType":"Bundle","entry":[{"resource":{"response":
          {"code":"fatal-error"}}},{"resource":{"issue":[{"details":{"coding":[{"code":"K1"}]}}]}}]})",
         Fate::Refused, "K1"},
        {kRegion, 200, R"({"resourceType":"OperationOutcome","issue":
          [{"severity":"error","code":"invalid"}]})",
         Fate::Refused, "invalid"},
        {kRegion, 200, R"({"resourceType":"OperationOutcome","issue":
          [{"severity":"information","code":"informational"}]})",
         Fate::Delivered, "informational"},
        {kRegion, 422, R"({"resourceType":"OperationOutcome","issue":
          [{"severity":"error","code":"invalid"}]})",
         Fate::Refused, "invalid"},
        {kRegion, 502, "<html>", Fate::Retry, "http-502"},
    };
    for (const auto& [dialect, status, body, fate, code] : meanings) {
        const std::vector<std::pair<std::string, std::string>> headers = {
            {"Content-Type",
             dialect == std::string("region") ? "application/fhir+json" : "application/json"}};
        const plugin::WireAnswer answer{status, &headers, body, kOurId, "x"};
        const auto found = Dialects::get().adapter(dialect).interpret(answer);
        EXPECT_EQ(found.fate, fate) << dialect << " " << status << " " << body;
        EXPECT_EQ(found.code, code) << dialect << " " << status << " " << body;
    }
}

}  // namespace
}  // namespace stafett::golden
