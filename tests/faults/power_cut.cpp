#include "tests/faults/power_cut.h"

#include <algorithm>
#include <cstring>
#include <vector>

#include "tests/support/gateway_folder.h"

namespace stafett::faults {
namespace {

constexpr std::size_t kSector = 512;

/// The file as it was when it was last synced: what was noted since, put back from the last to the
/// first.
std::string durable(std::string bytes, const std::string& notes) {
    std::vector<std::pair<DiskNote, std::size_t>> all;  // and where its bytes begin
    for (std::size_t at = 0; at + sizeof(DiskNote) <= notes.size();) {
        DiskNote head{};
        std::memcpy(&head, notes.data() + at, sizeof head);
        at += sizeof head;
        if (head.size > notes.size() - at) break;  // killed while it was noted: not written yet
        all.emplace_back(head, at);
        at += head.size;
    }
    for (auto it = all.rbegin(); it != all.rend(); ++it) {
        const auto& [head, at] = *it;
        bytes.resize(head.file_size);
        if (head.size > 0) bytes.replace(head.at, head.size, notes, at, head.size);
    }
    return bytes;
}

std::string torn(const std::string& before, const std::string& now, std::mt19937_64& random) {
    std::string left = random() % 2 == 0 ? before : now;
    for (std::size_t at = 0; at < left.size(); at += kSector) {
        const std::string& from = random() % 2 == 0 ? before : now;
        if (at >= from.size()) continue;
        const std::size_t size = std::min({kSector, left.size() - at, from.size() - at});
        left.replace(at, size, from, at, size);
    }
    return left;
}

std::size_t cut(const std::filesystem::path& file, Unsynced unsynced, std::mt19937_64& random) {
    if (!std::filesystem::exists(notesOf(file))) return 0;
    const std::string notes = support::readFile(notesOf(file));
    const std::string now = support::readFile(file);
    const std::string before = durable(now, notes);
    support::writeFile(file, unsynced == Unsynced::Lost ? before : torn(before, now, random));
    support::writeFile(notesOf(file), {});
    std::size_t differ = std::max(before.size(), now.size()) - std::min(before.size(), now.size());
    for (std::size_t i = 0; i < std::min(before.size(), now.size()); ++i) {
        differ += before[i] != now[i] ? 1 : 0;
    }
    return differ;
}

}  // namespace

std::size_t cutPower(const std::filesystem::path& store, Unsynced unsynced,
                     std::mt19937_64& random) {
    return cut(store, unsynced, random) + cut(store.string() + "-wal", unsynced, random);
}

}  // namespace stafett::faults
