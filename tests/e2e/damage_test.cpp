// What comes of a store whose bytes have changed while nobody looked: what is damaged is never
// delivered, nor to anybody else, and a person is told. The rest goes on.
#include <gmock/gmock.h>

#include <csignal>

#include "gateway/store/sqlite.h"
#include "tests/support/documents.h"
#include "tests/support/running_gateway.h"

namespace stafett::e2e {
namespace {

using store::Blob;
using store::Connection;
using support::claimsOf;
using support::documentRequest;
using support::Json;
using support::Names;
using ::testing::HasSubstr;

constexpr char kRequest[] =
    "SELECT request FROM parcel JOIN delivery ON parcel.n = delivery.parcel "
    "JOIN message ON message.case_id = delivery.case_id AND message.seq = delivery.seq "
    "WHERE message.id = ?";
constexpr char kToAnother[] =
    "UPDATE delivery SET receiver = '2021002114', function = '' WHERE case_id = "
    "(SELECT case_id FROM message WHERE id = ?)";
constexpr char kToAnotherParcel[] =
    "UPDATE delivery SET parcel = (SELECT max(n) FROM parcel) WHERE case_id = "
    "(SELECT case_id FROM message WHERE id = ?)";
constexpr char kRootOfMessages[] = "SELECT rootpage FROM sqlite_schema WHERE name = 'message'";
constexpr std::size_t kPage = 4096;

/// A gateway that has taken two messages while Försäkringskassan was down, and was stopped.
class Damage : public ::testing::Test {
protected:
    Damage() : gateway_("damage") {
        gateway_.agency("fk").goDown();
        gateway_.agency("af");
        for (auto* id : {&damaged_, &whole_}) {
            Names names;
            *id = claimsOf(gateway_.send("kommun", documentRequest("remiss.xml", names)))
                      .at("mid")
                      .get<std::string>();
        }
        gateway_.terminate();
    }

    Connection open() const {
        auto opened =
            Connection::open(gateway_.folder().store().string(), Connection::Access::Write);
        if (!opened) throw std::runtime_error("the store cannot be opened");
        return std::move(*opened);
    }
    void turnBit(std::size_t at) const {
        auto bytes = support::readFile(gateway_.folder().store());
        bytes.at(at) = static_cast<char>(bytes.at(at) ^ 4);
        support::writeFile(gateway_.folder().store(), bytes);
    }
    void startAgain() {
        gateway_.start();
        ASSERT_TRUE(gateway_.agency("fk").comeBack());
    }
    std::string codeOnceHeld(const std::string& message) {
        const auto told = gateway_.story(message, [](const Json& story) {
            return story.at("messages")[0].at("deliveries")[0].at("state") == "held";
        });
        return told.at("messages")[0].at("deliveries")[0].at("code");
    }
    void expectTheOtherIsDelivered() {
        gateway_.story(whole_, [](const Json& story) {
            return story.at("messages")[0].at("deliveries")[0].at("state") == "delivered";
        });
        for (const auto& arrival : gateway_.agency("fk").arrivals(0)) {
            EXPECT_EQ(support::messageIdOf("social_insurance", arrival.request), whole_);
        }
    }

    support::RunningGateway gateway_;
    std::string damaged_, whole_;
};

TEST_F(Damage, OfWhatIsSealedIsHeldAndTheOthersGo) {
    Bytes request;
    {
        auto connection = open();
        auto row = connection.query(kRequest, MessageId::parse(damaged_)->uuid);
        ASSERT_TRUE(*row.next());
        request = row.blob(0);
    }
    const auto bytes = support::readFile(gateway_.folder().store());
    const auto at = bytes.find(request.substr(20, 60));  // where it stands in the file
    ASSERT_NE(at, std::string::npos);
    ASSERT_EQ(bytes.find(request.substr(20, 60), at + 1), std::string::npos);
    turnBit(at + 30);

    startAgain();
    EXPECT_EQ(codeOnceHeld(damaged_), "ST-STO-007");
    expectTheOtherIsDelivered();
    EXPECT_THAT(support::readFile(gateway_.folder().log()), HasSubstr("\"held\""));
    EXPECT_THAT(gateway_.metrics(), HasSubstr("stafett_held_deliveries 1"));
}

TEST_F(Damage, OfTheReceiverNeverGivesAMessageToAnother) {
    {
        auto connection = open();
        ASSERT_TRUE(connection.run(kToAnother, MessageId::parse(damaged_)->uuid));
    }
    startAgain();
    EXPECT_EQ(codeOnceHeld(damaged_), "ST-STO-007");
    expectTheOtherIsDelivered();
    EXPECT_TRUE(gateway_.agency("af").arrivals(0).empty());
}

TEST_F(Damage, OfWhichParcelIsMeantNeverGivesAnothersMessage) {
    {
        auto connection = open();
        ASSERT_TRUE(connection.run(kToAnotherParcel, MessageId::parse(damaged_)->uuid));
    }
    startAgain();
    EXPECT_EQ(codeOnceHeld(damaged_), "ST-STO-007");
    expectTheOtherIsDelivered();
}

TEST_F(Damage, OfATreeOfTheStoreStopsIt) {
    std::int64_t page = 0;
    {
        auto connection = open();
        auto row = connection.query(kRootOfMessages);
        ASSERT_TRUE(*row.next());
        page = row.integer(0);
    }
    turnBit((static_cast<std::size_t>(page) - 1) * kPage);  // what kind of page it is
    // It may be seen at the start already, or when the first message comes: none gets a receipt.
    try {
        gateway_.start();
    } catch (const std::runtime_error& refused) {
        EXPECT_THAT(refused.what(), HasSubstr("ST-STO-003"));
        return;
    }
    Names names;
    const auto answer = gateway_.trySend("kommun", documentRequest("remiss.xml", names));
    EXPECT_TRUE(!answer || answer->status == 503);
    EXPECT_EQ(gateway_.waitForEnd(std::chrono::seconds(60)), 70);
}

}  // namespace
}  // namespace stafett::e2e
