#pragma once

#include <functional>
#include <memory>

namespace stafett {

/// The thread that runs may be kept by a call that does not return. Whoever notices says so here,
/// and again when the thread is free; in either order, from any thread.
class Relief {
public:
    virtual ~Relief() = default;
    virtual void kept() = 0;
    virtual void freed() = 0;
    /// Of the thread that asks; null where nobody stands in.
    static std::shared_ptr<Relief> ofThisThread();
};

/// A few threads that do the same work. For one that is kept another stands in, so that the others
/// lose nothing; the one that comes back too late leaves. Many threads may ask.
class Workers {
public:
    /// `work` is the whole work of one thread: it returns when all is to end, and soon after
    /// leaves() has become true. What it uses lives as long as it does: a thread that is kept when
    /// all ends is left behind.
    Workers(unsigned count, unsigned stand_ins, std::function<void()> work);
    ~Workers();
    Workers(const Workers&) = delete;
    Workers& operator=(const Workers&) = delete;

    /// Waits for those that are not kept; the work has been told to end.
    void join();
    /// Threads that are kept right now, or were left behind.
    unsigned kept() const;
    /// Whether somebody stands in for this thread: it should leave.
    static bool leaves();

private:
    struct Crew;
    std::shared_ptr<Crew> crew_;
};

}  // namespace stafett
