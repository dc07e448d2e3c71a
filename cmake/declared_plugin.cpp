// A plugin whose manifest says all.
#include "gateway/plugin/adapter.h"
#include "manifest.h"

const stafett_plugin stafett_plugin_v1 = stafett::plugin::describe(kManifest);
