#pragma once

#include <filesystem>
#include <set>
#include <vector>

#include "gateway/base/result.h"

namespace stafett::app {

/// Waits until a file changes (inotify). Ctrl-C and SIGTERM, which it takes over from the process,
/// end the waiting. One thread.
class FileWatch {
public:
    /// `folders`: every file in them that is no editor's own counts. Those that do not exist are
    /// left out. ST-CLI-003 when nothing can be watched.
    static Result<FileWatch> open(const std::set<std::filesystem::path>& folders);

    FileWatch(FileWatch&& other) noexcept;
    FileWatch& operator=(FileWatch&&) = delete;
    ~FileWatch();

    enum class Woken : std::uint8_t { Changed, Ended };
    /// Changed: something changed, and nothing has since, so that a file half written is not read.
    Woken wait();

private:
    FileWatch(int files, int signals) : files_(files), signals_(signals) {}
    bool taken();

    int files_, signals_;
};

}  // namespace stafett::app
