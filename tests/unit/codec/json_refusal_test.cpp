#include "tests/unit/codec/reading.h"

using namespace stafett;
using namespace stafett::codec;

namespace {

struct Case {
    const char* what;
    std::string bytes;
    Code code = Code::JsonMalformed;
};

/// Written from the grammar of RFC 8259.
const std::vector<Case>& illFormed() {
    static const std::vector<Case> cases = {
        {"nothing", ""},
        {"only blanks", " \n\t\r "},
        {"an open array", "["},
        {"an open object", "{"},
        {"an open string", "\""},
        {"a closed array", "]"},
        {"a closed object", "}"},
        {"an array closed as an object", "[1}"},
        {"an object closed as an array", "{\"a\":1]"},
        {"an array closed twice", "[1]]"},
        {"an object closed twice", "{\"a\":1}}"},
        {"an inner array that is open", "[[1]"},
        {"two values", "1 2"},
        {"two objects", "{}{}"},
        {"an object and a comma", "{},"},
        {"text behind the value", "[1]x"},
        {"a comment behind the value", "[1]//x"},
        {"a comment", "[1,/*x*/2]"},
        {"a comma behind the last item", "[1,]"},
        {"a comma behind the last member", "{\"a\":1,}"},
        {"a comma before the first item", "[,1]"},
        {"a comma before the first member", "{,\"a\":1}"},
        {"two commas in an array", "[1,,2]"},
        {"two commas in an object", "{\"a\":1,,\"b\":2}"},
        {"a comma alone", "[,]"},
        {"no comma between items", "[1 2]"},
        {"no comma between arrays", "[[][]]"},
        {"no comma between members", "{\"a\":1 \"b\":2}"},
        {"a colon in an array", "[1:2]"},
        {"a semicolon", "[1;2]"},
        {"no colon", "{\"a\" 1}"},
        {"two colons", "{\"a\"::1}"},
        {"a comma for a colon", "{\"a\",1}"},
        {"an equals sign for a colon", "{\"a\"=1}"},
        {"a member without value", "{\"a\":}"},
        {"a member without value and colon", "{\"a\"}"},
        {"a member without name", "{:1}"},
        {"a name without quotes", "{a:1}"},
        {"a name that is a number", "{1:1}"},
        {"a name that is null", "{null:1}"},
        {"a name that is an array", "{[]:1}"},
        {"a name in single quotes", "{'a':1}"},
        {"a string in single quotes", "['a']"},
        {"a string without quotes", "[abc]"},
        {"a capital True", "[True]"},
        {"a capital NULL", "[NULL]"},
        {"a cut true", "[tru]"},
        {"a cut false", "[fals]"},
        {"a cut null", "[nul]"},
        {"nulll", "[nulll]"},
        {"truex", "[truex]"},
        {"true with a letter behind NUL", std::string("[true\0]", 7)},
        {"undefined", "[undefined]"},
        {"NaN", "[NaN]"},
        {"-NaN", "[-NaN]"},
        {"Infinity", "[Infinity]"},
        {"-Infinity", "[-Infinity]"},
        {"inf", "[inf]"},
        {"a plus", "[+1]"},
        {"a minus alone", "[-]"},
        {"two minuses", "[--1]"},
        {"a minus and a letter", "[-x]"},
        {"a leading zero", "[012]"},
        {"a leading zero behind a minus", "[-012]"},
        {"two zeros", "[00]"},
        {"a point first", "[.5]"},
        {"a minus and a point", "[-.5]"},
        {"a point last", "[1.]"},
        {"a point and an exponent", "[1.e1]"},
        {"two points", "[1.2.3]"},
        {"an exponent without digits", "[1e]"},
        {"an exponent with only a sign", "[1e+]"},
        {"an exponent with two signs", "[1e+-1]"},
        {"an exponent with a point", "[1e1.5]"},
        {"an exponent first", "[e1]"},
        {"two exponents", "[1e1e1]"},
        {"hex", "[0x1F]"},
        {"octal", "[0o7]"},
        {"a thousands mark", "[1_000]"},
        {"a decimal comma in a string of numbers", "[1,5,]"},
        {"a space inside a number", "[1 000]"},
        {"a letter behind a number", "[1a]"},
        {"a full-width digit", "[\xEF\xBC\x91]"},
        {"a letter behind a minus", "[-1x]"},
        {"an unknown escape", "[\"\\x41\"]"},
        {"an escaped letter", "[\"\\a\"]"},
        {"an escaped single quote", "[\"\\'\"]"},
        {"an escaped blank", "[\"\\ \"]"},
        {"an escape in capitals", "[\"\\N\"]"},
        {"\\u without digits", "[\"\\u\"]"},
        {"\\u with three digits", "[\"\\u00A\"]"},
        {"\\u with a bad digit", "[\"\\u00G0\"]"},
        {"\\u with a sign", "[\"\\u+041\"]"},
        {"\\U", "[\"\\U0041\"]"},
        {"a lone high surrogate", "[\"\\uD800\"]"},
        {"a lone high surrogate and text", "[\"\\uD800x\"]"},
        {"a lone low surrogate", "[\"\\uDC00\"]"},
        {"two high surrogates", "[\"\\uD800\\uD800\"]"},
        {"surrogates the wrong way", "[\"\\uDE00\\uD83D\"]"},
        {"a high surrogate and another escape", "[\"\\uD800\\n\"]"},
        {"a lone surrogate in a name", "{\"\\uD800\":1}"},
        {"a bad escape in a name", "{\"\\x\":1}"},
        {"a bad escape in a root string", "\"\\x\""},
        {"a string cut in an escape", "[\"\\"},
        {"a string cut behind an escape", "[\"\\\""},
        {"a line end in a string", "[\"a\nb\"]"},
        {"a tab in a string", "[\"a\tb\"]"},
        {"U+0001 in a string", "[\"\x01\"]"},
        {"U+001F in a name", "{\"\x1F\":1}"},
        {"NUL in a string", std::string("[\"a\0\"]", 6)},
        {"NUL behind the value", std::string("[]\0", 3)},
        {"NUL behind a root number", std::string("1\0", 2)},
        {"NUL between values", std::string("[1,\0 2]", 7)},
        {"a form feed between values", "[1,\f2]"},
        {"a vertical tab", "[\v1]"},
        {"a no-break space",
         "[\xC2\xA0"
         "1]"},
        {"a line separator outside a string",
         "[\xE2\x80\xA8"
         "1]"},
        {"a backslash outside a string", "[\\n]"},
        {"an escaped quote outside a string", "{\\\"a\":1}"},
        {"a string that ends with a backslash", "[\"\\\"]"},
        {"a dollar", "$"},
        {"an angle bracket", "<null>"},
        {"an asterisk", "*"},
        {"a mark of order", "\xEF\xBB\xBF[]"},
        {"a mark of order inside", "[\xEF\xBB\xBF]"},
        {"overlong UTF-8", "[\"\xC0\xAF\"]", Code::EncodingInvalid},
        {"a surrogate in UTF-8", "[\"\xED\xA0\x80\"]", Code::EncodingInvalid},
        {"a lone continuation byte", "[\"\x81\"]", Code::EncodingInvalid},
        {"a byte that is never UTF-8", "[\"\xFF\"]", Code::EncodingInvalid},
        {"a cut character", "[\"\xE0\xFF\"]", Code::EncodingInvalid},
        {"beyond Unicode", "[\"\xF4\xBF\xBF\xBF\"]", Code::EncodingInvalid},
        {"invalid bytes outside a string", "[\xFF]", Code::EncodingInvalid},
        {"an equal key", "{\"a\":1,\"a\":1}", Code::JsonDuplicateKey},
        {"an equal key far in", "[{\"a\":[{\"b\":0,\"b\":0}]}]", Code::JsonDuplicateKey},
        {"equal empty keys", "{\"\":1,\"\":1}", Code::JsonDuplicateKey},
        {"a number that is too large", "[1e999]", Code::JsonNumberRange},
        {"a number that is too small", "[-1e999]", Code::JsonNumberRange},
        {"a number too near to nothing", "[123e-10000000]", Code::JsonNumberRange},
        {"a long number that is too large", "[1" + std::string(400, '0') + "]",
         Code::JsonNumberRange},
        {"a root number that is too large", "1e400", Code::JsonNumberRange},
    };
    return cases;
}

}  // namespace

