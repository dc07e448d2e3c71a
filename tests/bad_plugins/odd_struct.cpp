// Its struct ends in the middle of a function pointer.
#include "gateway/plugin/adapter.h"
#include "tests/bad_plugins/manifest.h"

namespace {
constexpr Manifest kManifest = manifest("odd_struct", "problem+json", "http");
constexpr stafett_plugin odd() {
    auto plugin = stafett::plugin::describe(kManifest.view());
    plugin.struct_size -= 4;
    return plugin;
}
}  // namespace

const stafett_plugin stafett_plugin_v1 = odd();
