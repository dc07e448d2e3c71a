#pragma once

#include <sqlite3.h>

#include <atomic>

namespace stafett::store {

/// A disk that fails when told to: SQLite's own file system with a switch before each write and
/// sync. Files opened while it lives go through it.
class FailingDisk {
public:
    FailingDisk();
    ~FailingDisk();
    FailingDisk(const FailingDisk&) = delete;
    FailingDisk& operator=(const FailingDisk&) = delete;

    void failSyncs(int count) { syncs_to_fail_ = count; }
    void setFull(bool full) { full_ = full; }
    int syncs() const { return syncs_; }
    int writesToLog() const { return writes_to_log_; }

private:
    struct File;
    static int openFile(sqlite3_vfs* vfs, const char* name, sqlite3_file* file, int flags,
                        int* out_flags);
    static FailingDisk& diskOf(sqlite3_file* file);
    static sqlite3_file* realOf(sqlite3_file* file);
    static sqlite3_io_methods methods();

    sqlite3_vfs* real_;
    sqlite3_vfs vfs_;
    std::atomic<int> syncs_to_fail_{0};
    std::atomic<int> syncs_{0};
    std::atomic<int> writes_to_log_{0};
    std::atomic<bool> full_{false};
};

}  // namespace stafett::store
