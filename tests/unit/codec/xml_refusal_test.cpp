#include "tests/unit/codec/reading.h"

using namespace stafett;
using namespace stafett::codec;

namespace {

struct Case {
    const char* what;
    std::string bytes;
    Code code = Code::XmlMalformed;
};

/// Written from the productions and constraints of XML 1.0 (5th edition) and Namespaces in XML 1.0.
const std::vector<Case>& illFormed() {
    static const std::vector<Case> cases = {
        {"nothing", ""},
        {"only blank", " \n"},
        {"only text", "text"},
        {"only a declaration", "<?xml version=\"1.0\"?>"},
        {"only a comment", "<!-- a -->"},
        {"no end tag", "<a>"},
        {"no start tag", "</a>"},
        {"another end tag", "<a></b>"},
        {"an end tag in another case", "<a></A>"},
        {"crossed tags", "<a><b></a></b>"},
        {"two roots", "<a/><b/>"},
        {"text before the root", "x<a/>"},
        {"text behind the root", "<a/>x"},
        {"CDATA behind the root", "<a/><![CDATA[x]]>"},
        {"a reference behind the root", "<a/>&#32;"},
        {"an end tag behind the root", "<a/></a>"},
        {"a cut tag", "<a"},
        {"a cut end tag", "<a></a"},
        {"space before a name", "< a/>"},
        {"space before the name of an end tag", "<a></ a>"},
        {"space inside an empty tag", "<a/ >"},
        {"a name that begins with a digit", "<1a/>"},
        {"a name that begins with a hyphen", "<-a/>"},
        {"a name that begins with a point", "<.a/>"},
        {"a name with a strange character", "<a$b/>"},
        {"an end tag with an attribute", "<a></a b='1'>"},
        {"an attribute without value", "<a b/>"},
        {"an attribute without quotes", "<a b=1/>"},
        {"an attribute with one quote", "<a b='1/>"},
        {"an attribute with two kinds of quotes", "<a b='1\"/>"},
        {"attributes without space between", "<a b='1'c='2'/>"},
        {"an attribute twice", "<a b='1' b='2'/>"},
        {"< in an attribute", "<a b='<'/>"},
        {"& alone in an attribute", "<a b='x & y'/>"},
        {"& alone in text", "<a>x & y</a>"},
        {"a reference without its end", "<a>&amp</a>"},
        {"an entity nobody declared", "<a>&nbsp;</a>"},
        {"an entity nobody declared, in an attribute", "<a b='&x;'/>"},
        {"a reference to no character", "<a>&#;</a>"},
        {"a reference in bad hex", "<a>&#xG;</a>"},
        {"a reference with a capital X", "<a>&#X41;</a>"},
        {"a reference to NUL", "<a>&#0;</a>"},
        {"a reference to U+0001", "<a>&#1;</a>"},
        {"a reference to U+000B", "<a>&#x0B;</a>"},
        {"a reference to a surrogate", "<a>&#xD800;</a>"},
        {"a reference to U+FFFE", "<a>&#xFFFE;</a>"},
        {"a reference beyond Unicode", "<a>&#x110000;</a>"},
        {"U+0001", "<a>\x01</a>"},
        {"U+001F in an attribute", "<a b='\x1F'/>"},
        {"U+000C in a comment", "<a><!-- \x0C --></a>"},
        {"NUL", std::string("<a>\0</a>", 8)},
        {"NUL behind the root", std::string("<a/>\0", 5)},
        {"U+FFFF", "<a>\xEF\xBF\xBF</a>"},
        {"]]> in text", "<a>]]></a>"},
        {"CDATA without its end", "<a><![CDATA[x</a>"},
        {"CDATA in small letters", "<a><![cdata[x]]></a>"},
        {"CDATA inside a tag", "<a <![CDATA[x]]>/>"},
        {"-- in a comment", "<a><!-- x -- y --></a>"},
        {"a comment that ends in --->", "<a><!-- x ---></a>"},
        {"a comment without its end", "<a><!-- x</a>"},
        {"a comment inside a tag", "<a <!-- x -->/>"},
        {"an instruction without its end", "<a><?pi x</a>"},
        {"an instruction without a name", "<a><? x?></a>"},
        {"an instruction called xml", "<a><?xml version='1.0'?></a>"},
        {"an instruction called XML", "<?XML version='1.0'?><a/>"},
        {"a declaration behind a blank", " <?xml version='1.0'?><a/>"},
        {"a declaration without version", "<?xml encoding='UTF-8'?><a/>"},
        {"a declaration in the wrong order", "<?xml encoding='UTF-8' version='1.0'?><a/>"},
        {"standalone before encoding",
         "<?xml version='1.0' standalone='yes' encoding='UTF-8'?><a/>"},
        {"standalone that is neither", "<?xml version='1.0' standalone='maybe'?><a/>"},
        {"a declaration with something more", "<?xml version='1.0' more='x'?><a/>"},
        {"a declaration without its question mark", "<?xml version='1.0'><a/>"},
        {"a declaration without blanks", "<?xml version='1.0'encoding='UTF-8'?><a/>"},
        {"a declaration in capitals", "<?xml VERSION='1.0'?><a/>"},
        {"an element declaration in the body", "<a><!ELEMENT a ANY></a>"},
        {"a prefix nobody declared", "<x:a/>"},
        {"a prefix nobody declared, on an attribute", "<a x:b='1'/>"},
        {"a prefix declared inside only", "<a><b xmlns:x='u'/><x:c/></a>"},
        {"a prefix declared empty", "<a xmlns:x=''/>"},
        {"two colons in a name", "<a:b:c xmlns:a='u'/>"},
        {"a name that begins with a colon", "<:a/>"},
        {"a name that ends with a colon", "<a: xmlns:a='u'/>"},
        {"the same attribute by two prefixes", "<a xmlns:x='u' xmlns:y='u' x:b='1' y:b='2'/>"},
        {"the prefix xml bound to something else", "<a xmlns:xml='u'/>"},
        {"another prefix bound to the xml namespace",
         "<a xmlns:x='http://www.w3.org/XML/1998/namespace'/>"},
        {"the prefix xmlns declared", "<a xmlns:xmlns='u'/>"},
        {"two attributes that are the same in NFC", "<a \xC3\xA5='1' a\xCC\x8A='2'/>"},
        {"version 1.1", "<?xml version='1.1'?><a/>", Code::XmlVersion},
        {"version 2.0", "<?xml version='2.0'?><a/>", Code::XmlVersion},
        {"version 1.00", "<?xml version='1.00'?><a/>", Code::XmlVersion},
        {"an empty DOCTYPE", "<!DOCTYPE a><a/>", Code::XmlDoctype},
        {"an external DTD", "<!DOCTYPE a SYSTEM 'http://127.0.0.1:9/x.dtd'><a/>", Code::XmlDoctype},
        {"an external entity", "<!DOCTYPE a [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><a>&x;</a>",
         Code::XmlDoctype},
        {"a parameter entity", "<!DOCTYPE a [<!ENTITY % x SYSTEM 'file:///etc/passwd'> %x;]><a/>",
         Code::XmlDoctype},
        {"an entity in an attribute", "<!DOCTYPE a [<!ENTITY x 'y'>]><a b='&x;'/>",
         Code::XmlDoctype},
        {"DOCTYPE behind the root", "<a/><!DOCTYPE a>"},
        {"overlong UTF-8", "<a>\xC0\xAF</a>", Code::EncodingInvalid},
        {"overlong UTF-8 in three bytes", "<a>\xE0\x80\xAF</a>", Code::EncodingInvalid},
        {"a surrogate in UTF-8", "<a>\xED\xA0\x80</a>", Code::EncodingInvalid},
        {"a lone continuation byte", "<a>\x80</a>", Code::EncodingInvalid},
        {"a cut character", "<a>\xC3</a>", Code::EncodingInvalid},
        {"beyond Unicode in UTF-8", "<a>\xF4\x90\x80\x80</a>", Code::EncodingInvalid},
    };
    return cases;
}

}  // namespace

