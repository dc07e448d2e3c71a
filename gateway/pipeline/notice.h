#pragma once

#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

#include "gateway/pipeline/shared.h"
#include "gateway/pipeline/snapshot.h"

namespace stafett::pipeline {

/// What a party is told about a message, its own or one that was meant for it, in its own dialect.
struct NoticeCause {
    MessageId message;
    CaseId case_id;
    PartyId sender;    ///< who is told
    PartyId receiver;  ///< the other side, whom it is about
    std::string code;  ///< of the value set notice_code
    std::optional<Code> problem = {};
    std::string words = {};  ///< from configuration, in the party's language; else the problem's
    enum class About : std::uint8_t { Own, Anothers } about = About::Own;
};

/// Makes notices: messages of the gateway's own, kept and delivered like any other, by a thread of
/// its own. A notice never has a notice.
class Notices {
public:
    explicit Notices(const Shared& shared);
    ~Notices();
    Notices(const Notices&) = delete;
    Notices& operator=(const Notices&) = delete;

    /// Keeps a notice if the party asked for this code and its dialect has a form for it. Returns
    /// at once; many threads. What goes wrong is logged: the message it is about stands as it is.
    void tell(NoticeCause cause, std::shared_ptr<const Snapshot> snapshot);

private:
    struct Job {
        NoticeCause cause;
        std::shared_ptr<const Snapshot> snapshot;
        unsigned tries = 1;
    };
    void push(Job job);
    void run();
    Status keep(const std::shared_ptr<const Job>& job);

    const Shared& shared_;
    std::mutex mutex_;
    std::condition_variable wake_;
    std::deque<Job> jobs_;
    bool stopping_ = false;
    std::thread thread_;
};

}  // namespace stafett::pipeline
