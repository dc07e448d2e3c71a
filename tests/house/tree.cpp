#include "tests/house/tree.h"

#include <sys/wait.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <fstream>
#include <set>
#include <sstream>
#include <stdexcept>

namespace stafett::house {
namespace {

bool made(const fs::path& folder) {
    static const std::set<std::string> kMade = {"build", "var", ".git", "node_modules", ".cache"};
    const std::string name = folder.filename().string();
    return kMade.contains(name) || name.starts_with("build-");
}

std::vector<std::string> walk() {
    std::vector<std::string> found;
    for (auto at = fs::recursive_directory_iterator(root());
         at != fs::recursive_directory_iterator(); ++at) {
        if (at->is_directory() && made(at->path())) {
            at.disable_recursion_pending();
        } else if (at->is_regular_file() && at->path().filename() != ".git") {
            found.push_back(fs::relative(at->path(), root()).string());
        }
    }
    std::sort(found.begin(), found.end());
    return found;
}

}  // namespace

fs::path root() { return STAFETT_SOURCE_DIR; }

const std::vector<std::string>& files() {
    static const std::vector<std::string> kFiles = walk();
    return kFiles;
}

std::vector<std::string> files(std::string_view under, const std::vector<std::string>& endings) {
    std::vector<std::string> found;
    for (const auto& file : files()) {
        if (!file.starts_with(under)) continue;
        const bool fits = std::any_of(endings.begin(), endings.end(),
                                      [&](const auto& ending) { return file.ends_with(ending); });
        if (fits) found.push_back(file);
    }
    return found;
}

std::string read(const std::string& path) {
    std::ifstream in(root() / path, std::ios::binary);
    if (!in) throw std::runtime_error("cannot read " + path);
    std::ostringstream text;
    text << in.rdbuf();
    return text.str();
}

std::vector<std::string> lines(const std::string& path) {
    std::istringstream in(read(path));
    std::vector<std::string> found;
    for (std::string line; std::getline(in, line);) found.push_back(line);
    return found;
}

std::size_t lineCount(const std::string& path) { return lines(path).size(); }

std::pair<std::string, int> run(const std::string& command) {
    FILE* pipe = ::popen((command + " 2>&1").c_str(), "r");
    if (pipe == nullptr) throw std::runtime_error("cannot run " + command);
    std::string printed;
    std::array<char, 4096> piece{};
    for (std::size_t n = 0; (n = std::fread(piece.data(), 1, piece.size(), pipe)) > 0;) {
        printed.append(piece.data(), n);
    }
    const int status = ::pclose(pipe);
    return {printed, WIFEXITED(status) ? WEXITSTATUS(status) : 128};
}

std::string listed(const std::vector<std::string>& found) {
    std::string text;
    for (const auto& line : found) text += "  " + line + "\n";
    return text;
}

}  // namespace stafett::house
