#include "tests/unit/plugin/support.h"

namespace stafett::plugin {
namespace {

const FormId kRemiss{"remiss"};

std::string refusal(const Result<WireMessage>& made) {
    if (made) return "made";
    return std::string(made.error().info().id) + " " + made.error().place().path;
}

TEST(Encode, FillsPathAndHeaders) {
    const auto adapter = adapterOf(jsonManifest());
    mapping::Attributes attributes;
    attributes.set("sparning", "id-1");
    const auto made = adapter->encode(kRemiss, "{}", attributes, {{"enhet", "AMA"}});
    ASSERT_TRUE(made) << refusal(made);
    EXPECT_EQ(made->method, "POST");
    EXPECT_EQ(made->path, "/v1/a%2Fb/in");
    EXPECT_EQ(made->body, "{}");
    EXPECT_EQ(headerOf(*made, "Content-Type"), "application/json; charset=utf-8");
    EXPECT_EQ(headerOf(*made, "X-Tracking"), "id-1");
    EXPECT_EQ(headerOf(*made, "X-Unit"), "AMA");
    EXPECT_EQ(findHeader(&made->headers, "X-Fixed").count, 0);  // kanal is absent
}

TEST(Encode, RefusesControlCharactersInAHeader) {
    const auto adapter = adapterOf(jsonManifest());
    for (const auto& bad : {std::string("a\r\nX-Evil: 1"), std::string("a\nb"), std::string("a\rb"),
                            std::string("a\0b", 3), std::string("\x7F")}) {
        mapping::Attributes attributes;
        attributes.set("sparning", bad);
        EXPECT_EQ(refusal(adapter->encode(kRemiss, "{}", attributes, {})), "ST-PLU-019 X-Tracking");
    }
}

TEST(Encode, NeverLosesAnAttributeInSilence) {
    const auto adapter = adapterOf(jsonManifest());
    mapping::Attributes attributes;
    attributes.set("okand", "x");
    EXPECT_EQ(refusal(adapter->encode(kRemiss, "{}", attributes, {})), "ST-PLU-010 attr:okand");
    EXPECT_EQ(refusal(adapter->encode({"annan"}, "{}", {}, {})), "ST-PLU-010 annan");
}

TEST(Encode, WrapsInAnEnvelopeThatReadsBack) {
    const auto adapter = adapterOf(soapManifest());
    mapping::Attributes attributes;
    attributes.set("LogicalAddress", "2021005521");
    attributes.set("Spar", "å<&\"");
    const auto made = adapter->encode(kRemiss,
                                      "<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?><Remiss "
                                      "xmlns=\"urn:r\"><A>\xE5</A></Remiss>",
                                      attributes, {});
    ASSERT_TRUE(made) << refusal(made);
    EXPECT_TRUE(
        made->body.starts_with("<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?><soap:Envelope"));
    EXPECT_EQ(headerOf(*made, "SOAPAction"), "\"urn:remiss\"");
    const Headers headers = {{"Content-Type", "text/xml"},
                             {"SOAPAction", headerOf(*made, "SOAPAction")}};
    const auto back = adapter->decode({"POST", made->path, "", &headers, made->body});
    ASSERT_TRUE(back) << stafett::describe(back.error(), Language::English);
    EXPECT_EQ(*back->attributes.find("Spar"), "å<&\"");
    EXPECT_EQ(back->document.node(back->document.child(0, "A")).text, "å");
}

TEST(Encode, RefusesAnEnvelopeWithoutARequiredHeader) {
    const auto adapter = adapterOf(soapManifest());
    EXPECT_EQ(refusal(adapter->encode(kRemiss, "<Remiss/>", {}, {})), "ST-PLU-010 LogicalAddress");
    mapping::Attributes attributes;
    attributes.set("LogicalAddress", "1\x02");
    EXPECT_EQ(refusal(adapter->encode(kRemiss, "<Remiss/>", attributes, {})),
              "ST-PLU-019 LogicalAddress");
}

void rewrite(Call& call, const Outgoing& outgoing) {
    call.path("/elsewhere");
    call.header("content-type", "application/x");
    call.write("[", outgoing.body, "]");
}

TEST(Encode, LetsThePluginHaveTheLastWord) {
    const auto adapter =
        adapterOf(jsonManifest(R"(, "encode": "plugin")"), {.encode = bridge<rewrite>});
    const auto made = adapter->encode(kRemiss, "{}", {}, {});
    ASSERT_TRUE(made) << refusal(made);
    EXPECT_EQ(made->path, "/elsewhere");
    EXPECT_EQ(made->body, "[{}]");
    EXPECT_EQ(findHeader(&made->headers, "Content-Type").count, 1);
    EXPECT_EQ(headerOf(*made, "Content-Type"), "application/x");
}

void split(Call& call, const Outgoing&) { call.header("X-A", "1\r\nX-B: 2"); }

TEST(Encode, FailsWhenThePluginSplitsAHeader) {
    const auto adapter =
        adapterOf(jsonManifest(R"(, "encode": "plugin")"), {.encode = bridge<split>});
    EXPECT_EQ(refusal(adapter->encode(kRemiss, "{}", {}, {})), "ST-PLU-008 remiss");
    EXPECT_EQ(adapter->health().failures, 1U);
}

TEST(Settings, AreCheckedAgainstTheSchema) {
    const auto adapter = adapterOf(jsonManifest());
    EXPECT_TRUE(
        adapter->checkSettings({{"enhet", "AMA"}, {"antal", "3"}, {"prov", "true"}, {"val", "ett"}})
            .empty());
    const auto problems = adapter->checkSettings({{"enhte", "x"},
                                                  {"antal", "10"},
                                                  {"prov", "ja"},
                                                  {"val", "tre"},
                                                  {"gren", std::string(2000, 'x')}});
    std::vector<std::string> found;
    for (const auto& one : problems) found.push_back(std::string(one.info().id) + one.place().path);
    EXPECT_EQ(found,
              (std::vector<std::string>{"ST-CFG-004/antal", "ST-CFG-002/enhte", "ST-CFG-004/gren",
                                        "ST-CFG-003/prov", "ST-CFG-004/val", "ST-CFG-005/enhet"}));
    EXPECT_EQ(problems[1].place().hint, "did you mean \"enhet\"?");
    EXPECT_FALSE(adapter->checkSettings({{"enhet", "ama"}}).empty());
    EXPECT_FALSE(adapter->checkSettings({{"enhet", "AMA"}, {"antal", "3x"}}).empty());
}

}  // namespace
}  // namespace stafett::plugin
