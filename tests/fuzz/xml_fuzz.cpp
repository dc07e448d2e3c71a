#include <array>
#include <cstdlib>

#include "gateway/codec/read.h"
#include "gateway/codec/write.h"

using namespace stafett::codec;

/// Any bytes: read or refused, never more; what is read prints to something that reads back the
/// same.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    constexpr std::array kAllowed = {Encoding::Latin1, Encoding::Windows1252};
    ReadOptions options;
    options.allowed = kAllowed;
    const auto document = readXml({reinterpret_cast<const char*>(data), size}, options);
    if (!document) return 0;
    for (NodeIndex i = 0; i < document->size() && i < 64; ++i) {
        (void)document->pathOf(i);
        (void)document->position(i);
    }
    const std::string printed = print(*document);
    ReadOptions wide;  // escapes make what is printed longer
    wide.limits = {64U << 20, 1000, 1U << 20, 1024, 1U << 20, 32U << 20};
    const auto again = readXml(printed, wide);
    if (!again || again->size() != document->size() || print(*again) != printed) std::abort();
    for (const Encoding encoding : {Encoding::Latin1, Encoding::Windows1252, Encoding::Utf16}) {
        (void)encodeXml(printed, encoding, Unencodable::CharacterReference);
    }
    return 0;
}
