#pragma once

#include <atomic>
#include <cstdint>
#include <vector>

#include "gateway/store/sqlite.h"

namespace stafett::store {

/// Knows of most hashes that the store does not hold that it does not, so that what is new, as
/// nearly every message is, costs no look into the store. A Bloom filter over the names of messages
/// and the references of consents: never wrong when it says no, wrong once in a hundred times when
/// it says that it may be. It says that of everything until it has read the store. Many threads.
class Sieve {
public:
    /// Room for what the store holds and as much again; when the store has just been opened, before
    /// anything else is called. A store that outgrows it is looked into more often.
    Status start(Connection& connection);
    /// Reads all that is in the store's tables, a part at a time, until done or told to stop.
    Status learn(Connection& reader, const std::atomic<bool>& stop);

    void addName(std::uint64_t hash) { add(hash); }
    void addConsent(const Digest& ref) { add(consentHash(ref)); }
    bool mayHoldName(std::uint64_t hash) const { return mayHold(hash); }
    bool mayHoldConsent(const Digest& ref) const { return mayHold(consentHash(ref)); }
    bool hasLearnt() const { return has_learnt_.load(std::memory_order_acquire); }

private:
    static std::uint64_t consentHash(const Digest& ref);
    void add(std::uint64_t hash);
    bool mayHold(std::uint64_t hash) const;
    Status learnNames(Connection& reader, const std::atomic<bool>& stop);
    Status learnConsents(Connection& reader, const std::atomic<bool>& stop);

    std::vector<std::atomic<std::uint64_t>> words_;
    std::uint64_t mask_ = 0;  ///< of a bit's number
    std::atomic<bool> has_learnt_{false};
};

}  // namespace stafett::store
