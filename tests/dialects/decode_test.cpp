// Every golden document, as far as the plugin goes: its form, or the refusal that comes before any
// mapping.
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "support.h"

namespace stafett::dialects {
namespace {

namespace fs = std::filesystem;

struct Case {
    std::string dialect;
    fs::path folder;
};

std::vector<Case> allCases() {
    std::vector<Case> out;
    for (const auto* dialect : {"municipality", "social_insurance"}) {
        for (const auto& entry :
             fs::directory_iterator(fs::path(STAFETT_SOURCE_DIR) / "plugins" / dialect / "cases")) {
            out.push_back({dialect, entry.path()});
        }
    }
    std::sort(out.begin(), out.end(),
              [](const Case& a, const Case& b) { return a.folder < b.folder; });
    return out;
}

class GoldenDocument : public ::testing::TestWithParam<Case> {};

/// The code that refuses before the mapping; empty when the mapping, or whoever checks what is
/// attached, is to judge.
std::string refusedBeforeMapping(const fs::path& folder) {
    const std::string text = readFile(folder / "refused.txt");
    const std::string code = text.substr(0, text.find_first_of(" \n"));
    const bool later = code.empty() || code.starts_with("ST-MAP") || code.starts_with("ST-PER") ||
                       code.starts_with("ST-ATT");
    return later ? std::string() : code;
}

TEST_P(GoldenDocument, IsReadAsItsFormOrRefusedBeforeTheMapping) {
    const auto& [dialect, folder] = GetParam();
    const auto request = nlohmann::json::parse(readFile(folder / "attributes.json"));
    std::vector<std::pair<std::string, std::string>> headers;
    for (const auto& [name, value] : request.at("headers").items()) {
        headers.emplace_back(name, value.get<std::string>());
    }
    const std::string body = readFile(folder / "wire.xml");
    const std::string path = request.at("path"), method = request.at("method");
    const auto decoded = adapterOf(dialect).decode(
        {.method = method, .path = path, .query = {}, .headers = &headers, .body = body});
    const std::string refused = refusedBeforeMapping(folder);
    if (!refused.empty()) {
        ASSERT_FALSE(decoded.has_value()) << "read as " << decoded->form.value;
        EXPECT_EQ(decoded.error().info().id, refused);
        return;
    }
    ASSERT_TRUE(decoded.has_value()) << describe(decoded.error(), Language::English);
    const std::string name = folder.filename().string();
    EXPECT_EQ(decoded->form.value, name.substr(0, name.find('_')));
}

INSTANTIATE_TEST_SUITE_P(Plugins, GoldenDocument, ::testing::ValuesIn(allCases()),
                         [](const auto& one) {
                             return one.param.dialect + "_" + one.param.folder.filename().string();
                         });

}  // namespace
}  // namespace stafett::dialects
