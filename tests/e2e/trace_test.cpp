// What an operator sees of a message, and what nobody ever sees of a person.
#include <gmock/gmock.h>

#include "gateway/codec/read.h"
#include "tests/support/documents.h"
#include "tests/support/running_gateway.h"

namespace stafett::e2e {
namespace {

using support::claimsOf;
using support::documentRequest;
using support::Json;
using support::Names;
using ::testing::HasSubstr;

/// One message delivered and one refused, for all.
class Trace : public ::testing::Test {
protected:
    static void SetUpTestSuite() {
        gateway_ = std::make_unique<support::RunningGateway>(
            "trace", [](const support::GatewayFolder& folder) {
                folder.edit("stafett.json", [](Json& json) { json["log"]["level"] = "debug"; });
            });
        gateway_->agency("fk");
        const auto good = gateway_->send("kommun", documentRequest("remiss.xml", names()));
        message_ = claimsOf(good).at("mid").get<std::string>();
        gateway_->story(message_, [](const Json& told) {
            return told.at("messages")[0].at("deliveries")[0].at("state") == "delivered";
        });
        Names others;
        const auto bad =
            gateway_->send("kommun", documentRequest("remiss-med-fyra-fel.xml", others));
        refusal_ = *support::fieldOf(bad.body, "Id");
    }
    static void TearDownTestSuite() { gateway_.reset(); }
    static Names& names() {
        static Names names;
        return names;
    }

