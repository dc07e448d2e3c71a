#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// The source tree, as the rules of the house read it.
namespace stafett::house {

namespace fs = std::filesystem;

/// Every file of the tree but what is built or made (build, var, .git, node_modules), as paths
/// relative to its root, sorted.
const std::vector<std::string>& files();
/// Those under a folder ("gateway/", "plugins/") whose name ends in one of `endings`.
std::vector<std::string> files(std::string_view under, const std::vector<std::string>& endings);

fs::path root();
/// The whole of a file, by its path relative to the root.
std::string read(const std::string& path);
std::vector<std::string> lines(const std::string& path);
std::size_t lineCount(const std::string& path);

/// What a command prints on standard output and error, and its exit code.
std::pair<std::string, int> run(const std::string& command);

/// One a line, for a test that says everything at once.
std::string listed(const std::vector<std::string>& found);

}  // namespace stafett::house
