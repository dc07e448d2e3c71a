#include <cstdlib>

#include "gateway/plugin/manifest.h"

using namespace stafett;

/// Any bytes: a whole manifest, or at least one problem, each with a hint and none with a value in
/// its code.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view bytes(reinterpret_cast<const char*>(data), size);
    const auto manifest = plugin::readManifest(bytes, "fuzz");
    if (!manifest) {
        if (manifest.error().empty()) std::abort();
        for (const auto& error : manifest.error()) {
            if (error.code() != Code::PluginManifest || error.place().hint.empty()) std::abort();
        }
        return 0;
    }
    for (const auto& route : manifest->inbound) {
        if (route.forms.empty() || route.path.front() != '/') std::abort();
        for (std::size_t i = 0; i < route.forms.size(); ++i) {
            for (std::size_t k = 0; k < i; ++k) {
                if (!route.forms[i].when.excludes(route.forms[k].when)) std::abort();
            }
        }
    }
    (void)manifest->settings.check({{"a", "b"}});
    return 0;
}