TEST(XmlReader, RefusesWhatIsNotWellFormed) {
    EXPECT_GE(illFormed().size(), 60U);
    for (const Case& one : illFormed()) EXPECT_EQ(refusal(xml(one.bytes)), one.code) << one.what;
}

TEST(XmlReader, AcceptsWhatIsWellFormedButUnusual) {
    for (const char* bytes : {"<a/>",
                              "<?xml version=\"1.0\"?><a/>",
                              "<?xml version='1.0' standalone='no'?>\n<a/>\n",
                              "<?xml version = '1.0' encoding = 'utf-8' standalone = 'yes' ?><a/>",
                              "<!-- x --><?pi?><a/><?pi y?><!-- z -->",
                              "<a\n b\t=\r'1'\n/>",
                              "<a></a\n>",
                              "<_a.b-c1/>",
                              "<a b='>'/>",
                              "<a>></a>",
                              "<a>]]&gt;</a>",
                              "<a>&#x10FFFF;&#9;</a>",
                              "<a><![CDATA[<b>&amp;]]]]></a>",
                              "<a xmlns=''/>",
                              "<x:a xmlns:x='u'/>",
                              "<a x:b='1' xmlns:x='u'/>",
                              "<a><?xml-stylesheet x?></a>",
                              "<Överlämning åäö='Ä'/>",
                              "<日本語/>",
                              "<a xmlns:xi='http://www.w3.org/2001/XInclude'><xi:include "
                              "href='file:///etc/passwd'/></a>"}) {
        const auto document = xml(bytes);
        EXPECT_TRUE(document) << bytes << " "
                              << (document ? "" : describe(document.error(), Language::English));
    }
}

