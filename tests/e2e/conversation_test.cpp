// The conversation that ./run shows, played in a test.
#include <gmock/gmock.h>

#include "gateway/app/simulate/player.h"
#include "tests/support/running_gateway.h"

namespace stafett::e2e {
namespace {

TEST(Conversation, EveryStepComesOutAsItsScriptSays) {
    support::RunningGateway gateway("conversation");
    const auto& folder = gateway.folder();
    auto script = app::Script::load(folder.config() / "conversation.json");
    ASSERT_TRUE(script) << describe(script.error().front(), Language::English);

    app::Common common;
    common.admin_port = folder.adminPort();
    auto admin = app::GatewayClient::connect(common);
    ASSERT_TRUE(admin);
    app::Stage stage;
    stage.gateway_host = "localhost";
    stage.gateway_port = folder.inboxPort();
    stage.admin = &*admin;
    for (const auto& [name, a] : script->agencies().items()) {
        const auto& settings = gateway.agency(name).settings();
        EXPECT_EQ(settings.system, a.at("system"));
        stage.agencies.emplace(name, gateway.handOver(name));
    }
    app::Player player(*script, 0);
    for (const auto& step : script->steps()) {
        const auto outcome = player.play(step, stage, Language::English);
        ASSERT_TRUE(outcome.ok) << outcome.title << ": " << outcome.why;
    }
    EXPECT_GE(script->size(), 25U);
    EXPECT_GE(stage.agencies.at("fk")->repeats(), 1U) << "the cut message must come again";
}

}  // namespace
}  // namespace stafett::e2e
