// kill_test [SEED]: kills stafettd (SIGKILL) at random moments under load, STAFETT_KILLS times
// (20), starts it again on the same store, and judges by books kept outside the gateway. Every
// fourth time it is asked to end (SIGTERM), and has to do so in good order. Ends with 0 when every
// promise was kept.
#include "tests/faults/trial.h"

namespace stafett::faults {
namespace {

/// Receivers stumble too: they are busy, or have the message and cut the line.
void stumble(support::RunningGateway& gateway, std::mt19937_64& random) {
    for (const char* name : {"af", "fk", "kommun", "region"}) {
        std::vector<app::Manner> manners;
        for (int i = 0; i < 6; ++i) {
            const auto roll = random() % 3;
            manners.push_back(roll == 0   ? app::Manner::Cut
                              : roll == 1 ? app::Manner::Busy
                                          : app::Manner::Accept);
        }
        gateway.agency(name).treatNext(std::move(manners));
    }
}

int test(std::uint64_t seed, unsigned kills) {
    std::mt19937_64 random(seed);
    support::RunningGateway gateway("kill", prepare);
    Verdict verdict;
    std::size_t attempts = 0;
    {
        Load load(gateway, seed);
        for (unsigned i = 0; i < kills && load.complaints().empty(); ++i) {
            stumble(gateway, random);
            // The random moment itself, not a wait for anything.
            std::this_thread::sleep_for(std::chrono::microseconds(20'000 + random() % 480'000));
            i % 4 == 3 ? gateway.terminate() : gateway.kill();
            gateway.start();
            load.goOn();
        }
        verdict = judgementOf(load);
        attempts = load.books().attempted.size();
    }
    gateway.terminate();
    return tell(verdict, std::to_string(attempts) + " sent", kills * 3U);
}

}  // namespace
}  // namespace stafett::faults

int main(int count, char** arguments) {
    return stafett::faults::program(count, arguments, "STAFETT_KILLS", 20, &stafett::faults::test);
}
