// What an earlier version kept, and had not sent yet when it was replaced.
#include <gtest/gtest.h>

#include "gateway/security/seal.h"
#include "gateway/store/sqlite.h"
#include "tests/support/documents.h"
#include "tests/support/running_gateway.h"

namespace stafett::e2e {
namespace {

using store::Connection;
using support::Json;

constexpr char kParcels[] =
    "SELECT message.id, message.data_key, delivery.id, delivery.receiver, delivery.function, "
    "parcel.n, parcel.request FROM parcel JOIN delivery ON parcel.n = delivery.parcel "
    "JOIN message ON message.case_id = delivery.case_id AND message.seq = delivery.seq";
constexpr char kSetRequest[] = "UPDATE parcel SET request = ? WHERE n = ?";

/// Seals what waits to be sent as version 0.1.0 did: its receiver is no part of the name.
void sealAsTheFirstVersion(const support::GatewayFolder& folder) {
    const auto settings = Json::parse(support::readFile(folder.config() / "stafett.json"));
    const auto ring = security::KeyRing::load(
        (folder.config() / settings.at("key_ring").get<std::string>()).string());
    ASSERT_TRUE(ring);
    const security::Sealer sealer(*ring);
    auto connection = Connection::open(folder.store().string(), Connection::Access::Write);
    ASSERT_TRUE(connection);
    std::vector<std::pair<std::int64_t, Bytes>> sealed;
    {
        auto row = connection->query(kParcels);
        while (*row.next()) {
            const auto key = sealer.openKey(row.uuid(0), row.blob(1));
            ASSERT_TRUE(key);
            const std::string first = "delivery/" + row.uuid(2).text();
            const auto request =
                key->open(first + "/" + row.text(3) + "/" + row.text(4), row.blob(6));
            ASSERT_TRUE(request);
            sealed.emplace_back(row.integer(5), key->seal(first, *request));
        }
    }
    ASSERT_EQ(sealed.size(), 1U);
    for (const auto& [n, request] : sealed) {
        ASSERT_TRUE(connection->run(kSetRequest, store::Blob{request}, n));
    }
}

TEST(Upgrade, WhatTheFirstVersionSealedIsStillSent) {
    support::RunningGateway gateway("upgrade");
    gateway.agency("fk").goDown();
    support::Names names;
    const auto message =
        support::claimsOf(gateway.send("kommun", support::documentRequest("remiss.xml", names)))
            .at("mid")
            .get<std::string>();
    gateway.terminate();
    sealAsTheFirstVersion(gateway.folder());

    gateway.start();
    ASSERT_TRUE(gateway.agency("fk").comeBack());
    gateway.story(message, [](const Json& story) {
        return story.at("messages")[0].at("deliveries")[0].at("state") == "delivered";
    });
    const auto arrived = gateway.agency("fk").arrivals(0);
    ASSERT_EQ(arrived.size(), 1U);
    EXPECT_EQ(support::messageIdOf("social_insurance", arrived[0].request), message);
}

}  // namespace
}  // namespace stafett::e2e
