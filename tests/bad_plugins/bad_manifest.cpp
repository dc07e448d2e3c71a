// A manifest with several things wrong.
#include "gateway/plugin/adapter.h"

namespace {
constexpr char kManifest[] =
    "{\"plugin\":\"Bad\",\"dialect\":\"bad\",\"status\":\"alpha\",\"titel\":{},"
    "\"read\":{\"format\":\"yaml\"}}";
}

const stafett_plugin stafett_plugin_v1 = stafett::plugin::describe(kManifest);
