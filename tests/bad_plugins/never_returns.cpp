// Keeps the thread that calls it.
#include <time.h>

#include "gateway/plugin/adapter.h"
#include "tests/bad_plugins/manifest.h"

namespace {
using namespace stafett::plugin;
constexpr Manifest kManifest = manifest("never_returns", "plugin", "http");

int reply(Call&, const Reply&) {
    for (;;) {
        const timespec pause{1, 0};
        nanosleep(&pause, nullptr);
    }
}
}  // namespace

const stafett_plugin stafett_plugin_v1 = describe(kManifest.view(), {.reply = bridge<reply>});
