#include "tests/golden/mapping_suite.h"
#include "gateway/mapping/library.h"

#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>

namespace stafett::suite {

namespace fs = std::filesystem;

namespace {

fs::path sourceFolder() { return STAFETT_SOURCE_DIR; }

std::string nameOf(const fs::path& file) {
    std::string name = file.parent_path().filename().string() + "_" + file.stem().string();
    for (char& c : name) {
        if (std::isalnum(static_cast<unsigned char>(c)) == 0) c = '_';
    }
    return name;
}

/// A file of a case: an object, or the lines of a text.
void put(const fs::path& file, const Json& content) {
    fs::create_directories(file.parent_path());
    std::ofstream out(file, std::ios::binary);
    if (content.is_array()) {
        for (const auto& line : content) out << line.get<std::string>() << '\n';
    } else {
        out << (content.is_string() ? content.get<std::string>() : content.dump(1));
    }
}

}  // namespace

std::vector<Case> findCases() {
    std::vector<Case> cases;
    for (const auto& entry :
         fs::recursive_directory_iterator(sourceFolder() / "tests" / "golden" / "mapping")) {
        if (entry.path().extension() != ".json") continue;
        std::ifstream in(entry.path());
        cases.push_back(
            {entry.path(), nameOf(entry.path()), Json::parse(in, nullptr, false, true)});
    }
    std::sort(cases.begin(), cases.end(),
              [](const Case& a, const Case& b) { return a.file < b.file; });
    return cases;
}

const message::Catalogue& catalogue() {
    static const auto loaded = message::Catalogue::load(sourceFolder() / "mappings" / "canonical");
    if (!loaded) std::abort();
    return *loaded;
}

CaseFolder::CaseFolder(const Json& json) {
    static int count = 0;
    base_ = fs::temp_directory_path() /
            ("stafett_suite_" + std::to_string(::getpid()) + "_" + std::to_string(count++));
    mapping_ = base_ / "test" / "form.map.json";
    put(mapping_, json.at("mapping"));
    const Json tables = json.value("tables", Json::object());
    for (const auto& [name, table] : tables.items()) {
        put(base_ / "test" / "codes" / (name + ".json"), table);
    }
    const Json files = json.value("files", Json::object());
    for (const auto& [name, content] : files.items()) put(base_ / "test" / name, content);
}

CaseFolder::~CaseFolder() {
    std::error_code ignored;
    fs::remove_all(base_, ignored);
}

Checked<std::shared_ptr<const mapping::Form>> CaseFolder::load() const {
    mapping::LoadOptions options;
    options.law_messages = 100;
    return mapping::loadForm(mapping_, catalogue(), options);
}

std::vector<std::string> told(const Problems& problems) {
    std::vector<std::string> out;
    for (const Error& one : problems) {
        out.push_back(std::string(one.info().id) + " " + one.place().path);
    }
    std::sort(out.begin(), out.end());
    return out;
}

std::vector<std::string> wanted(const Json& json, const char* key) {
    auto out = json.value(key, std::vector<std::string>{});
    std::sort(out.begin(), out.end());
    return out;
}

}  // namespace stafett::suite
