#include "gateway/base/workers.h"

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

namespace stafett {
namespace {

thread_local std::shared_ptr<Relief> my_relief;
thread_local const std::atomic<bool>* my_leaving = nullptr;

}  // namespace

/// Outlives the pool while a thread of it is kept.
struct Workers::Crew : std::enable_shared_from_this<Crew> {
    class Member final : public Relief {
    public:
        explicit Member(std::shared_ptr<Crew> crew) : crew_(std::move(crew)) {}
        void kept() override { crew_->change(*this, 1); }
        void freed() override { crew_->change(*this, -1); }

        int calls = 0;  ///< that keep it; -1 between a freed() that came first and its kept()
        std::atomic<bool> leaving{false};
        bool stood_in_for = false;  ///< right now
        bool ended = false;
        std::thread thread;

    private:
        const std::shared_ptr<Crew> crew_;
    };

    void begin() {
        auto member = std::make_shared<Member>(shared_from_this());
        ++running;
        members.push_back(member);
        member->thread = std::thread([member, crew = shared_from_this()] {
            my_relief = member;
            my_leaving = &member->leaving;
            crew->work();
            my_relief = nullptr;
            my_leaving = nullptr;
            const std::lock_guard lock(crew->mutex);
            member->ended = true;
            --crew->running;
            crew->changed.notify_all();
        });
    }

    void join() {
        std::unique_lock lock(mutex);
        ending = true;
        changed.wait(lock, [this] { return running <= kept; });
        auto all = std::exchange(members, {});
        for (const auto& member : all) {
            if (!member->ended) member->thread.detach();
        }
        lock.unlock();
        for (const auto& member : all) {
            if (member->thread.joinable()) member->thread.join();
        }
        lock.lock();
        if (running == 0) work = nullptr;  // and what it uses
    }

    void change(Member& member, int by) {
        const std::lock_guard lock(mutex);
        const bool was = member.calls > 0;
        member.calls += by;
        const bool is = member.calls > 0;
        if (was == is) return;
        kept += is ? 1 : -1;
        if (member.stood_in_for) {
            member.stood_in_for = false;
            --stand_ins_out;
        }
        if (is && !member.leaving && !ending && stand_ins_out < stand_ins) {
            ++stand_ins_out;
            member.stood_in_for = true;
            member.leaving = true;
            begin();
        }
        changed.notify_all();
    }

    std::function<void()> work;
    int stand_ins = 0;
    std::mutex mutex;
    std::condition_variable changed;
    std::vector<std::shared_ptr<Member>> members;
    int running = 0;
    int kept = 0;
    int stand_ins_out = 0;  ///< for threads that have not come back
    bool ending = false;
};

std::shared_ptr<Relief> Relief::ofThisThread() { return my_relief; }

Workers::Workers(unsigned count, unsigned stand_ins, std::function<void()> work)
    : crew_(std::make_shared<Crew>()) {
    crew_->work = std::move(work);
    crew_->stand_ins = static_cast<int>(stand_ins);
    const std::lock_guard lock(crew_->mutex);
    for (unsigned i = 0; i < count; ++i) crew_->begin();
}

Workers::~Workers() { join(); }

void Workers::join() { crew_->join(); }

unsigned Workers::kept() const {
    const std::lock_guard lock(crew_->mutex);
    return crew_->kept > 0 ? static_cast<unsigned>(crew_->kept) : 0;
}

bool Workers::leaves() { return my_leaving != nullptr && *my_leaving; }

}  // namespace stafett
