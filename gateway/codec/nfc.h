#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace stafett::codec {

/// Whether text may hold a character that NFC changes: false for ASCII, Latin and the usual
/// punctuation, told by the bytes alone.
bool mayNeedNfc(std::string_view utf8);

enum class NfcFault : std::uint8_t { None, TooManyMarks };

/// Text in NFC. `changed` is false when it was so already. More than 64 combining marks in a row
/// are refused: no script needs them, and sorting them is quadratic.
struct Nfc {
    std::string text;
    bool changed = false;
    NfcFault fault = NfcFault::None;
};
Nfc toNfc(std::string_view utf8);

}  // namespace stafett::codec
