#pragma once

#include <condition_variable>
#include <map>
#include <mutex>
#include <thread>

#include "gateway/pipeline/settle.h"
#include "gateway/transport/courier.h"

namespace stafett::pipeline {

/// The right half of the way (design 3): from the store to the receiver's answer. One thread lends
/// what is due and hands it to the courier; answers are settled from the courier's threads. A slow
/// or dead receiver uses up its own share of what may be under way, and nobody else's.
class Outbound {
public:
    Outbound(const Shared& shared, SnapshotSource snapshot, transport::Courier& courier,
             Notices& notices);
    ~Outbound();
    Outbound(const Outbound&) = delete;
    Outbound& operator=(const Outbound&) = delete;

    /// Lends nothing more and waits until what is under way is settled, or the deadline.
    void drain(Deadline deadline);

    /// Deliveries may be due: after a commit, or since the clock was put forward. Many threads.
    void wake();

private:
    void run();
    void deliver(store::Lease lease);
    void answered(const store::Lease& lease, const Result<transport::HttpResponse>& answer);
    void settle(const store::Lease& lease, store::Attempt attempt);

    const Shared& shared_;
    SnapshotSource snapshot_;
    transport::Courier& courier_;
    Settling settling_;

    std::mutex mutex_;
    std::condition_variable changed_;
    bool due_ = true;
    bool stopping_ = false;
    std::uint32_t under_way_ = 0;
    std::map<PartyId, std::uint32_t> per_receiver_;
    std::thread thread_;
};

}  // namespace stafett::pipeline
