#pragma once

#include <chrono>

namespace stafett {

/// A point on the steady clock by which something must be done.
class Deadline {
public:
    using Steady = std::chrono::steady_clock;

    static Deadline in(std::chrono::milliseconds time) { return Deadline(Steady::now() + time); }
    static Deadline never() { return Deadline(Steady::time_point::max()); }

    bool passed() const { return Steady::now() >= at_; }
    Steady::time_point at() const { return at_; }
    std::chrono::milliseconds left() const {
        const auto now = Steady::now();
        if (now >= at_) return std::chrono::milliseconds(0);
        return std::chrono::duration_cast<std::chrono::milliseconds>(at_ - now);
    }

private:
    explicit Deadline(Steady::time_point at) : at_(at) {}
    Steady::time_point at_;
};

}  // namespace stafett
