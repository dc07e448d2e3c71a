// For stafettd-faults alone: the process ends (SIGKILL) at the boundary that STAFETT_FAULT_POINT
// names, the STAFETT_FAULT_AT-th time it comes there after SIGUSR1. What is installed has no such
// thing.
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <string>

#include "gateway/base/fault_point.h"

namespace stafett::faults {
namespace {

std::string wanted;
std::atomic<long> left{0};
std::atomic<bool> armed{false};

void atPoint(const char* point) {
    if (armed && wanted == point && --left == 0) ::kill(::getpid(), SIGKILL);
}

[[maybe_unused]] const bool listening = [] {
    const char* named = std::getenv("STAFETT_FAULT_POINT");
    const char* at = std::getenv("STAFETT_FAULT_AT");
    if (named == nullptr) return false;
    wanted = named;
    left = at == nullptr ? 1 : std::strtol(at, nullptr, 10);
    std::signal(SIGUSR1, [](int) { armed = true; });
    fault_point = &atPoint;
    return true;
}();

}  // namespace
}  // namespace stafett::faults
