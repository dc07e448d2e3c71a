#include "tests/faults/trial.h"

#include <algorithm>
#include <cstdlib>
#include <iostream>

namespace stafett::faults {
namespace {

constexpr std::chrono::seconds kDrain{120};

}  // namespace

void prepare(const support::GatewayFolder& folder) {
    for (const auto& file : std::filesystem::directory_iterator(folder.config() / "parties")) {
        folder.edit("parties/" + file.path().filename().string(),
                    [](support::Json& party) { party.erase("notices"); });
    }
    folder.edit("stafett.json", [](support::Json& json) { json["log"]["level"] = "warn"; });
}

Verdict judgementOf(Load& load) {
    load.finish();
    Verdict verdict;
    support::until(
        [&] {
            verdict = judge(load.books());
            return std::none_of(verdict.broken.begin(), verdict.broken.end(),
                                [](const auto& line) { return line.starts_with("lost:"); });
        },
        kDrain);
    const auto complaints = load.complaints();
    verdict.broken.insert(verdict.broken.begin(), complaints.begin(), complaints.end());
    return verdict;
}

int tell(const Verdict& verdict, const std::string& what, std::size_t least_messages) {
    for (const auto& line : verdict.broken) std::cout << "BROKEN " << line << "\n";
    std::cout << what << ", " << verdict.answers << " receipts for " << verdict.messages
              << " messages, " << verdict.arrivals << " arrived once, " << verdict.repeats
              << " repeats on the wire\n"
              << (verdict.broken.empty() ? "every promise was kept" : "BROKEN") << std::endl;
    const bool loaded = verdict.messages >= least_messages && verdict.answers > verdict.messages;
    if (!loaded) std::cout << "too little was sent to say anything" << std::endl;
    return verdict.broken.empty() && loaded ? 0 : 1;
}

int program(int count, char** arguments, const char* variable, unsigned times,
            int (*test)(std::uint64_t seed, unsigned times)) {
    try {
        if (const char* named = std::getenv(variable)) {
            times = static_cast<unsigned>(std::strtoul(named, nullptr, 10));
        }
        const std::uint64_t seed =
            count > 1 ? std::strtoull(arguments[1], nullptr, 10) : std::random_device{}();
        std::cout << "seed " << seed << ", " << times << " times" << std::endl;
        return test(seed, times);
    } catch (const std::exception& e) {
        std::cout << e.what() << std::endl;
        return 1;
    }
}

}  // namespace stafett::faults
