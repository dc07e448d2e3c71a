#include "gateway/plugin/scaffold.h"

#include <algorithm>
#include <fstream>
#include <ostream>
#include <set>
#include <sstream>

#include "gateway/plugin/scaffold_texts.h"

namespace stafett::plugin {
namespace {

namespace fs = std::filesystem;

tl::unexpected<Error> refuse(Code code, std::string path, std::string hint) {
    return tl::make_unexpected(
        Error(code, Place{.path = std::move(path), .hint = std::move(hint)}));
}

bool isDialectName(const std::string& name) {
    return !name.empty() && name.size() <= 40 && name.front() >= 'a' && name.front() <= 'z' &&
           std::all_of(name.begin(), name.end(), [](char c) {
               return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
           });
}

std::string named(std::string_view text, const std::string& name) {
    constexpr std::string_view kName = "NAME";
    std::string out;
    for (auto at = text.find(kName); at != std::string_view::npos; at = text.find(kName)) {
        out.append(text.substr(0, at)).append(name);
        text.remove_prefix(at + kName.size());
    }
    return out.append(text);
}

bool write(const fs::path& file, std::string_view text) {
    std::error_code failed;
    fs::create_directories(file.parent_path(), failed);
    std::ofstream out(file, std::ios::binary);
    out << text;
    return static_cast<bool>(out.flush());
}

/// The register with one line more, its lines in order.
std::string registered(const std::string& text, const std::string& name) {
    std::istringstream in(text);
    std::string comments, line;
    std::set<std::string> lines = {"add_subdirectory(" + name + ")"};
    while (std::getline(in, line)) {
        if (line.starts_with("add_subdirectory(")) {
            lines.insert(line);
        } else {
            comments += line + "\n";
        }
    }
    for (const auto& one : lines) comments += one + "\n";
    return comments;
}

}  // namespace

Status makePlugin(const fs::path& repository, const std::string& name, std::ostream& out) {
    if (!isDialectName(name)) {
        return refuse(Code::CliUsage, name, "a name is small letters, digits and _, at most 40");
    }
    const auto list = repository / "plugins" / "CMakeLists.txt";
    std::ifstream in(list);
    if (!in) return refuse(Code::CliFile, list.string(), "run this in the gateway's source folder");
    const std::string before{std::istreambuf_iterator<char>(in), {}};
    for (const char* parent : {"plugins", "mappings"}) {
        const auto folder = repository / parent / name;
        std::error_code failed;
        if (fs::exists(folder, failed))
            return refuse(Code::CliUsage, folder.string(), "is there already");
    }
    for (const auto& file : scaffoldFiles()) {
        const auto path = named(file.path, name);
        if (!write(repository / path, named(file.text, name))) {
            return refuse(Code::CliFile, path, "cannot be written");
        }
        out << "made     " << path << "\n";
    }
    if (!write(list, registered(before, name))) {
        return refuse(Code::CliFile, list.string(), "cannot be written");
    }
    out << "changed  plugins/CMakeLists.txt\n\n"
        << "Next: cmake --build build/release --target plugin_" << name << ", then\n"
        << "  stafett mapping check mappings/" << name << "/remiss.map.json\n"
        << "  stafett mapping test mappings/" << name << "\n"
        << "  stafett plugin check build/release/plugins/" << name << ".so\n"
        << "and read docs/plugin-authors.md.\n";
    return {};
}

}  // namespace stafett::plugin
