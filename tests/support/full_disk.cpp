// A disk that is full while the file STAFETT_FULL names is there: put before a program
// (LD_PRELOAD), it lets no byte more into any file in or below that file's folder.
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <string>

#include "tests/support/next_function.h"

namespace {

using stafett::support::nextFunction;

bool isFull(int fd) {
    static const std::string sign = [] {
        const char* named = std::getenv("STAFETT_FULL");
        return std::string(named == nullptr ? "" : named);
    }();
    if (sign.empty() || ::access(sign.c_str(), F_OK) != 0) return false;
    char file[4096];
    const auto size =
        ::readlink(("/proc/self/fd/" + std::to_string(fd)).c_str(), file, sizeof file);
    const auto folder = sign.substr(0, sign.rfind('/') + 1);
    return size > 0 && std::string(file, static_cast<std::size_t>(size)).starts_with(folder);
}

ssize_t full() {
    errno = ENOSPC;
    return -1;
}

}  // namespace

#pragma GCC visibility push(default)
extern "C" {

ssize_t write(int fd, const void* from, size_t size) {
    static const auto next = nextFunction<ssize_t(int, const void*, size_t)>("write");
    return isFull(fd) ? full() : next(fd, from, size);
}

ssize_t pwrite(int fd, const void* from, size_t size, off_t at) {
    static const auto next = nextFunction<ssize_t(int, const void*, size_t, off_t)>("pwrite");
    return isFull(fd) ? full() : next(fd, from, size, at);
}

ssize_t pwrite64(int fd, const void* from, size_t size, off64_t at) {
    static const auto next = nextFunction<ssize_t(int, const void*, size_t, off64_t)>("pwrite64");
    return isFull(fd) ? full() : next(fd, from, size, at);
}

}  // extern "C"
#pragma GCC visibility pop
