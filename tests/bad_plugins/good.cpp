// A good one, to tell that the others are refused for what is bad in them.
#include "gateway/plugin/adapter.h"
#include "tests/bad_plugins/manifest.h"

namespace {
using namespace stafett::plugin;
constexpr Manifest kManifest = manifest("good", "plugin", "plugin");

int reply(Call& call, const Reply& reply) {
    call.header("Content-Type", "text/plain");
    call.write("said ", reply.id);
    return reply.status;
}
stafett_fate interpret(Call& call, const Answer& answer) {
    return answer.value("state") == "ok" ? call.delivered(answer.value("id")) : call.byStatus();
}
}  // namespace

const stafett_plugin stafett_plugin_v1 =
    describe(kManifest.view(), {.reply = bridge<reply>, .interpret = bridge<interpret>});
