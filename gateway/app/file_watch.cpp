#include "gateway/app/file_watch.h"

#include <poll.h>
#include <sys/inotify.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <string_view>
#include <utility>

namespace stafett::app {
namespace {

constexpr int kQuietMilliseconds = 50;
constexpr std::uint32_t kChanges =
    IN_CLOSE_WRITE | IN_MOVED_TO | IN_MOVED_FROM | IN_CREATE | IN_DELETE;

/// Files that editors make beside the one that is written.
bool isEditorsOwn(std::string_view name) {
    return name.empty() || name.front() == '.' || name.front() == '#' || name.ends_with('~') ||
           name.ends_with(".swp") || name.ends_with(".tmp") || name == "4913";
}

}  // namespace

Result<FileWatch> FileWatch::open(const std::set<std::filesystem::path>& folders) {
    const int files = ::inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
    bool any = false;
    for (const auto& folder : folders) {
        any |= files >= 0 && ::inotify_add_watch(files, folder.c_str(), kChanges) >= 0;
    }
    sigset_t ends;
    sigemptyset(&ends);
    sigaddset(&ends, SIGINT);
    sigaddset(&ends, SIGTERM);
    const int signals = any ? ::signalfd(-1, &ends, SFD_CLOEXEC) : -1;
    if (signals < 0) {
        if (files >= 0) ::close(files);
        return tl::make_unexpected(Error(Code::CliFile, Place{.path = "inotify"}));
    }
    ::sigprocmask(SIG_BLOCK, &ends, nullptr);
    return FileWatch(files, signals);
}

FileWatch::FileWatch(FileWatch&& other) noexcept
    : files_(std::exchange(other.files_, -1)), signals_(std::exchange(other.signals_, -1)) {}

FileWatch::~FileWatch() {
    if (files_ >= 0) ::close(files_);
    if (signals_ >= 0) ::close(signals_);
}

/// Reads what inotify has to say. True when a file that counts is among it.
bool FileWatch::taken() {
    alignas(inotify_event) std::array<char, 4096> buffer;
    bool counts = false;
    for (;;) {
        const ssize_t size = ::read(files_, buffer.data(), buffer.size());
        if (size <= 0) return counts;
        for (std::size_t at = 0; at < static_cast<std::size_t>(size);) {
            const auto* event = reinterpret_cast<const inotify_event*>(buffer.data() + at);
            counts |= event->len > 0 && !isEditorsOwn(event->name);
            at += sizeof(inotify_event) + event->len;
        }
    }
}

FileWatch::Woken FileWatch::wait() {
    bool changed = false;
    for (;;) {
        std::array<pollfd, 2> ready{pollfd{files_, POLLIN, 0}, pollfd{signals_, POLLIN, 0}};
        const int count = ::poll(ready.data(), ready.size(), changed ? kQuietMilliseconds : -1);
        if (count == 0) return Woken::Changed;
        if (count > 0 && (ready[1].revents & POLLIN) != 0) return Woken::Ended;
        if (count > 0 && (ready[0].revents & POLLIN) != 0) changed |= taken();
    }
}

}  // namespace stafett::app
