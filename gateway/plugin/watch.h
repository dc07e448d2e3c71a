#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

namespace stafett::plugin {

/// How a plugin has kept its time and its word. Many threads.
struct Health {
    std::atomic<std::uint64_t> calls{0}, failures{0}, overruns{0};
    std::atomic<std::int64_t> stuck{0};  ///< calls that are over their deadline right now
};

struct Slot;

/// Looks for calls into plugins that have passed their deadline. A call notes its deadline in a
/// place of its thread's own and goes on; one thread of the watch reads these places, so that a
/// call that never returns is counted too, and somebody stands in for its thread (Relief). Many
/// threads.
class Watch {
public:
    explicit Watch(std::chrono::nanoseconds deadline);
    ~Watch();
    Watch(const Watch&) = delete;
    Watch& operator=(const Watch&) = delete;

    /// Lives as long as the watch.
    Health& newHealth();

    /// One call, from here to the end of its life. Its thread alone; not two within each other.
    class Timed {
    public:
        Timed(Watch& watch, Health& health);
        ~Timed();
        Timed(const Timed&) = delete;
        Timed& operator=(const Timed&) = delete;
        std::uint64_t deadlineNs() const { return deadline_; }

    private:
        Slot& slot_;
        Health& health_;
        std::uint64_t deadline_;
    };

private:
    std::shared_ptr<Slot> newSlot();
    Slot& slotOfThread();
    void look();
    void run();

    const std::chrono::nanoseconds deadline_;
    const std::uint64_t id_;
    std::mutex mutex_;
    std::condition_variable wake_;
    bool ending_ = false;
    std::vector<std::shared_ptr<Slot>> slots_;
    std::vector<std::unique_ptr<Health>> healths_;
    std::thread thread_;  // last: begins when all else is there
};

}  // namespace stafett::plugin
