#include "gateway/transport/drop_folder.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>

namespace stafett::transport {
namespace {

constexpr std::size_t kLongestName = 150;
constexpr unsigned kNamesTried = 10'000;
constexpr mode_t kFileMode = 0660;
constexpr mode_t kFolderMode = 0770;

/// A descriptor that is closed.
class File {
public:
    explicit File(int fd) : fd_(fd) {}
    File(const File&) = delete;
    File& operator=(const File&) = delete;
    ~File() {
        if (fd_ >= 0) ::close(fd_);
    }
    int fd() const { return fd_; }
    bool open() const { return fd_ >= 0; }

private:
    int fd_;
};

tl::unexpected<Error> inTheWay() { return tl::make_unexpected(Error(Code::DropFolder)); }

SeenFile seenAs(std::string name, const struct stat& is) {
    return {.name = std::move(name),
            .inode = is.st_ino,
            .size = static_cast<std::uint64_t>(is.st_size),
            .changed = std::int64_t{is.st_mtim.tv_sec} * 1'000'000'000 + is.st_mtim.tv_nsec,
            .ordinary = S_ISREG(is.st_mode) && is.st_nlink == 1};
}

bool isStill(int fd, const SeenFile& file) {
    struct stat is {};
    return ::fstat(fd, &is) == 0 && seenAs(file.name, is) == file;
}

bool writeAll(int fd, std::string_view bytes) {
    while (!bytes.empty()) {
        const auto written = ::write(fd, bytes.data(), bytes.size());
        if (written < 0 && errno == EINTR) continue;
        if (written <= 0) return false;
        bytes.remove_prefix(static_cast<std::size_t>(written));
    }
    return true;
}

/// Exactly that many bytes and then the end.
bool readAll(int fd, Bytes& into) {
    std::size_t at = 0;
    while (at < into.size()) {
        const auto got = ::read(fd, into.data() + at, into.size() - at);
        if (got < 0 && errno == EINTR) continue;
        if (got <= 0) return false;
        at += static_cast<std::size_t>(got);
    }
    char more = 0;
    return ::read(fd, &more, 1) == 0;
}

/// Never over what stands there. Some file systems over the network cannot promise that in one act.
bool renameApart(int from, const std::string& name, int to, const std::string& other) {
    if (::renameat2(from, name.c_str(), to, other.c_str(), RENAME_NOREPLACE) == 0) return true;
    if (errno != EINVAL && errno != ENOSYS) return false;
    struct stat there {};
    if (::fstatat(to, other.c_str(), &there, AT_SYMLINK_NOFOLLOW) == 0) {
        errno = EEXIST;
        return false;
    }
    return ::renameat(from, name.c_str(), to, other.c_str()) == 0;
}

bool isPlain(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
           c == '_' || c == '-';
}

}  // namespace

bool isUnfinished(std::string_view name) {
    return name.starts_with('.') || name.ends_with(".tmp") || name.ends_with(".part");
}

bool isPlainName(std::string_view name) {
    return !name.empty() && name.size() <= kLongestName &&
           std::all_of(name.begin(), name.end(), isPlain);
}

std::string plainName(std::string_view name) {
    std::string plain(name.substr(0, kLongestName));
    std::replace_if(
        plain.begin(), plain.end(), [](char c) { return !isPlain(c); }, '_');
    return plain;
}

Result<DropFolder> DropFolder::open(const std::filesystem::path& path) {
    const int fd = ::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0) return inTheWay();
    return DropFolder(fd);
}

DropFolder::~DropFolder() {
    if (fd_ >= 0) ::close(fd_);
}

