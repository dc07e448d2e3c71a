// How many messages a second the store keeps durably, and lends and settles, on this machine.
//
//   store-bench [messages] [producers] [folder]
#include <algorithm>
#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <future>
#include <thread>

#include "tests/bench/figures.h"
#include "tests/bench/made_up.h"

using namespace stafett;
using namespace stafett::store;
using bench::madeUp;
using Steady = std::chrono::steady_clock;

namespace {

double since(Steady::time_point begun) {
    return std::chrono::duration<double>(Steady::now() - begun).count();
}

void report(const char* what, std::size_t count, double seconds, double cpu,
            std::vector<double> latencies) {
    std::sort(latencies.begin(), latencies.end());
    const auto at = [&](double part) {
        return latencies.empty()
                   ? 0.0
                   : latencies[static_cast<std::size_t>(part * double(latencies.size() - 1))] * 1e3;
    };
    std::printf("%-10s %8.0f/s  cpu %5.1f us each  p50 %6.2f ms  p99 %6.2f ms  max %6.2f ms\n",
                what, double(count) / seconds, cpu / double(count) * 1e6, at(0.5), at(0.99),
                at(1.0));
}

/// Each producer keeps one message at a time, as a connection does that waits for its receipt.
void keepAll(MessageStore& store, std::vector<Keep> keeps, std::size_t producers,
             std::chrono::microseconds pause, const char* what) {
    std::atomic<std::size_t> next{0};
    std::atomic<std::size_t> failed{0};
    std::vector<double> latencies(keeps.size());
    std::vector<std::thread> threads;
    const auto begun = Steady::now();
    const double cpu = bench::ownCpuSeconds();
    for (std::size_t t = 0; t < producers; ++t) {
        threads.emplace_back([&] {
            for (auto i = next++; i < keeps.size(); i = next++) {
                std::promise<bool> kept;
                const auto sent = Steady::now();
                store.keep(std::move(keeps[i]), [&kept](const Result<Kept>& outcome) {
                    kept.set_value(outcome && outcome->outcome == Kept::Outcome::Stored);
                });
                if (!kept.get_future().get()) ++failed;
                latencies[i] = since(sent);
                if (pause.count() > 0) std::this_thread::sleep_for(pause);
            }
        });
    }
    for (auto& thread : threads) thread.join();
    report(what, keeps.size(), since(begun), bench::ownCpuSeconds() - cpu, std::move(latencies));
    if (failed > 0) std::printf("%zu FAILED\n", failed.load());
}

void deliverAll(MessageStore& store, std::size_t count) {
    std::atomic<std::size_t> settled{0};
    std::size_t lent = 0;
    const auto begun = Steady::now();
    const double cpu = bench::ownCpuSeconds();
    while (settled < count) {
        if (lent - settled > 256) {
            std::this_thread::yield();
            continue;
        }
        const auto leases = store.lend(SystemClock{}.now(), std::chrono::seconds(60), 64, {});
        if (!leases) break;
        lent += leases->size();
        for (const Lease& lease : *leases) {
            Attempt attempt{};
            attempt.id = lease.id;
            attempt.outcome = Attempt::Outcome::Delivered;
            attempt.events = {{trace::Step::Delivered, SystemClock{}.now(), {{"attempt", 1}}}};
            store.settle(std::move(attempt), [&](const Status&) { ++settled; });
        }
    }
    report("deliver", count, since(begun), bench::ownCpuSeconds() - cpu, {});
}

}  // namespace

int main(int argc, char** argv) {
    const std::size_t count = argc > 1 ? std::strtoul(argv[1], nullptr, 10) : 50000;
    const std::size_t producers = argc > 2 ? std::strtoul(argv[2], nullptr, 10) : 16;
    std::string form = std::string(argc > 3 ? argv[3] : "/tmp") + "/store-bench-XXXXXX";
    const std::filesystem::path folder = ::mkdtemp(form.data());
    {
        auto store = openSqlite({.path = (folder / "store.db").string()});
        if (!store) return 1;
        const auto made = [](std::size_t n) {
            std::vector<Keep> keeps;
            for (std::size_t i = 0; i < n; ++i) keeps.push_back(madeUp());
            return keeps;
        };
        std::size_t all = 0;
        for (std::size_t left = count; left > 0;) {
            const std::size_t some = std::min<std::size_t>(left, 25000);
            keepAll(**store, made(some), producers, {}, "keep");
            left -= some;
            all += some;
        }
        keepAll(**store, made(2000), 1, {}, "alone");
        keepAll(**store, made(10000), producers, std::chrono::milliseconds(2), "half load");
        all += 12000;
        Keep known = madeUp();
        const auto begun = Steady::now();
        for (int i = 0; i < 20000; ++i) (void)(*store)->findCase(known.case_id);
        std::printf("findCase   %.1f us\n", since(begun) / 20000 * 1e6);
        deliverAll(**store, all);
        (*store)->close();
        const auto bytes = std::filesystem::file_size(folder / "store.db");
        std::printf("%.0f bytes a message\n", double(bytes) / double(all));
    }
    std::filesystem::remove_all(folder);
}