TEST(JsonReader, RefusesWhatIsNotJson) {
    EXPECT_GE(illFormed().size(), 80U);
    for (const Case& one : illFormed()) EXPECT_EQ(refusal(json(one.bytes)), one.code) << one.what;
}

TEST(JsonReader, RefusesTheSameInsideALargerDocument) {
    for (const Case& one : illFormed()) {
        if (one.bytes.empty() || one.what == std::string_view("only blanks") ||
            one.bytes.front() == '1')
            continue;
        EXPECT_FALSE(json("{\"x\":[true,{\"y\":" + one.bytes + "}],\"z\":\"w\"}")) << one.what;
    }
}

TEST(JsonReader, ReadsOnAsUsualAfterARefusal) {
    for (const Case& one : illFormed()) {
        ASSERT_FALSE(json(one.bytes));
        const auto good = json(R"({"a":[1,"x"]})");
        ASSERT_TRUE(good) << one.what;
        EXPECT_EQ(print(*good), R"({"a":[1,"x"]})") << one.what;
    }
}

TEST(JsonReader, AcceptsAllThatRfc8259Allows) {
    for (const char* bytes : {"[]",
                              "{}",
                              "[[]]",
                              "[{}]",
                              "\"\"",
                              "0",
                              "-0",
                              "true",
                              "false",
                              "null",
                              " [ ] ",
                              "\n{\r\t}\n",
                              "[1.0]",
                              "[0.1]",
                              "[-1.5e-3]",
                              "[1E22]",
                              "[1e-2]",
                              "[0e+1]",
                              "[0E0]",
                              "[20e1]",
                              "[123456789012345678901234567890]",
                              "[-123123123123123123123123123123]",
                              "[0.000000000000000000000000000000000000000001]",
                              "[\"\\u0041\"]",
                              "[\"\\uD801\\uDC37\"]",
                              "[\"\\ud83d\\ude39x\"]",
                              "[\"\\u0000\"]",
                              "[\"\\uFFFF\"]",
                              "[\"\\/\"]",
                              "[\"\\\\a\"]",
                              "[\"\\\"\"]",
                              "[\"\\\\\\\\\"]",
                              "[\"/\"]",
                              "[\"\x7F\"]",
                              "[\"\xE2\x80\xA8\"]",
                              "[\"\xEF\xBF\xBF\"]",
                              "[\"\xF4\x8F\xBF\xBF\"]",
                              "[\"åäö\"]",
                              "{\"\":0}",
                              "{\"__proto__\":{}}",
                              "{\"a\\u0000b\":1}",
                              "{\"a\":1,\"A\":2}",
                              "{\"a\":{\"a\":{\"a\":1}}}",
                              "[null,1,\"1\",{}]",
                              "[1,\n2\r\n,\t3]",
                              "5e-324",
                              "1.7976931348623157e308"}) {
        const auto document = json(bytes);
        EXPECT_TRUE(document) << bytes << " "
                              << (document ? "" : describe(document.error(), Language::English));
    }
}

