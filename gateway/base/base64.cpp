#include "gateway/base/base64.h"

#include <array>

namespace stafett {
namespace {

constexpr std::string_view kLetters =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::uint8_t kNoLetter = 0xFF;

constexpr std::array<std::uint8_t, 256> kValues = [] {
    std::array<std::uint8_t, 256> values{};
    values.fill(kNoLetter);
    for (std::size_t i = 0; i < kLetters.size(); ++i) {
        values[static_cast<unsigned char>(kLetters[i])] = static_cast<std::uint8_t>(i);
    }
    return values;
}();

/// Reads groups of four letters for as long as there is nothing else; how many characters.
std::size_t wholeGroups(std::string_view text, Bytes& out) {
    const auto value = [&](std::size_t i) {
        return std::uint32_t{kValues[static_cast<unsigned char>(text[i])]};
    };
    const auto from = out.size();
    out.resize(from + text.size() / 4 * 3);
    char* to = out.data() + from;
    std::size_t i = 0;
    for (; i + 4 <= text.size(); i += 4) {
        const std::uint32_t a = value(i);
        const std::uint32_t b = value(i + 1);
        const std::uint32_t c = value(i + 2);
        const std::uint32_t d = value(i + 3);
        if (((a | b | c | d) & 0x80U) != 0) break;
        const std::uint32_t group = a << 18U | b << 12U | c << 6U | d;
        *to++ = static_cast<char>(group >> 16U);
        *to++ = static_cast<char>(group >> 8U);
        *to++ = static_cast<char>(group);
    }
    out.resize(from + i / 4 * 3);
    return i;
}

bool isSpace(char c) { return c == ' ' || c == '\n' || c == '\r' || c == '\t'; }

}  // namespace

bool Base64Reader::put(std::string_view text, Bytes& out) {
    if (!good_) return false;
    if (count_ == 0 && !escaped_ && !ended_) text.remove_prefix(wholeGroups(text, out));
    for (const char c : text) {
        const std::uint8_t value = kValues[static_cast<unsigned char>(c)];
        if (value == kNoLetter || escaped_ || ended_ || padding_ > 0) {
            good_ = special(c, out);
            if (!good_) return false;
            continue;
        }
        group_ = group_ << 6U | value;
        if (++count_ < 4) continue;
        out += static_cast<char>(group_ >> 16U);
        out += static_cast<char>(group_ >> 8U);
        out += static_cast<char>(group_);
        group_ = 0;
        count_ = 0;
    }
    return true;
}

/// What is no letter of a group that goes on.
bool Base64Reader::special(char c, Bytes& out) {
    if (escaped_) {
        escaped_ = false;
        if (c == 'n' || c == 'r' || c == 't') return true;
        return c == '/' && !ended_ && padding_ == 0 && put("/", out);
    }
    if (isSpace(c)) return true;
    if (c == '\\' && in_ == In::JsonString) {
        escaped_ = true;
        return true;
    }
    return c == '=' && !ended_ && pad(out);
}

bool Base64Reader::pad(Bytes& out) {
    if (count_ < 2) return false;
    ++padding_;
    group_ <<= 6U;
    if (++count_ < 4) return true;
    // What the padding leaves over of the last letter says nothing: anything but nought is damage.
    const bool clean = (group_ & (padding_ == 2 ? 0xFFFFU : 0xFFU)) == 0;
    out += static_cast<char>(group_ >> 16U);
    if (padding_ == 1) out += static_cast<char>(group_ >> 8U);
    count_ = 0;
    padding_ = 0;
    ended_ = true;
    return clean;
}

void appendBase64(std::string& out, std::string_view bytes) {
    const auto at = [&](std::size_t i) {
        return static_cast<std::uint32_t>(static_cast<unsigned char>(bytes[i]));
    };
    const auto from = out.size();
    out.resize(from + base64Size(bytes.size()), '=');
    char* to = out.data() + from;
    std::size_t i = 0;
    for (; i + 3 <= bytes.size(); i += 3) {
        const std::uint32_t group = at(i) << 16U | at(i + 1) << 8U | at(i + 2);
        *to++ = kLetters[group >> 18U];
        *to++ = kLetters[group >> 12U & 63U];
        *to++ = kLetters[group >> 6U & 63U];
        *to++ = kLetters[group & 63U];
    }
    if (i == bytes.size()) return;
    const bool two = i + 2 == bytes.size();
    const std::uint32_t group = at(i) << 16U | (two ? at(i + 1) << 8U : 0U);
    *to++ = kLetters[group >> 18U];
    *to++ = kLetters[group >> 12U & 63U];
    if (two) *to = kLetters[group >> 6U & 63U];
}

std::string base64(std::string_view bytes) {
    std::string text;
    appendBase64(text, bytes);
    return text;
}

}  // namespace stafett
