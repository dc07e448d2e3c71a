// A plugin that never gives its thread back: another stands in, so that other dialects notice
// nothing; its own senders are told to come again; at the third such call the process drains and
// ends with 70, and everything that had a receipt is there afterwards.
#include <gmock/gmock.h>

#include <thread>

#include "tests/support/documents.h"
#include "tests/support/running_gateway.h"

namespace stafett::e2e {
namespace {

using support::documentRequest;
using support::Json;
using support::Names;
using support::until;
using ::testing::HasSubstr;

std::unique_ptr<support::RunningGateway> gatewayWithBadPlugin(const std::string& name) {
    return std::make_unique<support::RunningGateway>(
        name, [](const support::GatewayFolder& folder) {
            folder.edit("stafett.json", [](Json& settings) {
                for (auto& plugin : settings["plugins"]) {
                    if (plugin["file"] != "municipality.so") continue;
                    plugin["file"] =
                        std::string(STAFETT_BUILD_DIR) + "/bad_plugins/keeps_threads.so";
                }
                settings["inbox"]["request_seconds"] = 2;
                settings["mailbox"]["wait_seconds"] = 1;
            });
        });
}

/// Sends what is refused, which keeps a thread, and gives what the sender was told.
transport::HttpResponse keepOne(support::RunningGateway& gateway) {
    Names names;
    return gateway.send("kommun", documentRequest("remiss-med-fyra-fel.xml", names));
}

std::string regionSends(support::RunningGateway& gateway) {
    Names names;
    const auto answer = gateway.send("region", documentRequest("region-overlamning.json", names));
    EXPECT_EQ(answer.status, 200) << answer.body;
    return support::claimsOf(answer).at("mid");
}

TEST(KeptThreads, AreReplacedUntilTheProcessStartsAnew) {
    const auto gateway = gatewayWithBadPlugin("kept");
    gateway->agency("af");
    for (int i = 1; i <= 2; ++i) {
        const auto told = keepOne(*gateway);
        EXPECT_EQ(told.status, 503);
        EXPECT_EQ(told.headers.get("Stafett-Outcome"), "busy");
        EXPECT_FALSE(told.headers.get("Retry-After").empty());
        EXPECT_TRUE(until([&] {
            return gateway->metrics().find("stafett_plugin_stuck_calls{dialect=\"municipality\"} " +
                                           std::to_string(i)) != std::string::npos;
        }));
        // As many threads are kept as there were for answers: others stand in for them.
        const auto id = regionSends(*gateway);
        gateway->story(id, [](const Json& story) {
            return story.dump().find("\"delivered\"") != std::string::npos;
        });
    }
    Names names;
    const auto accepted = gateway->send("kommun", documentRequest("remiss.xml", names));
    EXPECT_EQ(accepted.status, 200);
    EXPECT_THAT(accepted.body, HasSubstr("OK"));
    const auto last = regionSends(*gateway);

    EXPECT_EQ(keepOne(*gateway).status, 503);
    EXPECT_EQ(gateway->waitForEnd(std::chrono::seconds(40)), 70);
    EXPECT_THAT(support::readFile(gateway->folder().log()), HasSubstr("threads_left_behind"));

    gateway->start();
    EXPECT_EQ(gateway->admin("/v1/trace/" + last)["messages"].size(), 1U);
    gateway->terminate();
}

TEST(KeptThreads, OfLargeMessagesAreLeftBehindToo) {
    const auto gateway = gatewayWithBadPlugin("kept-large");
    Names names;
    names.set("uuid:remiss", "01980000-cafe-7000-8000-000000000001");  // the plugin knows it
    const auto request = documentRequest(
        "remiss.xml", names, {{"</Ärende>", "<!--" + std::string(300'000, 'x') + "--></Ärende>"}});
    EXPECT_EQ(gateway->send("kommun", request).status, 503);
    gateway->terminate();  // throws unless it ends with 0
    EXPECT_THAT(support::readFile(gateway->folder().log()), HasSubstr("threads_left_behind"));
}

TEST(KeptThreads, DoNotKeepTheProcessFromEnding) {
    const auto gateway = gatewayWithBadPlugin("kept-end");
    EXPECT_EQ(keepOne(*gateway).status, 503);
    gateway->terminate();  // throws unless it ends with 0
}

}  // namespace
}  // namespace stafett::e2e
