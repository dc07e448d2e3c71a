// Calls what nobody has; linked so that only the loader can tell.
#include "gateway/plugin/adapter.h"
#include "tests/bad_plugins/manifest.h"

extern "C" int stafett_nobody_has_this();

namespace {
using namespace stafett::plugin;
constexpr Manifest kManifest = manifest("missing_at_bind", "plugin", "http");
int reply(Call&, const Reply&) { return stafett_nobody_has_this(); }
}  // namespace

const stafett_plugin stafett_plugin_v1 = describe(kManifest.view(), {.reply = bridge<reply>});
