// Says that its struct is whole, and has half of it.
#include <cstddef>
#include <cstdint>

#include "tests/bad_plugins/manifest.h"

namespace {
struct Half {
    std::size_t struct_size;
    std::uint32_t abi_minor, reserved;
    const char* manifest;
    std::size_t manifest_size;
};
constexpr Manifest kManifest = manifest("cut_struct", "problem+json", "http");
}  // namespace

extern "C" {
__attribute__((visibility("default"))) extern const Half stafett_plugin_v1;
const Half stafett_plugin_v1 = {sizeof(Half) + 7 * sizeof(void*), 0, 0, kManifest.text,
                                kManifest.size};
}
