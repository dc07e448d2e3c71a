// Loads and runs, and breaks the contract in what it says.
#include "gateway/plugin/adapter.h"
#include "tests/bad_plugins/manifest.h"

namespace {
using namespace stafett::plugin;
constexpr Manifest kManifest = manifest("says_wrongly", "plugin", "plugin");

int reply(Call& call, const Reply& reply) {
    static unsigned calls = 0;
    call.header("Content-Type", "application/json");
    call.write("{\"sender\":\"", reply.sender_id, "\",\"n\":", std::to_string(++calls),
               "}");  // unescaped
    return reply.status;
}
stafett_fate interpret(Call& call, const Answer&) { return call.delivered(); }
}  // namespace

const stafett_plugin stafett_plugin_v1 =
    describe(kManifest.view(), {.reply = bridge<reply>, .interpret = bridge<interpret>});
