#pragma once

#include <sys/types.h>

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "gateway/base/bytes.h"
#include "gateway/base/result.h"
#include "gateway/transport/http.h"

namespace stafett::transport {

/// A file that stands in a shared folder, as it was seen: never followed, never opened for it.
struct SeenFile {
    std::string name;
    std::uint64_t inode = 0;
    std::uint64_t size = 0;
    std::int64_t changed = 0;  ///< nanoseconds since 1970, of its content
    bool ordinary = true;      ///< a regular file under one name; no link, pipe or device

    bool operator==(const SeenFile&) const = default;
};

/// A folder we share with somebody else's system, who may put anything there at any time. Every act
/// goes through one descriptor and follows no link. Opened anew for each look, so that a folder
/// that was exchanged is not written to in vain. DropFolder where the world is in the way. One
/// thread.
class DropFolder {
public:
    static Result<DropFolder> open(const std::filesystem::path& path);
    DropFolder(DropFolder&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
    DropFolder& operator=(DropFolder&&) = delete;
    ~DropFolder();

    /// The folder `name` in this one, made if it is not there.
    Result<DropFolder> inner(const std::string& name) const;

    /// Everything that is not on its way (isUnfinished) and not a folder, in order of name.
    Result<std::vector<SeenFile>> look() const;

    /// The whole content of an ordinary file; nothing when it is not what was seen any more, from
    /// the first byte to the last.
    Result<std::optional<Bytes>> read(const SeenFile& file) const;

    /// All of it or nothing stands under this name, also after a crash; what stood there is
    /// replaced. Durable when it returns.
    Status write(const std::string& name, std::string_view bytes) const;
    /// The same, piece by piece. StoreDamaged when the source fails.
    Status write(const std::string& name, BodySource& source) const;

    /// Moves what was seen into `to`, under its name or that name with a number: the name. What
    /// stands there already is never replaced. Durable when it returns. Nothing is moved, and the
    /// name is empty, when another file has come in its place.
    Result<std::string> moveTo(const DropFolder& to, const SeenFile& file) const;

private:
    template <class Content>
    Status writeWhole(const std::string& name, Content content) const;
    explicit DropFolder(int fd) : fd_(fd) {}
    int fd_;
};

/// A temporary name: it begins with '.' or ends in .tmp or .part.
bool isUnfinished(std::string_view name);
/// Letters, digits, '.', '_' and '-' of ASCII, at most 150: what we take and answer under.
bool isPlainName(std::string_view name);
/// The same name with all other characters as '_'.
std::string plainName(std::string_view name);

}  // namespace stafett::transport
