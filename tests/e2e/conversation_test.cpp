// The conversation that ./run shows, played in a test.
#include <gmock/gmock.h>

#include "gateway/app/simulate/script.h"
#include "tests/support/running_gateway.h"

namespace stafett::e2e {
namespace {

TEST(Conversation, EveryStepComesOutAsItsScriptSays) {
    support::RunningGateway gateway("conversation");
    const auto& folder = gateway.folder();
    auto script = app::Script::load(folder.config() / "conversation.json");
    ASSERT_TRUE(script) << describe(script.error(), Language::English);

    app::Common common;
    common.admin_port = folder.adminPort();
    auto admin = app::GatewayClient::connect(common);
    ASSERT_TRUE(admin);
    app::Script::Stage stage{{}, "localhost", folder.inboxPort(), &*admin};
    for (const auto& [name, a] : script->agencies().items()) {
        const auto& settings = gateway.agency(name).settings();
        EXPECT_EQ(settings.system, a.at("system"));
        stage.agencies.emplace(name, gateway.handOver(name));
    }
    const auto outcomes = script->play(stage, Language::English, [](const auto& step) {
        EXPECT_TRUE(step.ok) << step.title << ": " << step.why;
    });
    EXPECT_EQ(outcomes.size(), script->size());
    EXPECT_GE(outcomes.size(), 25U);
    EXPECT_GE(stage.agencies.at("fk")->repeats(), 1U) << "the cut message must come again";
}

}  // namespace
}  // namespace stafett::e2e
