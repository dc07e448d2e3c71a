// docs/operations.md names settings, metrics and log events as they are, and leaves none of the
// last two out.
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <regex>
#include <set>

#include "tests/house/tree.h"

namespace stafett::house {
namespace {

std::set<std::string> found(const std::string& text, const std::string& pattern, int group = 1) {
    std::set<std::string> all;
    const std::regex regex(pattern);
    for (auto at = std::sregex_iterator(text.begin(), text.end(), regex);
         at != std::sregex_iterator(); ++at) {
        all.insert((*at)[static_cast<std::size_t>(group)]);
    }
    return all;
}

std::string page() { return read("docs/operations.md"); }

TEST(OperationsPage, NamesSettingsThatExist) {
    const auto sample = nlohmann::json::parse(read("config/stafett.json"), nullptr, true, true);
    const auto named = found(page(),
                             "`((?:inbox|admin|attachments|courier|tls|store|delivery|persons|"
                             "limits|deadlines|log)\\.[a-z_]+)`");
    EXPECT_GT(named.size(), 10U);
    for (const auto& setting : named) {
        const auto dot = setting.find('.');
        EXPECT_TRUE(sample.at(setting.substr(0, dot)).contains(setting.substr(dot + 1))) << setting;
    }
}

TEST(OperationsPage, NamesEveryMetricAndNoOther) {
    EXPECT_EQ(found(page(), "(stafett_[a-z_]+)(?:\\{|`)"),
              found(read("gateway/trace/metrics.cpp"), "\"(stafett_[a-z_]+)\""));
}

TEST(OperationsPage, NamesEveryLogEvent) {
    std::set<std::string> events;
    for (const auto& file : files("gateway/", {".cpp"})) {
        events.merge(found(read(file), "(?:\\.|->)(?:info|warn|error)\\(\\s*\"([a-z_]+)\""));
    }
    EXPECT_GT(events.size(), 8U);
    const std::string text = page();
    for (const auto& event : events) {
        EXPECT_NE(text.find("`" + event + "`"), std::string::npos) << event;
    }
}

}  // namespace
}  // namespace stafett::house
