#pragma once

#include <chrono>
#include <string>

namespace stafett {

/// A moment, in UTC.
using Time = std::chrono::sys_time<std::chrono::milliseconds>;

/// What tells the time. One that is set by hand takes its place in tests and in play.
class Clock {
public:
    virtual ~Clock() = default;
    virtual Time now() const = 0;
};

class SystemClock final : public Clock {
public:
    Time now() const override {
        return std::chrono::time_point_cast<std::chrono::milliseconds>(
            std::chrono::system_clock::now());
    }
};

/// 2026-01-01T12:00:00Z, whole seconds.
std::string timeText(Time time);
/// 2026-01-01T12:00:00.123Z.
std::string timeTextMillis(Time time);

}  // namespace stafett
