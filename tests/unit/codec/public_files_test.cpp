#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "tests/unit/codec/reading.h"

using namespace stafett;
using namespace stafett::codec;

/// Other people's XML, where it is at hand: read, printed, and read back the same.
TEST(PublicFiles, AreReadAndPrintToTheSameTree) {
    const char* const given = std::getenv("STAFETT_DATA");
    const std::filesystem::path folder =
        given != nullptr ? std::filesystem::path(given)
                         : std::filesystem::path(STAFETT_SOURCE_DIR) / "../shared/data";
    if (!std::filesystem::is_directory(folder)) GTEST_SKIP() << "STAFETT_DATA is not set";
    int read = 0;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
        const auto extension = entry.path().extension();
        if (extension != ".xml" && extension != ".xsd" && extension != ".wsdl" &&
            extension != ".json")
            continue;
        std::ifstream file(entry.path(), std::ios::binary);
        const std::string bytes((std::istreambuf_iterator<char>(file)), {});
        const bool is_json = extension == ".json";
        const auto document = is_json ? json(bytes) : xml(bytes);
        if (!document && document.error().code() == Code::XmlDoctype)
            continue;  // the signature schema has one
        ASSERT_TRUE(document) << entry.path() << " "
                              << describe(document.error(), Language::English);
        const std::string printed = print(*document);
        const auto again = is_json ? json(printed) : xml(printed);
        ASSERT_TRUE(again) << entry.path() << " " << describe(again.error(), Language::English);
        EXPECT_EQ(outline(*again), outline(*document)) << entry.path();
        ++read;
    }
    EXPECT_GE(read, 10);
}
