// kill_test [SEED]: kills stafettd (SIGKILL) at random moments under load, STAFETT_KILLS times
// (20), starts it again on the same store, and judges by books kept outside the gateway. Ends with
// 0 when every promise was kept.
#include <cstdlib>
#include <iostream>

#include "tests/faults/load.h"

namespace stafett::faults {
namespace {

using support::GatewayFolder;
using support::Json;

constexpr std::chrono::seconds kDrain{120};

void prepare(const GatewayFolder& folder) {
    // Notices are the gateway's own: nobody holds a receipt for one, so there are none here.
    for (const auto& file : std::filesystem::directory_iterator(folder.config() / "parties")) {
        folder.edit("parties/" + file.path().filename().string(),
                    [](Json& party) { party.erase("notices"); });
    }
    folder.edit("stafett.json", [](Json& json) { json["log"]["level"] = "warn"; });
}

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

bool lost(const Verdict& verdict) {
    for (const auto& line : verdict.broken) {
        if (line.starts_with("lost:")) return true;
    }
    return false;
}

int test(std::uint64_t seed, unsigned kills) {
    std::cout << "seed " << seed << ", " << kills << " kills" << std::endl;
    std::mt19937_64 random(seed);
    support::RunningGateway gateway("kill", prepare);
    std::vector<std::string> broken;
    Verdict verdict;
    std::size_t attempts = 0;
    {
        Load load(gateway, seed);
        for (unsigned i = 0; i < kills && load.complaints().empty(); ++i) {
            stumble(gateway, random);
            // The random moment itself, not a wait for anything.
            std::this_thread::sleep_for(std::chrono::microseconds(20'000 + random() % 480'000));
            gateway.kill();
            gateway.start();
            load.goOn();
        }
        load.finish();
        support::until([&] { return !lost(verdict = judge(load.books())); }, kDrain);
        broken = load.complaints();
        attempts = load.books().attempted.size();
    }
    gateway.terminate();
    broken.insert(broken.end(), verdict.broken.begin(), verdict.broken.end());
    for (const auto& line : broken) std::cout << "BROKEN " << line << "\n";
    std::cout << attempts << " sent, " << verdict.answers << " receipts for " << verdict.messages
              << " messages, " << verdict.arrivals << " arrived once, " << verdict.repeats
              << " repeats on the wire\n"
              << (broken.empty() ? "every promise was kept" : "BROKEN") << std::endl;
    const bool loaded = verdict.messages >= kills * 3U && verdict.answers > verdict.messages;
    if (!loaded) std::cout << "too little was sent to say anything" << std::endl;
    return broken.empty() && loaded ? 0 : 1;
}

}  // namespace
}  // namespace stafett::faults

int main(int count, char** arguments) {
    try {
        const char* named = std::getenv("STAFETT_KILLS");
        const auto kills = named != nullptr ? std::strtoul(named, nullptr, 10) : 20UL;
        const std::uint64_t seed =
            count > 1 ? std::strtoull(arguments[1], nullptr, 10) : std::random_device{}();
        return stafett::faults::test(seed, static_cast<unsigned>(kills));
    } catch (const std::exception& e) {
        std::cout << e.what() << std::endl;
        return 1;
    }
}
