// boundary_test [SEED]: under load, the gateway ends (SIGKILL) at each boundary between two stages,
// STAFETT_ROUNDS times each (2), is started again on the same store, and is judged by books kept
// outside it. Ends with 0 when every promise was kept.
#include <csignal>
#include <cstdlib>
#include <iostream>

#include "tests/faults/load.h"

namespace stafett::faults {
namespace {

using support::GatewayFolder;
using support::Json;

constexpr std::chrono::seconds kReached{60};
constexpr std::chrono::seconds kDrain{120};

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

void prepare(const GatewayFolder& folder) {
    // Notices are the gateway's own: nobody holds a receipt for one, so there are none here.
    for (const auto& file : std::filesystem::directory_iterator(folder.config() / "parties")) {
        folder.edit("parties/" + file.path().filename().string(),
                    [](Json& party) { party.erase("notices"); });
    }
    folder.edit("stafett.json", [](Json& json) { json["log"]["level"] = "warn"; });
}

bool lost(const Verdict& verdict) {
    for (const auto& line : verdict.broken) {
        if (line.starts_with("lost:")) return true;
    }
    return false;
}

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
    std::cout << "seed " << seed << ", " << rounds << " rounds" << std::endl;
    std::mt19937_64 random(seed);
    support::RunningGateway gateway("boundary", prepare);
    std::vector<std::string> broken;
    Verdict verdict;
    unsigned kills = 0;
    {
        Load load(gateway, seed);
        for (unsigned round = 0; round < rounds; ++round) {
            for (const auto& [point, most] : kBoundaries) {
                gateway.kill();
                startWith(gateway, point, 1 + static_cast<unsigned>(random() % most));
                load.goOn();
                if (gateway.waitForEnd(kReached) != 128 + SIGKILL) {
                    broken.push_back(std::string("ended otherwise than at ") + point);
                }
                ++kills;
                gateway.start();
                load.goOn();
                if (!load.complaints().empty()) break;
            }
            if (!load.complaints().empty()) break;
        }
        load.finish();
        support::until([&] { return !lost(verdict = judge(load.books())); }, kDrain);
        const auto complaints = load.complaints();
        broken.insert(broken.end(), complaints.begin(), complaints.end());
    }
    gateway.terminate();
    broken.insert(broken.end(), verdict.broken.begin(), verdict.broken.end());
    for (const auto& line : broken) std::cout << "BROKEN " << line << "\n";
    std::cout << kills << " ends at " << std::size(kBoundaries) << " boundaries, "
              << verdict.answers << " receipts for " << verdict.messages << " messages, "
              << verdict.arrivals << " arrived once, " << verdict.repeats
              << " repeats on the wire\n"
              << (broken.empty() ? "every promise was kept" : "BROKEN") << std::endl;
    const bool loaded = verdict.messages >= kills && verdict.answers > verdict.messages;
    if (!loaded) std::cout << "too little was sent to say anything" << std::endl;
    return broken.empty() && loaded ? 0 : 1;
}

}  // namespace
}  // namespace stafett::faults

int main(int count, char** arguments) {
    try {
        const char* named = std::getenv("STAFETT_ROUNDS");
        const auto rounds = named != nullptr ? std::strtoul(named, nullptr, 10) : 2UL;
        const std::uint64_t seed =
            count > 1 ? std::strtoull(arguments[1], nullptr, 10) : std::random_device{}();
        return stafett::faults::test(seed, static_cast<unsigned>(rounds));
    } catch (const std::exception& e) {
        std::cout << e.what() << std::endl;
        return 1;
    }
}