Result<DropFolder> DropFolder::inner(const std::string& name) const {
    if (::mkdirat(fd_, name.c_str(), kFolderMode) != 0 && errno != EEXIST) return inTheWay();
    const int fd = ::openat(fd_, name.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (fd < 0) return inTheWay();
    return DropFolder(fd);
}

Result<std::vector<SeenFile>> DropFolder::look() const {
    const int fd = ::openat(fd_, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0) return inTheWay();
    DIR* names = ::fdopendir(fd);
    if (names == nullptr) {
        ::close(fd);
        return inTheWay();
    }
    std::vector<SeenFile> seen;
    errno = 0;
    while (const dirent* entry = ::readdir(names)) {
        if (isUnfinished(entry->d_name)) continue;
        struct stat is {};
        if (::fstatat(fd_, entry->d_name, &is, AT_SYMLINK_NOFOLLOW) != 0) continue;  // gone again
        if (!S_ISDIR(is.st_mode)) seen.push_back(seenAs(entry->d_name, is));
        errno = 0;
    }
    const bool whole = errno == 0;
    ::closedir(names);
    if (!whole) return inTheWay();
    std::sort(seen.begin(), seen.end(),
              [](const SeenFile& a, const SeenFile& b) { return a.name < b.name; });
    return seen;
}

Result<std::optional<Bytes>> DropFolder::read(const SeenFile& file) const {
    // Should it be a pipe or a link by now, opening it neither waits nor follows.
    const File opened(
        ::openat(fd_, file.name.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
    if (!opened.open()) {
        if (errno == ELOOP || errno == ENOENT || errno == ENXIO) return std::nullopt;
        return inTheWay();
    }
    if (!file.ordinary || !isStill(opened.fd(), file)) return std::nullopt;
    Bytes bytes(file.size, '\0');
    if (!readAll(opened.fd(), bytes) || !isStill(opened.fd(), file)) return std::nullopt;
    return bytes;
}

Status DropFolder::write(const std::string& name, std::string_view bytes) const {
    return writeWhole(name, [&](int fd) { return writeAll(fd, bytes); });
}

Status DropFolder::write(const std::string& name, BodySource& source) const {
    bool damaged = false;
    auto done = writeWhole(name, [&](int fd) {
        source.begin();
        for (Bytes piece;; piece.clear()) {
            damaged = !source.next(piece);
            if (damaged || !writeAll(fd, piece)) return false;
            if (piece.empty()) return true;
        }
    });
    if (damaged) return tl::make_unexpected(Error(Code::StoreDamaged));
    return done;
}

template <class Content>
Status DropFolder::writeWhole(const std::string& name, Content content) const {
    const std::string passing = "." + name + ".tmp";
    ::unlinkat(fd_, passing.c_str(), 0);  // of an earlier life, or somebody's trap
    const File made(::openat(fd_, passing.c_str(),
                             O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, kFileMode));
    if (!made.open()) return inTheWay();
    const bool written = content(made.fd()) && ::fsync(made.fd()) == 0 &&
                         ::renameat(fd_, passing.c_str(), fd_, name.c_str()) == 0 &&
                         ::fsync(fd_) == 0;
    if (written) return {};
    ::unlinkat(fd_, passing.c_str(), 0);
    return inTheWay();
}

Result<std::string> DropFolder::moveTo(const DropFolder& to, const SeenFile& file) const {
    struct stat is {};
    if (::fstatat(fd_, file.name.c_str(), &is, AT_SYMLINK_NOFOLLOW) != 0) {
        if (errno == ENOENT) return std::string();
        return inTheWay();
    }
    if (seenAs(file.name, is) != file) return std::string();  // written anew
    const std::string plain = plainName(file.name);
    for (unsigned n = 1; n <= kNamesTried; ++n) {
        const std::string name = n == 1 ? plain : plain + "." + std::to_string(n);
        if (renameApart(fd_, file.name, to.fd_, name)) {
            if (::fsync(to.fd_) != 0 || ::fsync(fd_) != 0) return inTheWay();
            return name;
        }
        if (errno != EEXIST) return inTheWay();
    }
    return inTheWay();
}

}  // namespace stafett::transport
