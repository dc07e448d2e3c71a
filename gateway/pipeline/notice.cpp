#include "gateway/pipeline/notice.h"

#include <latch>

#include "gateway/message/dates.h"
#include "gateway/pipeline/owed.h"

namespace stafett::pipeline {
namespace {

constexpr std::uint32_t kAtOnce = 64;  // one commit's
constexpr unsigned kTries = 5;
constexpr std::chrono::milliseconds kRest{100};

}  // namespace

Notices::Notices(const Shared& shared, SnapshotSource snapshot)
    : shared_(shared), snapshot_(std::move(snapshot)), thread_([this] { run(); }) {}

Notices::~Notices() {
    {
        const std::lock_guard lock(mutex_);
        stopping_ = true;
    }
    wake_.notify_all();
    thread_.join();
}

void Notices::wake() {
    {
        const std::lock_guard lock(mutex_);
        if (owed_) return;
        owed_ = true;
    }
    wake_.notify_one();
}

void Notices::run() {
    std::unique_lock lock(mutex_);
    for (;;) {
        wake_.wait(lock, [this] { return stopping_ || owed_; });
        if (stopping_) return;
        owed_ = false;
        lock.unlock();
        const bool left = makeSome();
        lock.lock();
        if (left) rest(lock);
    }
}

/// Before what could not be done now is tried again.
void Notices::rest(std::unique_lock<std::mutex>& lock) {
    owed_ = true;
    wake_.wait_for(lock, kRest, [this] { return stopping_; });
}

/// Makes what is owed until nothing is; true when something had to be left for now.
bool Notices::makeSome() {
    for (;;) {
        const auto owed = shared_.store.owed(kAtOnce);
        if (!owed) {
            shared_.log.error("notice_failed", {{"code", owed.error().code()}});
            return true;
        }
        if (owed->empty()) return false;
        std::vector<End> ends(owed->size());
        std::latch all(static_cast<std::ptrdiff_t>(owed->size()));
        for (std::size_t i = 0; i < owed->size(); ++i) {
            make((*owed)[i], [&, i](End end) {
                ends[i] = end;
                all.count_down();
            });
        }
        all.wait();
        bool left = false;
        for (std::size_t i = 0; i < owed->size(); ++i) {
            ended((*owed)[i], ends[i]);
            left = left || ends[i] != End::Paid;
        }
        if (left) return true;
    }
}

/// What fails again and again is given up, and told to whoever runs the gateway: the message it is
/// about stands as it is.
void Notices::ended(const store::OwedNotice& owed, End end) {
    if (end == End::Paid) failures_.erase(owed.number);
    if (end != End::Failed || ++failures_[owed.number] < kTries) return;
    failures_.erase(owed.number);
    const auto word = readOwed(owed.notice);
    shared_.log.error("notice_given_up",
                      {{"case", word ? word->case_id : CaseId{}}, {"tries", kTries}});
    shared_.store.forgetOwed(owed.number, [](const Status&) {});
}

/// The message that pays it; nothing when nobody need be told any more.
Result<std::optional<store::Keep>> Notices::draw(const store::OwedNotice& owed) const {
    const auto word = readOwed(owed.notice);
    if (!word) return tl::make_unexpected(Error(Code::StoreNotFound));
    const auto snapshot = snapshot_();
    const Time now = shared_.clock.now();
    ST_TRY(const auto row, shared_.store.findCase(word->case_id));
    if (!row) return tl::make_unexpected(Error(Code::StoreNotFound));
    ST_TRY(const auto before, custody::parse(row->state));
    ST_TRY(auto notice, write(shared_, *snapshot, before, *word, now));
    if (!notice) return std::nullopt;
    const auto today = message::stockholmDate(now);
    const custody::Act act{.message = notice->id,
                           .by = {notice->sender, {}},
                           .to = {{.who = {word->to, {}}}},
                           .today = today};
    ST_TRY(const auto decision, custody::decide(before, act));
    notice->case_version = row->version;
    notice->pays = owed.number;
    fill(*notice, before, decision.state, snapshot->config, today);
    return notice;
}

void Notices::make(const store::OwedNotice& owed, const Done& done) {
    auto notice = draw(owed);
    if (!notice) {
        const auto code = notice.error().code();
        shared_.log.warn("notice_failed", {{"code", code}});
        const bool passes = code == Code::StoreBusy || code == Code::StoreFailed;
        return done(passes ? End::Again : End::Failed);
    }
    if (!*notice) {
        return shared_.store.forgetOwed(
            owed.number, [done](const Status& status) { done(status ? End::Paid : End::Again); });
    }
    shared_.store.keep(std::move(**notice), [done](const Result<store::Kept>& kept) {
        const bool paid = kept && kept->outcome == store::Kept::Outcome::Stored;
        done(paid ? End::Paid : End::Again);
    });
}

}  // namespace stafett::pipeline
