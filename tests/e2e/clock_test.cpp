// A machine's clock that is set back, and one that leaps far ahead, while the gateway runs.
#include <gmock/gmock.h>

#include <fstream>

#include "tests/support/documents.h"
#include "tests/support/preload.h"
#include "tests/support/running_gateway.h"
#include "tests/support/sanitized.h"

namespace stafett::e2e {
namespace {

using support::Changes;
using support::claimsOf;
using support::documentRequest;
using support::Json;
using support::Names;
using ::testing::HasSubstr;

constexpr std::int64_t kHour = 3600;
constexpr std::int64_t kTo2040 = 14LL * 366 * 24 * kHour;

/// A gateway whose clock is the world's and so many seconds more.
class MovedClock : public ::testing::Test {
protected:
    MovedClock() : gateway_("clock") {}
    void SetUp() override {
        if (support::kSanitized) GTEST_SKIP() << "built with a sanitizer";
        gateway_.terminate();
        file_ = gateway_.folder().root() / "clock";
        move(0);
        const support::Preload clock(STAFETT_MOVED_CLOCK, "STAFETT_CLOCK", file_.c_str());
        gateway_.start();
    }
    /// In place: the gateway has the file mapped.
    void move(std::int64_t seconds) const {
        std::fstream out(file_, std::ios::binary | std::ios::in | std::ios::out);
        if (!out) out.open(file_, std::ios::binary | std::ios::out);
        out.write(reinterpret_cast<const char*>(&seconds), sizeof seconds);
    }
    /// The municipality tells the region where its case stands; gives the message's id.
    std::string tell(const std::string& besked) {
        names_.set("uuid:kommun-svar", Uuid::make().text());
        Changes changes = {{" Id=\"${kommun-id}\"", ""}};
        if (besked != "JA") {
            changes.emplace_back("<Besked>JA</Besked>",
                                 "<Besked>" + besked + "</Besked><Text>Mer om det.</Text>");
            changes.emplace_back("<TarÖverFrån>${today}</TarÖverFrån>", "");
        }
        return claimsOf(
                   gateway_.send("kommun", documentRequest("kommun-svar-ja.xml", names_, changes)))
            .at("mid");
    }

    support::RunningGateway gateway_;
    std::filesystem::path file_;
    Names names_;
};

TEST_F(MovedClock, D15_SetBackAndAheadACaseIsToldInTheOrderOfItsPlaces) {
    auto& region = gateway_.agency("region");
    gateway_.agency("kommun");
    names_.set(
        "kommun-fick",
        claimsOf(gateway_.send("region", documentRequest("region-remiss.json", names_))).at("mid"));
    region.goDown();
    std::vector<std::string> told = {tell("JA")};
    move(-kHour);
    told.push_back(tell("STARTAT"));  // by the clock, before what it follows
    move(kHour);
    told.push_back(tell("LÄGE"));
    move(2 * kHour);  // whatever was to be tried again is due
    ASSERT_TRUE(region.comeBack());

    std::vector<std::string> came;
    support::until([&] {
        came.clear();
        for (const auto& arrival : region.arrivals(0)) {
            if (arrival.repeated) continue;
            const auto id = support::messageIdOf("region", arrival.request);
            if (std::count(told.begin(), told.end(), id.value_or("")) > 0) came.push_back(*id);
        }
        return came.size() == told.size();
    });
    EXPECT_EQ(came, told);
    const auto story = gateway_.admin("/v1/trace/" + told[0]);
    std::vector<std::string> places;
    for (const auto& message : story.at("messages")) {
        const std::string id = message.at("id");
        if (std::count(told.begin(), told.end(), id) > 0) places.push_back(id);
    }
    EXPECT_EQ(places, told);
}

TEST_F(MovedClock, D15_WhereEveryCertificateHasExpiredNothingIsTakenOrSent) {
    auto& fk = gateway_.agency("fk");
    gateway_.agency("kommun");
    fk.goDown();
    const auto waits =
        claimsOf(gateway_.send("kommun", documentRequest("remiss.xml", names_))).at("mid");
    move(kTo2040);
    ASSERT_TRUE(fk.comeBack());
    // Also on the connection that was open before.
    Names others;
    const auto request = documentRequest("remiss.xml", others);
    EXPECT_TRUE(support::until([&] { return !gateway_.trySend("kommun", request); },
                               std::chrono::seconds(60)));
    // Its consent has ended by this clock; or, if it was under way, it has been tried for long.
    const auto story = gateway_.story(waits, [](const Json& told) {
        const auto& state = told.at("messages")[0].at("deliveries")[0].at("state");
        return state == "withdrawn" || state == "held";
    });
    EXPECT_THAT(story.at("messages")[0].dump(),
                ::testing::AnyOf(HasSubstr("consent expired"), HasSubstr("ST-DEL-006")));
    EXPECT_TRUE(fk.arrivals(0).empty());

    // Set right again, what came in the meantime, if anything did, has not to wait for that year.
    move(0);
    const auto back = gateway_.send("kommun", request);
    EXPECT_EQ(back.headers.get("Stafett-Outcome"), "accepted") << back.body;
    const std::string id = claimsOf(back).at("mid");
    EXPECT_TRUE(support::until(
        [&] {
            const auto came = fk.arrivals(0);  // reminders of that year may be among them
            return std::any_of(came.begin(), came.end(), [&](const auto& arrival) {
                return support::messageIdOf("social_insurance", arrival.request) == id;
            });
        },
        std::chrono::seconds(60)));
}

}  // namespace
}  // namespace stafett::e2e
