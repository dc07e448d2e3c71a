#include "failing_disk.h"

#include <cstddef>

namespace stafett::store {

/// What SQLite holds of an open file: ours, then the real one's behind it.
struct FailingDisk::File {
    sqlite3_file base;
    FailingDisk* disk;
    bool is_log;
};

namespace {
constexpr std::size_t kBehind = 64;  // where the real file begins, aligned
}

FailingDisk::FailingDisk() : real_(sqlite3_vfs_find(nullptr)), vfs_(*real_) {
    static_assert(sizeof(File) <= kBehind);
    vfs_.zName = "failing";
    vfs_.szOsFile = static_cast<int>(kBehind) + real_->szOsFile;
    vfs_.pNext = nullptr;
    vfs_.pAppData = this;
    vfs_.xOpen = &FailingDisk::openFile;
    // The real one keeps data of its own behind pAppData; what does not open files is called there.
    sqlite3_vfs_register(&vfs_, 1);
}

FailingDisk::~FailingDisk() {
    sqlite3_vfs_unregister(&vfs_);
    sqlite3_vfs_register(real_, 1);
}

FailingDisk& FailingDisk::diskOf(sqlite3_file* file) {
    return *reinterpret_cast<File*>(file)->disk;
}

sqlite3_file* FailingDisk::realOf(sqlite3_file* file) {
    return reinterpret_cast<sqlite3_file*>(reinterpret_cast<char*>(file) + kBehind);
}

int FailingDisk::openFile(sqlite3_vfs* vfs, const char* name, sqlite3_file* file, int flags,
                          int* out_flags) {
    static const sqlite3_io_methods kMethods = methods();
    auto* disk = static_cast<FailingDisk*>(vfs->pAppData);
    file->pMethods = nullptr;
    const int opened = disk->real_->xOpen(disk->real_, name, realOf(file), flags, out_flags);
    if (opened != SQLITE_OK) return opened;
    reinterpret_cast<File*>(file)->disk = disk;
    reinterpret_cast<File*>(file)->is_log = (flags & SQLITE_OPEN_WAL) != 0;
    file->pMethods = &kMethods;
    return SQLITE_OK;
}

sqlite3_io_methods FailingDisk::methods() {
    using File3 = sqlite3_file;
    sqlite3_io_methods m{};
    m.iVersion = 2;  // no mmap: xFetch belongs to version 3
    m.xClose = [](File3* f) { return realOf(f)->pMethods->xClose(realOf(f)); };
    m.xRead = [](File3* f, void* to, int n, sqlite3_int64 at) {
        return realOf(f)->pMethods->xRead(realOf(f), to, n, at);
    };
    m.xWrite = [](File3* f, const void* from, int n, sqlite3_int64 at) {
        if (diskOf(f).full_) return SQLITE_FULL;
        if (reinterpret_cast<File*>(f)->is_log) ++diskOf(f).writes_to_log_;
        return realOf(f)->pMethods->xWrite(realOf(f), from, n, at);
    };
    m.xTruncate = [](File3* f, sqlite3_int64 n) {
        return realOf(f)->pMethods->xTruncate(realOf(f), n);
    };
    m.xSync = [](File3* f, int flags) {
        FailingDisk& disk = diskOf(f);
        ++disk.syncs_;
        if (disk.syncs_to_fail_ > 0 && disk.syncs_to_fail_-- > 0) return SQLITE_IOERR_FSYNC;
        return realOf(f)->pMethods->xSync(realOf(f), flags);
    };
    m.xFileSize = [](File3* f, sqlite3_int64* n) {
        return realOf(f)->pMethods->xFileSize(realOf(f), n);
    };
    m.xLock = [](File3* f, int l) { return realOf(f)->pMethods->xLock(realOf(f), l); };
    m.xUnlock = [](File3* f, int l) { return realOf(f)->pMethods->xUnlock(realOf(f), l); };
    m.xCheckReservedLock = [](File3* f, int* r) {
        return realOf(f)->pMethods->xCheckReservedLock(realOf(f), r);
    };
    m.xFileControl = [](File3* f, int op, void* arg) {
        return realOf(f)->pMethods->xFileControl(realOf(f), op, arg);
    };
    m.xSectorSize = [](File3* f) { return realOf(f)->pMethods->xSectorSize(realOf(f)); };
    m.xDeviceCharacteristics = [](File3* f) {
        return realOf(f)->pMethods->xDeviceCharacteristics(realOf(f));
    };
    m.xShmMap = [](File3* f, int page, int size, int extend, void volatile** out) {
        return realOf(f)->pMethods->xShmMap(realOf(f), page, size, extend, out);
    };
    m.xShmLock = [](File3* f, int at, int n, int flags) {
        return realOf(f)->pMethods->xShmLock(realOf(f), at, n, flags);
    };
    m.xShmBarrier = [](File3* f) { realOf(f)->pMethods->xShmBarrier(realOf(f)); };
    m.xShmUnmap = [](File3* f, int remove) {
        return realOf(f)->pMethods->xShmUnmap(realOf(f), remove);
    };
    return m;
}

}  // namespace stafett::store
