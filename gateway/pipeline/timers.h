#pragma once

#include <condition_variable>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "gateway/pipeline/inbound.h"
#include "gateway/pipeline/shared.h"

namespace stafett::pipeline {

/// The calendar at work: what becomes due in a case without anybody writing a word. Takes cases
/// whose day has come, a page at a time, asks custody what the day makes of them, and keeps the new
/// state, what the gateway says and the events in one transaction at the case's version: each timer
/// fires once, also over a kill. One thread of its own, asleep until the next day that any case
/// waits for, or until a commit sets an earlier one.
class Timers {
public:
    Timers(const Shared& shared, SnapshotSource snapshot);
    ~Timers();
    Timers(const Timers&) = delete;
    Timers& operator=(const Timers&) = delete;

    /// The clock was put forward, or the configuration is another: looks again. Many threads.
    void wake();
    /// Fires nothing more; what is under way is kept. Calling it again does nothing.
    void stop();

private:
    enum class Pass : std::uint8_t { Done, Moved, Failed };

    void run();
    Pass firePass(const Snapshot& snapshot, Time now);
    Pass fireAll(store::CaseQuery query, const Snapshot& snapshot, Time now);
    Pass firePage(const std::vector<store::ListedCase>& page, const Snapshot& snapshot, Time now);
    Result<store::Tick> tickOf(const store::ListedCase& one, const Snapshot& snapshot, Time now);
    void sleep(Pass last, Time now);
    bool isStopping();

    const Shared& shared_;
    SnapshotSource snapshot_;

    std::mutex mutex_;
    std::condition_variable changed_;
    bool awake_ = true;
    bool stopping_ = false;
    std::optional<std::string> next_;  ///< the day slept for
    std::thread thread_;
};

}  // namespace stafett::pipeline
