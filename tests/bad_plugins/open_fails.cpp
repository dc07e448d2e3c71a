// Cannot begin.
#include "gateway/plugin/adapter.h"
#include "tests/bad_plugins/manifest.h"

namespace {
constexpr Manifest kManifest = manifest("open_fails", "problem+json", "http");
int32_t open(const stafett_call*, void**) { return STAFETT_FAILED; }
}  // namespace

const stafett_plugin stafett_plugin_v1 =
    stafett::plugin::describe(kManifest.view(), {.open = open});
