#pragma once

#include <atomic>
#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>

#include "gateway/pipeline/notice.h"
#include "gateway/pipeline/stages.h"
#include "gateway/transport/inbox.h"

namespace stafett::pipeline {

/// The left half of the way (design 3): from the wire to the receipt. The inbox server's workers
/// call take(); the answer is given from the store's writer thread, after the commit.
class Inbound final : public transport::Inbox {
public:
    /// `keys` is what /.well-known/stafett-keys answers.
    Inbound(const Shared& shared, SnapshotSource snapshot, std::string keys, Notices& notices);
    ~Inbound() override;
    Inbound(const Inbound&) = delete;
    Inbound& operator=(const Inbound&) = delete;

    void take(transport::RawRequest request, transport::Responder responder) override;

    /// Messages between their first stage and their answer.
    std::uint32_t inWork() const { return in_work_.load(); }

private:
    struct Pending;
    using PendingRef = std::shared_ptr<Pending>;

    /// What the stages made of a message: something to keep, or the answer already.
    void accept(const PendingRef& pending) const;
    void recogniseOrRefuse(const PendingRef& pending, Problems problems) const;
    Checked<void> tryAccept(const PendingRef& pending) const;
    Checked<void> writeAndKeep(const PendingRef& pending, Taken taken) const;
    static std::vector<Word> toTell(const Pending& pending, const std::vector<PartyId>& left_out);
    void keep(const PendingRef& pending, Written written) const;
    void kept(const PendingRef& pending, const Result<store::Kept>& outcome) const;
    void refuse(const PendingRef& pending, Problems problems) const;
    void repeat(const PendingRef& pending, const std::string& id, const std::string& receipt) const;
    void takeAgain(const PendingRef& pending) const;
    void runAgain();

    const Shared& shared_;
    SnapshotSource snapshot_;
    std::string keys_;
    Notices& notices_;
    Authenticate authenticate_;
    Recognise recognise_;
    Read read_;
    Understand understand_;
    Permit permit_;
    Take take_;
    WriteOut write_out_;
    mutable std::atomic<std::uint32_t> in_work_{0};

    // Messages whose case moved meanwhile: taken again by a thread of their own, never by the
    // writer.
    mutable std::mutex again_mutex_;
    mutable std::condition_variable again_wake_;
    mutable std::deque<PendingRef> again_;
    bool stopping_ = false;
    std::thread again_thread_;
};

}  // namespace stafett::pipeline
