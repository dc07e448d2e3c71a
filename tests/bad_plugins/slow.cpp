// Answers well, after its deadline.
#include <time.h>

#include "gateway/plugin/adapter.h"
#include "tests/bad_plugins/manifest.h"

namespace {
using namespace stafett::plugin;
constexpr Manifest kManifest = manifest("slow", "plugin", "http");

int reply(Call& call, const Reply& reply) {
    const timespec pause{0, 110'000'000};
    nanosleep(&pause, nullptr);
    call.header("Content-Type", "text/plain");
    call.write("late");
    return reply.status;
}
}  // namespace

const stafett_plugin stafett_plugin_v1 = describe(kManifest.view(), {.reply = bridge<reply>});
