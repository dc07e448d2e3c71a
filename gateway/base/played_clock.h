#pragma once

#include <atomic>

#include "gateway/base/clock.h"

namespace stafett {

/// A clock for rehearsals: begins where it is told, runs `speed` times as fast as the world's, and
/// can be put forward, never back. Many threads.
class PlayedClock final : public Clock {
public:
    PlayedClock(Time start, double speed) : start_(start), speed_(speed) {}

    Time now() const override {
        const std::chrono::duration<double, std::milli> passed =
            std::chrono::steady_clock::now() - begun_;
        return start_ +
               std::chrono::milliseconds(static_cast<std::int64_t>(passed.count() * speed_)) +
               ahead_.load();
    }
    void advance(std::chrono::milliseconds by) {
        auto before = ahead_.load();
        while (!ahead_.compare_exchange_weak(before, before + by)) {
        }
    }

private:
    const Time start_;
    const double speed_;
    const std::chrono::steady_clock::time_point begun_ = std::chrono::steady_clock::now();
    std::atomic<std::chrono::milliseconds> ahead_{};
};

}  // namespace stafett
