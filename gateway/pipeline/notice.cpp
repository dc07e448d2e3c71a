#include "gateway/pipeline/notice.h"

#include "gateway/message/dates.h"

namespace stafett::pipeline {
namespace {

constexpr unsigned kTries = 5;

}  // namespace

Notices::Notices(const Shared& shared) : shared_(shared), thread_([this] { run(); }) {}

Notices::~Notices() {
    {
        const std::lock_guard lock(mutex_);
        stopping_ = true;
    }
    wake_.notify_all();
    thread_.join();
}

void Notices::tell(Word word, std::shared_ptr<const Snapshot> snapshot) {
    const auto* party = snapshot->config.party(word.to);
    if (party == nullptr || !asksFor(*party, word.code)) return;
    push(Job{std::move(word), std::move(snapshot)});
}

void Notices::push(Job job) {
    {
        const std::lock_guard lock(mutex_);
        jobs_.push_back(std::move(job));
    }
    wake_.notify_one();
}

void Notices::run() {
    for (;;) {
        std::shared_ptr<const Job> job;
        {
            std::unique_lock lock(mutex_);
            wake_.wait(lock, [this] { return stopping_ || !jobs_.empty(); });
            if (stopping_) return;
            job = std::make_shared<const Job>(std::move(jobs_.front()));
            jobs_.pop_front();
        }
        const Status kept = keep(job);
        if (!kept) {
            shared_.log.error("notice_failed",
                              {{"case", job->word.case_id}, {"code", kept.error().code()}});
        }
    }
}

Status Notices::keep(const std::shared_ptr<const Job>& job) {
    const Word& word = job->word;
    const Snapshot& snapshot = *job->snapshot;
    const Time now = shared_.clock.now();
    ST_TRY(const auto row, shared_.store.findCase(word.case_id));
    if (!row) return tl::make_unexpected(Error(Code::StoreNotFound));
    ST_TRY(const auto before, custody::parse(row->state));
    ST_TRY(auto notice, write(shared_, snapshot, before, word, now));
    if (!notice) return {};
    const auto today = message::stockholmDate(now);
    const custody::Act act{.message = notice->id,
                           .by = {notice->sender, {}},
                           .to = {{.who = {word.to, {}}}},
                           .today = today};
    ST_TRY(const auto decision, custody::decide(before, act));
    notice->case_version = row->version;
    fill(*notice, before, decision.state, snapshot.config, today);
    shared_.store.keep(std::move(*notice), [this, job](const Result<store::Kept>& kept) {
        const bool moved = kept && kept->outcome == store::Kept::Outcome::CaseMoved;
        if (moved && job->tries < kTries) {
            Job next = *job;
            ++next.tries;
            push(std::move(next));
        } else if (!kept || moved) {
            shared_.log.error("notice_failed", {{"case", job->word.case_id}});
        }
    });
    return {};
}

}  // namespace stafett::pipeline
