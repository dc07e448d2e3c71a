#include <csignal>
#include <cstdlib>
#include <iostream>
#include <set>

#include "gateway/app/commands.h"
#include "gateway/config/lines.h"

namespace stafett::app {

std::filesystem::path configFolder(const Common& common) {
    if (!common.config.empty()) return common.config;
    if (const char* named = std::getenv("STAFETT_CONFIG"); named != nullptr && *named != '\0') {
        return named;
    }
    if (std::filesystem::exists("var/run/config/stafett.json")) return "var/run/config";
    return "config/examples/single-node";
}

void tellProblems(const Problems& problems, Language language) {
    Problems located = problems;
    config::addLines(located);
    for (const auto& problem : located) {
        std::cerr << describe(problem, language) << "\n    " << problem.info().todo(language)
                  << "\n";
    }
}

void tellEachOnce(Problems& problems) {
    std::set<std::string> told;
    std::erase_if(problems, [&](const Error& problem) {
        return !told.insert(describe(problem, Language::English)).second;
    });
}

void waitToBeStopped() {
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGTERM);
    sigaddset(&set, SIGINT);
    int signal = 0;
    sigwait(&set, &signal);
}

}  // namespace stafett::app
