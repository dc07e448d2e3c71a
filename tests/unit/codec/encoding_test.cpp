#include <array>

#include "tests/unit/codec/reading.h"

using namespace stafett;
using namespace stafett::codec;

namespace {

constexpr std::array kBoth = {Encoding::Latin1, Encoding::Windows1252};

ReadOptions allowing(std::span<const Encoding> allowed, std::string_view charset = {}) {
    ReadOptions options;
    options.allowed = allowed;
    options.charset = charset;
    return options;
}

std::string declared(std::string_view encoding, std::string_view body) {
    return "<?xml version=\"1.0\" encoding=\"" + std::string(encoding) + "\"?>" + std::string(body);
}

std::string utf16(std::u16string_view text, bool big) {
    std::string bytes;
    for (const char16_t unit : text) {
        const auto low = static_cast<char>(unit & 0xFF);
        const auto high = static_cast<char>(unit >> 8);
        bytes += big ? high : low;
        bytes += big ? low : high;
    }
    return bytes;
}

std::string textOf(const Result<Document>& document) {
    return document ? std::string(document->root().text) : std::string(document.error().info().id);
}

}  // namespace

TEST(Encodings, AreKnownByNameAndAlias) {
    EXPECT_EQ(encodingByName("UTF-8"), Encoding::Utf8);
    EXPECT_EQ(encodingByName("iso-8859-1"), Encoding::Latin1);
    EXPECT_EQ(encodingByName("LATIN1"), Encoding::Latin1);
    EXPECT_EQ(encodingByName("windows-1252"), Encoding::Windows1252);
    EXPECT_EQ(encodingByName("UTF-7"), std::nullopt);
    EXPECT_EQ(encodingByName("iso-8859-15"), std::nullopt);
    EXPECT_EQ(encodingByName(""), std::nullopt);
    for (const Encoding e :
         {Encoding::Utf8, Encoding::Utf16, Encoding::Latin1, Encoding::Windows1252}) {
        EXPECT_EQ(encodingByName(name(e)), e);
    }
}

TEST(Encodings, Utf8IsReadWithAndWithoutMarkAndDeclaration) {
    EXPECT_EQ(textOf(xml("<a>å</a>")), "å");
    EXPECT_EQ(textOf(xml("\xEF\xBB\xBF<a>å</a>")), "å");
    EXPECT_EQ(textOf(xml("\xEF\xBB\xBF" + declared("UTF-8", "<a>å</a>"))), "å");
    EXPECT_EQ(textOf(xml(declared("utf-8", "<a>å</a>"), allowing({}, "UTF-8"))), "å");
}

TEST(Encodings, Utf16IsReadWithItsMarkOnly) {
    const std::u16string_view text = u"\uFEFF<?xml version='1.0' encoding='UTF-16'?><Ä>å😀</Ä>";
    EXPECT_EQ(textOf(xml(utf16(text, true))), "å😀");
    EXPECT_EQ(textOf(xml(utf16(text, false))), "å😀");
    EXPECT_EQ(textOf(xml(utf16(text.substr(1), true))), "ST-ENC-001");
    EXPECT_EQ(textOf(xml(utf16(text.substr(1), false))), "ST-ENC-001");
    EXPECT_EQ(textOf(xml(utf16(u"\uFEFF<a>å</a>", false))), "å");
    EXPECT_EQ(textOf(xml(utf16(u"\uFEFF<a>\xD800x</a>", false))), "ST-ENC-003");
    EXPECT_EQ(textOf(xml(utf16(u"\uFEFF<a>\xDC00</a>", false))), "ST-ENC-003");
    EXPECT_EQ(textOf(xml(utf16(u"\uFEFF<a>å</a>", false) + "x")), "ST-ENC-003");
    EXPECT_EQ(textOf(xml(std::string("\xFF\xFE\0\0<\0\0\0a\0\0\0", 12))), "ST-ENC-002");
}

