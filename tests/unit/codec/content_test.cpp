// The content of attachments is cut out of a body before it is read.
#include "gateway/codec/content.h"

#include <gmock/gmock.h>

#include "gateway/base/base64.h"

using namespace stafett;
using namespace stafett::codec;
using Fault = CutContent::Fault;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

namespace {

constexpr std::uint64_t kMost = 1U << 20;
const std::vector<ContentPlace> kXml = {{"Ärende", "Bilaga", "Data"}};
const std::vector<ContentPlace> kJson = {{"entry", "resource", "input", "data"}};

Cut cutXml(std::string_view body, std::uint64_t most = kMost) {
    return cutContents(body, Format::Xml, kXml, most);
}

Cut cutJson(std::string_view body) { return cutContents(body, Format::Json, kJson, kMost); }

Bytes whole(const CutContent& content, std::size_t piece) {
    Bytes bytes;
    std::size_t lasts = 0;
    readContent(content, piece, [&](std::string_view some, bool last) {
        EXPECT_TRUE(some.size() == piece || last);
        bytes += some;
        lasts += last ? 1 : 0;
        return true;
    });
    EXPECT_EQ(lasts, 1U);
    return bytes;
}

}  // namespace

TEST(CutContents, AMarkWithTheDigestStandsWhereTheContentStood) {
    const std::string body = "<Ärende><Bilaga typ='a>b'><Namn>x</Namn><Data>" + base64("hej") +
                             "</Data></Bilaga></Ärende>";
    const auto cut = cutXml(body);
    ASSERT_THAT(cut.contents, SizeIs(1));
    EXPECT_EQ(cut.contents[0].fault, Fault::None);
    EXPECT_EQ(cut.contents[0].size, 3U);
    EXPECT_EQ(cut.contents[0].sha256, sha256("hej"));
    EXPECT_EQ(cut.body, "<Ärende><Bilaga typ='a>b'><Namn>x</Namn><Data>" +
                            contentMark({}, sha256("hej").hex()) + "</Data></Bilaga></Ärende>");
    EXPECT_EQ(withContents(cut.body, cut.contents), body);
}

TEST(CutContents, EnvelopesPrefixesAndEncodingsDoNotHideAPlace) {
    const auto data = base64("hej");
    for (const auto& body :
         {"<s:Envelope><s:Body><Ärende><Bilaga><Data>" + data +
              "</Data></Bilaga></Ärende></s:Body></s:Envelope>",
          "<k:Ärende><k:Bilaga ><k:Data a=\"1\">" + data + "</k:Data></k:Bilaga></k:Ärende>",
          "<?xml version='1.0' encoding='ISO-8859-1'?><\xC4rende><Bilaga><Data>" + data +
              "</Data></Bilaga></\xC4rende>"}) {
        EXPECT_THAT(cutXml(body).contents, SizeIs(1)) << body;
    }
}

TEST(CutContents, WhatOnlyLooksLikeThePlaceStays) {
    const auto data = base64("hej");
    for (const auto& body :
         {"<Ärende><Data>" + data + "</Data></Ärende>",
          "<Ärende><Bilaga><X><Data>" + data + "</Data></X></Bilaga></Ärende>",
          "<Ärende><!-- <Bilaga><Data>" + data + "</Data></Bilaga> --></Ärende>",
          "<Ärende><![CDATA[<Bilaga><Data>" + data + "</Data></Bilaga>]]></Ärende>",
          "<Ärende><Bilaga Data='<Data>" + data + "'/></Ärende>",
          "<!DOCTYPE x><Ärende><Bilaga><Data>" + data + "</Data></Bilaga></Ärende>",
          "<Ärende><Bilaga><Data/>" + data + "</Bilaga></Ärende>"}) {
        const auto cut = cutXml(body);
        EXPECT_THAT(cut.contents, IsEmpty()) << body;
        EXPECT_EQ(cut.body, body);
    }
}

