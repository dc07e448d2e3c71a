#include "gateway/store/gathered_log.h"

#include <sqlite3.h>

#include <algorithm>
#include <cstddef>
#include <mutex>
#include <string>

namespace stafett::store {
namespace {

constexpr std::size_t kMostGathered = std::size_t{1} << 20;
constexpr std::size_t kAtOnce = std::size_t{64} << 10;  // SQLite's own files take less than 128 KiB
constexpr std::size_t kBehind = 64;                     // where the real file begins, aligned

struct Gathered {
    std::string bytes;
    sqlite3_int64 from = 0;  ///< their place in the file
};

/// What SQLite holds of an open log: ours, then the real file behind it.
struct LogFile {
    sqlite3_file base;
    Gathered* gathered;
};
static_assert(sizeof(LogFile) <= kBehind);

Gathered& gatheredIn(sqlite3_file* file) { return *reinterpret_cast<LogFile*>(file)->gathered; }

sqlite3_file* realOf(sqlite3_file* file) {
    return reinterpret_cast<sqlite3_file*>(reinterpret_cast<std::byte*>(file) + kBehind);
}

/// What could not be written is forgotten: SQLite is told, and begins at the same place again.
int writeOut(sqlite3_file* file) {
    Gathered& gathered = gatheredIn(file);
    if (gathered.bytes.empty()) return SQLITE_OK;
    auto* real = realOf(file);
    int written = SQLITE_OK;
    for (std::size_t at = 0; at < gathered.bytes.size() && written == SQLITE_OK; at += kAtOnce) {
        const std::size_t size = std::min(kAtOnce, gathered.bytes.size() - at);
        written = real->pMethods->xWrite(real, gathered.bytes.data() + at, static_cast<int>(size),
                                         gathered.from + static_cast<sqlite3_int64>(at));
    }
    gathered.bytes.clear();
    return written;
}

int closeLog(sqlite3_file* file) {
    const int written = writeOut(file);
    delete reinterpret_cast<LogFile*>(file)->gathered;
    const int closed = realOf(file)->pMethods->xClose(realOf(file));
    return written != SQLITE_OK ? written : closed;
}

int readLog(sqlite3_file* file, void* to, int size, sqlite3_int64 at) {
    const int written = writeOut(file);
    return written != SQLITE_OK ? written
                                : realOf(file)->pMethods->xRead(realOf(file), to, size, at);
}

int writeLog(sqlite3_file* file, const void* from, int size, sqlite3_int64 at) {
    Gathered& gathered = gatheredIn(file);
    const bool follows = at == gathered.from + static_cast<sqlite3_int64>(gathered.bytes.size()) &&
                         gathered.bytes.size() + static_cast<std::size_t>(size) <= kMostGathered;
    if (!follows || gathered.bytes.empty()) {
        const int written = writeOut(file);
        if (written != SQLITE_OK) return written;
        gathered.from = at;
    }
    gathered.bytes.append(static_cast<const char*>(from), static_cast<std::size_t>(size));
    return SQLITE_OK;
}

int truncateLog(sqlite3_file* file, sqlite3_int64 size) {
    const int written = writeOut(file);
    return written != SQLITE_OK ? written : realOf(file)->pMethods->xTruncate(realOf(file), size);
}

int syncLog(sqlite3_file* file, int flags) {
    const int written = writeOut(file);
    return written != SQLITE_OK ? written : realOf(file)->pMethods->xSync(realOf(file), flags);
}

int sizeOfLog(sqlite3_file* file, sqlite3_int64* size) {
    const int written = writeOut(file);
    return written != SQLITE_OK ? written : realOf(file)->pMethods->xFileSize(realOf(file), size);
}

sqlite3_io_methods methodsOfLog() {
    sqlite3_io_methods methods{};
    methods.iVersion = 1;  // the index in shared memory belongs to the store's file, not to the log
    methods.xClose = closeLog;
    methods.xRead = readLog;
    methods.xWrite = writeLog;
    methods.xTruncate = truncateLog;
    methods.xSync = syncLog;
    methods.xFileSize = sizeOfLog;
    methods.xLock = [](sqlite3_file* f, int l) { return realOf(f)->pMethods->xLock(realOf(f), l); };
    methods.xUnlock = [](sqlite3_file* f, int l) {
        return realOf(f)->pMethods->xUnlock(realOf(f), l);
    };
    methods.xCheckReservedLock = [](sqlite3_file* f, int* held) {
        return realOf(f)->pMethods->xCheckReservedLock(realOf(f), held);
    };
    methods.xFileControl = [](sqlite3_file* f, int what, void* with) {
        return realOf(f)->pMethods->xFileControl(realOf(f), what, with);
    };
    methods.xSectorSize = [](sqlite3_file* f) {
        return realOf(f)->pMethods->xSectorSize(realOf(f));
    };
    methods.xDeviceCharacteristics = [](sqlite3_file* f) {
        return realOf(f)->pMethods->xDeviceCharacteristics(realOf(f));
    };
    return methods;
}

/// Everything but a log is the real file itself.
int openFile(sqlite3_vfs*, const char* name, sqlite3_file* file, int flags, int* opened_flags) {
    static const sqlite3_io_methods kMethods = methodsOfLog();
    sqlite3_vfs* real = sqlite3_vfs_find(nullptr);
    if ((flags & SQLITE_OPEN_WAL) == 0) return real->xOpen(real, name, file, flags, opened_flags);
    file->pMethods = nullptr;
    realOf(file)->pMethods = nullptr;
    const int opened = real->xOpen(real, name, realOf(file), flags, opened_flags);
    if (opened != SQLITE_OK) {
        if (realOf(file)->pMethods != nullptr) realOf(file)->pMethods->xClose(realOf(file));
        return opened;
    }
    reinterpret_cast<LogFile*>(file)->gathered = new Gathered;
    file->pMethods = &kMethods;
    return SQLITE_OK;
}

}  // namespace

const char* gatheringFileSystem() {
    static std::mutex mutex;
    static sqlite3_vfs ours{};
    const std::lock_guard lock(mutex);
    sqlite3_vfs* real = sqlite3_vfs_find(nullptr);
    if (real == nullptr) return nullptr;
    const int size = static_cast<int>(kBehind) + real->szOsFile;
    if (ours.zName != nullptr) {
        if (ours.szOsFile != size) ours.szOsFile = size;  // another is the process's own now
        return ours.zName;
    }
    ours = *real;
    ours.zName = "stafett-gathering";
    ours.szOsFile = size;
    ours.pNext = nullptr;
    ours.xOpen = openFile;
    return sqlite3_vfs_register(&ours, 0) == SQLITE_OK ? ours.zName : nullptr;
}

}  // namespace stafett::store
