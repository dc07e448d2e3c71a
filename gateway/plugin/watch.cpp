#include "gateway/plugin/watch.h"

#include <algorithm>

#include "gateway/base/workers.h"

namespace stafett::plugin {
namespace {

std::uint64_t nowNs() {
    return static_cast<std::uint64_t>(std::chrono::duration_cast<std::chrono::nanoseconds>(
                                          std::chrono::steady_clock::now().time_since_epoch())
                                          .count());
}

std::uint64_t nextId() {
    static std::atomic<std::uint64_t> next{1};
    return next.fetch_add(1, std::memory_order_relaxed);
}

constexpr std::uint64_t kCounted =
    1;  // the lowest bit of a deadline: the watch has counted the call

}  // namespace

/// Where a thread notes its call. The deadline is 0 when none is under way.
struct Slot {
    std::atomic<std::uint64_t> deadline{0};
    std::atomic<Health*> health{nullptr};
    const std::shared_ptr<Relief> relief = Relief::ofThisThread();  ///< the thread's; may be null
};

Watch::Watch(std::chrono::nanoseconds deadline)
    : deadline_(deadline), id_(nextId()), thread_([this] { run(); }) {}

Watch::~Watch() {
    {
        const std::lock_guard lock(mutex_);
        ending_ = true;
    }
    wake_.notify_all();
    thread_.join();
}

Health& Watch::newHealth() {
    const std::lock_guard lock(mutex_);
    return *healths_.emplace_back(std::make_unique<Health>());
}

std::shared_ptr<Slot> Watch::newSlot() {
    auto slot = std::make_shared<Slot>();
    const std::lock_guard lock(mutex_);
    std::erase_if(slots_, [](const auto& old) { return old.use_count() == 1; });  // threads gone
    slots_.push_back(slot);
    return slot;
}

Slot& Watch::slotOfThread() {
    struct Mine {
        std::uint64_t watch = 0;
        std::shared_ptr<Slot> slot;
    };
    thread_local Mine mine;
    if (mine.watch != id_) mine = {id_, newSlot()};
    return *mine.slot;
}

void Watch::run() {
    const auto pause =
        std::max<std::chrono::nanoseconds>(deadline_ / 4, std::chrono::milliseconds(1));
    std::unique_lock lock(mutex_);
    while (!wake_.wait_for(lock, pause, [this] { return ending_; })) look();
}

void Watch::look() {
    const auto now = nowNs();
    for (const auto& slot : slots_) {
        auto deadline = slot->deadline.load(std::memory_order_acquire);
        if (deadline == 0 || (deadline & kCounted) != 0 || now <= deadline) continue;
        Health* health = slot->health.load(std::memory_order_acquire);
        if (slot->deadline.compare_exchange_strong(deadline, deadline | kCounted)) {
            health->overruns.fetch_add(1);
            health->stuck.fetch_add(1);
            if (slot->relief) slot->relief->kept();
        }
    }
}

Watch::Timed::Timed(Watch& watch, Health& health)
    : slot_(watch.slotOfThread()),
      health_(health),
      deadline_((nowNs() + static_cast<std::uint64_t>(watch.deadline_.count())) & ~kCounted) {
    health.calls.fetch_add(1, std::memory_order_relaxed);
    slot_.health.store(&health, std::memory_order_release);
    slot_.deadline.store(deadline_, std::memory_order_release);
}

Watch::Timed::~Timed() {
    if ((slot_.deadline.exchange(0) & kCounted) != 0) {
        health_.stuck.fetch_sub(1);
        if (slot_.relief) slot_.relief->freed();
    } else if (nowNs() > deadline_) {
        health_.overruns.fetch_add(1);
    }
}

}  // namespace stafett::plugin
