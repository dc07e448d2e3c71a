// A receiver that cannot be called fetches what is its own, and says when it has it.
#include <gmock/gmock.h>

#include <future>
#include <set>

#include "gateway/base/base64.h"
#include "gateway/store/sqlite.h"
#include "tests/support/documents.h"
#include "tests/support/running_gateway.h"

namespace stafett::e2e {
namespace {

using support::claimsOf;
using support::documentRequest;
using support::GatewayFolder;
using support::Json;
using support::Names;
using support::RunningGateway;
using ::testing::HasSubstr;

constexpr const char* kFk = "2021005521";

/// FK fetches; a lease is so long.
std::function<void(const GatewayFolder&)> fkFetches(double lease_seconds) {
    return [lease_seconds](const GatewayFolder& folder) {
        folder.edit("routes.json", [](Json& json) {
            for (auto& door : json["doors"]) {
                if (door["id"] == "fk") door = {{"id", "fk"}, {"party", kFk}, {"by", "mailbox"}};
            }
        });
        folder.edit("stafett.json", [&](Json& json) {
            json["mailbox"] = {{"lease_seconds", lease_seconds}, {"wait_seconds", 20.0}};
        });
    };
}

/// A referral to FK, accepted; its id.
std::string refer(RunningGateway& gateway, Names& names) {
    const auto answer = gateway.send("kommun", documentRequest("remiss.xml", names));
    EXPECT_EQ(answer.headers.get("Stafett-Outcome"), "accepted") << answer.body;
    return claimsOf(answer).at("mid").get<std::string>();
}

std::string refer(RunningGateway& gateway) {
    Names names;
    return refer(gateway, names);
}

transport::HttpRequest fetching(const std::string& query) {
    transport::HttpRequest request;
    request.method = "GET";
    request.path = "/v1/mailbox";
    request.query = query;
    return request;
}

transport::HttpResponse fetch(RunningGateway& gateway, const std::string& query = "wait=10",
                              const std::string& agency = "fk") {
    return gateway.send(agency, fetching(query));
}

transport::HttpRequest acknowledging(std::string_view delivery, std::string_view lease) {
    transport::HttpRequest request;
    request.method = "POST";
    request.path = "/v1/mailbox/" + std::string(delivery) + "/ack";
    request.headers.add("Stafett-Lease", std::string(lease));
    return request;
}

transport::HttpRequest acknowledging(const transport::HttpResponse& fetched) {
    return acknowledging(fetched.headers.get("Stafett-Delivery"),
                         fetched.headers.get("Stafett-Lease"));
}

/// The state an acknowledgement says the delivery has.
std::string stateOf(const transport::HttpResponse& answer) {
    if (answer.status != 200) return std::to_string(answer.status) + " " + answer.body;
    return Json::parse(answer.body).at("state").get<std::string>();
}

Json deliveryOf(const Json& story) { return story.at("messages")[0].at("deliveries")[0]; }

TEST(Mailbox, R20_GivesAnAttachmentWholeAndTheSameAgainWhenTheLeaseHasRunOut) {
    RunningGateway gateway("mailbox-attach", fkFetches(0.5));
    gateway.agency("fk");
    std::string certificate = "%PDF-1.7\n";
    for (int i = 0; i < 100'000; ++i) certificate += std::to_string(i);
    const auto coded = base64(certificate);
    Names names;
    const auto sent = gateway.send(
        "kommun", documentRequest("remiss.xml", names,
                                  {{"</Ärende>",
                                    "<Bilagor><Bilaga typ=\"application/pdf\"><Namn>Intyg.pdf"
                                    "</Namn><Data>" +
                                        coded + "</Data></Bilaga></Bilagor></Ärende>"}}));
    EXPECT_EQ(sent.headers.get("Stafett-Outcome"), "accepted") << sent.body;
    const auto first = fetch(gateway);
    ASSERT_EQ(first.status, 200) << first.body;
    EXPECT_TRUE(first.body.find("<t:innehall>" + coded + "</t:innehall>") != std::string::npos);
    const auto again = fetch(gateway);
    ASSERT_EQ(again.status, 200) << again.body;
    EXPECT_EQ(again.headers.get("Stafett-Lease"), "2");
    EXPECT_TRUE(again.body == first.body);
    EXPECT_EQ(stateOf(gateway.send("fk", acknowledging(again))), "delivered");
}

TEST(Mailbox, GivesWhatPushWouldHaveSentAndSettlesItWhenAcknowledged) {
    RunningGateway gateway("mailbox", fkFetches(60));
    gateway.agency("fk");
    const auto id = refer(gateway);
    const auto fetched = fetch(gateway);
    ASSERT_EQ(fetched.status, 200) << fetched.body;
    EXPECT_EQ(fetched.headers.get("Content-Type"), "text/xml; charset=utf-8");
    EXPECT_THAT(fetched.headers.get("SOAPAction"), HasSubstr("Remiss"));
    EXPECT_EQ(fetched.headers.get("Stafett-Method"), "POST");
    EXPECT_EQ(fetched.headers.get("Stafett-Path"), "/samverkan/v1");
    EXPECT_EQ(fetched.headers.get("Stafett-Receiver"), kFk);
    EXPECT_EQ(fetched.headers.get("Stafett-Lease"), "1");
    EXPECT_THAT(fetched.body, HasSubstr(id));
    EXPECT_EQ(fetch(gateway, "wait=0").status, 204) << "it is lent";

    const auto first = gateway.send("fk", acknowledging(fetched));
    EXPECT_EQ(stateOf(first), "delivered");
    const auto again = gateway.send("fk", acknowledging(fetched));
    EXPECT_EQ(again.status, first.status);
    EXPECT_EQ(again.body, first.body) << "asked twice, told the same";

    const auto delivery = deliveryOf(gateway.story(id, [](const Json&) { return true; }));
    EXPECT_EQ(delivery.at("state"), "delivered");
    EXPECT_EQ(delivery.at("attempts"), 1);
    const auto told = gateway.stafett({"trace", id, "--lang", "en"});
    EXPECT_THAT(told.out, HasSubstr("fetched by fk-system"));
    EXPECT_THAT(told.out, HasSubstr("acknowledged by fk-system"));
    EXPECT_EQ(gateway.agency("fk").arrived(), 0U) << "nobody called it";
}

TEST(Mailbox, AFetchThatFindsNothingWaitsAndIsWokenByTheNextMessage) {
    RunningGateway gateway("mailbox-wait", fkFetches(60));
    gateway.agency("fk");
    gateway.agency("kommun");
    const auto begun = std::chrono::steady_clock::now();
    EXPECT_EQ(fetch(gateway, "wait=1").status, 204);
    EXPECT_GE(std::chrono::steady_clock::now() - begun, std::chrono::milliseconds(950));

    auto waiting = std::async(std::launch::async, [&] { return fetch(gateway, "wait=20"); });
    const auto sent = std::chrono::steady_clock::now();
    const auto id = refer(gateway);
    const auto fetched = waiting.get();
    EXPECT_EQ(fetched.status, 200);
    EXPECT_THAT(fetched.body, HasSubstr(id));
    EXPECT_LT(std::chrono::steady_clock::now() - sent, std::chrono::seconds(10));
}

TEST(Mailbox, WhatIsNotAcknowledgedComesAgainTheSameUnderTheSameId) {
    RunningGateway gateway("mailbox-lease", fkFetches(0.3));
    gateway.agency("fk");
    refer(gateway);
    const auto first = fetch(gateway);
    const auto second = fetch(gateway);
    ASSERT_EQ(second.status, 200) << second.body;
    EXPECT_EQ(second.headers.get("Stafett-Delivery"), first.headers.get("Stafett-Delivery"));
    EXPECT_EQ(second.body, first.body);
    EXPECT_EQ(second.headers.get("Stafett-Lease"), "2");

    const auto late = gateway.send("fk", acknowledging(first));
    EXPECT_EQ(late.status, 409);
    EXPECT_EQ(late.headers.get("Stafett-Outcome"), "conflict");
    EXPECT_THAT(late.body, HasSubstr("ST-DEL-012"));
    EXPECT_EQ(stateOf(gateway.send("fk", acknowledging(second))), "delivered");
}

TEST(Mailbox, ALeaseThatRanOutMayBeAcknowledgedWhileNobodyElseHasFetched) {
    RunningGateway gateway("mailbox-late", fkFetches(0.001));
    gateway.agency("fk");
    refer(gateway);
    const auto fetched = fetch(gateway);
    EXPECT_EQ(stateOf(gateway.send("fk", acknowledging(fetched))), "delivered");
}

TEST(Mailbox, GivesTheNextOfACaseWhenTheFirstIsAcknowledged) {
    RunningGateway gateway("mailbox-order", fkFetches(60));
    gateway.agency("fk");
    gateway.agency("kommun");
    Names names;
    names.set("fk-fick", refer(gateway, names));
    const auto answered = gateway.send("fk", documentRequest("fk-svar-tar-over.xml", names));
    ASSERT_EQ(answered.headers.get("Stafett-Outcome"), "accepted") << answered.body;
    const auto case_id = claimsOf(answered).at("case").get<std::string>();
    // FK asked to be told of deliveries: the notice of its answer stands behind the referral.
    ASSERT_TRUE(support::until([&] {
        const auto story = gateway.admin("/v1/trace/" + case_id);
        return story.at("messages").size() == 3;
    }));
    const auto first = fetch(gateway);
    EXPECT_THAT(first.headers.get("SOAPAction"), HasSubstr("Remiss"));
    EXPECT_EQ(fetch(gateway, "wait=0").status, 204);
    EXPECT_EQ(stateOf(gateway.send("fk", acknowledging(first))), "delivered");
    EXPECT_THAT(fetch(gateway).headers.get("SOAPAction"), HasSubstr("Notis"));
}

TEST(Mailbox, TwoWhoFetchAreNeverGivenTheSame) {
    RunningGateway gateway("mailbox-many", fkFetches(60));
    gateway.agency("fk");
    constexpr std::size_t kMessages = 24;
    for (std::size_t i = 0; i < kMessages; ++i) refer(gateway);
    const auto fetchAll = [&] {
        std::vector<std::string> ids;
        while (true) {
            const auto fetched = fetch(gateway, "wait=1");
            if (fetched.status != 200) return ids;
            ids.emplace_back(fetched.headers.get("Stafett-Delivery"));
        }
    };
    std::vector<std::future<std::vector<std::string>>> fetchers;
    for (int i = 0; i < 4; ++i) fetchers.push_back(std::async(std::launch::async, fetchAll));
    std::set<std::string> all;
    std::size_t count = 0;
    for (auto& fetcher : fetchers) {
        for (const auto& id : fetcher.get()) {
            all.insert(id);
            ++count;
        }
    }
    EXPECT_EQ(count, kMessages);
    EXPECT_EQ(all.size(), kMessages);
}

TEST(Mailbox, AnothersCertificateSeesAndSettlesNothing) {
    RunningGateway gateway("mailbox-foreign", fkFetches(60));
    gateway.agency("fk");
    gateway.agency("af");
    const auto id = refer(gateway);
    EXPECT_EQ(fetch(gateway, "wait=0", "af").status, 403);
    EXPECT_EQ(fetch(gateway, std::string("party=") + kFk, "af").status, 403);
    EXPECT_EQ(fetch(gateway, "party=2021002114").status, 403) << "nor FK for AF";
    const auto fetched = fetch(gateway, std::string("party=") + kFk);
    ASSERT_EQ(fetched.status, 200);
    EXPECT_EQ(gateway.send("af", acknowledging(fetched)).status, 404);
    const auto story = gateway.story(id, [](const Json&) { return true; });
    EXPECT_EQ(deliveryOf(story).at("state"), "waiting");
}

TEST(Mailbox, RefusesWhatItDoesNotUnderstand) {
    RunningGateway gateway("mailbox-odd", fkFetches(60));
    gateway.agency("fk");
    for (const char* query : {"wait=-1", "wait=1&wait=2", "wait=", "most=3", "party=x", "&"}) {
        EXPECT_EQ(fetch(gateway, query).status, 400) << query;
    }
    auto posted = fetching("");
    posted.method = "POST";
    EXPECT_EQ(gateway.send("fk", posted).status, 405);
    const auto unknown = DeliveryId::make().text();
    EXPECT_EQ(gateway.send("fk", acknowledging(unknown, "1")).status, 404);
    EXPECT_EQ(gateway.send("fk", acknowledging(unknown, "0")).status, 400);
    EXPECT_EQ(gateway.send("fk", acknowledging("x", "1")).status, 404);
}

TEST(Mailbox, WhatTheReceiverRefusesIsHeldAsWithPush) {
    RunningGateway gateway("mailbox-refused", fkFetches(60));
    gateway.agency("fk");
    const auto id = refer(gateway);
    const auto fetched = fetch(gateway);
    transport::HttpRequest document;
    document.headers = fetched.headers;
    document.body = fetched.body;
    const auto no = app::technicalAnswer("social_insurance", app::Manner::Refuse, document);
    auto acknowledged = acknowledging(fetched);
    acknowledged.headers.add("Stafett-Status", std::to_string(no.status));
    acknowledged.headers.add("Content-Type", std::string(no.headers.get("Content-Type")));
    acknowledged.body = no.body;
    EXPECT_EQ(stateOf(gateway.send("fk", acknowledged)), "held");
    EXPECT_EQ(stateOf(gateway.send("fk", acknowledged)), "held") << "and again";
    const auto story = gateway.story(id, [](const Json&) { return true; });
    EXPECT_EQ(deliveryOf(story).at("code"), "ST-DEL-004");
    EXPECT_EQ(deliveryOf(story).at("attempts"), 1);
}

TEST(Mailbox, ALeaseOutlivesAKill) {
    RunningGateway gateway("mailbox-kill", fkFetches(60));
    gateway.agency("fk");
    const auto id = refer(gateway);
    const auto fetched = fetch(gateway);
    ASSERT_EQ(fetched.status, 200);
    gateway.kill();
    gateway.start();
    EXPECT_EQ(fetch(gateway, "wait=0").status, 204) << "it is still lent";
    EXPECT_EQ(stateOf(gateway.send("fk", acknowledging(fetched))), "delivered");
}

/// As if all that waits had done so for eight days.
void ageDeliveries(const GatewayFolder& folder) {
    auto store = store::Connection::open(folder.store().string(), store::Connection::Access::Write);
    ASSERT_TRUE(store);
    ASSERT_TRUE(
        store->script("UPDATE delivery SET due = due - 691200000, "
                      "first_due = first_due - 691200000 WHERE due IS NOT NULL"));
}

TEST(Mailbox, WhatNobodyAcknowledgesInAWeekIsHeldAndTheSenderIsTold) {
    RunningGateway gateway("mailbox-week", fkFetches(0.001));
    gateway.agency("fk");
    auto& af = gateway.agency("af");
    const auto fetched_id = refer(gateway);
    const auto fetched = fetch(gateway);
    ASSERT_EQ(fetched.status, 200);
    Names names;
    names.set("af-referens", "0000034117");
    const auto sent = gateway.send("af", documentRequest("af-slutredovisning.json", names));
    ASSERT_EQ(sent.headers.get("Stafett-Outcome"), "accepted") << sent.body;
    gateway.terminate();
    ageDeliveries(gateway.folder());
    gateway.start();

    const auto held = [](const Json& told) { return deliveryOf(told).at("state") == "held"; };
    const auto never = gateway.story(claimsOf(sent).at("mid").get<std::string>(), held);
    EXPECT_EQ(deliveryOf(never).at("code"), "ST-DEL-011");
    const auto notice = af.waitFor(0, "/v1/notis", Deadline::in(std::chrono::seconds(20)));
    ASSERT_TRUE(notice) << "no notice came";
    EXPECT_THAT(notice->request.body, HasSubstr("ST-DEL-011"));

    const auto once = gateway.story(fetched_id, held);
    EXPECT_EQ(deliveryOf(once).at("code"), "ST-DEL-006") << "it was fetched, and no more was heard";
    EXPECT_EQ(stateOf(gateway.send("fk", acknowledging(fetched))), "delivered")
        << "late, but it did arrive";
}

TEST(Mailbox, StoppingAnswersThoseWhoWait) {
    RunningGateway gateway("mailbox-stop", fkFetches(60));
    gateway.agency("fk");
    auto waiting =
        std::async(std::launch::async, [&] { return gateway.trySend("fk", fetching("wait=20")); });
    ASSERT_TRUE(support::until([&] { return fetch(gateway, "wait=0").status == 204; }));
    const auto begun = std::chrono::steady_clock::now();
    gateway.terminate();
    (void)waiting.get();
    EXPECT_LT(std::chrono::steady_clock::now() - begun, std::chrono::seconds(10));
}

}  // namespace
}  // namespace stafett::e2e
