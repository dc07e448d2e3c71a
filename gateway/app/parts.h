#pragma once

#include <atomic>
#include <filesystem>
#include <memory>

#include "gateway/admin/admin.h"
#include "gateway/app/endings.h"
#include "gateway/base/played_clock.h"
#include "gateway/pipeline/attachments.h"
#include "gateway/pipeline/file_drop.h"
#include "gateway/pipeline/inbound.h"
#include "gateway/pipeline/mailbox.h"
#include "gateway/pipeline/outbound.h"
#include "gateway/pipeline/timers.h"
#include "gateway/report/reports.h"
#include "gateway/security/context.h"
#include "gateway/security/key_ring.h"
#include "gateway/transport/courier.h"

namespace stafett::app {

/// The whole gateway: the only place where concrete parts are made, in order, visibly. One thread
/// starts, reloads and stops it.
class Gateway {
public:
    /// Loads, checks and starts everything; all problems of the configuration at once.
    static Checked<std::unique_ptr<Gateway>> start(const std::filesystem::path& folder);
    ~Gateway();
    Gateway(const Gateway&) = delete;
    Gateway& operator=(const Gateway&) = delete;

    std::uint16_t inboxPort() const { return inbox_server_->port(); }
    std::uint16_t adminPort() const { return admin_server_->port(); }

    /// Reads the configuration, mappings, certificates and revocation lists again. On any problem
    /// everything old stands. Listeners, store and plugins need a restart.
    Checked<void> reload();

    /// Takes nothing more, finishes what is under way until the deadline, stops.
    void drain(Deadline deadline);

    /// Once an hour: removes what is kept for a time only and whose time is over. Call it often.
    void forget();
    /// Looks at what nobody is told of by itself: plugins, days on which something ends, and
    /// whether each open connection's certificate is still good. Call it about once a second.
    void look();

    /// A plugin has overrun its deadline too often: the process should drain and start anew.
    bool sick() const;

    /// A plugin keeps a thread: what it uses must not be destroyed, so the process must end as it
    /// is once it has drained.
    bool kept() const;

    /// The store has stopped after a failed write: only a new process knows what the disk holds.
    bool failed() const;

    trace::Log& log() { return *log_; }

private:
    Gateway() = default;
    Problems stillHolding(const config::Config& next) const;
    Status startClock(const config::Rehearsal& rehearsal);
    /// Puts the clock of a rehearsal forward, and wakes what waits for it.
    void advance(std::chrono::seconds by);

    std::filesystem::path folder_;
    std::unique_ptr<Clock> clock_;
    PlayedClock* played_ = nullptr;  ///< clock_, in a rehearsal
    std::chrono::steady_clock::time_point judge_next_{};
    Time forget_next_{};
    std::atomic<std::shared_ptr<const pipeline::Snapshot>> snapshot_;
    std::atomic<std::shared_ptr<const security::Context>> server_context_;
    std::atomic<std::shared_ptr<const security::Context>> client_context_;
    Endings endings_;
    // Destroyed from the last to the first: whoever calls goes before whoever is called.
    std::unique_ptr<trace::Log> log_;
    std::unique_ptr<trace::Metrics> metrics_;
    std::unique_ptr<security::Sealer> sealer_;
    std::unique_ptr<security::IndexKey> index_;
    std::unique_ptr<security::Signer> signer_;
    std::unique_ptr<store::MessageStore> store_;
    std::unique_ptr<store::ReportArchive> archive_;
    std::unique_ptr<report::Reports> reports_;
    std::unique_ptr<pipeline::Shared> shared_;
    std::unique_ptr<pipeline::Notices> notices_;
    std::unique_ptr<transport::Courier> courier_;
    std::unique_ptr<pipeline::Outbound> outbound_;
    std::unique_ptr<pipeline::Timers> timers_;
    std::unique_ptr<pipeline::Inbound> inbound_;
    std::unique_ptr<pipeline::Mailbox> mailbox_;
    std::unique_ptr<pipeline::Attachments> attachments_;
    std::unique_ptr<pipeline::FileDrop> file_drop_;
    std::unique_ptr<admin::Api> api_;
    std::unique_ptr<transport::InboxServer> inbox_server_;
    std::unique_ptr<transport::InboxServer> admin_server_;
    std::atomic<bool> ready_{false};
};

}  // namespace stafett::app
