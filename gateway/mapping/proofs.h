#pragma once

#include <filesystem>
#include <set>
#include <string>
#include <vector>

namespace stafett::mapping {

/// Remembers which digests have been proven with how many messages, in a file with a line each, so
/// that a start proves only what is new. A file that cannot be read or written only costs time.
class Proofs {
public:
    Proofs(std::filesystem::path file, unsigned messages);

    bool has(const std::string& digest) const { return proven_.count(digest) != 0; }
    void add(const std::string& digest);
    void save() const;

private:
    std::filesystem::path file_;
    unsigned messages_;
    bool changed_ = false;
    std::set<std::string> proven_;
    std::vector<std::string> others_;
};

}  // namespace stafett::mapping
