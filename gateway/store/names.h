#pragma once

#include <cstdint>
#include <mutex>
#include <set>
#include <vector>

#include "gateway/store/sieve.h"
#include "gateway/store/sqlite.h"

namespace stafett::store {

/// One thing a message is found by: a digest or keyed hash, shortened, and the message's number.
struct NameOf {
    std::uint64_t hash;  ///< its first eight bytes, in their order
    std::int64_t message;
    auto operator<=>(const NameOf&) const = default;
};

/// What one transaction changes about names; it takes effect after the commit.
struct NameChanges {
    std::vector<NameOf> added;    ///< of the messages it keeps
    std::vector<NameOf> written;  ///< to the table
    bool went_round = false;      ///< the last of those in memory was written
};

/// What messages are found by: the table `name`, and in memory what the newest are found by. Hashes
/// fall anywhere in the table, so that adding each at once would write a page for each; instead
/// those in memory are written in the order of the table, some with each commit, round and round.
/// Nothing is lost: after a crash they are read from the messages again. Many threads.
class Names {
public:
    static constexpr std::size_t kInMemory = 8192;

    /// `sieve` lives as long; it is told of each name, and asked before the table is.
    explicit Names(Sieve& sieve) : sieve_(sieve) {}

    /// Reads what is not in the table; when the store has just been opened.
    Status start(Connection& connection);

    /// The numbers of the messages that have this name, or one that begins like it, from the first.
    /// What a transaction is about to add comes from `changes`, for the writer.
    Result<std::vector<std::int64_t>> find(Connection& connection, const Digest& name,
                                           const NameChanges* changes = nullptr) const;

    /// The last part of the writer's transaction: writes as many as it adds, when there are enough.
    Status write(Connection& writer, NameChanges& changes);
    /// Writes all there are, in one transaction of its own.
    Status writeAll(Connection& writer);
    /// Just before the commit: whoever reads what it makes visible finds it by its names. Until
    /// then they lead to no row.
    void announce(const NameChanges& changes);
    /// Nothing came of the transaction.
    void withdraw(const NameChanges& changes);
    void committed(const NameChanges& changes);

private:
    Status writeFrom(Connection& writer, NameChanges& changes, std::size_t most);

    void insert(const NameOf& name);

    Sieve& sieve_;
    mutable std::mutex mutex_;
    std::set<NameOf> recent_;  ///< changed by the writer alone
    NameOf from_{0, 0};        ///< where the round goes on
    std::int64_t below_ = 0;   ///< when the round ends, the names of messages below are all written
    std::int64_t next_ = 1;    ///< above every message's number so far
};

}  // namespace stafett::store
