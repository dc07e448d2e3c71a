#pragma once

#include <filesystem>
#include <string>

#include "gateway/base/result.h"
#include "gateway/base/sha256.h"

namespace stafett::plugin {

/// The bytes of a file in memory that nobody can change any more, and their digest: what was
/// checked is what is loaded. Movable; closes its descriptor unless kept.
class SealedFile {
public:
    /// Opens without following a link, and asks: a regular file (ST-PLU-013), owned by root or this
    /// process's user and writable by no one else (-005), readable and at most 64 MiB (-007).
    static Result<SealedFile> copy(const std::filesystem::path& file);

    SealedFile(SealedFile&& other) noexcept;
    SealedFile& operator=(SealedFile&&) = delete;
    ~SealedFile();

    const Digest& digest() const { return digest_; }
    /// A name by which the loader finds it. Keeps the descriptor open for the life of the process:
    /// the loader remembers libraries by name, so the number must never come again.
    std::string keepForLoading();

private:
    SealedFile(int memory, const Digest& digest) : memory_(memory), digest_(digest) {}
    int memory_ = -1;
    Digest digest_;
};

}  // namespace stafett::plugin
