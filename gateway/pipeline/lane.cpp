#include "gateway/pipeline/lane.h"

#include <utility>

namespace stafett::pipeline {

Lane::Lane(unsigned stand_ins) : workers_(1, stand_ins, [this] { run(); }) {}

Lane::~Lane() {
    {
        const std::lock_guard lock(mutex_);
        stopping_ = true;
    }
    wake_.notify_all();
    workers_.join();
}

void Lane::add(std::function<void()> work) {
    {
        const std::lock_guard lock(mutex_);
        waiting_.push_back(std::move(work));
    }
    wake_.notify_one();
}

void Lane::run() {
    while (!Workers::leaves()) {
        std::function<void()> work;
        {
            std::unique_lock lock(mutex_);
            wake_.wait(lock, [this] { return stopping_ || !waiting_.empty(); });
            if (stopping_) return;
            work = std::move(waiting_.front());
            waiting_.pop_front();
        }
        work();
    }
}

}  // namespace stafett::pipeline
