#include "gateway/store/log_check.h"

#include <algorithm>
#include <bit>
#include <cstdint>
#include <fstream>
#include <utility>

#include "gateway/base/bytes.h"

// The file format: https://www.sqlite.org/fileformat2.html#walformat
namespace stafett::store {
namespace {

constexpr std::size_t kHeader = 32;
constexpr std::size_t kFrameHeader = 24;
constexpr std::uint32_t kMagic = 0x377F0682;  // its last bit: checksums of big-endian words

std::uint32_t wordAt(std::string_view bytes, std::size_t at) {
    std::uint32_t word = 0;
    for (const char c : bytes.substr(at, 4)) word = word << 8U | static_cast<std::uint8_t>(c);
    return word;
}

std::uint64_t pairAt(std::string_view bytes, std::size_t at) {
    return std::uint64_t{wordAt(bytes, at)} << 32U | wordAt(bytes, at + 4);
}

/// SQLite's running checksum over pairs of words.
class Checksum {
public:
    Checksum(bool big_endian, std::uint64_t from = 0)
        : first_(static_cast<std::uint32_t>(from >> 32U)),
          second_(static_cast<std::uint32_t>(from)),
          big_endian_(big_endian) {}

    Checksum& add(std::string_view bytes) {
        for (std::size_t at = 0; at + 8 <= bytes.size(); at += 8) {
            first_ += word(bytes, at) + second_;
            second_ += word(bytes, at + 4) + first_;
        }
        return *this;
    }
    std::uint64_t value() const { return std::uint64_t{first_} << 32U | second_; }

private:
    std::uint32_t word(std::string_view bytes, std::size_t at) const {
        const std::uint32_t big = wordAt(bytes, at);
        return big_endian_ ? big : __builtin_bswap32(big);
    }
    std::uint32_t first_, second_;
    bool big_endian_;
};

/// One frame as it stands in the file: a header and a page.
class Frame {
public:
    explicit Frame(std::string bytes) : bytes_(std::move(bytes)) {}

    bool isCommit() const { return wordAt(bytes_, 4) != 0; }
    std::uint64_t salts() const { return pairAt(bytes_, 8); }
    std::uint64_t checksum() const { return pairAt(bytes_, 16); }
    bool follows(std::uint64_t before, bool big_endian) const {
        Checksum sum(big_endian, before);
        const std::string_view all = bytes_;
        return sum.add(all.substr(0, 8)).add(all.substr(kFrameHeader)).value() == checksum();
    }

private:
    std::string bytes_;
};

class Log {
public:
    explicit Log(const std::string& path) : file_(path, std::ios::binary), header_(read(kHeader)) {}

    bool isIntact() {
        if (header_.size() < kHeader) return true;
        const bool whole = headerIsWhole();
        // A header that nobody has written yet.
        if (!whole && std::all_of(header_.begin(), header_.end(), [](char c) { return c == 0; })) {
            return true;
        }
        return whole ? framesAreIntact() : !framesAreOfThisHeader();
    }

private:
    std::string read(std::size_t size) {
        std::string bytes(size, '\0');
        file_.read(bytes.data(), static_cast<std::streamsize>(size));
        bytes.resize(static_cast<std::size_t>(file_.gcount()));
        return bytes;
    }
    bool headerIsWhole() const {
        const std::string_view summed = std::string_view(header_).substr(0, 24);
        return (wordAt(header_, 0) & ~1U) == kMagic &&
               Checksum(bigEndian()).add(summed).value() == pairAt(header_, 24);
    }
    bool bigEndian() const { return (wordAt(header_, 0) & 1U) != 0; }

    /// A header is written when all before it is in the store: one that was torn has salts that are
    /// not the frames' behind it. One bit may have turned in the salts themselves.
    bool framesAreOfThisHeader() {
        const std::string frame = read(kFrameHeader);
        return frame.size() == kFrameHeader &&
               std::popcount(pairAt(frame, 8) ^ pairAt(header_, 16)) <= 1;
    }

    bool framesAreIntact() {
        const std::size_t size = kFrameHeader + wordAt(header_, 8);
        const std::uint64_t salts = pairAt(header_, 16);
        std::uint64_t before = pairAt(header_, 24);
        std::size_t wrong = 0;  // frames since the first wrong one, itself too
        int commits = 0;        // among them
        for (std::string bytes = read(size); bytes.size() == size; bytes = read(size)) {
            const Frame frame(std::move(bytes));
            const bool right = frame.salts() == salts && frame.follows(before, bigEndian());
            if (wrong > 0 || !right) ++wrong;
            // What is wrong may be the first one's checksum, from which the next is counted.
            const bool ours = right || wrong == 1 || (wrong == 2 && frame.salts() == salts);
            if (wrong > 0 && ours && frame.isCommit()) ++commits;
            before = frame.checksum();
        }
        return commits < 2;
    }

    std::ifstream file_;
    std::string header_;
};

}  // namespace

Status checkLog(const std::string& store) {
    const std::string path = store + "-wal";
    if (Log(path).isIntact()) return {};
    return tl::make_unexpected(
        Error(Code::StoreFailed,
              Place{.file = path,
                    .hint = "It has changed since it was written: docs/operations.md, Damage."}));
}

}  // namespace stafett::store
