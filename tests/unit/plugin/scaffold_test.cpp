#include "gateway/plugin/scaffold.h"

#include <unistd.h>

#include <cstdlib>
#include <sstream>

#include "gateway/plugin/conformance.h"
#include "tests/unit/plugin/support.h"

namespace stafett::plugin {
namespace {

namespace fs = std::filesystem;

class Scaffold : public ::testing::Test {
protected:
    void SetUp() override {
        root_ = fs::temp_directory_path() / ("stafett-scaffold-" + std::to_string(::getpid()));
        fs::create_directories(root_ / "plugins");
        std::ofstream(root_ / "plugins" / "CMakeLists.txt")
            << "# The register.\nadd_subdirectory(alpha)\nadd_subdirectory(zeta)\n";
    }
    void TearDown() override { fs::remove_all(root_); }
    std::string make(const std::string& name) {
        out_.str("");
        const auto made = makePlugin(root_, name, out_);
        return made ? "made" : std::string(made.error().info().id);
    }
    fs::path root_;
    std::ostringstream out_;
};

TEST_F(Scaffold, MakesTwoFoldersAndOneLine) {
    ASSERT_EQ(make("skola"), "made");
    EXPECT_EQ(
        readFile(root_ / "plugins/CMakeLists.txt"),
        "# The "
        "register.\nadd_subdirectory(alpha)\nadd_subdirectory(skola)\nadd_subdirectory(zeta)\n");
    EXPECT_EQ(readFile(root_ / "plugins/skola/CMakeLists.txt"), "stafett_add_plugin(skola)\n");
    for (const char* file :
         {"plugins/skola/README.md", "plugins/skola/dialect.md", "plugins/skola/manifest.json",
          "plugins/skola/cases/remiss_first/wire.json", "mappings/skola/remiss.map.json",
          "mappings/skola/remiss.test.json", "mappings/skola/codes/reason.json"}) {
        EXPECT_FALSE(readFile(root_ / file).empty()) << file;
        EXPECT_EQ(readFile(root_ / file).find("NAME"), std::string::npos) << file;
        EXPECT_NE(out_.str().find(file), std::string::npos) << file;
    }
}

TEST_F(Scaffold, RefusesNamesAndTouchesNothingThatIsThere) {
    for (const char* name : {"", "Skola", "sko-la", "1a", "../x", "a/b", "skolå"}) {
        EXPECT_EQ(make(name), "ST-CLI-001") << name;
    }
    ASSERT_EQ(make("skola"), "made");
    std::ofstream(root_ / "plugins/skola/manifest.json") << "mine";
    EXPECT_EQ(make("skola"), "ST-CLI-001");
    EXPECT_EQ(readFile(root_ / "plugins/skola/manifest.json"), "mine");
    fs::remove(root_ / "plugins/CMakeLists.txt");
    EXPECT_EQ(make("annan"), "ST-CLI-003");
    EXPECT_FALSE(fs::exists(root_ / "plugins/annan"));
}

TEST_F(Scaffold, WhatItMakesBuildsAndHoldsTheContract) {
    ASSERT_EQ(make("skola"), "made");
    const std::string source = STAFETT_SOURCE_DIR, folder = (root_ / "plugins/skola").string();
    const auto library = root_ / "skola.so";
    const std::string build =
        "cmake -DIN=" + folder + "/manifest.json -DOUT=" + folder + "/manifest.h -P " + source +
        "/cmake/embed-manifest.cmake && c++ -std=c++20 -O1 -fPIC -shared -fvisibility=hidden -I" +
        folder + " -I" + source + " " + source + "/cmake/declared_plugin.cpp -o " +
        library.string() + " -Wl,-z,now -Wl,-z,defs -Wl,--version-script=" + source +
        "/cmake/plugin.map";
    ASSERT_EQ(std::system(build.c_str()), 0);
    std::ostringstream told;
    EXPECT_TRUE(checkPlugin(library, told)) << told.str();
    const auto registry = Registry::load({{library}}, Profile::Dev);
    ASSERT_TRUE(registry);
    const std::string wire = readFile(root_ / "plugins/skola/cases/remiss_first/wire.json");
    const Headers headers = {{"Content-Type", "application/json; charset=utf-8"}};
    const auto decoded =
        registry->find({"skola"})->decode({"POST", "/skola/remiss", "", &headers, wire});
    ASSERT_TRUE(decoded);
    EXPECT_EQ(decoded->form.value, "remiss");
}

}  // namespace
}  // namespace stafett::plugin
