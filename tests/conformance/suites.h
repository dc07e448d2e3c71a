#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace stafett::conformance {

/// Where npm has put a suite (package.json beside this file); nothing when it is not installed.
std::optional<std::filesystem::path> suite(const std::string& package);

std::string read(const std::filesystem::path& file);

/// One of the W3C's documents, as the suite's own list describes it.
struct XmlCase {
    std::string id;
    std::string type;     ///< not-wf, valid, invalid, error
    std::string edition;  ///< of XML 1.0 that it is of; empty: of all
    bool namespaces;      ///< keeps to Namespaces in XML, as all that we read must
    std::string bytes;
};
std::vector<XmlCase> xmlCases(const std::filesystem::path& suite);

/// A file of the JSON suite: its name begins with what a reader must do, y, n or i (its own
/// choice).
struct JsonCase {
    std::string name, bytes;
};
std::vector<JsonCase> jsonCases(const std::filesystem::path& suite);

}  // namespace stafett::conformance
