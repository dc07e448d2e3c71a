#pragma once

#include <algorithm>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace stafett::bench {

/// How long and how often to measure.
struct Effort {
    unsigned mapping_rounds = 400;  ///< of A and B, for each document and direction
    unsigned rounds = 5;            ///< of gateway and nginx in turns
    double round_seconds = 4;
    double latency_seconds = 10;
    std::size_t memory_messages = 100'000;
    unsigned starts = 5;
    bool quick = false;
    std::filesystem::path folder;  ///< where the store lies: the disk that is measured
};

/// One line of the table.
struct Figure {
    std::string name;  ///< its key in bench.json; empty = text for people alone
    std::string text;  ///< "812 /s"
    std::string goal;  ///< ">= 0.25 of nginx"; empty = none
    bool met = true;
    std::string bound;  ///< what bounds it, and how it was measured
};

/// What one run found: numbers for bench.json, lines for people.
struct Findings {
    std::map<std::string, double> numbers;
    std::map<std::string, std::vector<double>> rounds;  ///< what the medians were taken from
    std::vector<Figure> table;
};

inline double quantile(std::vector<double> values, double share) {
    if (values.empty()) return 0;
    std::sort(values.begin(), values.end());
    const auto last = static_cast<double>(values.size() - 1);
    return values[static_cast<std::size_t>(share * last + 0.5)];
}
inline double median(std::vector<double> values) { return quantile(std::move(values), 0.5); }

/// User and system CPU of this process so far.
double ownCpuSeconds();

/// Parse + map + write against parse + write, for the golden referrals, in this thread.
void measureMapping(const Effort& effort, Findings& findings);

/// Which of the gateway's figures are asked for.
struct Asked {
    bool intake = true, delivered = true, nginx = true, latency = true, memory = true, ready = true;
};
/// A real stafettd and a real nginx between mutual TLS clients and sinks of this process. False,
/// with what is wrong on standard error, when something of it does not start or refuses a message.
bool measureGateway(const Effort& effort, const Asked& asked, Findings& findings);

/// What an intake is made of, each part by itself; the mapping is measured already. False, with
/// what is wrong on standard error, when something of it does not start.
bool measureParts(const Effort& effort, Findings& findings);

}  // namespace stafett::bench