TEST(XmlReader, FetchesNothingForXInclude) {
    const auto document = xml("<a xmlns:xi='urn:x'><xi:include href='file:///etc/passwd'/></a>");
    ASSERT_TRUE(document);
    EXPECT_EQ(outline(*document), "e a=\n e urn:x|include=\n  @ href=file:///etc/passwd\n");
}

TEST(XmlReader, NamesLineColumnAndPlaceOfAnError) {
    const auto broken = xml("<Ärende>\n <Person>å</Persn>\n</Ärende>");
    ASSERT_FALSE(broken);
    EXPECT_EQ(broken.error().place().line, 2U);
    EXPECT_EQ(broken.error().place().column, 13U);
    EXPECT_EQ(broken.error().place().path, "Person");
    const auto invalid = xml("<a>\nxå\xFF</a>");
    ASSERT_FALSE(invalid);
    EXPECT_EQ(invalid.error().place().line, 2U);
    EXPECT_EQ(invalid.error().place().column, 3U);
}

TEST(XmlReader, ReadsOnAsUsualAfterARefusal) {
    for (const Case& one : illFormed()) {
        ASSERT_FALSE(xml(one.bytes));
        const auto good = xml("<a xmlns:x='u' x:b='1'>text</a>");
        ASSERT_TRUE(good) << one.what;
        EXPECT_EQ(outline(*good), "e a=text\n @ u|b=1\n") << one.what;
    }
}

