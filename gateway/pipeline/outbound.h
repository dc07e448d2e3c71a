#pragma once

#include <atomic>
#include <condition_variable>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <random>
#include <thread>

#include "gateway/pipeline/inbound.h"
#include "gateway/pipeline/notice.h"
#include "gateway/pipeline/shared.h"
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

    std::uint32_t underWay() const;

private:
    void run();
    void wake();
    void deliver(store::Lease lease);
    void answered(const store::Lease& lease, const Result<transport::HttpResponse>& answer);
    void settle(const store::Lease& lease, store::Attempt attempt);

    const Shared& shared_;
    SnapshotSource snapshot_;
    transport::Courier& courier_;
    Notices& notices_;

    mutable std::mutex mutex_;
    std::condition_variable changed_;
    bool due_ = true;
    bool stopping_ = false;
    std::uint32_t under_way_ = 0;
    std::map<PartyId, std::uint32_t> per_receiver_;
    std::thread thread_;
};

/// When to try again after this many attempts: the first wait doubled to the last, spread by
/// chance.
std::chrono::milliseconds waitAfter(std::uint32_t attempts, const config::Delivery& settings,
                                    double chance);

/// What an answer means for the delivery (design 3, interpret): pure.
store::Attempt judge(const store::Lease& lease, const Result<transport::HttpResponse>& answer,
                     const Snapshot& snapshot, Time now, double chance);

}  // namespace stafett::pipeline
