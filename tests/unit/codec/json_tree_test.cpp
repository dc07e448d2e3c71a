#include "tests/unit/codec/reading.h"

using namespace stafett;
using namespace stafett::codec;

TEST(JsonTree, HoldsEveryKindOfValue) {
    const auto document =
        json(R"( {"a":[1,-0,2.50,1E+2,12345678901234567890123456789012],"b":{"c":"x"},"d":true,
                                   "e":false,"f":null,"":"","g":[],"h":{}} )");
    ASSERT_TRUE(document) << describe(document.error(), Language::English);
    EXPECT_EQ(outline(*document),
              "o =\n a a=\n  n =1\n  n =-0\n  n =2.50\n  n =1E+2\n  n "
              "=12345678901234567890123456789012\n o b=\n  s c=x\n"
              " b d=true\n b e=false\n z f=null\n s =\n a g=\n o h=\n");
}

TEST(JsonTree, ReadsARootThatIsNoContainer) {
    EXPECT_EQ(outline(*json("\"x\\u00e5\"")), "s =xå\n");
    EXPECT_EQ(outline(*json(" 12.0 ")), "n =12.0\n");
    EXPECT_EQ(outline(*json("null")), "z =null\n");
}

TEST(JsonTree, DecodesEscapesAndSurrogatePairs) {
    const auto document = json(R"({"k\u0065y":"\"\\\/\b\f\n\r\t\u00E5\uD83D\uDE00\u0000x"})");
    ASSERT_TRUE(document);
    const Node& node = document->node(document->child(0, "key"));
    EXPECT_EQ(node.text, std::string_view("\"\\/\b\f\n\r\tå😀\0x", 16));
}

TEST(JsonTree, KeysAndStringsAreBroughtIntoNfc) {
    const auto document = json("{\"O\xCC\x88\":\"A\xCC\x8A\",\"b\":\"a\\u030a\"}");
    ASSERT_TRUE(document);
    EXPECT_EQ(outline(*document), "o =\n s Ö=Å\n s b=å\n");
}

TEST(JsonTree, KnowsLineColumnAndPathOfEachNode) {
    const auto document =
        json("{\"entry\":[\n  {\"resource\":{\"id\":\"å\", \"odd/name\":1}},\n  2]}");
    ASSERT_TRUE(document);
    const auto entry = document->child(0, "entry");
    const auto first = document->node(entry).first_child;
    const auto resource = document->child(first, "resource");
    const auto odd = document->child(resource, "odd/name");
    EXPECT_EQ(document->pathOf(0), "");
    EXPECT_EQ(document->pathOf(first), "entry[0]");
    EXPECT_EQ(document->pathOf(document->child(resource, "id")), "entry[0]/resource/id");
    EXPECT_EQ(document->pathOf(odd), "entry[0]/resource/'odd/name'");
    EXPECT_EQ(document->pathOf(document->node(first).next), "entry[1]");
    EXPECT_EQ(document->position(odd).line, 2U);
    EXPECT_EQ(document->position(odd).column, 26U);
}

TEST(JsonTree, EqualKeysAreRefusedInSmallAndLargeObjects) {
    EXPECT_EQ(refusal(json(R"({"a":1,"b":2,"a":3})")), Code::JsonDuplicateKey);
    EXPECT_EQ(refusal(json(R"({"a":1,"\u0061":3})")), Code::JsonDuplicateKey);
    EXPECT_EQ(refusal(json("{\"\xC3\x96\":1,\"O\xCC\x88\":3}")), Code::JsonDuplicateKey);
    EXPECT_EQ(refusal(json(R"({"a":{"x":1},"b":{"x":1}})")), std::nullopt);
    for (const int size : {15, 16, 17, 18, 500}) {
        std::string object = "{";
        for (int i = 0; i < size; ++i) object += "\"k" + std::to_string(i) + "\":0,";
        EXPECT_EQ(refusal(json(object + "\"last\":0}")), std::nullopt) << size;
        for (const int again : {0, size / 2, size - 1}) {
            const auto twice = json(object + "\"k" + std::to_string(again) + "\":0}");
            EXPECT_EQ(refusal(twice), Code::JsonDuplicateKey) << size << " " << again;
        }
    }
}

TEST(JsonTree, AnErrorNamesLineColumnAndPath) {
    const auto twice = json("{\"a\":[1,{\n \"b\":1, \"b\":2}]}");
    ASSERT_FALSE(twice);
    EXPECT_EQ(twice.error().place().path, "a[1]/b");
    EXPECT_EQ(twice.error().place().line, 2U);
    EXPECT_EQ(twice.error().place().column, 9U);
    const auto broken = json("{\"a\":1,\n\"b\":tru}");
    ASSERT_FALSE(broken);
    EXPECT_EQ(broken.error().place().path, "b");
    EXPECT_EQ(broken.error().place().line, 2U);
    const auto control = json("{\"a\":\"x\n\"}");
    ASSERT_FALSE(control);
    EXPECT_EQ(control.error().place().column, 8U);
}

TEST(JsonPrint, IsCompactAndAFixedPoint) {
    const auto document = json(
        " { \"a\" : [ 1.50 , -0 , null , true ] , \"å\\u000a\" : \"\\/\\u00e5\\u0001\\\"\" } ");
    ASSERT_TRUE(document);
    const std::string once = print(*document);
    EXPECT_EQ(once, "{\"a\":[1.50,-0,null,true],\"å\\n\":\"/å\\u0001\\\"\"}");
    EXPECT_EQ(print(*json(once)), once);
    EXPECT_EQ(print(*json("[]")), "[]");
    EXPECT_EQ(print(*json("\"x\"")), "\"x\"");
}
