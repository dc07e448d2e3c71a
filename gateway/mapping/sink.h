#pragma once

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <memory>
#include <string>
#include <string_view>

#include "gateway/codec/write.h"

namespace stafett::mapping {

/// Where a document is printed to: room that grows and is used again by the thread's next document.
/// Most texts have nothing to escape: they are looked over eight bytes at a time and copied whole;
/// what has is escaped by the codec, so that there is one truth about it. One thread.
class Sink {
public:
    void clear() { at_ = room_.get(); }
    std::size_t size() const { return static_cast<std::size_t>(at_ - room_.get()); }
    char back() const { return at_[-1]; }
    void replaceBack(char c) { at_[-1] = c; }
    std::string_view text() const { return {room_.get(), size()}; }

    Sink& operator+=(char c) {
        if (at_ == end_) grow(1);
        *at_++ = c;
        return *this;
    }
    Sink& operator+=(std::string_view text) {
        if (static_cast<std::size_t>(end_ - at_) < text.size()) grow(text.size());
        std::memcpy(at_, text.data(), text.size());
        at_ += text.size();
        return *this;
    }

    void json(std::string_view text) {
        if (needsEscape<'"', '\\', '"', '"'>(text, 0x20))
            return slow(text, codec::appendJsonString);
        *this += '"';
        *this += text;
        *this += '"';
    }
    void xmlText(std::string_view text) {
        if (needsEscape<'&', '<', '>', '\r'>(text, 0)) return slow(text, codec::appendXmlText);
        *this += text;
    }
    void xmlAttribute(std::string_view text) {
        if (needsEscape<'&', '<', '>', '"'>(text, 0x20))
            return slow(text, codec::appendXmlAttribute);
        *this += text;
    }

private:
    static constexpr std::uint64_t kOnes = 0x0101010101010101ULL;
    static constexpr std::uint64_t kHigh = 0x8080808080808080ULL;

    static constexpr std::uint64_t hasZero(std::uint64_t x) { return (x - kOnes) & ~x & kHigh; }

    /// Whether one of four characters, or one below `control`, is there (or may be: then the slow
    /// way is taken for nothing).
    template <char A, char B, char C, char D>
    static bool needsEscape(std::string_view text, unsigned char control) {
        const char* at = text.data();
        std::size_t left = text.size();
        std::uint64_t found = 0;
        const auto look = [&](std::uint64_t x) {
            found |= hasZero(x ^ (kOnes * static_cast<unsigned char>(A))) |
                     hasZero(x ^ (kOnes * static_cast<unsigned char>(B))) |
                     hasZero(x ^ (kOnes * static_cast<unsigned char>(C))) |
                     hasZero(x ^ (kOnes * static_cast<unsigned char>(D)));
            if (control != 0) found |= (x - kOnes * control) & ~x & kHigh;
        };
        for (; left >= 8; at += 8, left -= 8) {
            std::uint64_t x = 0;
            std::memcpy(&x, at, 8);
            look(x);
        }
        if (left != 0) {
            std::uint64_t x = kOnes * static_cast<unsigned char>('x');
            std::memcpy(&x, at, left);
            look(x);
        }
        return found != 0;
    }

    template <class Append>
    void slow(std::string_view text, Append append) {
        std::string out;
        append(out, text);
        *this += out;
    }

    void grow(std::size_t more) {
        const std::size_t had = size();
        std::size_t room =
            std::max<std::size_t>(8192, 2 * static_cast<std::size_t>(end_ - room_.get()));
        while (room < had + more) room *= 2;
        auto next = std::make_unique_for_overwrite<char[]>(room);
        if (had != 0) std::memcpy(next.get(), room_.get(), had);
        room_ = std::move(next);
        at_ = room_.get() + had;
        end_ = room_.get() + room;
    }

    std::unique_ptr<char[]> room_;
    char* at_ = nullptr;
    char* end_ = nullptr;
};

}  // namespace stafett::mapping
