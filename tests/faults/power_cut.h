#pragma once

#include <cstdint>
#include <filesystem>
#include <random>
#include <string>

namespace stafett::faults {

/// What volatile_disk writes down before the store's file or its log is changed, followed by the
/// `size` bytes that stand at `at`.
struct DiskNote {
    std::uint64_t file_size;  ///< the file's, before
    std::uint64_t at;
    std::uint64_t size;
};

inline std::string notesOf(const std::filesystem::path& file) {
    return file.string() + ".unsynced";
}

/// What has become of writes that no sync had made durable.
enum class Unsynced : std::uint8_t {
    Lost,
    Torn,  ///< each sector of 512 bytes is as it was or as it was last written, by chance
};

/// Leaves of the store, and of its log, what a power cut leaves; the process that wrote them on a
/// volatile_disk has ended. How many bytes were not durable.
std::size_t cutPower(const std::filesystem::path& store, Unsynced unsynced,
                     std::mt19937_64& random);

}  // namespace stafett::faults
