#include <cstdlib>
#include <nlohmann/json.hpp>

#include "gateway/codec/read.h"
#include "gateway/codec/write.h"

using namespace stafett::codec;

/// Any bytes: read or refused, never more; what is read is JSON to another reader too, and prints
/// to something that reads back the same.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view bytes(reinterpret_cast<const char*>(data), size);
    const auto document = readJson(bytes, {});
    if (!document) return 0;
    for (NodeIndex i = 0; i < document->size() && i < 64; ++i) {
        (void)document->pathOf(i);
        (void)document->position(i);
    }
    if (!nlohmann::json::accept(bytes)) std::abort();
    const std::string printed = print(*document);
    ReadOptions wide;
    wide.limits = {64U << 20, 1000, 1U << 20, 1024, 1U << 20, 32U << 20};
    const auto again = readJson(printed, wide);
    if (!again || again->size() != document->size() || print(*again) != printed) std::abort();
    return 0;
}
