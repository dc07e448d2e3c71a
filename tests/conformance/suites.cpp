#include "tests/conformance/suites.h"

#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <stdexcept>

namespace stafett::conformance {
namespace {

namespace fs = std::filesystem;

/// An attribute of a tag of the list, whose values never hold a quote.
std::string attribute(const std::string& tag, const std::string& name) {
    for (auto at = tag.find(name + "=\""); at != std::string::npos;
         at = tag.find(name + "=\"", at + 1)) {
        if (at == 0 || std::isspace(static_cast<unsigned char>(tag[at - 1])) == 0) continue;
        const auto begin = at + name.size() + 2;
        return tag.substr(begin, tag.find('"', begin) - begin);
    }
    return {};
}

/// The tags of the list in their order, without what stands between them. Not read as XML: the list
/// has a DOCTYPE, and it is the reader that is judged here.
std::vector<std::string> tagsOf(const std::string& text) {
    std::vector<std::string> tags;
    for (auto at = text.find('<'); at != std::string::npos; at = text.find('<', at + 1)) {
        const bool comment = text.compare(at, 4, "<!--") == 0;
        const auto end = text.find(comment ? "-->" : ">", at);
        if (end == std::string::npos) break;
        if (!comment) tags.push_back(text.substr(at, end - at));
        at = end;
    }
    return tags;
}

}  // namespace

std::optional<fs::path> suite(const std::string& package) {
    const auto folder = fs::path(STAFETT_SOURCE_DIR) / "tests/conformance/node_modules" / package;
    return fs::exists(folder) ? std::optional(folder) : std::nullopt;
}

std::string read(const fs::path& file) {
    std::ifstream in(file, std::ios::binary);
    if (!in) throw std::runtime_error("cannot read " + file.string());
    return {std::istreambuf_iterator<char>(in), {}};
}

std::vector<XmlCase> xmlCases(const fs::path& suite) {
    std::vector<XmlCase> cases;
    std::vector<std::string> folders;
    for (const auto& tag : tagsOf(read(suite / "cleaned/xmlconf-flattened.xml"))) {
        if (tag.starts_with("<TESTCASES")) {
            folders.push_back(attribute(tag, "xml:base"));
        } else if (tag.starts_with("</TESTCASES")) {
            folders.pop_back();
        } else if (tag.starts_with("<TEST") && !tag.starts_with("<TESTSUITE")) {
            auto file = suite / "xmlconf";
            for (const auto& folder : folders) file /= folder;
            file /= attribute(tag, "URI");
            cases.push_back({attribute(tag, "ID"), attribute(tag, "TYPE"),
                             attribute(tag, "EDITION"), attribute(tag, "NAMESPACE") != "no",
                             read(file)});
        }
    }
    return cases;
}

std::vector<JsonCase> jsonCases(const fs::path& suite) {
    const auto module = read(suite / "data/parsing.js");
    const std::string begin = "export default ";
    const auto list = nlohmann::json::parse(module.substr(module.find(begin) + begin.size()));
    std::vector<JsonCase> cases;
    for (const auto& one : list) cases.push_back({one.at("name"), one.at("input")});
    return cases;
}

}  // namespace stafett::conformance
