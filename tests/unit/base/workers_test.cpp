#include "gateway/base/workers.h"

#include <gtest/gtest.h>

#include <atomic>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>

namespace stafett {
namespace {

/// A queue of jobs, worked at as the real pools work: a job at a time, until all is to end.
class Bench {
public:
    void add(std::function<void()> job) {
        const std::lock_guard lock(mutex_);
        jobs_.push_back(std::move(job));
        changed_.notify_all();
    }
    void work() {
        std::unique_lock lock(mutex_);
        ++inside_;
        ++entered_;
        while (!Workers::leaves()) {
            changed_.wait(lock, [this] { return ending_ || !jobs_.empty(); });
            if (jobs_.empty()) break;
            auto job = std::move(jobs_.front());
            jobs_.pop_front();
            lock.unlock();
            job();
            lock.lock();
        }
        --inside_;
        changed_.notify_all();
    }
    void end() {
        const std::lock_guard lock(mutex_);
        ending_ = true;
        changed_.notify_all();
    }
    /// Waits, at most ten seconds.
    bool until(const std::function<bool()>& condition) {
        std::unique_lock lock(mutex_);
        const auto last = std::chrono::steady_clock::now() + std::chrono::seconds(10);
        while (!condition()) {
            if (std::chrono::steady_clock::now() > last) return false;
            changed_.wait_for(lock, std::chrono::milliseconds(1));
        }
        return true;
    }
    int inside() const { return inside_; }
    int entered() const { return entered_; }  ///< ever

private:
    std::mutex mutex_;
    std::condition_variable changed_;
    std::deque<std::function<void()>> jobs_;
    int inside_ = 0;
    int entered_ = 0;
    bool ending_ = false;
};

/// A call that keeps the thread that makes it until it is let go, and says so.
struct Keeping {
    std::atomic<bool> let_go{false}, begun{false};
    std::shared_ptr<Relief> relief;
    void operator()() {
        relief = Relief::ofThisThread();
        begun = true;
        while (!let_go) std::this_thread::yield();
        relief->freed();
    }
};

TEST(Workers, AnotherStandsInForOneThatIsKept) {
    const auto bench = std::make_shared<Bench>();
    Workers workers(1, 1, [bench] { bench->work(); });
    Keeping keeping;
    bench->add([&] { keeping(); });
    ASSERT_TRUE(bench->until([&] { return keeping.begun.load(); }));
    std::atomic<int> done{0};
    bench->add([&] { ++done; });
    keeping.relief->kept();
    EXPECT_TRUE(bench->until([&] { return done == 1; }));
    EXPECT_EQ(workers.kept(), 1U);

    // Back again, it leaves: there are no more than there were.
    keeping.let_go = true;
    EXPECT_TRUE(bench->until([&] { return bench->inside() == 1; }));
    EXPECT_EQ(workers.kept(), 0U);
    bench->add([&] { ++done; });
    EXPECT_TRUE(bench->until([&] { return done == 2; }));
    bench->end();
}

TEST(Workers, StandInsAreNoMoreThanTheyMayBe) {
    const auto bench = std::make_shared<Bench>();
    Workers workers(1, 2, [bench] { bench->work(); });
    std::array<Keeping, 3> keeping;
    for (auto& one : keeping) {
        bench->add([&one] { one(); });
        ASSERT_TRUE(bench->until([&] { return one.begun.load(); }));
        one.relief->kept();
    }
    EXPECT_EQ(workers.kept(), 3U);
    std::atomic<int> done{0};
    bench->add([&] { ++done; });
    EXPECT_EQ(bench->inside(), 3);  // the first and its two stand-ins: nobody is left
    EXPECT_EQ(done, 0);
    keeping[2].let_go = true;  // nobody stood in for this one: it goes on
    EXPECT_TRUE(bench->until([&] { return done == 1; }));
    keeping[0].let_go = keeping[1].let_go = true;
    EXPECT_TRUE(bench->until([&] { return bench->inside() == 1; }));
    bench->end();
    workers.join();
    EXPECT_EQ(bench->entered(), 3) << "nobody came for the last one";
}

TEST(Workers, ItDoesNotMatterInWhichOrderItIsSaid) {
    const auto bench = std::make_shared<Bench>();
    Workers workers(1, 4, [bench] { bench->work(); });
    std::shared_ptr<Relief> relief;
    std::atomic<bool> done{false};
    bench->add([&] {
        relief = Relief::ofThisThread();
        relief->freed();
        relief->kept();
        done = true;
    });
    ASSERT_TRUE(bench->until([&] { return done.load(); }));
    EXPECT_EQ(workers.kept(), 0U);
    EXPECT_EQ(bench->inside(), 1);
    bench->end();
}

TEST(Workers, JoinLeavesTheKeptBehind) {
    const auto bench = std::make_shared<Bench>();
    const auto keeping = std::make_shared<Keeping>();
    {
        Workers workers(2, 0, [bench] { bench->work(); });
        bench->add([keeping] { (*keeping)(); });
        ASSERT_TRUE(bench->until([&] { return keeping->begun.load(); }));
        keeping->relief->kept();
        bench->end();
        workers.join();
        EXPECT_EQ(workers.kept(), 1U);
    }
    keeping->let_go = true;
    EXPECT_TRUE(bench->until([&] { return bench->inside() == 0; }));
}

TEST(Workers, ElsewhereNobodyStandsIn) {
    EXPECT_EQ(Relief::ofThisThread(), nullptr);
    EXPECT_FALSE(Workers::leaves());
}

}  // namespace
}  // namespace stafett
