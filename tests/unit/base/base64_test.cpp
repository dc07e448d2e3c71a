#include "gateway/base/base64.h"

#include <gmock/gmock.h>

using namespace stafett;
using In = Base64Reader::In;

namespace {

/// What a text says, read in pieces of this size; "!" when it is no whole base64.
std::string said(std::string_view text, In in = In::Text, std::size_t piece = 3) {
    Base64Reader reader(in);
    Bytes out;
    for (std::size_t at = 0; at < text.size(); at += piece) {
        if (!reader.put(text.substr(at, piece), out)) return "!";
    }
    return reader.whole() ? out : "!";
}

}  // namespace

TEST(Base64, WhatIsWrittenIsReadBack) {
    Bytes bytes;
    for (int i = 0; i < 300; ++i) {
        const auto text = base64(bytes);
        EXPECT_EQ(text.size(), base64Size(bytes.size()));
        for (const std::size_t piece : {1U, 2U, 7U, 1000U}) {
            EXPECT_EQ(said(text, In::Text, piece), bytes);
        }
        bytes += static_cast<char>(i * 37);
    }
}

TEST(Base64, KnownTextsAreThemselves) {  // RFC 4648, section 10
    for (const auto& [bytes, text] : {std::pair("f", "Zg=="), std::pair("fo", "Zm8="),
                                      std::pair("foo", "Zm9v"), std::pair("foobar", "Zm9vYmFy")}) {
        EXPECT_EQ(base64(bytes), text);
        EXPECT_EQ(said(text), bytes);
    }
}

TEST(Base64, LineEndsAndSpacesArePassedOver) { EXPECT_EQ(said("\r\nZm9v\n YmFy \t\n"), "foobar"); }

TEST(Base64, WhatIsCutOrHasAStrangerInItIsRefused) {
    for (const auto* text : {"Zm9", "Zm9vY", "Zg=", "Zg", "=", "Z===", "Zg==Zg==", "Zm9v=", "Zm9*",
                             "Zg==x", "Zh==", "Zm9="}) {
        EXPECT_EQ(said(text), "!") << text;
    }
}

TEST(Base64, JsonMayEscapeASlashAndALineEnd) {
    EXPECT_EQ(said(R"(Pz8\/\r\n)", In::JsonString), "??\x3F");
    EXPECT_EQ(said(R"(Pz8\/)", In::Text), "!");
    EXPECT_EQ(said(R"(Pz8\u002F)", In::JsonString), "!");
    EXPECT_EQ(said("Pz8\\", In::JsonString), "!");
}
