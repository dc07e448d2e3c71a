#include "gateway/security/index_key.h"

#include <gtest/gtest.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <array>
#include <set>
#include <string>

#include "gateway/base/bytes.h"
#include "gateway/security/mac.h"
#include "ring.h"

namespace stafett::security::testing {

namespace {

const PartyId kMunicipality{"2120000142"};
const PartyId kRegion{"2321000016"};
constexpr auto kPerson = "191212121212";  // an official test number

TEST(IndexKey, TheSameGivesTheSameAndAnyDifferenceAnother) {
    const IndexKey key(ring());
    EXPECT_EQ(key.of(IndexPurpose::Person, {}, {kPerson}),
              IndexKey(ring()).of(IndexPurpose::Person, {}, {kPerson}));

    const std::set<Digest> all{
        key.of(IndexPurpose::Person, {}, {kPerson}),
        key.of(IndexPurpose::Person, kMunicipality, {kPerson}),
        key.of(IndexPurpose::Person, kRegion, {kPerson}),
        key.of(IndexPurpose::Alias, kMunicipality, {kPerson}),
        key.of(IndexPurpose::SenderId, kMunicipality, {kPerson}),
        key.of(IndexPurpose::Alias, kMunicipality, {"arende", "12"}),
        key.of(IndexPurpose::Alias, kMunicipality, {"arende1", "2"}),
        key.of(IndexPurpose::Alias, kMunicipality, {"arende", "1", "2"}),
        key.of(IndexPurpose::Alias, kMunicipality, {"arende12"}),
        key.of(IndexPurpose::Alias, kMunicipality, {}),
        IndexKey(ring(kTurned)).of(IndexPurpose::Person, {}, {kPerson}),
        sha256(kPerson),
    };
    EXPECT_EQ(all.size(), 12U);
}

TEST(IndexKey, ASearchAsksUnderOldKeysToo) {
    const auto stored = IndexKey(ring()).of(IndexPurpose::Person, {}, {kPerson});
    const auto asked = IndexKey(ring(kTurned)).candidates(IndexPurpose::Person, {}, {kPerson});
    ASSERT_EQ(asked.size(), 2U);
    EXPECT_EQ(asked[0], IndexKey(ring(kTurned)).of(IndexPurpose::Person, {}, {kPerson}));
    EXPECT_EQ(asked[1], stored);
    EXPECT_EQ(IndexKey(ring(kDestroyed)).candidates(IndexPurpose::Person, {}, {kPerson}).size(),
              1U);
}

TEST(Hmac, IsHmacSha256OverFieldsLedByTheirLength) {
    const std::string key(20, '\x0b');
    const std::string led = std::string("\0\0\0\0\0\0\0\2Hi\0\0\0\0\0\0\0\5There", 23);
    std::array<unsigned char, 32> expected{};
    unsigned int size = 0;
    ASSERT_NE(HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()), octets(led).data(),
                   led.size(), expected.data(), &size),
              nullptr);
    for (int i = 0; i < 2; ++i) {  // and again, with the thread's own context used before
        EXPECT_EQ(hmacSha256(key, {"Hi", "There"}).bytes, expected);
        hmacSha256("another key", {"x"});
    }
}

}  // namespace

}  // namespace stafett::security::testing
