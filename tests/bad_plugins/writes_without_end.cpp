// Writes far over the limit, and does not look whether anyone takes it.
#include "gateway/plugin/adapter.h"
#include "tests/bad_plugins/manifest.h"

namespace {
using namespace stafett::plugin;
constexpr Manifest kManifest = manifest("writes_without_end", "plugin", "plugin");

int reply(Call& call, const Reply& reply) {
    call.header("Content-Type", "text/plain");
    const std::string piece(1U << 16, 'x');
    for (int i = 0; i < 100'000; ++i) call.write(piece);
    return reply.status;
}
stafett_fate interpret(Call& call, const Answer&) {
    return call.refused(std::string(1U << 20, 'y'));
}
}  // namespace

const stafett_plugin stafett_plugin_v1 =
    describe(kManifest.view(), {.reply = bridge<reply>, .interpret = bridge<interpret>});
