// gateway/LAYERS holds: every #include of the gateway and of the plugins is one that it allows.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <regex>
#include <set>
#include <sstream>

#include "tests/house/tree.h"

namespace stafett::house {
namespace {

struct Layer {
    std::set<std::string> modules;
    std::set<std::string> libraries;
    bool all_modules = false;
};

struct Layers {
    std::vector<std::string> order;
    std::map<std::string, Layer> rows;
};

/// What stands behind each word of the last column of LAYERS.
const std::map<std::string, std::string>& includesOfLibraries() {
    static const std::map<std::string, std::string> kLibraries = {
        {"tl", "tl/"},
        {"openssl", "openssl/"},
        {"openssl-digest", "openssl/evp\\.h"},
        {"nlohmann", "nlohmann/"},
        {"date", "date/"},
        {"expat", "expat\\.h"},
        {"simdjson", "simdjson\\.h"},
        {"pugixml", "pugixml\\.hpp"},
        {"utf8proc", "utf8proc\\.h"},
        {"poco", "Poco/"},
        {"prometheus", "prometheus/"},
        {"valijson", "valijson/"},
        {"zstd", "zstd\\.h"},
        {"sqlite", "sqlite3\\.h"},
        {"beast", "boost/(beast|asio/buffer)"},
        {"cli11", "CLI/"},
    };
    return kLibraries;
}

/// The C++ standard library, and what POSIX, Linux and the C library give everyone.
bool isSystem(const std::string& include) {
    static const std::regex kSystem(
        "[a-z_0-9]+|(sys|netinet|arpa|linux)/[a-z_0-9]+\\.h|"
        "(unistd|dirent|fcntl|poll|pthread|signal|dlfcn|link|netdb|spawn|termios|glob|ftw|"
        "stddef|stdint|stdbool|errno|string|time)\\.h");
    return std::regex_match(include, kSystem);
}

Layers readLayers() {
    Layers layers;
    // A row has three columns, apart by two spaces or more.
    static const std::regex kColumns("^([a-z]+) +((?:[a-z]+ )*[a-z]+|-|\\*)  +([a-z0-9 -]+?) *$");
    for (const auto& line : lines("gateway/LAYERS")) {
        if (line.empty() || line.front() == '#') continue;
        std::smatch columns;
        if (!std::regex_match(line, columns, kColumns)) {
            ADD_FAILURE() << "gateway/LAYERS: not a row: " << line;
            continue;
        }
        Layer layer;
        layer.all_modules = columns[2] == "*";
        std::istringstream modules(columns[2].str());
        for (std::string word; modules >> word;) {
            if (word != "-" && word != "*") layer.modules.insert(word);
        }
        std::istringstream libraries(columns[3].str());
        for (std::string word; libraries >> word;) {
            EXPECT_TRUE(includesOfLibraries().contains(word)) << "LAYERS: no library " << word;
            layer.libraries.insert(word);
        }
        layers.order.push_back(columns[1]);
        layers.rows[columns[1]] = layer;
    }
    return layers;
}

struct Include {
    std::string file, what;
    bool quoted = false;
    std::size_t line = 0;
    std::string place() const { return file + ":" + std::to_string(line) + ": " + what; }
};

std::vector<Include> includesOf(const std::string& file) {
    static const std::regex kInclude("^ *# *include *([<\"])([^>\"]+)[>\"].*");
    std::vector<Include> found;
    std::size_t number = 0;
    for (const auto& line : lines(file)) {
        ++number;
        std::smatch parts;
        if (std::regex_match(line, parts, kInclude)) {
            found.push_back({file, parts[2], parts[1] == "\"", number});
        }
    }
    return found;
}

std::string moduleOf(const std::string& path) {
    const auto start = path.find('/') + 1;
    return path.substr(start, path.find('/', start) - start);
}

std::vector<std::string> gatewaySources() { return files("gateway/", {".h", ".cpp"}); }

TEST(Layers, EveryRowNamesOnlyModulesToItsLeft) {
    const auto layers = readLayers();
    std::set<std::string> left;
    for (const auto& module : layers.order) {
        for (const auto& other : layers.rows.at(module).modules) {
            EXPECT_TRUE(left.contains(other)) << module << " names " << other;
        }
        left.insert(module);
    }
    EXPECT_EQ(layers.order.front(), "base");
    EXPECT_EQ(layers.order.back(), "app");
}

TEST(Layers, EveryModuleHasARow) {
    const auto layers = readLayers();
    for (const auto& file : gatewaySources()) {
        EXPECT_TRUE(layers.rows.contains(moduleOf(file))) << file;
    }
}

TEST(Layers, AModuleIncludesOnlyWhatItsRowAllows) {
    const auto layers = readLayers();
    std::vector<std::string> wrong;
    std::size_t seen = 0;
    for (const auto& file : gatewaySources()) {
        const std::string module = moduleOf(file);
        if (!layers.rows.contains(module)) continue;
        const Layer& layer = layers.rows.at(module);
        for (const auto& include : includesOf(file)) {
            if (!include.quoted) continue;
            ++seen;
            const bool made = include.what.ends_with("_sql.h") ||  // while building
                              include.what.ends_with("_bytes.h");
            if (made) continue;
            if (!include.what.starts_with("gateway/")) {
                wrong.push_back(include.place() + " (paths begin at the root of the tree)");
                continue;
            }
            const std::string other = moduleOf(include.what);
            if (other != module && !layer.all_modules && !layer.modules.contains(other)) {
                wrong.push_back(include.place());
            }
        }
    }
    EXPECT_GT(seen, 100U);
    EXPECT_TRUE(wrong.empty()) << listed(wrong);
}

TEST(Layers, EveryOutsideLibraryLivesWhereItsRowSays) {
    const auto layers = readLayers();
    std::vector<std::string> wrong;
    std::size_t seen = 0;
    for (const auto& file : gatewaySources()) {
        const std::string module = moduleOf(file);
        if (!layers.rows.contains(module)) continue;
        const auto& allowed = layers.rows.at(module).libraries;
        for (const auto& include : includesOf(file)) {
            if (include.quoted || isSystem(include.what)) continue;
            ++seen;
            const bool fits = std::any_of(allowed.begin(), allowed.end(), [&](const auto& word) {
                return std::regex_search(include.what,
                                         std::regex("^" + includesOfLibraries().at(word)));
            });
            if (!fits) wrong.push_back(include.place());
        }
    }
    EXPECT_GT(seen, 20U);
    EXPECT_TRUE(wrong.empty()) << listed(wrong);
}

TEST(Layers, APluginSeesTheContractAndNothingElse) {
    static const std::set<std::string> kContract = {"gateway/plugin/abi.h",
                                                    "gateway/plugin/adapter.h", "manifest.h"};
    std::vector<std::string> wrong;
    std::size_t seen = 0;
    for (const auto& file : files("plugins/", {".h", ".cpp"})) {
        for (const auto& include : includesOf(file)) {
            ++seen;
            const bool fits =
                include.quoted
                    ? kContract.contains(include.what) ||
                          fs::exists(root() / fs::path(file).parent_path() / include.what)
                    : isSystem(include.what);
            if (!fits) wrong.push_back(include.place());
        }
    }
    EXPECT_GE(seen, 8U);
    EXPECT_TRUE(wrong.empty()) << listed(wrong);
}

/// adapter.h may be built from pieces, all of them header-only and none of them of another module.
TEST(Layers, TheContractStandsOnItsOwn) {
    std::set<std::string> seen;
    std::vector<std::string> next = {"gateway/plugin/adapter.h", "gateway/plugin/abi.h"};
    std::vector<std::string> wrong;
    while (!next.empty()) {
        const std::string file = next.back();
        next.pop_back();
        if (!seen.insert(file).second) continue;
        EXPECT_FALSE(fs::exists(root() / fs::path(file).replace_extension(".cpp"))) << file;
        for (const auto& include : includesOf(file)) {
            if (!include.quoted) {
                if (!isSystem(include.what)) wrong.push_back(include.place());
            } else if (moduleOf(include.what) == "plugin") {
                next.push_back(include.what);
            } else {
                wrong.push_back(include.place());
            }
        }
    }
    EXPECT_TRUE(wrong.empty()) << listed(wrong);
}

}  // namespace
}  // namespace stafett::house
