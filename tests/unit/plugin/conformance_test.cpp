#include "gateway/plugin/conformance.h"

#include <sstream>

#include "tests/unit/plugin/support.h"

namespace stafett::plugin {
namespace {

struct Told {
    bool good;
    std::string text;
};

Told check(const std::string& file) {
    std::ostringstream out;
    const bool good = checkPlugin(std::filesystem::path(STAFETT_BUILD_DIR) / file, out);
    return {good, out.str()};
}

TEST(Conformance, TheGoodOnePasses) {
    const auto told = check("bad_plugins/good.so");
    EXPECT_TRUE(told.good) << told.text;
    EXPECT_NE(told.text.find("ok     replies ("), std::string::npos);
    EXPECT_NE(told.text.find("The plugin holds the contract."), std::string::npos);
}

TEST(Conformance, TellsWhatAPluginBreaks) {
    const auto throws = check("bad_plugins/throws.so");
    EXPECT_FALSE(throws.good);
    EXPECT_NE(throws.text.find("wrong  reply accepted to 'remiss': the function failed"),
              std::string::npos);
    EXPECT_NE(throws.text.find("wrong  interpret 200"), std::string::npos);
    EXPECT_FALSE(check("bad_plugins/bad_headers.so").good);
    EXPECT_FALSE(check("bad_plugins/writes_without_end.so").good);
    const auto slow = check("bad_plugins/slow.so");
    EXPECT_FALSE(slow.good);
    EXPECT_NE(slow.text.find("calls took longer than 100 ms"), std::string::npos);
}

TEST(Conformance, TellsWhatAPluginSaysWrongly) {
    const auto told = check("bad_plugins/says_wrongly.so");
    EXPECT_FALSE(told.good);
    for (const char* why :
         {"the same input gave another reply", "ST-JSON-001", "the refusal id is not in it",
          "delivered, though the status says no", "a gateway's 5xx must be tried again"}) {
        EXPECT_NE(told.text.find(why), std::string::npos) << why;
    }
}

TEST(Conformance, TellsWhyAPluginIsNotLoaded) {
    const auto told = check("bad_plugins/newer_minor.so");
    EXPECT_FALSE(told.good);
    EXPECT_TRUE(told.text.starts_with("wrong  ")) << told.text;
    EXPECT_NE(told.text.find("ST-PLU-002"), std::string::npos);
}

}  // namespace
}  // namespace stafett::plugin
