// The world's clock, moved: put before a program (LD_PRELOAD), it adds the seconds that stand in
// the file STAFETT_CLOCK names, a 64-bit number, each time the clock is asked. Steady clocks are as
// they are.
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/time.h>
#include <unistd.h>

#include <atomic>
#include <cstdint>
#include <cstdlib>
#include <ctime>

#include "tests/support/next_function.h"

namespace {

using stafett::support::nextFunction;
using Moved = std::atomic<std::int64_t>;

const Moved& moved() {
    static const Moved* const shared = [] {
        const char* file = std::getenv("STAFETT_CLOCK");
        const int fd = file == nullptr ? -1 : ::open(file, O_RDONLY | O_CLOEXEC);
        if (fd < 0) std::abort();
        void* mapped = ::mmap(nullptr, sizeof(Moved), PROT_READ, MAP_SHARED, fd, 0);
        ::close(fd);
        if (mapped == MAP_FAILED) std::abort();
        return static_cast<const Moved*>(mapped);
    }();
    return *shared;
}

}  // namespace

#pragma GCC visibility push(default)
extern "C" {

int clock_gettime(clockid_t which, timespec* now) {
    static const auto next = nextFunction<int(clockid_t, timespec*)>("clock_gettime");
    const int result = next(which, now);
    if (which == CLOCK_REALTIME || which == CLOCK_REALTIME_COARSE) now->tv_sec += moved().load();
    return result;
}

int gettimeofday(timeval* now, void*) {
    timespec read{};
    const int result = clock_gettime(CLOCK_REALTIME, &read);
    *now = {read.tv_sec, read.tv_nsec / 1000};
    return result;
}

time_t time(time_t* now) {
    timespec read{};
    clock_gettime(CLOCK_REALTIME, &read);
    if (now != nullptr) *now = read.tv_sec;
    return read.tv_sec;
}

}  // extern "C"
#pragma GCC visibility pop
