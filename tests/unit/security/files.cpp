#include "files.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>
#include <iterator>

namespace stafett::security::testing {

Folder::Folder() {
    std::string pattern = (std::filesystem::temp_directory_path() / "stafett-test-XXXXXX").string();
    if (::mkdtemp(pattern.data()) == nullptr) std::abort();
    folder_ = pattern;
}

Folder::~Folder() {
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
}

std::string Folder::path(std::string_view name) const { return (folder_ / name).string(); }

std::string Folder::write(std::string_view name, std::string_view text, int mode) const {
    const auto file = path(name);
    std::filesystem::create_directories(std::filesystem::path(file).parent_path());
    std::filesystem::remove(file);
    std::ofstream(file, std::ios::binary) << text;
    if (::chmod(file.c_str(), static_cast<mode_t>(mode)) != 0) std::abort();
    return file;
}

std::string read(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    EXPECT_TRUE(file.good()) << path;
    return {std::istreambuf_iterator<char>(file), {}};
}

namespace {

class Certificates {
public:
    Certificates() {
        const auto command = std::string(STAFETT_SOURCE_DIR) + "/certs/make-test-certs " + path("");
        if (std::system(command.c_str()) != 0) std::abort();
    }
    std::string path(std::string_view name) const { return folder_.path(name); }

private:
    Folder folder_;
};

}  // namespace

std::string testCertificate(std::string_view file) {
    static const Certificates certificates;
    return certificates.path(file);
}

config::TlsSettings settingsOf(std::string_view name, std::initializer_list<const char*> lists) {
    config::TlsSettings settings;
    settings.certificate = testCertificate(std::string(name) + ".pem");
    settings.key = testCertificate(std::string(name) + ".key");
    settings.authorities = testCertificate("ca.pem");
    for (const auto* list : lists) settings.revocation_lists.push_back(testCertificate(list));
    return settings;
}

}  // namespace stafett::security::testing
