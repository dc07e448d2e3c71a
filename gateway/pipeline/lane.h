#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>

#include "gateway/base/workers.h"

namespace stafett::pipeline {

/// One thread for what takes its time, so that nothing else waits for it. In the order it came.
class Lane {
public:
    explicit Lane(unsigned stand_ins);
    /// Finishes what is under way; what waits behind it is let go.
    ~Lane();
    Lane(const Lane&) = delete;
    Lane& operator=(const Lane&) = delete;

    void add(std::function<void()> work);
    /// Threads that a plugin's call keeps; while there are any, what they use cannot be destroyed.
    unsigned kept() const { return workers_.kept(); }

private:
    void run();

    std::mutex mutex_;
    std::condition_variable wake_;
    std::deque<std::function<void()>> waiting_;
    bool stopping_ = false;
    Workers workers_;  ///< the last: they use all of the above
};

}  // namespace stafett::pipeline
