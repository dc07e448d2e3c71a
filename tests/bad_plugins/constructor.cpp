// Leaves a mark as soon as it is loaded.
#include <cstdio>
#include <cstdlib>

#include "gateway/plugin/adapter.h"
#include "tests/bad_plugins/manifest.h"

namespace {
constexpr Manifest kManifest = manifest("constructor", "problem+json", "http");

__attribute__((constructor)) void leaveMark() {
    const char* place = std::getenv("STAFETT_BAD_PLUGIN_MARK");
    if (place == nullptr) return;
    if (std::FILE* file = std::fopen(place, "w")) std::fclose(file);
}
}  // namespace

const stafett_plugin stafett_plugin_v1 = stafett::plugin::describe(kManifest.view());
