// stafett-bench: what the gateway costs, in one run, in one table; build/bench.json has the
// numbers.
//
//   stafett-bench [--quick] [--folder DIR] [--only
//   mapping|intake|delivered|nginx|parts|latency|memory|ready]…
//
// --folder: where the store lies (bench/gateway in the build folder): another disk, or /dev/shm to
// see what is left when no disk is waited for.
//
// Everything runs on 127.0.0.1, bounded in count and time: about a minute with --quick, else some
// minutes. Ends with 0 when it could measure, whatever it measured; 1 when something did not start
// or a message was refused; 64 for a wrong word.
#include <csignal>
#include <cstdio>
#include <fstream>
#include <nlohmann/json.hpp>
#include <set>
#include <string>

#include "tests/bench/figures.h"
#include "tests/bench/stage.h"

namespace {

using namespace stafett::bench;

/// Letters, not bytes: the table has µ in it.
std::string padded(const std::string& text, std::size_t width) {
    std::size_t letters = 0;
    for (const char c : text) letters += (static_cast<unsigned char>(c) & 0xC0U) != 0x80U;
    return letters < width ? text + std::string(width - letters, ' ') : text;
}

void tell(const Findings& findings, const Effort& effort, const std::string& load_before) {
    std::printf("\nstafett-bench%s; load average before %s, after %s\n\n",
                effort.quick ? " --quick" : "", load_before.c_str(), loadAverage().c_str());
    std::printf("%s%s%s%s%s\n", padded("figure", 27).c_str(), padded("measured", 28).c_str(),
                padded("goal", 18).c_str(), padded("", 7).c_str(), "bound by, and how");
    for (const auto& figure : findings.table) {
        const bool text_only = figure.name.empty();
        std::printf("%s%s%s%s%s\n", padded(text_only ? figure.text : figure.name, 27).c_str(),
                    padded(text_only ? "" : figure.text, 28).c_str(),
                    padded(figure.goal, 18).c_str(),
                    padded(figure.goal.empty() ? ""
                           : figure.met        ? "met"
                                               : "MISSED",
                           7)
                        .c_str(),
                    figure.bound.c_str());
    }
}

bool write(const Findings& findings, const Effort& effort, const std::string& load_before) {
    nlohmann::ordered_json json;
    for (const auto& [name, number] : findings.numbers) json[name] = number;
    for (const auto& [name, rounds] : findings.rounds) json["rounds"][name] = rounds;
    json["quick"] = effort.quick;
    json["folder"] = effort.folder.string();
    json["load_average_before"] = load_before;
    const auto file = std::filesystem::path(STAFETT_SOURCE_DIR) / "build" / "bench.json";
    std::filesystem::create_directories(file.parent_path());
    std::ofstream out(file);
    out << json.dump(2) << "\n";
    std::printf("\n%s\n", file.c_str());
    return static_cast<bool>(out);
}

int usage() {
    std::fprintf(stderr,
                 "usage: stafett-bench [--quick] [--folder DIR] [--only "
                 "mapping|intake|delivered|nginx|parts|latency|memory|ready]...\n");
    return 64;
}

}  // namespace

int main(int count, char** arguments) {
    static const std::set<std::string> kAll = {"mapping", "intake",  "delivered", "nginx",
                                               "parts",   "latency", "memory",    "ready"};
    std::signal(SIGPIPE, SIG_IGN);
    std::setvbuf(stdout, nullptr, _IOLBF, 0);
    Effort effort;
    effort.folder = std::filesystem::path(STAFETT_BUILD_DIR) / "bench" / "gateway";
    std::set<std::string> only;
    for (int i = 1; i < count; ++i) {
        const std::string word = arguments[i];
        if (word == "--quick") {
            effort = {40, 3, 1.5, 3, 1'000, 3, true, effort.folder};
        } else if (word == "--folder" && i + 1 < count) {
            effort.folder = std::filesystem::absolute(arguments[++i]) / "stafett-bench";
        } else if (word == "--only" && i + 1 < count && kAll.contains(arguments[i + 1])) {
            only.insert(arguments[++i]);
        } else {
            return usage();
        }
    }
    if (only.empty()) only = kAll;
    const auto asked = [&](const char* name) { return only.contains(name); };
    const std::string load_before = loadAverage();
    Findings findings;
    if (asked("mapping") || asked("parts")) measureMapping(effort, findings);
    bool done = true;
    const std::set<std::string> alone = {"mapping", "parts"};
    if (!std::includes(alone.begin(), alone.end(), only.begin(), only.end())) {
        done = measureGateway(effort,
                              {asked("intake"), asked("delivered"), asked("nginx"),
                               asked("latency"), asked("memory"), asked("ready")},
                              findings);
    }
    if (asked("parts")) done = measureParts(effort, findings) && done;
    tell(findings, effort, load_before);
    return write(findings, effort, load_before) && done ? 0 : 1;
}
