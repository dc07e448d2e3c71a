#pragma once

#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

#include "gateway/pipeline/gateway_word.h"

namespace stafett::pipeline {

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
    void tell(Word word, std::shared_ptr<const Snapshot> snapshot);

private:
    struct Job {
        Word word;
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
