#include "gateway/plugin/sealed_file.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <optional>
#include <utility>

namespace stafett::plugin {
namespace {

constexpr off_t kLargest = off_t{64} << 20;

class Descriptor {
public:
    explicit Descriptor(int number) : number_(number) {}
    ~Descriptor() {
        if (number_ >= 0) ::close(number_);
    }
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    int number() const { return number_; }
    int release() { return std::exchange(number_, -1); }

private:
    int number_;
};

tl::unexpected<Error> refuse(Code code, const std::filesystem::path& file, std::string hint) {
    return tl::make_unexpected(Error(code, Place{.file = file.string(), .hint = std::move(hint)}));
}

Status judge(int file, const std::filesystem::path& name) {
    struct stat what {};
    if (::fstat(file, &what) != 0) return refuse(Code::PluginLoad, name, "cannot be looked at");
    if (!S_ISREG(what.st_mode)) return refuse(Code::PluginLink, name, "not a regular file");
    if (what.st_uid != 0 && what.st_uid != ::geteuid()) {
        return refuse(Code::PluginOwner, name, "owned by user " + std::to_string(what.st_uid));
    }
    if ((what.st_mode & (S_IWGRP | S_IWOTH)) != 0) {
        return refuse(Code::PluginOwner, name, "writable by group or others");
    }
    if (what.st_size > kLargest) return refuse(Code::PluginLoad, name, "larger than 64 MiB");
    return {};
}

bool writeAll(int to, const char* bytes, std::size_t size) {
    while (size > 0) {
        const auto written = ::write(to, bytes, size);
        if (written < 0 && errno == EINTR) continue;
        if (written <= 0) return false;
        bytes += written;
        size -= static_cast<std::size_t>(written);
    }
    return true;
}

bool copyAll(int from, int to) {
    std::array<char, 65536> piece{};
    off_t total = 0;
    for (;;) {
        const auto got = ::read(from, piece.data(), piece.size());
        if (got < 0 && errno == EINTR) continue;
        if (got <= 0) return got == 0;
        total += got;
        if (total > kLargest || !writeAll(to, piece.data(), static_cast<std::size_t>(got)))
            return false;
    }
}

/// The digest of what lies in the sealed memory itself.
std::optional<Digest> digestOf(int memory) {
    struct stat what {};
    if (::fstat(memory, &what) != 0) return std::nullopt;
    const auto size = static_cast<std::size_t>(what.st_size);
    if (size == 0) return sha256({});
    void* bytes = ::mmap(nullptr, size, PROT_READ, MAP_PRIVATE, memory, 0);
    if (bytes == MAP_FAILED) return std::nullopt;
    const auto digest = sha256({static_cast<const char*>(bytes), size});
    ::munmap(bytes, size);
    return digest;
}

}  // namespace

Result<SealedFile> SealedFile::copy(const std::filesystem::path& file) {
    const Descriptor source(::open(file.c_str(), O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK));
    if (source.number() < 0) {
        if (errno == ELOOP) return refuse(Code::PluginLink, file, "a symbolic link");
        return refuse(Code::PluginLoad, file, "cannot be opened");
    }
    ST_CHECK(judge(source.number(), file));
    Descriptor memory(::memfd_create(file.filename().c_str(), MFD_CLOEXEC | MFD_ALLOW_SEALING));
    if (memory.number() < 0 || !copyAll(source.number(), memory.number())) {
        return refuse(Code::PluginLoad, file, "cannot be read");
    }
    constexpr int kSeals = F_SEAL_WRITE | F_SEAL_GROW | F_SEAL_SHRINK | F_SEAL_SEAL;
    if (::fcntl(memory.number(), F_ADD_SEALS, kSeals) != 0) {
        return refuse(Code::PluginLoad, file, "its copy cannot be sealed");
    }
    const auto digest = digestOf(memory.number());
    if (!digest) return refuse(Code::PluginLoad, file, "cannot be read");
    return SealedFile(memory.release(), *digest);
}

SealedFile::SealedFile(SealedFile&& other) noexcept
    : memory_(std::exchange(other.memory_, -1)), digest_(other.digest_) {}

SealedFile::~SealedFile() {
    if (memory_ >= 0) ::close(memory_);
}

std::string SealedFile::keepForLoading() {
    return "/proc/self/fd/" + std::to_string(std::exchange(memory_, -1));
}

}  // namespace stafett::plugin
