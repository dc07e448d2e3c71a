#include "gateway/mapping/proofs.h"

#include <fstream>
#include <sstream>

namespace stafett::mapping {

Proofs::Proofs(std::filesystem::path file, unsigned messages)
    : file_(std::move(file)), messages_(messages) {
    if (file_.empty()) return;
    std::ifstream in(file_);
    std::string line;
    while (std::getline(in, line)) {
        std::istringstream words(line);
        std::string digest;
        unsigned count = 0;
        if (!(words >> digest >> count) || digest.size() != 64) continue;
        if (count >= messages_) {
            proven_.insert(digest);
        }
        others_.push_back(line);
    }
}

void Proofs::add(const std::string& digest) {
    if (proven_.insert(digest).second) {
        others_.push_back(digest + " " + std::to_string(messages_));
        changed_ = true;
    }
}

void Proofs::save() const {
    if (file_.empty() || !changed_) return;
    std::error_code error;
    std::filesystem::create_directories(file_.parent_path(), error);
    const std::filesystem::path next = file_.string() + ".new";
    {
        std::ofstream out(next);
        for (const auto& line : others_) out << line << '\n';
        if (!out) return;
    }
    std::filesystem::rename(next, file_, error);
}

}  // namespace stafett::mapping
