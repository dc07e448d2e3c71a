#include "support.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <sstream>

namespace stafett::dialects {

namespace fs = std::filesystem;

std::string readFile(const fs::path& file) {
    std::ifstream in(file, std::ios::binary);
    std::ostringstream text;
    text << in.rdbuf();
    return text.str();
}

const message::Catalogue& catalogue() {
    static const auto loaded =
        message::Catalogue::load(fs::path(STAFETT_SOURCE_DIR) / "mappings/canonical");
    return *loaded;
}

const plugin::Adapter& adapterOf(std::string_view dialect) {
    static const auto registry = [] {
        const fs::path folder = fs::path(STAFETT_BUILD_DIR) / "plugins";
        auto loaded = plugin::Registry::load(
            {{.file = folder / "social_insurance.so"}, {.file = folder / "municipality.so"}},
            plugin::Profile::Dev);
        if (!loaded) {
            for (const auto& problem : loaded.error()) {
                std::fputs((describe(problem, Language::English) + "\n").c_str(), stderr);
            }
            std::abort();
        }
        return std::move(*loaded);
    }();
    return *registry.find(DialectId{std::string(dialect)});
}

std::string judge(std::string_view document, const fs::path& schema) {
    static int number = 0;
    const fs::path file =
        fs::temp_directory_path() /
        ("stafett-dialects-" + std::to_string(getpid()) + "-" + std::to_string(++number) + ".xml");
    std::ofstream(file, std::ios::binary) << document;
    const std::string command = "xmllint --noout --nonet --schema '" + schema.string() + "' '" +
                                file.string() + "' 2>&1; echo $?";
    std::string said;
    if (FILE* const pipe = popen(command.c_str(), "r")) {
        std::array<char, 512> part{};
        while (std::fgets(part.data(), part.size(), pipe) != nullptr) said += part.data();
        pclose(pipe);
    }
    fs::remove(file);
    return said.ends_with("validates\n0\n") ? std::string() : said + "\n" + std::string(document);
}

std::string judgeEnvelope(std::string_view envelope) {
    return judge(envelope, fs::path(STAFETT_SOURCE_DIR) / "tests/dialects/soap-envelope.xsd");
}

fs::path publicFiles() {
    const char* const named = std::getenv("STAFETT_DATA");
    const fs::path folder = named == nullptr ? fs::path() : fs::path(named);
    return !folder.empty() && fs::exists(folder / "rivta") ? folder : fs::path();
}

}  // namespace stafett::dialects
