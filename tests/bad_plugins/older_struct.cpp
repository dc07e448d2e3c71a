// From before interpret and check were there: works.
#include <cstddef>
#include <cstdint>

#include "gateway/plugin/abi.h"
#include "tests/bad_plugins/manifest.h"

namespace {
constexpr Manifest kManifest = manifest("older_struct", "plugin", "http");

int32_t reply(const stafett_call* call, const stafett_reply*) {
    call->put(call, STAFETT_PUT_HEADER, {"Content-Type", 12}, {"text/plain", 10});
    call->put(call, STAFETT_PUT_BODY, {nullptr, 0}, {"older", 5});
    return 201;
}

struct Older {
    std::size_t struct_size;
    std::uint32_t abi_minor, reserved;
    stafett_bytes manifest;
    void *open, *close, *decode, *encode;
    int32_t (*reply)(const stafett_call*, const stafett_reply*);
};
}  // namespace

extern "C" {  // abi.h has declared the newer type under this name
__attribute__((visibility("default"))) extern const Older older __asm__("stafett_plugin_v1");
const Older older = {sizeof(Older), 0,       0,       {kManifest.text, kManifest.size},
                     nullptr,       nullptr, nullptr, nullptr,
                     reply};
}
