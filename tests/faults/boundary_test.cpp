// boundary_test [SEED]: under load, the gateway ends (SIGKILL) at each boundary between two stages,
// STAFETT_ROUNDS times each (2), is started again on the same store, and is judged by books kept
// outside it. Ends with 0 when every promise was kept.
#include <csignal>
#include <cstdlib>

#include "tests/faults/trial.h"

namespace stafett::faults {
namespace {

constexpr std::chrono::seconds kReached{60};

struct Boundary {
    const char* point;
    unsigned most;  ///< it ends there at a random time from the first to this
};
/// In the order of a message's way (docs/life-of-a-message.md).
constexpr Boundary kBoundaries[] = {
    {"received", 12},          // read whole, nothing understood
    {"written", 12},           // for every receiver, and not yet the store's
    {"before_commit", 12},     // in the store's open transaction
    {"after_commit", 12},      // durable, and nobody knows
    {"kept", 12},              // the answer is about to be written
    {"before_send", 12},       // lent, and about to leave
    {"answered", 12},          // the receiver has it, the store does not know
    {"settled", 12},           // the store knows, the next is not begun
    {"before_checkpoint", 2},  // the log is about to be copied into the store's file
};

/// Starts a gateway that will end there, the n-th time.
void startWith(support::RunningGateway& gateway, const char* point, unsigned at) {
    ::setenv("STAFETT_FAULT_POINT", point, 1);
    ::setenv("STAFETT_FAULT_AT", std::to_string(at).c_str(), 1);
    gateway.start("stafettd-faults");
    ::unsetenv("STAFETT_FAULT_POINT");
    ::unsetenv("STAFETT_FAULT_AT");
    ::kill(gateway.process(), SIGUSR1);
}

int test(std::uint64_t seed, unsigned rounds) {
    std::mt19937_64 random(seed);
    support::RunningGateway gateway("boundary", prepare);
    std::vector<std::string> elsewhere;
    Verdict verdict;
    unsigned kills = 0;
    {
        Load load(gateway, seed);
        for (unsigned at = 0; at < rounds * std::size(kBoundaries); ++at) {
            const auto& [point, most] = kBoundaries[at % std::size(kBoundaries)];
            gateway.kill();
            startWith(gateway, point, 1 + static_cast<unsigned>(random() % most));
            load.goOn();
            if (gateway.waitForEnd(kReached) != 128 + SIGKILL) {
                elsewhere.push_back(std::string("ended otherwise than at ") + point);
            }
            ++kills;
            gateway.start();
            load.goOn();
            if (!load.complaints().empty()) break;
        }
        verdict = judgementOf(load);
    }
    gateway.terminate();
    verdict.broken.insert(verdict.broken.end(), elsewhere.begin(), elsewhere.end());
    const auto what = std::to_string(kills) + " ends at " + std::to_string(std::size(kBoundaries)) +
                      " boundaries";
    return tell(verdict, what, kills);
}

}  // namespace
}  // namespace stafett::faults

int main(int count, char** arguments) {
    return stafett::faults::program(count, arguments, "STAFETT_ROUNDS", 2, &stafett::faults::test);
}
