#include "gateway/security/pack.h"

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>

#include "gateway/base/sha256.h"

namespace stafett::security::testing {
namespace {

const std::string kDocument =
    "<Arende><Omfattning>8,0</Omfattning><Omfattning>8,0</Omfattning><Omfattning>8,0</Omfattning>"
    "</Arende>";
// The same, as zstd alone and as zstd with dictionary 1 have packed it.
constexpr char kWithoutDictionary[] =
    "28b52ffd206575010024023c4172656e64653e3c4f6d666174746e696e673e382c303c2f3c2f4172656e64653e0300"
    "fe34f0126f13cf31";
constexpr char kWithDictionary1[] =
    "28b52ffd22254f65cd0000a3c001d8dffc3ba3b22b04fcaffcb9dc365b143240af068f06";

std::string fileOf(const std::string& name) {
    std::ifstream in(std::string(STAFETT_SOURCE_DIR) + "/" + name, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

TEST(Pack, GivesTheSameBytesBack) {
    for (const auto& plain : {kDocument, std::string(100'000, 'x'), fileOf("README.md")}) {
        const auto packed = pack(plain);
        ASSERT_TRUE(packed);
        EXPECT_LT(packed->size(), plain.size());
        EXPECT_EQ(unpack(*packed), plain);
    }
    EXPECT_FALSE(pack("")) << "nothing is not made smaller";
}

TEST(Pack, OpensForEverWhatWasPackedBefore) {
    EXPECT_EQ(unpack(*fromHex(kWithoutDictionary)), kDocument);
    EXPECT_EQ(unpack(*fromHex(kWithDictionary1)), kDocument);
}

TEST(Pack, ADictionaryInUseIsNeverChanged) {
    EXPECT_EQ(sha256(fileOf("gateway/security/dictionary/1.zdict")).hex(),
              "c6cc81164ac74ef1b67428a8c6d45399cf5f9cb5f8e488029cf215b23e41fd1f");
}

TEST(Pack, RefusesADictionaryItDoesNotHaveAndBytesThatWereCut) {
    auto packed = *fromHex(kWithDictionary1);
    for (std::size_t size = 0; size < packed.size(); ++size) {
        EXPECT_FALSE(unpack(packed.substr(0, size))) << size;
    }
    packed[5] = static_cast<char>(packed[5] ^ 1);  // the dictionary's number
    EXPECT_FALSE(unpack(packed));
}

TEST(Pack, ADocumentOfADialectTakesAThirdOfItsBytes) {
    const auto document = fileOf("tests/bench/documents/remiss.xml");
    ASSERT_GT(document.size(), 3000U);
    EXPECT_LT(pack(document)->size() * 3, document.size());
}

}  // namespace
}  // namespace stafett::security::testing