TEST(CutContents, WhatIsNoContentLeavesAMarkThatSaysWhy) {
    const auto fault = [](const std::string& data, std::uint64_t most = kMost) {
        const auto cut =
            cutXml("<Ärende><Bilaga><Data>" + data + "</Data></Bilaga></Ärende>", most);
        EXPECT_EQ(cut.contents.size(), 1U);
        const auto at = cut.body.find(kContentMark);
        EXPECT_NE(at, std::string::npos) << cut.body;
        EXPECT_EQ(faultOf(std::string_view(cut.body).substr(at)), cut.contents[0].fault);
        return cut.contents[0].fault;
    };
    EXPECT_EQ(fault("aGVq"), Fault::None);
    EXPECT_EQ(fault(""), Fault::Empty);
    EXPECT_EQ(fault(" \r\n "), Fault::Empty);
    EXPECT_EQ(fault("aGV"), Fault::NotBase64);
    EXPECT_EQ(fault("aGVq&#10;"), Fault::NotBase64);
    EXPECT_EQ(fault("aGVq<!-- -->"), Fault::None) << "a comment behind it says nothing";
    EXPECT_EQ(fault("<![CDATA[aGVq]]>"), Fault::Empty);
    EXPECT_EQ(fault(base64("four"), 4), Fault::None);
    EXPECT_EQ(fault(base64("five5"), 4), Fault::TooLarge);
    EXPECT_EQ(fault("stafett-content:" + sha256("hej").hex()), Fault::NotBase64)
        << "a mark of the sender's own is no content";
}

TEST(CutContents, AContentIsReadInPiecesHoweverLongItIs) {
    for (const std::size_t size : {1U, 2U, 3U, 62U, 63U, 64U, 126U, 100'000U}) {
        Bytes bytes;
        for (std::size_t i = 0; i < size; ++i) bytes += static_cast<char>(i * 31 + i / 256);
        const auto body =
            "<Ärende><Bilaga><Data>" + base64(bytes) + "\n \n</Data></Bilaga></Ärende>";
        const auto cut = cutXml(body);
        ASSERT_THAT(cut.contents, SizeIs(1));
        EXPECT_EQ(cut.contents[0].size, size);
        EXPECT_EQ(cut.contents[0].sha256, sha256(bytes));
        for (const std::size_t piece : {std::size_t{1}, std::size_t{63}, std::size_t{64'512}}) {
            EXPECT_TRUE(whole(cut.contents[0], piece) == bytes) << size << " by " << piece;
        }
    }
}

TEST(CutContents, JsonIsFollowedByItsNamesThroughArrays) {
    const auto data = base64("hej");
    const auto cut = cutJson(R"({"data":"aaaa","entry":[{"resource":{"id":"x"}},{"resource":)"
                             R"({"text":{"data":"bbbb"},"input":[{"data":")" +
                             data + R"(","b":[1,"c"]},{"x":{"y":"z"},"data":")" + data +
                             R"("}],"data":"dddd"}}]})");
    EXPECT_THAT(cut.contents, SizeIs(2));
    EXPECT_THAT(cut.body, HasSubstr(R"("data":"aaaa")"));
    EXPECT_THAT(cut.body, HasSubstr(R"("data":"bbbb")"));
    EXPECT_THAT(cut.body, HasSubstr(R"("data":"dddd")"));
}

TEST(CutContents, JsonEscapesInAContentAreReadAndStructureThatIsNoneIsLeft) {
    const auto cut = cutJson(R"({"entry":{"resource":{"input":{"data":"Pz8\/\r\n"}}}})");
    ASSERT_THAT(cut.contents, SizeIs(1));
    EXPECT_EQ(cut.contents[0].sha256, sha256("???"));
    for (const auto* body : {R"({"entry":{"resource":{"input":{"data":"Zm9v)",
                             R"(]{"entry":{"resource":{"input":{"data":"Zm9v"}}}})",
                             R"({"entry":[}"resource":{"input":{"data":"Zm9v"}}})"}) {
        EXPECT_THAT(cutJson(body).contents, IsEmpty()) << body;
        EXPECT_EQ(cutJson(body).body, body);
    }
}

TEST(CutContents, TellsTextFromWhatIsNone) {
    const auto text = [](std::string_view bytes) {
        const auto body = "<Ärende><Bilaga><Data>" + base64(bytes) + "</Data></Bilaga></Ärende>";
        const auto cut = cutXml(body);
        return cut.contents.at(0).is_text;
    };
    EXPECT_TRUE(text("Hej på dig\r\n\tdu\f"));
    EXPECT_TRUE(text("latin \xE5\xE4\xF6"));
    EXPECT_FALSE(text(std::string("a\0b", 3)));
    EXPECT_FALSE(text("\x1B[31m"));
}
