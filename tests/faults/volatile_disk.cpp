// A disk whose power may be cut: put before stafettd (LD_PRELOAD), it notes what each write to the
// store overwrites, and drops the notes when the file is synced. What is noted after a SIGKILL no
// sync has made durable; power_cut.cpp takes it away.
//
// STAFETT_DISK names the store's file; its log is meant with it. STAFETT_DISK_LIES: a disk that
// says it has synced, and has not.
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cstdarg>
#include <cstdlib>
#include <cstring>
#include <map>
#include <mutex>
#include <string>

#include "tests/faults/power_cut.h"
#include "tests/support/next_function.h"

namespace stafett::faults {
namespace {

using support::nextFunction;

class Disk {
public:
    static Disk& get() {
        static Disk* const disk = new Disk;  // never ends: files are closed at the very end too
        return *disk;
    }

    void opened(int fd, const char* path) {
        if (store_.empty() || (path != store_ && path != store_ + "-wal")) return;
        const std::lock_guard lock(mutex_);
        static const auto open = nextFunction<int(const char*, int, ...)>("open64");
        const int notes =
            open(notesOf(path).c_str(), O_CREAT | O_RDWR | O_APPEND | O_CLOEXEC, 0600);
        if (notes < 0) std::abort();
        notes_[fd] = notes;
    }

    void closing(int fd) {
        const std::lock_guard lock(mutex_);
        const auto found = notes_.find(fd);
        if (found == notes_.end()) return;
        static const auto close = nextFunction<int(int)>("close");
        close(found->second);
        notes_.erase(found);
    }

    /// `change` of the bytes from `at`, noted before.
    template <class Change>
    auto changed(int fd, off64_t at, std::size_t size, const Change& change) {
        const std::lock_guard lock(mutex_);
        const auto found = notes_.find(fd);
        if (found != notes_.end()) note(fd, found->second, at, size);
        return change();
    }

    template <class Sync>
    int synced(int fd, const Sync& sync) {
        const std::lock_guard lock(mutex_);
        const int done = sync();
        const auto found = notes_.find(fd);
        if (done == 0 && found != notes_.end() && !lies_) {
            static const auto truncate = nextFunction<int(int, off64_t)>("ftruncate64");
            if (truncate(found->second, 0) != 0) std::abort();
        }
        return done;
    }

private:
    Disk() {
        if (const char* named = std::getenv("STAFETT_DISK")) store_ = named;
        lies_ = std::getenv("STAFETT_DISK_LIES") != nullptr;
    }

    static void note(int fd, int notes, off64_t at, std::size_t size) {
        struct stat64 now {};
        if (::fstat64(fd, &now) != 0) std::abort();
        DiskNote head{static_cast<std::uint64_t>(now.st_size), static_cast<std::uint64_t>(at), 0};
        if (at < now.st_size) {
            head.size = std::min(size, static_cast<std::size_t>(now.st_size - at));
        }
        std::string record(sizeof head + head.size, '\0');
        if (::pread64(fd, record.data() + sizeof head, head.size, at) !=
            static_cast<ssize_t>(head.size)) {
            std::abort();
        }
        std::memcpy(record.data(), &head, sizeof head);
        if (::write(notes, record.data(), record.size()) != static_cast<ssize_t>(record.size())) {
            std::abort();
        }
    }

    std::string store_;
    bool lies_ = false;
    std::mutex mutex_;
    std::map<int, int> notes_;  ///< of the store's open files, by their descriptors
};

}  // namespace
}  // namespace stafett::faults

using stafett::faults::Disk;
using stafett::support::nextFunction;

// What SQLite calls to write (Debian's 3.40.1: none of the other ways to write a file).
#pragma GCC visibility push(default)
extern "C" {

int open64(const char* path, int flags, ...) {
    va_list more;
    va_start(more, flags);
    const mode_t mode = va_arg(more, mode_t);
    va_end(more);
    static const auto open = nextFunction<int(const char*, int, ...)>("open64");
    const int fd = open(path, flags, mode);
    if (fd >= 0) Disk::get().opened(fd, path);
    return fd;
}

int close(int fd) {
    Disk::get().closing(fd);
    static const auto close = nextFunction<int(int)>("close");
    return close(fd);
}

ssize_t pwrite64(int fd, const void* from, size_t size, off64_t at) {
    static const auto write = nextFunction<ssize_t(int, const void*, size_t, off64_t)>("pwrite64");
    return Disk::get().changed(fd, at, size, [&] { return write(fd, from, size, at); });
}

int ftruncate64(int fd, off64_t size) noexcept {
    static const auto truncate = nextFunction<int(int, off64_t)>("ftruncate64");
    return Disk::get().changed(fd, size, SIZE_MAX, [&] { return truncate(fd, size); });
}

int fdatasync(int fd) {
    static const auto sync = nextFunction<int(int)>("fdatasync");
    return Disk::get().synced(fd, [&] { return sync(fd); });
}

int fsync(int fd) {
    static const auto sync = nextFunction<int(int)>("fsync");
    return Disk::get().synced(fd, [&] { return sync(fd); });
}
}
#pragma GCC visibility pop
