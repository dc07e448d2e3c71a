#include "gateway/app/mapping_files.h"

#include <algorithm>

#include "gateway/config/config.h"

namespace stafett::app {

namespace fs = std::filesystem;

fs::path mappingsFolder(const Common& common) {
    const auto config = config::load(configFolder(common));
    return config ? config->settings.mappings : fs::path("mappings");
}

fs::path canonicalFor(const Common& common, const fs::path& mapping) {
    const auto beside = fs::absolute(mapping).parent_path().parent_path() / "canonical";
    std::error_code ignored;
    return fs::is_directory(beside, ignored) ? beside : mappingsFolder(common) / "canonical";
}

fs::path mappingOf(const fs::path& named) {
    std::string name = fs::absolute(named).string();
    constexpr std::string_view kTests = ".test.json";
    if (!name.ends_with(kTests)) return name;
    name.resize(name.size() - kTests.size());
    return name + ".map.json";
}

std::vector<fs::path> mappingsMeant(const std::vector<std::string>& named) {
    std::vector<fs::path> out;
    for (const auto& one : named) {
        std::error_code ignored;
        const fs::path path = fs::absolute(one).lexically_normal();
        fs::path folder;
        if (fs::is_directory(path, ignored)) {
            folder = path;
        } else if (fs::exists(path, ignored)) {
            if (one.ends_with(".rows.json")) folder = path.parent_path();
            if (path.parent_path().filename() == "codes") folder = path.parent_path().parent_path();
        }
        auto meant = folder.empty() ? std::vector<fs::path>{} : mappingsIn(folder);
        if (meant.empty()) meant.push_back(mappingOf(one));
        for (auto& mapping : meant) {
            if (std::find(out.begin(), out.end(), mapping) == out.end()) out.push_back(mapping);
        }
    }
    return out;
}

Status isThere(const fs::path& mapping) {
    std::error_code ignored;
    if (fs::is_regular_file(mapping, ignored)) return {};
    return tl::make_unexpected(Error(Code::CliFile, Place{.file = mapping.string()}));
}

std::vector<fs::path> mappingsIn(const fs::path& folder) {
    std::vector<fs::path> out;
    std::error_code error;
    for (fs::recursive_directory_iterator it(folder, error), last; !error && it != last;
         it.increment(error)) {
        if (it->path().filename().string().ends_with(".map.json")) out.push_back(it->path());
    }
    std::sort(out.begin(), out.end());
    return out;
}

}  // namespace stafett::app