TEST(Encodings, Latin1AndWindows1252AreReadOnlyWhereAllowed) {
    const std::string latin = declared("ISO-8859-1", "<\xC4rende>\xE5\xE4\xF6\xA0\xFF</\xC4rende>");
    EXPECT_EQ(textOf(xml(latin, allowing(kBoth))), "åäö\u00A0ÿ");
    EXPECT_EQ(textOf(xml(latin)), "ST-ENC-002");
    const std::string windows = declared("Windows-1252", "<a>\x80 \x96 \x92 \x9F</a>");
    EXPECT_EQ(textOf(xml(windows, allowing(kBoth))), "€ – ’ Ÿ");
    EXPECT_EQ(textOf(xml(windows, allowing(std::span(kBoth).first(1)))), "ST-ENC-002");
    const auto document = xml(latin, allowing(kBoth));
    EXPECT_EQ(document->root().name, "Ärende");
    EXPECT_EQ(document->position(0).column, 44U);
}

TEST(Encodings, ControlCharactersInLatin1AreRefusedWithTheirOwnCode) {
    for (int byte = 0x80; byte < 0xA0; ++byte) {
        const std::string bytes =
            declared("ISO-8859-1", std::string("<a>\n") + static_cast<char>(byte) + "</a>");
        const auto document = xml(bytes, allowing(kBoth));
        ASSERT_EQ(refusal(document), Code::EncodingControl) << byte;
        EXPECT_EQ(document.error().place().line, 2U);
    }
    for (const char byte : {'\x81', '\x8D', '\x8F', '\x90', '\x9D'}) {
        const auto document =
            xml(declared("Windows-1252", std::string("<a>") + byte + "</a>"), allowing(kBoth));
        EXPECT_EQ(refusal(document), Code::EncodingInvalid);
    }
}

TEST(Encodings, MarkDeclarationAndCharsetMustAgree) {
    EXPECT_EQ(textOf(xml(declared("ISO-8859-1", "<a/>"), allowing(kBoth, "UTF-8"))), "ST-ENC-001");
    EXPECT_EQ(textOf(xml(declared("UTF-8", "<a/>"), allowing(kBoth, "iso-8859-1"))), "ST-ENC-001");
    EXPECT_EQ(textOf(xml("\xEF\xBB\xBF" + declared("ISO-8859-1", "<a/>"), allowing(kBoth))),
              "ST-ENC-001");
    EXPECT_EQ(textOf(xml("\xEF\xBB\xBF<a/>", allowing(kBoth, "iso-8859-1"))), "ST-ENC-001");
    EXPECT_EQ(textOf(xml(declared("UTF-16", "<a/>"))), "ST-ENC-001");
    EXPECT_EQ(textOf(xml(utf16(u"\uFEFF<?xml version='1.0' encoding='UTF-8'?><a/>", true))),
              "ST-ENC-001");
    EXPECT_EQ(textOf(xml("<a>\xE5</a>", allowing(kBoth, "iso-8859-1"))), "å");
    EXPECT_EQ(textOf(xml("<a>\xE5</a>", allowing(kBoth))), "ST-ENC-003");
    EXPECT_EQ(textOf(xml(declared("UTF-8", "<a>\xE5</a>"), allowing(kBoth))), "ST-ENC-003");
}

TEST(Encodings, OthersAreRefused) {
    for (const char* other :
         {"UTF-7", "EBCDIC-CP-SE", "IBM037", "UTF-32", "ISO-8859-15", "US-ASCII", "x"}) {
        EXPECT_EQ(textOf(xml(declared(other, "<a/>"), allowing(kBoth))), "ST-ENC-002") << other;
    }
    EXPECT_EQ(textOf(xml("<a/>", allowing(kBoth, "utf-7"))), "ST-ENC-002");
}

TEST(Encodings, ADeclarationCannotBeSeenInTwoWays) {
    // the value of version, or of an instruction, is not where an encoding is named
    EXPECT_EQ(
        textOf(xml("<?xml version='1.0' standalone=' encoding=\"UTF-7\"'?><a/>")).substr(0, 3),
        "ST-");
    EXPECT_EQ(
        textOf(xml("<?xml version=' encoding=\"ISO-8859-1\"'?><a/>", allowing(kBoth))).substr(0, 3),
        "ST-");
    EXPECT_EQ(textOf(xml("<?xml-x encoding='UTF-7'?><a>x</a>")), "x");
    EXPECT_EQ(textOf(xml("<a>&lt;?xml encoding='UTF-7'?></a>")), "<?xml encoding='UTF-7'?>");
}

