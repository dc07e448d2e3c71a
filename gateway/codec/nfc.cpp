#include "gateway/codec/nfc.h"

#include <utf8proc.h>

#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <memory>

namespace stafett::codec {
namespace {

constexpr int kMostMarks = 64;

bool hasTooManyMarks(std::string_view utf8) {
    int run = 0;
    const auto* at = reinterpret_cast<const utf8proc_uint8_t*>(utf8.data());
    const auto* const end = at + utf8.size();
    while (at < end) {
        utf8proc_int32_t character = 0;
        const auto size = utf8proc_iterate(at, end - at, &character);
        if (size <= 0) return false;
        run = utf8proc_get_property(character)->combining_class == 0 ? 0 : run + 1;
        if (run > kMostMarks) return true;
        at += size;
    }
    return false;
}

/// Whether one of eight bytes is 0xCC or more.
bool hasHighLead(const char* eight) {
    constexpr std::uint64_t kEvery = 0x0101010101010101U;
    std::uint64_t word = 0;
    std::memcpy(&word, eight, 8);
    return (((word & kEvery * 0x7F) + kEvery * 0x34) & word & kEvery * 0x80) != 0;
}

}  // namespace

bool mayNeedNfc(std::string_view utf8) {
    for (std::size_t i = 0; i < utf8.size(); ++i) {
        while (i + 8 <= utf8.size() && !hasHighLead(utf8.data() + i)) i += 8;
        if (i == utf8.size()) break;
        const auto lead = static_cast<unsigned char>(utf8[i]);
        if (lead < 0xCC) continue;  // below U+0300 all is composed already
        if (lead != 0xE2 || i + 2 >= utf8.size()) return true;
        const auto second = static_cast<unsigned char>(utf8[i + 1]);
        const auto third = static_cast<unsigned char>(utf8[i + 2]);
        const unsigned low = (static_cast<unsigned>(second & 0x3FU) << 6U) | (third & 0x3FU);
        if (low < 0x010 || low > 0x0CF) return true;  // U+2010 to U+20CF: dashes, quotes, €
        i += 2;
    }
    return false;
}

Nfc toNfc(std::string_view utf8) {
    if (hasTooManyMarks(utf8)) return {{}, false, NfcFault::TooManyMarks};
    utf8proc_uint8_t* made = nullptr;
    const auto size =
        utf8proc_map(reinterpret_cast<const utf8proc_uint8_t*>(utf8.data()),
                     static_cast<utf8proc_ssize_t>(utf8.size()), &made,
                     static_cast<utf8proc_option_t>(UTF8PROC_STABLE | UTF8PROC_COMPOSE));
    const std::unique_ptr<utf8proc_uint8_t, decltype(&std::free)> owner(made, &std::free);
    if (size < 0) return {std::string(utf8), false, NfcFault::None};
    Nfc result;
    result.text.assign(reinterpret_cast<const char*>(made), static_cast<std::size_t>(size));
    result.changed = result.text != utf8;
    return result;
}

}  // namespace stafett::codec
