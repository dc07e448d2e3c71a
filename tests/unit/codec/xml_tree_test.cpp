#include <sys/resource.h>

#include "tests/unit/codec/reading.h"

using namespace stafett;
using namespace stafett::codec;

TEST(XmlTree, HoldsAttributesBeforeElementsAndTextInOrder) {
    const auto document = xml(
        "<?xml version='1.0'?>\n<Ärende Id=\"7\" Typ='R &amp; å'>\n  <Person><Förnamn>Åsa</Förnamn>"
        "</Person>\n  <Tom/><Blank> </Blank>\n</Ärende>\n");
    ASSERT_TRUE(document) << describe(document.error(), Language::English);
    EXPECT_EQ(
        outline(*document),
        "e Ärende=\n @ Id=7\n @ Typ=R & å\n e Person=\n  e Förnamn=Åsa\n e Tom=\n e Blank= \n");
    EXPECT_EQ(document->root().name_hash, nameHash("Ärende"));
    EXPECT_EQ(document->node(document->child(0, "Tom")).name, "Tom");
    EXPECT_EQ(document->child(0, "Saknas"), kNoNode);
}

TEST(XmlTree, CommentsInstructionsAndCdataDoNotSplitAValue) {
    const auto document = xml("<a><b>x<!-- nej -->y<?pi z?><![CDATA[<&]]>&lt;&#229;</b></a>");
    ASSERT_TRUE(document);
    EXPECT_EQ(outline(*document), "e a=\n e b=xy<&<å\n");
}

TEST(XmlTree, MixedTextIsKeptWholeAndBlankTextBetweenElementsIsNot) {
    const auto mixed = xml("<a> x <b>1</b>y<b>2</b> z</a>");
    ASSERT_TRUE(mixed);
    EXPECT_EQ(outline(*mixed), "e a= x y z\n e b=1\n e b=2\n");
    const auto blank = xml("<a> <b>1</b>\t<b>2</b>\r\n</a>");
    ASSERT_TRUE(blank);
    EXPECT_EQ(outline(*blank), "e a=\n e b=1\n e b=2\n");
}

TEST(XmlTree, LineEndsAndAttributeSpaceAreNormalised) {
    const auto document = xml("<a v='1\r\n2\t3'>x\r\ny\rz&#13;</a>");
    ASSERT_TRUE(document);
    EXPECT_EQ(outline(*document), "e a=x\ny\nz\r\n @ v=1 2 3\n");
}

TEST(XmlTree, NamespacesAreResolvedAndTheirDeclarationsAreNoNodes) {
    const auto document = xml(
        "<s:a xmlns:s='urn:s' xmlns='urn:d' s:x='1' y='2' xml:lang='sv'><b xmlns=''/><c/></s:a>");
    ASSERT_TRUE(document);
    EXPECT_EQ(outline(*document),
              "e urn:s|a=\n @ urn:s|x=1\n @ y=2\n @ http://www.w3.org/XML/1998/namespace|lang=sv\n"
              " e b=\n e urn:d|c=\n");
}

TEST(XmlTree, NameAndTextAreBroughtIntoNfc) {
    const auto document =
        xml("<O\xCC\x88verl\xC3\xA4mning v='a\xCC\x8A'>A\xCC\x8Asa "
            "&#79;&#776;</O\xCC\x88verl\xC3\xA4mning>");
    ASSERT_TRUE(document);
    EXPECT_EQ(outline(*document), "e Överlämning=Åsa Ö\n @ v=å\n");
    EXPECT_EQ(document->root().name_hash, nameHash("Överlämning"));
    // the sign of ohm, the sign of ångström and an en quad are in the block of dashes and quotes
    const auto signs = xml("<a>\u2126\u212B\u2000 \u2013\u201D\u20AC</a>");
    ASSERT_TRUE(signs);
    EXPECT_EQ(signs->root().text, "\u03A9\u00C5\u2002 \u2013\u201D\u20AC");
}

TEST(XmlTree, KnowsLineColumnAndPathOfEachNode) {
    const auto document =
        xml("<Ärende>\n  <åä/><Mål nr='1'/>\n  <Mål nr='2'><Del/></Mål>\n</Ärende>");
    ASSERT_TRUE(document);
    const auto goal = document->child(0, "Mål");
    const auto second = document->node(goal).next;
    const auto part = document->child(second, "Del");
    EXPECT_EQ(document->position(goal).line, 2U);
    EXPECT_EQ(document->position(goal).column, 8U);
    EXPECT_EQ(document->position(part).line, 3U);
    EXPECT_EQ(document->position(part).column, 15U);
    EXPECT_EQ(document->pathOf(0), "Ärende");
    EXPECT_EQ(document->pathOf(document->child(0, "åä")), "åä");
    EXPECT_EQ(document->pathOf(goal), "Mål[0]");
    EXPECT_EQ(document->pathOf(document->child(second, "nr")), "Mål[1]/@nr");
    EXPECT_EQ(document->pathOf(part), "Mål[1]/Del");
}

TEST(XmlTree, PathsHideNumbersThatStandAsNames) {
    const auto document = xml("<a><p19121212-1212/></a>");
    ASSERT_TRUE(document);
    EXPECT_EQ(document->pathOf(document->root().first_child), "p########-####");
}

TEST(XmlTree, ManyPiecesOfTextBetweenElementsCostNoMoreThanTheirLength) {
    const auto peak_kib = [] {
        rusage usage{};
        getrusage(RUSAGE_SELF, &usage);
        return usage.ru_maxrss;
    };
    std::string bytes = "<a>" + std::string(100'000, 'x');
    for (int i = 0; i < 20'000; ++i) bytes += "<b>1</b>y";
    const auto before = peak_kib();
    const auto document = xml(bytes + "</a>");
    ASSERT_TRUE(document);
    EXPECT_EQ(document->root().text.size(), 120'000U);
    EXPECT_LT(peak_kib() - before, 64 * 1024);  // copied for each piece it would be two gigabytes
}

TEST(XmlPrint, IsAFixedPoint) {
    for (const char* bytes :
         {"<a/>", "<a> x <b>1</b>y</a>", "<a b='&#10;&#9;&#13;&quot;&lt;'>&#13;&amp;]]&gt;</a>",
          "<s:a xmlns:s='urn:s' xmlns='urn:d' s:x='1' y='2' xml:lang='sv'><b xmlns=''/><c/></s:a>",
          "<a xmlns='urn:1'><a xmlns='urn:2' xmlns:p='urn:1' p:x='1'/></a>",
          "<a xmlns:p='urn:1'><p:b/><c xmlns:p='urn:2'><p:d/></c></a>", "<a>  </a>"}) {
        const auto document = xml(bytes);
        ASSERT_TRUE(document) << bytes;
        const std::string once = print(*document);
        const auto again = xml(once);
        ASSERT_TRUE(again) << once;
        EXPECT_EQ(outline(*again), outline(*document)) << once;
        EXPECT_EQ(print(*again), once);
    }
}

TEST(XmlPrint, WritesBackWhatWasWrittenWithItsNamespacesOnTheRoot) {
    const std::string written =
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?><r:Remiss xmlns:r=\"urn:r\" xmlns:t=\"urn:t\" "
        "xmlns:x=\"urn:unused\">"
        "<r:id t:a=\"1\">5 &gt; 4</r:id><r:tom/></r:Remiss>";
    const auto document = xml(written);
    ASSERT_TRUE(document);
    EXPECT_EQ(print(*document), written);
}