TEST(JsonReader, KeepsDigitsExactly) {
    for (const char* number : {"0", "-0", "-0.0", "0.10", "1E+02",
                               "12345678901234567890123456789012", "3.141592653589793238462643"}) {
        EXPECT_EQ(json(number)->root().text, number);
        EXPECT_EQ(print(*json("[" + std::string(number) + "]")), "[" + std::string(number) + "]");
    }
}

TEST(JsonReader, KeepsAwkwardTextUnchanged) {
    const std::vector<std::string> texts = {"undefined",
                                            "nil",
                                            "1/0",
                                            "<script>alert(1)</script>",
                                            "' OR 1=1 --",
                                            "../../etc/passwd",
                                            "$HOME",
                                            "%s%n",
                                            "{{7*7}}",
                                            "田中さん",
                                            "🏳️‍🌈",
                                            "مَرْحَبًا",
                                            "Ω≈ç√∫",
                                            "\xE2\x80\xAE"
                                            "txt",
                                            "\u00A0\u2003 \u200B",
                                            "&lt;&#x41;",
                                            "=cmd|'/C calc'!A0",
                                            "\t\n"};
    for (const auto& text : texts) {
        std::string bytes;
        appendJsonString(bytes, text);
        const auto document = json("{\"f\":" + bytes + "}");
        ASSERT_TRUE(document) << text;
        EXPECT_EQ(document->node(1).text, text);
        EXPECT_EQ(print(*document), "{\"f\":" + bytes + "}");
    }
}

