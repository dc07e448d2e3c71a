#include <csignal>
#include <cstdlib>
#include <iostream>

#include "gateway/app/commands.h"

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
    for (const auto& problem : problems) {
        std::cerr << describe(problem, language) << "\n    " << problem.info().todo(language)
                  << "\n";
    }
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
