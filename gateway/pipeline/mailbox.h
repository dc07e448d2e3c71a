#pragma once

#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "gateway/pipeline/settle.h"
#include "gateway/transport/mailbox_call.h"

namespace stafett::pipeline {

/// The door of receivers who cannot be called: they fetch what is theirs from the inbox listener
/// and say when they have it (docs/mailbox.md). A fetch lends a delivery for a time, and that is
/// kept before it is answered: so a lease outlives this process, no two fetches are given the same
/// delivery at once, and what is not acknowledged comes again, the same bytes under the same id.
/// A fetch that finds nothing waits without a thread. Whatever else comes is passed on. Many
/// threads.
class Mailbox final : public transport::Inbox {
public:
    Mailbox(const Shared& shared, SnapshotSource snapshot, Notices& notices,
            transport::Inbox& others);
    ~Mailbox() override;
    Mailbox(const Mailbox&) = delete;
    Mailbox& operator=(const Mailbox&) = delete;

    void take(transport::RawRequest request, transport::Responder responder) override;
    transport::HttpResponse turnAway(const transport::RawRequest& request,
                                     transport::Refusal refusal) override;
    bool mayBeLarge(const security::Peer& peer,
                    const transport::HttpRequest& request) const override {
        return others_.mayBeLarge(peer, request);
    }

    /// Deliveries may be due: the store says so after a commit.
    void wake();
    /// Answers all who wait; from now on nobody waits.
    void drain();

private:
    struct Fetch;
    using FetchRef = std::shared_ptr<Fetch>;
    struct Acknowledgement;
    using AcknowledgementRef = std::shared_ptr<Acknowledgement>;

    void fetch(const transport::RawRequest& request, const transport::MailboxCall& call,
               transport::Responder responder);
    bool give(const FetchRef& fetch);
    void handOver(const FetchRef& fetch, const store::Lease& lease, plugin::WireMessage wire,
                  std::shared_ptr<transport::BodySource> source);
    void park(FetchRef fetch);

    void acknowledge(transport::RawRequest request, const transport::MailboxCall& call,
                     transport::Responder responder);
    void answerStanding(const AcknowledgementRef& ack);
    void settle(const AcknowledgementRef& ack, const store::Lease& lease);

    void run();
    void serveWaiting();
    void holdUnfetched();
    bool endsUnfetched(const store::Lease& lease);

    const Shared& shared_;
    SnapshotSource snapshot_;
    transport::Inbox& others_;
    Settling settling_;

    std::mutex mutex_;
    std::condition_variable changed_;
    std::deque<FetchRef> waiting_;
    bool due_ = false;
    bool stopping_ = false;
    std::thread thread_;  ///< the last: it uses all of the above
};

/// Those for whom a peer may act that are parties on this day.
std::vector<PartyId> partiesOf(const security::Peer& peer, const config::Config& config,
                               std::string_view today);

}  // namespace stafett::pipeline
