#include "gateway/store/writer.h"

#include <pthread.h>

#include <future>

#include "gateway/base/fault_point.h"

namespace stafett::store {
namespace {

// Copying the write-ahead log into the store's file holds the writer up, so it is done when nothing
// waits, and under steady load in portions of a few milliseconds.
constexpr int kPagesWhenQuiet = 500;
constexpr int kPagesAtMost = 1500;
constexpr std::chrono::milliseconds kIdle{50};

}  // namespace

Writer::Writer(Connection connection, const SqliteOptions& options, Agenda& agenda, Names& names,
               AtHand& at_hand, Sieve& sieve)
    : connection_(std::move(connection)),
      rows_(connection_, agenda, names),
      agenda_(agenda),
      names_(names),
      at_hand_(at_hand),
      sieve_(sieve),
      options_(options) {
    sqlite3_wal_hook(connection_.raw(), &Writer::onWalPages, this);
    thread_ = std::thread([this] { work(); });
    ::pthread_setname_np(thread_.native_handle(), "store-writer");
}

Writer::~Writer() { close(); }

void Writer::add(Job job, Room room) {
    std::optional<Error> refused;
    {
        const std::lock_guard lock(mutex_);
        if (stopped_) {
            refused = stopped_;
        } else if (closing_) {
            refused = Error(Code::StoreFailed);
        } else if (room == Room::Needed && queue_.size() >= options_.queue) {
            refused = Error(Code::StoreBusy);
        } else {
            queue_.push_back(std::move(job));
            if (queue_.size() == 1) added_.notify_one();
            return;
        }
    }
    job.done(tl::unexpected(*refused));
}

Status Writer::addAndWait(std::function<Status(Rows&)> apply) {
    std::promise<Status> end;
    auto ended = end.get_future();
    add({std::move(apply), [&end](const Status& status) { end.set_value(status); }}, Room::Given);
    return ended.get();
}

void Writer::onDue(std::function<void()> wake) {
    const std::lock_guard lock(mutex_);
    wake_ = std::move(wake);
}

void Writer::onCaseDue(std::function<void(const std::string&)> wake) {
    const std::lock_guard lock(mutex_);
    case_wake_ = std::move(wake);
}

Status Writer::health() const {
    const std::lock_guard lock(mutex_);
    if (stopped_) return tl::unexpected(*stopped_);
    if (closing_) return tl::unexpected(Error(Code::StoreFailed));
    return {};
}

void Writer::close() {
    {
        const std::lock_guard lock(mutex_);
        closing_ = true;
    }
    added_.notify_one();
    if (thread_.joinable()) thread_.join();
}

void Writer::work() {
    std::unique_lock lock(mutex_);
    const auto something = [this] { return !queue_.empty() || closing_; };
    while (true) {
        if (!queue_.empty()) {
            const bool stopped = stopped_.has_value();
            lock.unlock();
            stopped ? refuseAll() : commitSome();
            lock.lock();
        } else if (closing_) {
            break;
        } else if (pagesToCopy() == 0 || stopped_) {
            added_.wait(lock, something);
        } else if (newPages() >= kPagesWhenQuiet || !added_.wait_for(lock, kIdle, something)) {
            lock.unlock();
            checkpoint();
            lock.lock();
        }
    }
    lock.unlock();
    if (!stopped_) leave();
}

/// Leaves the store so that it opens quickly.
void Writer::leave() {
    if (!names_.writeAll(connection_)) rollBack();
    checkpoint();
}

bool Writer::takeOne(Batch& batch) {
    const std::lock_guard lock(mutex_);
    if (queue_.empty()) return false;
    batch.jobs.push_back(std::move(queue_.front()));
    queue_.pop_front();
    return true;
}

Status Writer::applyFrom(Batch& batch, std::size_t first) {
    for (std::size_t i = first; i < batch.jobs.size(); ++i) {
        auto applied = batch.jobs[i].apply(rows_);
        if (applied) continue;
        if (applied.error().code() == Code::StoreBusy || connection_.isBroken()) return applied;
        // This job's own fault, found after it may have written: all the others once more, without.
        rollBack();
        batch.alone.push_back({std::move(batch.jobs[i]), std::move(applied)});
        batch.jobs.erase(batch.jobs.begin() + static_cast<std::ptrdiff_t>(i));
        ST_CHECK(connection_.run("BEGIN IMMEDIATE"));
        return applyFrom(batch, 0);
    }
    return {};
}

Status Writer::gather(Batch& batch) {
    const auto begun = std::chrono::steady_clock::now();
    ST_CHECK(connection_.run("BEGIN IMMEDIATE"));
    ST_CHECK(applyFrom(batch, 0));
    while (batch.jobs.size() < options_.group &&
           std::chrono::steady_clock::now() - begun < options_.linger && takeOne(batch)) {
        ST_CHECK(applyFrom(batch, batch.jobs.size() - 1));
    }
    ST_CHECK(rows_.finish());
    names_.announce(rows_.changes().names);
    reached("before_commit");
    return connection_.run("COMMIT");
}

void Writer::commitSome() {
    const auto begun = std::chrono::steady_clock::now();
    Batch batch;
    if (!takeOne(batch)) return;
    Status status = gather(batch);
    if (status) {
        reached("after_commit");
        committed(batch, begun);
    } else {
        if (connection_.isBroken()) stop(status.error());
        rollBack();
    }
    for (const Job& job : batch.jobs) job.done(status);
    for (const Told& told : batch.alone) told.job.done(told.status);
    if (status) tellDue();
    rows_.forgetChanges();
    if (status && newPages() >= kPagesAtMost) checkpoint();
}

/// Wakes those whose work the commit has made due.
void Writer::tellDue() {
    std::function<void()> wake;
    std::function<void(const std::string&)> case_wake;
    {
        const std::lock_guard lock(mutex_);
        wake = wake_;
        case_wake = case_wake_;
    }
    if (wake && !rows_.changes().ready.empty()) wake();
    if (case_wake && !rows_.changes().case_due.empty()) case_wake(rows_.changes().case_due);
}

void Writer::committed(const Batch& batch, std::chrono::steady_clock::time_point begun) {
    const Changes& changes = rows_.changes();
    for (const auto& ref : changes.consents) sieve_.addConsent(ref);
    for (const Fresh& fresh : changes.fresh) at_hand_.add(fresh);
    for (const auto& id : changes.settled) at_hand_.forget(id);
    if (changes.data_keys) at_hand_.forgetAll();
    agenda_.committed(changes.settled, changes.ready);
    names_.committed(changes.names);
    if (options_.metrics == nullptr) return;
    options_.metrics->observeCommit(batch.jobs.size(), std::chrono::steady_clock::now() - begun);
    std::size_t waiting = 0;
    {
        const std::lock_guard lock(mutex_);
        waiting = queue_.size();
    }
    options_.metrics->setQueue("store", waiting);
}

void Writer::rollBack() {
    if (connection_.inTransaction()) (void)connection_.run("ROLLBACK");
    for (const auto& id : rows_.changes().claimed) agenda_.giveBack(id);
    names_.withdraw(rows_.changes().names);
    rows_.forgetChanges();
    rows_.forgetVersions();
}

void Writer::stop(const Error& error) {
    {
        const std::lock_guard lock(mutex_);
        stopped_ = error;
    }
    if (options_.log != nullptr) {
        options_.log->error(
            "store_stopped",
            {{"code", error.code()}, {"sqlite", sqlite3_extended_errcode(connection_.raw())}});
    }
}

void Writer::refuseAll() {
    std::deque<Job> jobs;
    {
        const std::lock_guard lock(mutex_);
        jobs.swap(queue_);
    }
    for (const Job& job : jobs) job.done(tl::unexpected(*stopped_));
}

int Writer::onWalPages(void* self, sqlite3*, const char*, int pages) {
    auto* writer = static_cast<Writer*>(self);
    if (pages < writer->wal_pages_) writer->copied_pages_ = 0;  // the log began anew
    writer->wal_pages_ = pages;
    return SQLITE_OK;
}

int Writer::pagesToCopy() const { return wal_pages_ - copied_pages_; }

int Writer::newPages() const { return pagesToCopy() - left_pages_; }

void Writer::checkpoint() {
    int pages = 0;
    int copied = 0;
    reached("before_checkpoint");
    const int result = sqlite3_wal_checkpoint_v2(connection_.raw(), nullptr,
                                                 SQLITE_CHECKPOINT_PASSIVE, &pages, &copied);
    if (result == SQLITE_OK) {
        // All of it copied: the next commit begins the log anew, unless a reader still looks at it.
        wal_pages_ = copied == pages ? 0 : pages;
        copied_pages_ = copied == pages ? 0 : copied;
    }
    left_pages_ = pagesToCopy();
    if (result != SQLITE_OK && connection_.isBroken()) {
        stop(Connection::error(result));
    }
}

}  // namespace stafett::store
