#include <gtest/gtest.h>

#include <set>

#include "gateway/base/bytes.h"
#include "gateway/base/clock.h"
#include "gateway/base/error.h"
#include "gateway/base/ids.h"
#include "gateway/base/sha256.h"

using namespace stafett;

TEST(Codes, HaveUniqueIdsAndTextsInBothLanguages) {
    std::set<std::string_view> ids;
    for (std::size_t i = 0; i < codeCount(); ++i) {
        const CodeInfo& code = info(static_cast<Code>(i));
        EXPECT_TRUE(ids.insert(code.id).second) << code.id;
        EXPECT_FALSE(code.what_sv.empty() || code.what_en.empty()) << code.id;
        EXPECT_FALSE(code.todo_sv.empty() || code.todo_en.empty()) << code.id;
        EXPECT_EQ(findCode(code.id), static_cast<Code>(i));
    }
    EXPECT_EQ(findCode("ST-MAP-999"), std::nullopt);
}

TEST(Errors, DescribePlaceAndHintButNoValue) {
    const Error error(Code::CheckCanonicalPath, Place{.path = "person/givn",
                                                      .file = "a.map.json",
                                                      .line = 3,
                                                      .hint = "Nearest: person/given"});
    EXPECT_EQ(describe(error, Language::English),
              "a.map.json:3: ST-CHK-003 the canonical path does not exist [person/givn]. "
              "Nearest: person/given");
}

TEST(Errors, NearestIsOnlyWhatIsNear) {
    EXPECT_EQ(nearest("canonicl", {"wire", "canonical", "as"}), "canonical");
    EXPECT_EQ(nearest("zzzzzzzz", {"wire", "canonical", "as"}), "");
}

TEST(Uuids, AreVersionSevenSortableAndParseBack) {
    const Uuid first = Uuid::make();
    const std::string text = first.text();
    EXPECT_EQ(text.size(), 36U);
    EXPECT_EQ(text[14], '7');
    EXPECT_EQ(Uuid::parse(text), first);
    EXPECT_EQ(Uuid::parse("0198f000-0000-7000-8000-00000000059Ö"), std::nullopt);
    EXPECT_EQ(Uuid::parse(text.substr(1)), std::nullopt);
    std::set<Uuid> many;
    for (int i = 0; i < 10000; ++i) many.insert(Uuid::make());
    EXPECT_EQ(many.size(), 10000U);
}

TEST(Uuids, NamedIsVersionFiveOfRfc9562) {
    // RFC 9562 A.4: DNS namespace, www.example.com
    const auto dns = Uuid::parse("6ba7b810-9dad-11d1-80b4-00c04fd430c8");
    ASSERT_TRUE(dns);
    EXPECT_EQ(dns->named("www.example.com").text(), "2ed6657d-e927-568b-95e1-2665a8aea6a2");
}

TEST(Bytes, Base64UrlAndHexGoThereAndBack) {
    const std::string bytes("\x00\xff\x10 abc", 7);
    for (std::size_t n = 0; n <= bytes.size(); ++n) {
        EXPECT_EQ(fromBase64Url(base64Url(bytes.substr(0, n))), bytes.substr(0, n));
    }
    EXPECT_EQ(base64Url("\xfb\xff"), "-_8");
    EXPECT_EQ(fromBase64Url("-_9"), std::nullopt);  // bits beyond the last byte
    EXPECT_EQ(fromHex(hex(octets(bytes))), bytes);
    EXPECT_EQ(fromHex("0g"), std::nullopt);
}

TEST(Sha256, KnowsTheEmptyStringAndTellsFieldsApart) {
    EXPECT_EQ(sha256("").hex(), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    FieldDigest one;
    FieldDigest two;
    EXPECT_NE(one.add("ab").add("c").finish(), two.add("a").add("bc").finish());
}

TEST(Clock, WritesUtcToTheSecondAndMilli) {
    const Time time{std::chrono::milliseconds(1767225600123)};
    EXPECT_EQ(timeText(time), "2026-01-01T00:00:00Z");
    EXPECT_EQ(timeTextMillis(time), "2026-01-01T00:00:00.123Z");
}