    static std::unique_ptr<support::RunningGateway> gateway_;
    static std::string message_, refusal_;
};
std::unique_ptr<support::RunningGateway> Trace::gateway_;
std::string Trace::message_, Trace::refusal_;

TEST_F(Trace, TellsAMessageInPlainWords) {
    const auto ran = gateway_->stafett({"trace", message_});
    EXPECT_EQ(ran.code, 0) << ran.err;
    for (const char* part : {"Malm\xC3\xB6 stad", "F\xC3\xB6rs\xC3\xA4kringskassan", "delivered",
                             "municipality", "remiss"}) {
        EXPECT_THAT(ran.out, HasSubstr(part));
    }
    const auto swedish = gateway_->stafett({"--lang", "sv", "trace", message_});
    EXPECT_THAT(swedish.out, HasSubstr("mottaget"));
    EXPECT_THAT(swedish.out, HasSubstr("levererat till Försäkringskassan vid försök 1"));
    EXPECT_THAT(swedish.out, HasSubstr("person/given (FK hämtar namnet ur folkbokföringen)"));
}

TEST_F(Trace, TellsAMessageToMachines) {
    const auto ran = gateway_->stafett({"--json", "trace", message_});
    ASSERT_EQ(ran.code, 0) << ran.err;
    const auto story = Json::parse(ran.out);
    EXPECT_EQ(story.at("case").at("holder").at("party"), "2120001124");
    EXPECT_EQ(story.at("messages")[0].at("id"), message_);
}

TEST_F(Trace, R32_FindsAMessageByItsSendersOwnId) {
    const auto ran = gateway_->stafett({"--json", "trace", names().get("uuid:remiss")});
    ASSERT_EQ(ran.code, 0) << ran.err;
    EXPECT_THAT(ran.out, HasSubstr(message_));
}

TEST_F(Trace, TellsARefusalWithItsProblems) {
    const auto ran = gateway_->stafett({"trace", refusal_});
    EXPECT_EQ(ran.code, 0) << ran.err;
    for (const char* code : {"ST-PER-001", "ST-MAP-014", "ST-MAP-004", "ST-MAP-001"}) {
        EXPECT_THAT(ran.out, HasSubstr(code));
    }
    const auto json = gateway_->stafett({"--json", "trace", refusal_});
    EXPECT_EQ(Json::parse(json.out).at("refusal").at("problems").size(), 4U);
}

TEST_F(Trace, SaysWhenThereIsNoSuchThing) {
    const auto ran = gateway_->stafett({"trace", Uuid::make().text()});
    EXPECT_EQ(ran.code, 1);
}

TEST_F(Trace, SearchesByPartyKindAndState) {
    const auto found = gateway_->stafett(
        {"search", "--party", "2021005521", "--kind", "referral", "--state", "delivered"});
    EXPECT_EQ(found.code, 0) << found.err;
    EXPECT_THAT(found.out, HasSubstr(message_));
    const auto none = gateway_->stafett({"search", "--kind", "handover"});
    EXPECT_THAT(none.out, ::testing::Not(HasSubstr(message_)));
}

TEST_F(Trace, ANumberInAnAddressIsSaidAgainNowhere) {
    for (const char* number : {"19740702-9284", "197407029284", "7407029284"}) {
        for (const std::string& path : {std::string("/"), std::string("/v1/cases/"),
                                        std::string("/v1/reports/"), std::string("/v1/search/")}) {
            transport::HttpRequest request;
            request.method = "GET";
            request.path = path + number;
            request.query = std::string("personnummer=") + number;
            for (const auto& answer :
                 {gateway_->send("kommun", request), gateway_->askAdmin(request)}) {
                EXPECT_GE(answer.status, 400) << request.path;
                EXPECT_EQ(answer.body.find(number), std::string::npos) << request.path;
            }
        }
        transport::HttpRequest search;
        search.method = "GET";
        search.path = "/v1/search";
        search.query = std::string("personnummer=") + number;
        EXPECT_EQ(gateway_->askAdmin(search).status, 400) << "nobody is searched for by number";
        EXPECT_EQ(support::readFile(gateway_->folder().log()).find(number), std::string::npos);
    }
}

TEST_F(Trace, NoCoreFileIsEverWritten) {
    const auto limits =
        support::readFile("/proc/" + std::to_string(gateway_->processId()) + "/limits");
    EXPECT_THAT(limits, ::testing::ContainsRegex("Max core file size +0 +0 "));
}

TEST_F(Trace, AskedWithWhatIsNoneItSaysWhatMayBe) {
    const auto hyphen = gateway_->stafett({"search", "--party", "202100-5521"});
    EXPECT_THAT(hyphen.out, HasSubstr(message_)) << hyphen.err;
    for (const auto& [option, value, hint] :
         {std::tuple{"--party", "Malm\xC3\xB6", "[party]. an organisationsnummer"},
          {"--kind", "remiss", "[kind]. referral, handover"},
          {"--from", "yesterday", "[from]. YYYY-MM-DD"}}) {
        const auto ran = gateway_->stafett({"search", option, value});
        EXPECT_EQ(ran.code, 64) << option;
        EXPECT_THAT(ran.err, HasSubstr(hint));
    }
    EXPECT_EQ(gateway_->stafett({"cases", "--holder", "999"}).code, 64);
}

TEST_F(Trace, NothingWrittenOrToldNamesAPerson) {
    // The document holds them: else the rest proves nothing.
    const auto request = documentRequest("remiss.xml", names());
    const std::vector<std::string> canaries = {"19740702-9284",
                                               "197407029284",
                                               "740702-9284",
                                               "7407029284",
                                               "19740702-9285",
                                               "197407029285",
                                               "\xC3\x85sa",
                                               "\xC3\x96"
                                               "berg",
                                               "\xC5sa",
                                               "\xD6"
                                               "berg",
                                               "S-2026-12",
                                               "ekonomiskt bist"};
    EXPECT_THAT(codec::asUtf8(request.body), HasSubstr(canaries[0]));

    std::map<std::string, std::string> written;
    const auto& folder = gateway_->folder();
    const auto store = folder.store().string();
    for (const auto& entry : std::filesystem::recursive_directory_iterator(folder.root())) {
        const bool ours = entry.path().string().starts_with(folder.config().string());
        if (entry.is_regular_file() && !ours) {
            written[entry.path().string()] = support::readFile(entry.path());
        }
    }
    EXPECT_TRUE(written.contains(folder.log().string()));
    EXPECT_TRUE(written.contains(store + "-wal")) << "the gateway runs: its WAL is there";
    EXPECT_THAT(written[store + "-wal"] + written[store], HasSubstr("2021005521"))
        << "clear fields are read here";
    for (const auto& id : {message_, refusal_}) {
        written["trace " + id] = gateway_->admin("/v1/trace/" + id).dump();
    }
    written["search"] = gateway_->admin("/v1/search").dump();
    written["metrics"] = gateway_->metrics();
    app::Agency& anybody = gateway_->agency("fk");
    for (const auto& arrival : anybody.arrivals(0)) {
        EXPECT_THAT(arrival.request.body, HasSubstr("197407029284")) << "the receiver is told";
    }
    for (const auto& [where, text] : written) {
        for (const auto& canary : canaries) {
            EXPECT_EQ(text.find(canary), std::string::npos) << canary << " stands in " << where;
        }
    }
}

}  // namespace
}  // namespace stafett::e2e