// --- limits, each at N and N + 1

TEST(JsonLimits, HoldAtTheLimitAndOneBeyond) {
    const auto judge = [](const std::string& bytes) { return refusal(json(bytes)); };
    const auto nested = [](std::size_t depth) {
        return std::string(depth, '[') + std::string(depth, ']');
    };
    EXPECT_EQ(judge(nested(100)), std::nullopt);
    EXPECT_EQ(judge(nested(101)), Code::JsonLimit);
    const auto objects = [](std::size_t depth) {
        std::string bytes;
        for (std::size_t i = 0; i < depth; ++i) bytes += "{\"a\":";
        return bytes + "0" + std::string(depth, '}');
    };
    EXPECT_EQ(judge(objects(100)), std::nullopt);
    EXPECT_EQ(judge(objects(101)), Code::JsonLimit);
    const auto items = [](std::size_t count) {
        std::string bytes = "[0";
        for (std::size_t i = 1; i < count; ++i) bytes += ",0";
        return bytes + "]";
    };
    EXPECT_EQ(judge(items(49'999)), std::nullopt);
    EXPECT_EQ(judge(items(50'000)), Code::JsonLimit);
    const auto named = [](std::size_t size) { return "{\"" + std::string(size, 'n') + "\":0}"; };
    EXPECT_EQ(judge(named(256)), std::nullopt);
    EXPECT_EQ(judge(named(257)), Code::JsonLimit);
    const std::size_t value = 256U << 10;
    const auto text = [](std::size_t size) { return "[\"" + std::string(size, 'x') + "\"]"; };
    EXPECT_EQ(judge(text(value)), std::nullopt);
    EXPECT_EQ(judge(text(value + 1)), Code::JsonLimit);
    const auto digits = [](std::size_t size) { return "[0." + std::string(size - 2, '1') + "]"; };
    EXPECT_EQ(judge(digits(value)), std::nullopt);
    EXPECT_EQ(judge(digits(value + 1)), Code::JsonLimit);
    const std::size_t bytes = 1U << 20;
    EXPECT_EQ(judge("0" + std::string(bytes - 1, ' ')), std::nullopt);
    EXPECT_EQ(judge("0" + std::string(bytes, ' ')), Code::JsonLimit);
}

TEST(JsonLimits, AreKeptWhileReading) {
    ReadOptions options;
    options.limits.bytes = 64U << 20;
    EXPECT_EQ(refusal(json(std::string(100'000, '['), options)), Code::JsonLimit);
    EXPECT_EQ(refusal(json(std::string(5'000'000, '['), options)), Code::JsonLimit);
    EXPECT_EQ(refusal(json("{\"" + std::string(1U << 20, 'k') + "\":0}", options)),
              Code::JsonLimit);
    std::string marks = "[\"x";
    for (int i = 0; i < 100'000; ++i) marks += "\xCC\x88\xCC\xA3";
    EXPECT_EQ(refusal(json(marks + "\"]", options)), Code::JsonLimit);
    std::string keys = "{";
    for (int i = 0; i < 45'000; ++i) keys += "\"k" + std::to_string(i) + "\":0,";
    EXPECT_EQ(refusal(json(keys + "\"z\":0}", options)), std::nullopt);
}
