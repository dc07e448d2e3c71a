// What an operator does with a delivery that is held.
#include <gmock/gmock.h>

#include "tests/support/documents.h"
#include "tests/support/running_gateway.h"

namespace stafett::e2e {
namespace {

using support::claimsOf;
using support::documentRequest;
using support::Json;
using support::Names;
using support::run;
using ::testing::HasSubstr;
using ::testing::Not;

class Operator : public ::testing::Test {
protected:
    Operator() : gateway_("operator") {
        gateway_.agency("fk").treatNext({app::Manner::Refuse});
        Names names;
        message_ = claimsOf(gateway_.send("kommun", documentRequest("remiss.xml", names)))
                       .at("mid")
                       .get<std::string>();
        const auto held = stateIs("held");
        delivery_ = held.at("messages")[0].at("deliveries")[0].at("id").get<std::string>();
    }

    Json stateIs(const std::string& state) {
        return gateway_.story(message_, [&](const Json& told) {
            return told.at("messages")[0].at("deliveries")[0].at("state") == state;
        });
    }
    support::Ran delivery(std::vector<std::string> arguments) {
        arguments.insert(arguments.begin(), "delivery");
        arguments.insert(arguments.end(),
                         {"--admin", std::to_string(gateway_.folder().adminPort())});
        return run("stafett", arguments);
    }

    support::RunningGateway gateway_;
    std::string message_, delivery_;
};

TEST_F(Operator, AReleasedDeliveryIsTriedAgainWithTheSameBytes) {
    const auto released = delivery({"release", delivery_});
    EXPECT_EQ(released.code, 0) << released.err;
    const auto told = stateIs("delivered");
    EXPECT_THAT(told.dump(), HasSubstr("\"released\""));
    EXPECT_EQ(delivery({"release", delivery_}).code, 1) << "it is held no more";
}

TEST_F(Operator, AHeldDeliveryIsToldWithTheIdThatReleasesIt) {
    EXPECT_THAT(gateway_.stafett({"trace", message_}).out,
                HasSubstr("delivery " + delivery_ + ": stafett delivery release, or skip"));
    EXPECT_THAT(gateway_.stafett({"--lang", "sv", "search", "--state", "held"}).out,
                HasSubstr("hålls 1"));
}

TEST_F(Operator, ASkippedOneSaysWhy) {
    EXPECT_EQ(delivery({"skip", delivery_}).code, 64) << "a reason is needed";
    EXPECT_EQ(delivery({"skip", delivery_, "--because", "Anna ringde"}).code, 64);
    const auto skipped = delivery({"skip", delivery_, "--because", "receiver_has_it"});
    EXPECT_EQ(skipped.code, 0) << skipped.err;
    EXPECT_THAT(stateIs("skipped").dump(), HasSubstr("receiver_has_it"));
    EXPECT_THAT(gateway_.stafett({"trace", message_}).out,
                HasSubstr("skipped by an operator: delivery " + delivery_ + ", receiver_has_it"));
}

TEST_F(Operator, WhatIsNotThereIsSaid) {
    const auto none = delivery({"release", DeliveryId::make().text()});
    EXPECT_EQ(none.code, 1);
    EXPECT_THAT(none.err, HasSubstr("ST-STO-005"));
    EXPECT_EQ(delivery({"release", "no-id"}).code, 64);
}

transport::HttpRequest adminRequest(const char* method, const std::string& path) {
    transport::HttpRequest request;
    request.method = method;
    request.path = path;
    return request;
}

TEST_F(Operator, APageOfAnotherSiteChangesNothing) {
    for (const std::string& path :
         {"/v1/deliveries/" + delivery_ + "/release", std::string("/v1/keys/rewrap"),
          std::string("/v1/reports/experience")}) {
        auto request = adminRequest("POST", path);
        request.headers.add("Content-Type", "text/plain");  // what a page may send unasked
        request.body = path.ends_with("experience")
                           ? "month;association;question;answers;yes\n2026-05;Norra;Fick;40;28\n"
                           : "{}";
        EXPECT_EQ(gateway_.askAdmin(std::move(request)).status, 415) << path;
    }
    EXPECT_THAT(stateIs("held").dump(), Not(HasSubstr("\"released\"")));
    EXPECT_EQ(gateway_.askAdmin(adminRequest("DELETE", "/v1/reports/mal")).status, 405);
}

TEST_F(Operator, APlaceInAListThatIsNoneIsTheAskersFault) {
    for (const char* list : {"/v1/search", "/v1/cases"}) {
        auto request = adminRequest("GET", list);
        request.query = "after=nowhere";
        const auto told = gateway_.askAdmin(std::move(request));
        EXPECT_EQ(told.status, 400) << list;
        EXPECT_EQ(Json::parse(told.body).at("path"), "after");
    }
}

}  // namespace
}  // namespace stafett::e2e
