// Its manifest points at nothing of its own.
#include "gateway/plugin/adapter.h"

const stafett_plugin stafett_plugin_v1 = {sizeof(stafett_plugin),
                                          STAFETT_ABI_MINOR,
                                          0,
                                          {nullptr, 4096},
                                          nullptr,
                                          nullptr,
                                          nullptr,
                                          nullptr,
                                          nullptr,
                                          nullptr,
                                          nullptr};