TEST(Encodings, JsonIsUtf8WithoutMark) {
    ReadOptions options;
    options.charset = "utf-8";
    EXPECT_EQ(refusal(json("\"å\"", options)), std::nullopt);
    options.charset = "iso-8859-1";
    EXPECT_EQ(refusal(json("1", options)), Code::EncodingMismatch);
    EXPECT_EQ(refusal(json("\xEF\xBB\xBF{}")), Code::JsonMalformed);
    EXPECT_EQ(refusal(json(utf16(u"\uFEFF{}", true))), Code::JsonMalformed);
    EXPECT_EQ(refusal(json(utf16(u"{}", true))), Code::JsonMalformed);
    EXPECT_EQ(refusal(json("[\"\xE5\"]")), Code::EncodingInvalid);
}

TEST(EncodeXml, WritesWhatTheReaderReadsBack) {
    const std::string text = "<Ärende b='€'>åäö – 😀 \u0085</Ärende>";
    for (const Encoding encoding : kBoth) {
        const auto bytes =
            encodeXml(declared(name(encoding), text), encoding, Unencodable::CharacterReference);
        ASSERT_TRUE(bytes);
        const auto document = xml(*bytes, allowing(kBoth));
        ASSERT_TRUE(document) << describe(document.error(), Language::English);
        EXPECT_EQ(outline(*document), "e Ärende=åäö – 😀 \u0085\n @ b=€\n");
    }
    const auto wide = encodeXml(declared("UTF-16", text), Encoding::Utf16, Unencodable::Refuse);
    EXPECT_EQ(textOf(xml(*wide)), "åäö – 😀 \u0085");
    EXPECT_EQ(*encodeXml(text, Encoding::Utf8, Unencodable::Refuse), text);
}

TEST(EncodeXml, WritesBytesAndReferencesAsTheEncodingNeedsThem) {
    const auto latin = [](std::string_view text,
                          Unencodable unencodable = Unencodable::CharacterReference) {
        const auto bytes = encodeXml(text, Encoding::Latin1, unencodable);
        return bytes ? *bytes : std::string(bytes.error().info().id);
    };
    EXPECT_EQ(latin("<a b='€'>–å</a>"), "<a b='&#8364;'>&#8211;\xE5</a>");
    EXPECT_EQ(*encodeXml("<a>€–</a>", Encoding::Windows1252, Unencodable::Refuse),
              "<a>\x80\x96</a>");
    EXPECT_EQ(latin("<a>–</a>", Unencodable::Refuse), "ST-ENC-005");
    for (const char* place :
         {"<–/>", "<a –='1'/>", "<a><!-- – --></a>", "<a><?p –?></a>", "<a><![CDATA[–]]></a>"}) {
        EXPECT_EQ(latin(place), "ST-ENC-005") << place;
    }
    EXPECT_EQ(latin("<a><!-- x -->–<?p x?>–<![CDATA[x]]>–<b c='>'/>–</a>"),
              "<a><!-- x -->&#8211;<?p x?>&#8211;<![CDATA[x]]>&#8211;<b c='>'/>&#8211;</a>");
}

TEST(Encodings, ADocumentIsShownToPeopleAsItDeclaresItself) {
    EXPECT_EQ(asUtf8(declared("ISO-8859-1", "<\xC5r/>")), declared("ISO-8859-1", "<År/>"));
    EXPECT_EQ(asUtf8(declared("windows-1252", "<a>\x80</a>")),
              declared("windows-1252", "<a>€</a>"));
    for (const std::string as_it_is : {"{\"å\":1}", "<Å/>", "\xFF\x00\xFE", "<\xC5/>", ""}) {
        EXPECT_EQ(asUtf8(as_it_is), as_it_is);
    }
}
