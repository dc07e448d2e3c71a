#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "gateway/config/security.h"

namespace stafett::security::testing {

/// A folder of its own that goes with the object.
class Folder {
public:
    Folder();
    ~Folder();
    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;

    std::string path(std::string_view name) const;
    /// Writes a file with this mode, in place of one that is there; gives its path.
    std::string write(std::string_view name, std::string_view text, int mode = 0400) const;

private:
    std::filesystem::path folder_;
};

std::string read(const std::string& path);

/// The certificates of certs/make-test-certs, made once in a run.
std::string testCertificate(std::string_view file);

/// Settings by which `name` of the test certificates takes part, with these revocation lists.
config::TlsSettings settingsOf(std::string_view name,
                               std::initializer_list<const char*> lists = {"crl.pem"});

}  // namespace stafett::security::testing
