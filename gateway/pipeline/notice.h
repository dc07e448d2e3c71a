#pragma once

#include <condition_variable>
#include <map>
#include <mutex>
#include <thread>

#include "gateway/pipeline/gateway_word.h"

namespace stafett::pipeline {

/// Makes the notices that are owed (store: owed_notice): messages of the gateway's own, kept and
/// delivered like any other, by a thread of its own. What was owed before a crash is made after it,
/// once. A notice never has a notice.
class Notices {
public:
    Notices(const Shared& shared, SnapshotSource snapshot);
    ~Notices();
    Notices(const Notices&) = delete;
    Notices& operator=(const Notices&) = delete;

    /// To be called when a notice that is owed has been kept. Returns at once; many threads.
    void wake();

private:
    enum class End : std::uint8_t {
        Paid,   ///< made, or nobody need be told
        Again,  ///< the case had moved, or the store was busy
        Failed,
    };
    using Done = std::function<void(End)>;
    void run();
    bool makeSome();
    void make(const store::OwedNotice& owed, const Done& done);
    Result<std::optional<store::Keep>> draw(const store::OwedNotice& owed) const;
    void ended(const store::OwedNotice& owed, End end);
    void rest(std::unique_lock<std::mutex>& lock);

    const Shared& shared_;
    SnapshotSource snapshot_;
    std::map<std::int64_t, unsigned> failures_;  ///< of notices still owed; the thread's own
    std::mutex mutex_;
    std::condition_variable wake_;
    bool owed_ = true;  ///< at first: what a process before this one has left
    bool stopping_ = false;
    std::thread thread_;
};

}  // namespace stafett::pipeline
