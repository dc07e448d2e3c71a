#include "gateway/store/names.h"

#include <algorithm>
#include <array>

#include "gateway/store/short_hash.h"

namespace stafett::store {
namespace {

constexpr char kFind[] = "SELECT n FROM name WHERE hash = ? ORDER BY n";
constexpr char kAdd[] = "INSERT OR IGNORE INTO name (hash, n) VALUES (?, ?)";
constexpr char kBelow[] = "SELECT below FROM named";
constexpr char kSetBelow[] = "UPDATE named SET below = ?";
constexpr char kOfMessages[] =
    "SELECT n, repeat_digest, sender_id FROM message WHERE n >= ? ORDER BY n";
constexpr char kOfAliases[] = "SELECT n, hash FROM alias WHERE n >= ?";

Blob blobOf(const std::array<char, kShortHash>& bytes) { return {{bytes.data(), bytes.size()}}; }

}  // namespace

void Names::insert(const NameOf& name) {
    sieve_.addName(name.hash);
    recent_.insert(name);
}

Status Names::start(Connection& connection) {
    const std::lock_guard lock(mutex_);
    std::int64_t below = 0;
    {
        Cursor row = connection.query(kBelow);
        ST_TRY(const bool found, row.next());
        if (found) below = row.integer(0);
    }
    next_ = std::max<std::int64_t>(below, 1);
    Cursor message = connection.query(kOfMessages, below);
    while (true) {
        ST_TRY(const bool found, message.next());
        if (!found) break;
        const auto n = message.integer(0);
        insert({shortHash(message.digest(1)), n});
        insert({shortHash(message.digest(2)), n});
        next_ = n + 1;
    }
    Cursor alias = connection.query(kOfAliases, below);
    while (true) {
        ST_TRY(const bool found, alias.next());
        if (!found) break;
        insert({shortHash(alias.digest(1)), alias.integer(0)});
    }
    below_ = next_;
    return {};
}

Result<std::vector<std::int64_t>> Names::find(Connection& connection, const Digest& name,
                                              const NameChanges* changes) const {
    const auto hash = shortHash(name);
    std::vector<std::int64_t> messages;
    {
        // Before the table: what leaves memory is in the table by then.
        const std::lock_guard lock(mutex_);
        for (auto at = recent_.lower_bound({hash, 0}); at != recent_.end() && at->hash == hash;
             ++at) {
            messages.push_back(at->message);
        }
    }
    if (changes != nullptr) {
        for (const auto& added : changes->added) {
            if (added.hash == hash) messages.push_back(added.message);
        }
    }
    if (messages.empty() && !sieve_.mayHoldName(hash)) return messages;
    const auto bytes = bytesOf(hash);
    Cursor row = connection.query(kFind, blobOf(bytes));
    while (true) {
        ST_TRY(const bool found, row.next());
        if (!found) break;
        messages.push_back(row.integer(0));
    }
    if (messages.size() > 1) {
        std::sort(messages.begin(), messages.end());
        messages.erase(std::unique(messages.begin(), messages.end()), messages.end());
    }
    return messages;
}

Status Names::writeFrom(Connection& writer, NameChanges& changes, std::size_t most) {
    auto at = recent_.lower_bound(from_);  // no lock: this thread alone changes it
    for (; at != recent_.end() && changes.written.size() < most; ++at) {
        const auto bytes = bytesOf(at->hash);
        ST_CHECK(writer.run(kAdd, blobOf(bytes), at->message));
        changes.written.push_back(*at);
    }
    if (at != recent_.end()) return {};
    changes.went_round = true;
    return writer.run(kSetBelow, below_);
}

Status Names::write(Connection& writer, NameChanges& changes) {
    if (recent_.size() + changes.added.size() <= kInMemory) return {};
    return writeFrom(writer, changes, changes.added.size() + 8);
}

Status Names::writeAll(Connection& writer) {
    if (recent_.empty()) return {};
    NameChanges changes;
    from_ = {0, 0};
    below_ = next_;
    ST_CHECK(writer.run("BEGIN IMMEDIATE"));
    ST_CHECK(writeFrom(writer, changes, recent_.size() + 1));
    ST_CHECK(writer.run("COMMIT"));
    committed(changes);
    return {};
}

void Names::announce(const NameChanges& changes) {
    if (changes.added.empty()) return;
    const std::lock_guard lock(mutex_);
    for (const auto& name : changes.added) insert(name);
}

void Names::withdraw(const NameChanges& changes) {
    const std::lock_guard lock(mutex_);
    for (const auto& name : changes.added) recent_.erase(name);
}

void Names::committed(const NameChanges& changes) {
    if (changes.added.empty() && changes.written.empty() && !changes.went_round) return;
    const std::lock_guard lock(mutex_);
    for (const auto& name : changes.written) recent_.erase(name);
    for (const auto& name : changes.added) {
        insert(name);
        next_ = std::max(next_, name.message + 1);
    }
    if (changes.went_round) {
        from_ = {0, 0};
        below_ = next_;
    } else if (!changes.written.empty()) {
        from_ = changes.written.back();
    }
}

}  // namespace stafett::store
