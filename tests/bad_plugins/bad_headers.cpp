// Tries to say what is the gateway's to say, and to end a header early.
#include "gateway/plugin/adapter.h"
#include "tests/bad_plugins/manifest.h"

namespace {
using namespace stafett::plugin;
constexpr Manifest kManifest = manifest("bad_headers", "plugin", "http");

int reply(Call& call, const Reply& reply) {
    if (reply.accepted()) {
        call.header("Stafett-Outcome", "accepted");
    } else {
        call.header("X-Note", "one\r\nStafett-Receipt: forged");
    }
    return reply.status;
}
}  // namespace

const stafett_plugin stafett_plugin_v1 = describe(kManifest.view(), {.reply = bridge<reply>});
