#pragma once

#include <atomic>
#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>

#include "gateway/base/workers.h"
#include "gateway/pipeline/lane.h"
#include "gateway/pipeline/notice.h"
#include "gateway/pipeline/stages.h"
#include "gateway/transport/inbox.h"

namespace stafett::pipeline {

/// The left half of the way (design 3): from the wire to the receipt. The inbox server's workers
/// call take() and make the answer; it is given after the commit, by a thread of its own.
class Inbound final : public transport::Inbox {
public:
    /// `keys` is what /.well-known/stafett-keys answers.
    Inbound(const Shared& shared, SnapshotSource snapshot, std::string keys, Notices& notices);
    ~Inbound() override;
    Inbound(const Inbound&) = delete;
    Inbound& operator=(const Inbound&) = delete;

    void take(transport::RawRequest request, transport::Responder responder) override;
    /// In the dialect of whoever calls, where its route tells which.
    transport::HttpResponse turnAway(const transport::RawRequest& request,
                                     transport::Refusal refusal) override;
    /// Where one of the peer's dialects takes attachments inside its documents.
    bool mayBeLarge(const security::Peer& peer,
                    const transport::HttpRequest& request) const override;

    /// Threads that a plugin's call keeps; while there are any it cannot be destroyed.
    unsigned kept() const { return workers_.kept() + large_.kept(); }

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
    void later(std::function<void()> job) const;
    void work();

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

    // What is to be done after a commit, by threads of their own and never by the writer: answers,
    // which plugins write, and messages whose case moved meanwhile.
    mutable std::mutex later_mutex_;
    mutable std::condition_variable later_wake_;
    mutable std::deque<std::function<void()>> later_;
    bool stopping_ = false;
    Workers workers_;  ///< they use all of the above
    Lane large_;       ///< the last, as they: for what takes longer than others should wait
};

}  // namespace stafett::pipeline