TEST(XmlReader, RefusesEntityBombsAtOnce) {
    std::string laughs = "<!DOCTYPE a [<!ENTITY a0 'ha'>";
    for (int i = 1; i < 40; ++i) {
        const std::string before = "&a" + std::to_string(i - 1) + ";";
        laughs += "<!ENTITY a" + std::to_string(i) + " '" + before + before + "'>";
    }
    EXPECT_EQ(refusal(xml(laughs + "]><a>&a39;</a>")), Code::XmlDoctype);
    std::string quadratic = "<!DOCTYPE a [<!ENTITY x '" + std::string(50'000, 'x') + "'>]><a>";
    for (int i = 0; i < 10'000; ++i) quadratic += "&x;";
    EXPECT_EQ(refusal(xml(quadratic + "</a>")), Code::XmlDoctype);
}

// --- limits, each at N and N + 1

namespace {

std::string nested(std::size_t depth) {
    std::string bytes;
    for (std::size_t i = 0; i < depth; ++i) bytes += "<a>";
    for (std::size_t i = 0; i < depth; ++i) bytes += "</a>";
    return bytes;
}
std::string withAttributes(std::size_t count) {
    std::string bytes = "<a";
    for (std::size_t i = 0; i < count; ++i) bytes += " b" + std::to_string(i) + "=''";
    return bytes + "/>";
}
std::string siblings(std::size_t count) {
    std::string bytes = "<a>";
    for (std::size_t i = 0; i < count; ++i) bytes += "<b/>";
    return bytes + "</a>";
}

}  // namespace

TEST(XmlLimits, HoldAtTheLimitAndOneBeyond) {
    const auto judge = [](const std::string& bytes) { return refusal(xml(bytes)); };
    EXPECT_EQ(judge(nested(100)), std::nullopt);
    EXPECT_EQ(judge(nested(101)), Code::XmlLimit);
    EXPECT_EQ(judge(withAttributes(64)), std::nullopt);
    EXPECT_EQ(judge(withAttributes(65)), Code::XmlLimit);
    EXPECT_EQ(judge(siblings(49'999)), std::nullopt);
    EXPECT_EQ(judge(siblings(50'000)), Code::XmlLimit);
    EXPECT_EQ(judge("<" + std::string(256, 'n') + "/>"), std::nullopt);
    EXPECT_EQ(judge("<" + std::string(257, 'n') + "/>"), Code::XmlLimit);
    EXPECT_EQ(judge("<a " + std::string(256, 'n') + "=''/>"), std::nullopt);
    EXPECT_EQ(judge("<a " + std::string(257, 'n') + "=''/>"), Code::XmlLimit);
    const std::size_t value = 256U << 10;
    EXPECT_EQ(judge("<a>" + std::string(value, 'x') + "</a>"), std::nullopt);
    EXPECT_EQ(judge("<a>" + std::string(value + 1, 'x') + "</a>"), Code::XmlLimit);
    EXPECT_EQ(judge("<a b='" + std::string(value, 'x') + "'/>"), std::nullopt);
    EXPECT_EQ(judge("<a b='" + std::string(value + 1, 'x') + "'/>"), Code::XmlLimit);
    EXPECT_EQ(judge("<a>" + std::string(value, 'x') + "<b/>y</a>"), Code::XmlLimit);
    const std::size_t bytes = 1U << 20;
    EXPECT_EQ(judge("<a/>" + std::string(bytes - 4, ' ')), std::nullopt);
    EXPECT_EQ(judge("<a/>" + std::string(bytes - 3, ' ')), Code::XmlLimit);
}

TEST(XmlLimits, CountAttributesAsNodes) {
    ReadOptions options;
    options.limits.nodes = 4;
    EXPECT_EQ(refusal(xml("<a b='1' c='2'><d/></a>", options)), std::nullopt);
    EXPECT_EQ(refusal(xml("<a b='1' c='2'><d e=''/></a>", options)), Code::XmlLimit);
}

TEST(XmlLimits, HoldForNamespacesAndCombiningMarks) {
    std::string spaces = "<a>";
    for (int i = 0; i < 300; ++i) spaces += "<b xmlns='urn:" + std::to_string(i) + "'/>";
    EXPECT_EQ(refusal(xml(spaces + "</a>")), Code::XmlLimit);
    std::string marks = "<a>x";
    for (int i = 0; i < 64; ++i) marks += "\xCC\x88";
    EXPECT_EQ(refusal(xml(marks + "</a>")), std::nullopt);
    EXPECT_EQ(refusal(xml(marks + "\xCC\x88</a>")), Code::XmlLimit);
}

TEST(XmlLimits, AreKeptWhileReading) {
    ReadOptions options;
    options.limits.bytes = 64U << 20;
    EXPECT_EQ(refusal(xml(nested(1'000'000), options)), Code::XmlLimit);
    EXPECT_EQ(refusal(xml(withAttributes(200'000), options)), Code::XmlLimit);
    EXPECT_EQ(refusal(xml(siblings(1'000'000), options)), Code::XmlLimit);
    EXPECT_EQ(refusal(xml("<a b='" + std::string(50U << 20, 'x') + "'/>", options)),
              Code::XmlLimit);
}
