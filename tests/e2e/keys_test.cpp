// Turning the sealing key while the gateway runs: cut short by a kill, gone on with, and then the
// old key is taken out of the ring.
#include <gmock/gmock.h>
#include <sys/stat.h>

#include <csignal>

#include "gateway/base/sha256.h"
#include "tests/support/documents.h"
#include "tests/support/running_gateway.h"

namespace stafett::e2e {
namespace {

namespace fs = std::filesystem;
using support::claimsOf;
using support::documentRequest;
using support::Json;
using support::Names;
using ::testing::HasSubstr;

constexpr std::size_t kMessages = 60;

class Turning : public ::testing::Test {
protected:
    Turning() : gateway_("keys") {
        gateway_.agency("fk").goDown();
        for (std::size_t i = 0; i < kMessages; ++i) send();
    }

    void send() {
        Names names;
        const auto answer = gateway_.send("kommun", documentRequest("remiss.xml", names));
        ASSERT_EQ(answer.status, 200) << answer.body;
        messages_.push_back(claimsOf(answer).at("mid"));
    }
    /// The ring of the examples, and a new sealing key; the old one is in this state, or gone.
    void turn(const std::string& old_state) {
        gateway_.terminate();
        const auto& folder = gateway_.folder();
        const auto settings = Json::parse(support::readFile(folder.config() / "stafett.json"));
        const fs::path old_ring =
            (folder.config() / settings.at("key_ring").get<std::string>()).lexically_normal();
        if (own_ring_.empty()) {
            ring_ = Json::parse(support::readFile(old_ring), nullptr, true, true);
            for (auto& key : ring_["keys"]) {
                key["key"] = (old_ring.parent_path() / key.at("key").get<std::string>()).string();
                if (key.at("use") == "seal") old_ = key.at("id");
            }
            const auto secret = folder.config() / "seal-new.key";
            support::writeFile(secret, sha256("a sealing key for a test").hex());
            ASSERT_EQ(::chmod(secret.c_str(), 0400), 0);
            ring_["keys"].push_back({{"id", "seal-new"},
                                     {"use", "seal"},
                                     {"state", "active"},
                                     {"key", secret.string()}});
            own_ring_ = folder.config() / "ring.json";
        }
        auto keys = Json::array();
        for (auto key : ring_["keys"]) {
            if (key.at("id") == old_) key["state"] = old_state;
            if (key.at("state") != "gone") keys.push_back(key);
        }
        support::writeFile(own_ring_, Json{{"keys", keys}}.dump(1));
        folder.edit("stafett.json", [&](Json& json) { json["key_ring"] = own_ring_.string(); });
        gateway_.start();
    }
    /// A gateway that ends (SIGKILL) in its n-th commit from now.
    void startToEndInCommit(int n) {
        ::setenv("STAFETT_FAULT_POINT", "before_commit", 1);
        ::setenv("STAFETT_FAULT_AT", std::to_string(n).c_str(), 1);
        gateway_.start("stafettd-faults");
        ::unsetenv("STAFETT_FAULT_POINT");
        ::unsetenv("STAFETT_FAULT_AT");
        ::kill(gateway_.process(), SIGUSR1);
    }
    std::uint64_t sealedBy(const std::string& id) {
        const auto answer = gateway_.admin("/v1/keys");
        for (const auto& key : answer.at("keys")) {
            if (key.at("id") == id) return key.at("messages");
        }
        return 0;
    }

    support::RunningGateway gateway_;
    std::vector<std::string> messages_;
    Json ring_;
    fs::path own_ring_;
    std::string old_;
};

TEST_F(Turning, IsCutShortAndGoneOnWithWhileTheGatewayRuns) {
    turn("old");
    EXPECT_EQ(sealedBy(old_), kMessages);
    EXPECT_EQ(sealedBy("seal-new"), 0U);
    send();
    EXPECT_EQ(sealedBy("seal-new"), 1U);

    gateway_.terminate();
    startToEndInCommit(30);
    const auto cut = gateway_.stafett({"keys", "rewrap", "--batch", "1"});
    EXPECT_EQ(cut.code, 1) << cut.out;
    EXPECT_EQ(gateway_.waitForEnd(std::chrono::seconds(20)), 128 + SIGKILL);
    gateway_.start();
    const auto left = sealedBy(old_);
    EXPECT_GT(left, 0U);
    EXPECT_LT(left, kMessages) << "it came before anything was turned";
    EXPECT_EQ(left + sealedBy("seal-new"), kMessages + 1);

    const auto again = gateway_.stafett({"keys", "rewrap", "--batch", "7"});
    EXPECT_EQ(again.code, 0) << again.out << again.err;
    EXPECT_THAT(again.out, HasSubstr(std::to_string(left) + " data keys are now under seal-new"));
    EXPECT_EQ(sealedBy(old_), 0U);
    const auto table = gateway_.stafett({"keys"});
    EXPECT_THAT(table.out, HasSubstr("seal-new"));
    EXPECT_THAT(table.out, HasSubstr("active"));
    EXPECT_THAT(table.out, HasSubstr("reports"));

    // The old key is gone: what was sealed before it was turned opens, and is delivered.
    turn("gone");
    ASSERT_TRUE(gateway_.agency("fk").comeBack());
    for (const auto& id : messages_) {
        gateway_.story(id, [](const Json& told) {
            return told.at("messages")[0].at("deliveries")[0].at("state") == "delivered";
        });
    }
    gateway_.terminate();
}

TEST_F(Turning, SaysWhatCannotBeOpenedAnyMore) {
    turn("gone");
    EXPECT_EQ(sealedBy(old_), kMessages);  // told as missing
    EXPECT_THAT(gateway_.stafett({"keys"}).out, HasSubstr("missing"));
    const auto tried = gateway_.stafett({"keys", "rewrap"});
    EXPECT_EQ(tried.code, 1);
    EXPECT_THAT(tried.out, HasSubstr(std::to_string(kMessages) + " left under other keys"));
    EXPECT_THAT(support::readFile(gateway_.folder().log()), HasSubstr("rewrap_failed"));
    gateway_.terminate();
}

}  // namespace
}  // namespace stafett::e2e
