#pragma once

#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "gateway/mapping/mapping.h"
#include "gateway/message/schema.h"

// The conformance suite of the mapping language: tests/golden/mapping/<area>/<case>.json. Its
// README says what a case holds.
namespace stafett::suite {

using Json = nlohmann::ordered_json;

struct Case {
    std::filesystem::path file;
    std::string name;  ///< "tables_unknown_code_kept"
    Json json;
};

/// Every case, in order. A file that is no JSON is a case that fails.
std::vector<Case> findCases();

/// The shipped schemas and value sets.
const message::Catalogue& catalogue();

/// The files of one case, laid out as a dialect is, gone with the object.
class CaseFolder {
public:
    explicit CaseFolder(const Json& json);
    ~CaseFolder();
    CaseFolder(const CaseFolder&) = delete;
    CaseFolder& operator=(const CaseFolder&) = delete;

    Checked<std::shared_ptr<const mapping::Form>> load() const;

private:
    std::filesystem::path base_, mapping_;
};

/// "ST-MAP-001 path" of each, sorted.
std::vector<std::string> told(const Problems& problems);
/// The same of a case's list of strings.
std::vector<std::string> wanted(const Json& json, const char* key);

}  // namespace stafett::suite
