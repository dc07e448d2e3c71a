#include "gateway/store/sieve.h"

#include <bit>

#include "gateway/store/short_hash.h"

namespace stafett::store {
namespace {

constexpr std::uint64_t kHashesAMessage = 5;
constexpr std::uint64_t kAtLeast = 500'000;  // hashes: a megabyte
constexpr std::uint64_t kBitsAHash = 10;
constexpr int kBitsSet = 4;
constexpr int kRowsAtOnce = 5000;

constexpr char kLast[] = "SELECT coalesce(max(n), 0) FROM message";
constexpr char kNames[] =
    "SELECT hash, n FROM name WHERE (hash, n) > (?, ?) ORDER BY hash, n LIMIT ?";
constexpr char kConsents[] = "SELECT ref FROM consent WHERE ref > ? ORDER BY ref LIMIT ?";

/// The bits of one hash: two numbers out of it, stepped from one by the other.
std::uint64_t bitOf(std::uint64_t hash, int which) {
    const std::uint64_t step = (hash >> 32) | 1;
    return hash + static_cast<std::uint64_t>(which) * (step * 0x9E3779B97F4A7C15ULL);
}

}  // namespace

Status Sieve::start(Connection& connection) {
    Cursor row = connection.query(kLast);
    ST_TRY(const bool found, row.next());
    const auto messages = found ? static_cast<std::uint64_t>(row.integer(0)) : 0;
    const auto bits = std::bit_ceil((2 * kHashesAMessage * messages + kAtLeast) * kBitsAHash);
    words_ = std::vector<std::atomic<std::uint64_t>>(bits / 64);
    mask_ = bits - 1;
    return {};
}

std::uint64_t Sieve::consentHash(const Digest& ref) { return ~shortHash(ref); }

void Sieve::add(std::uint64_t hash) {
    for (int i = 0; i < kBitsSet; ++i) {
        const auto bit = bitOf(hash, i) & mask_;
        words_[bit / 64].fetch_or(std::uint64_t{1} << (bit % 64), std::memory_order_relaxed);
    }
}

bool Sieve::mayHold(std::uint64_t hash) const {
    if (!hasLearnt()) return true;
    for (int i = 0; i < kBitsSet; ++i) {
        const auto bit = bitOf(hash, i) & mask_;
        const auto word = words_[bit / 64].load(std::memory_order_relaxed);
        if ((word >> (bit % 64) & 1) == 0) return false;
    }
    return true;
}

Status Sieve::learn(Connection& reader, const std::atomic<bool>& stop) {
    ST_CHECK(learnNames(reader, stop));
    ST_CHECK(learnConsents(reader, stop));
    if (!stop) has_learnt_.store(true, std::memory_order_release);
    return {};
}

Status Sieve::learnNames(Connection& reader, const std::atomic<bool>& stop) {
    Bytes last;
    std::int64_t last_n = 0;
    while (!stop) {
        int rows = 0;
        Cursor row = reader.query(kNames, Blob{last}, last_n, kRowsAtOnce);
        while (true) {
            ST_TRY(const bool found, row.next());
            if (!found) break;
            last = row.blob(0);
            last_n = row.integer(1);
            if (last.size() != kShortHash) return tl::unexpected(Error(Code::StoreDamaged));
            addName(shortHash(last));
            ++rows;
        }
        if (rows < kRowsAtOnce) break;
    }
    return {};
}

Status Sieve::learnConsents(Connection& reader, const std::atomic<bool>& stop) {
    Bytes last;
    while (!stop) {
        int rows = 0;
        Cursor row = reader.query(kConsents, Blob{last}, kRowsAtOnce);
        while (true) {
            ST_TRY(const bool found, row.next());
            if (!found) break;
            last = row.blob(0);
            addConsent(row.digest(0));
            ++rows;
        }
        if (rows < kRowsAtOnce) break;
    }
    return {};
}

}  // namespace stafett::store
