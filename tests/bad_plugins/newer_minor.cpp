// Made for a gateway that does not exist yet.
#include "gateway/plugin/adapter.h"
#include "tests/bad_plugins/manifest.h"

namespace {
constexpr Manifest kManifest = manifest("newer_minor", "problem+json", "http");
constexpr stafett_plugin newer() {
    auto plugin = stafett::plugin::describe(kManifest.view());
    plugin.abi_minor = STAFETT_ABI_MINOR + 1;
    return plugin;
}
}  // namespace

const stafett_plugin stafett_plugin_v1 = newer();
