#include "tests/unit/plugin/support.h"

namespace stafett::plugin {
namespace {

struct Request {
    std::string path = "/in", method = "POST", query, body = R"({"typ":"REMISS","n":1})";
    Headers headers = {{"content-type", "application/json; charset=UTF-8"}, {"X-System", "s1"}};

    WireRequest wire() const { return {method, path, query, &headers, body}; }
};

std::string refusal(const Result<Decoded>& decoded) {
    if (decoded) return "decoded " + decoded->form.value;
    return std::string(decoded.error().info().id) + " " + decoded.error().place().path;
}

TEST(Decode, FindsFormDocumentAndAttributes) {
    const auto adapter = adapterOf(jsonManifest());
    Request request;
    request.query = "x=1&kanal=a%20b%C3%A5";
    request.headers.emplace_back("x-tracking", " id-1 ");
    const auto decoded = adapter->decode(request.wire());
    ASSERT_TRUE(decoded) << refusal(decoded);
    EXPECT_EQ(decoded->form.value, "remiss");
    EXPECT_EQ(decoded->document.size(), 3U);
    EXPECT_EQ(*decoded->attributes.find("sparning"), "id-1");
    EXPECT_EQ(*decoded->attributes.find("kanal"), "a bå");
    EXPECT_EQ(*decoded->attributes.find("system"), "s1");
}

TEST(Decode, RefusesByRouteMethodAndMediaType) {
    const auto adapter = adapterOf(jsonManifest());
    Request request;
    request.path = "/In";
    EXPECT_EQ(refusal(adapter->decode(request.wire())), "ST-HTTP-005 ");
    request = {};
    request.method = "PUT";
    EXPECT_EQ(refusal(adapter->decode(request.wire())), "ST-HTTP-006 ");
    for (const char* type : {"text/plain", "application/json; charset=klingon",
                             "application/json; charset=iso-8859-1", "application/json; charset",
                             "application", "", "application/json; charset=utf-8; charset=utf-8"}) {
        request = {};
        request.headers[0].second = type;
        EXPECT_EQ(refusal(adapter->decode(request.wire())), "ST-HTTP-007 Content-Type") << type;
    }
    request = {};
    request.headers.emplace_back("Content-Type", "application/json");
    EXPECT_EQ(refusal(adapter->decode(request.wire())), "ST-HTTP-007 Content-Type");
    request = {};
    request.headers.emplace_back("Content-Encoding", "gzip");
    EXPECT_EQ(refusal(adapter->decode(request.wire())), "ST-HTTP-007 Content-Encoding");
}

TEST(Decode, RefusesWhatTheStrictReaderRefuses) {
    const auto adapter = adapterOf(jsonManifest());
    Request request;
    request.body = R"({"typ":"REMISS","typ":"SVAR"})";
    EXPECT_TRUE(refusal(adapter->decode(request.wire())).starts_with("ST-JSON-003"));
    request.body = R"({"typ":"REMISS","x":")" + std::string(5000, 'x') + "\"}";
    EXPECT_FALSE(adapter->decode(request.wire()));  // the manifest's limit of 4096
    request.body = R"({"typ":"ANNAT"})";
    EXPECT_TRUE(refusal(adapter->decode(request.wire())).starts_with("ST-PLU-012"));
    request.body = R"([])";
    EXPECT_TRUE(refusal(adapter->decode(request.wire())).starts_with("ST-PLU-012"));
}

TEST(Decode, RefusesHeadersThatAreMissingDoubledOrHoldControls) {
    const auto adapter = adapterOf(jsonManifest());
    Request request;
    request.headers.pop_back();
    EXPECT_EQ(refusal(adapter->decode(request.wire())), "ST-PLU-018 X-System");
    request.headers.emplace_back("X-System", "a");
    request.headers.emplace_back("x-system", "b");
    EXPECT_EQ(refusal(adapter->decode(request.wire())), "ST-PLU-018 X-System");
    request = {};  // one that is not required may be absent, but never be there twice
    request.headers.emplace_back("X-Tracking", "a");
    request.headers.emplace_back("X-Tracking", "b");
    EXPECT_EQ(refusal(adapter->decode(request.wire())), "ST-PLU-018 X-Tracking");
    request = {};
    request.query = "kanal=a%0Ab";
    EXPECT_EQ(refusal(adapter->decode(request.wire())), "ST-PLU-018 kanal");
    request = {};
    request.headers[1].second = "\xC3";
    EXPECT_EQ(refusal(adapter->decode(request.wire())), "ST-PLU-018 X-System");
}

TEST(Decode, RepeatDigestCoversRouteIdAndBody) {
    const auto adapter = adapterOf(jsonManifest());
    Request request;
    request.headers.emplace_back("X-Tracking", "1");
    const auto first = adapter->repeatDigest(request.wire());
    EXPECT_EQ(adapter->repeatDigest(request.wire()), first);
    request.headers[1].second = "another system";
    EXPECT_EQ(adapter->repeatDigest(request.wire()), first);
    request.headers[2].second = "2";
    EXPECT_NE(adapter->repeatDigest(request.wire()), first);
    request.headers[2].second = "1";
    request.body += " ";
    EXPECT_NE(adapter->repeatDigest(request.wire()), first);
    Request other;
    other.path = "/any";
    other.headers.emplace_back("X-Tracking", "1");
    EXPECT_NE(adapter->repeatDigest(other.wire()), first);
}

struct Soap {
    std::string before, headers = "<r:LogicalAddress>2021005521</r:LogicalAddress>",
                        body = "<Remiss xmlns='urn:r'><A>\xC3\xA5</A></Remiss>", tail;
    std::string action = "\"urn:remiss\"";

    Result<Decoded> decode(const LoadedAdapter& adapter) const {
        const std::string text = before +
                                 "<s:Envelope xmlns:s='http://schemas.xmlsoap.org/soap/envelope/' "
                                 "xmlns:r='urn:riv:itintegration:registry:1'><s:Header>" +
                                 headers + "</s:Header> <s:Body> " + body + " </s:Body>" + tail +
                                 "</s:Envelope>";
        const Headers wire = {{"Content-Type", "text/xml; charset=utf-8"}, {"SOAPAction", action}};
        return adapter.decode({"POST", "/soap", "", &wire, text});
    }
};

TEST(DecodeSoap, TakesTheEnvelopeOff) {
    const auto adapter = adapterOf(soapManifest());
    Soap soap;
    soap.headers += "<Tx xmlns='urn:t'>t-1</Tx><Other xmlns='urn:o' s:mustUnderstand='0'/>";
    const auto decoded = soap.decode(*adapter);
    ASSERT_TRUE(decoded) << refusal(decoded);
    EXPECT_EQ(decoded->form.value, "remiss");
    const auto& root = decoded->document.root();
    EXPECT_EQ(root.name, "Remiss");
    EXPECT_EQ(decoded->document.space(root.space), "urn:r");
    EXPECT_EQ(root.parent, codec::kNoNode);
    EXPECT_EQ(root.next, codec::kNoNode);
    ASSERT_NE(decoded->document.child(0, "A"), codec::kNoNode);
    EXPECT_EQ(decoded->document.node(decoded->document.child(0, "A")).text, "å");
    EXPECT_EQ(decoded->document.pathOf(decoded->document.child(0, "A")), "A");
    EXPECT_EQ(*decoded->attributes.find("LogicalAddress"), "2021005521");
    EXPECT_EQ(*decoded->attributes.find("Spar"), "t-1");
}

TEST(DecodeSoap, RefusesWhatIsNoEnvelopeOfOurs) {
    const auto adapter = adapterOf(soapManifest());
    const auto refused = [&](auto change) {
        Soap soap;
        change(soap);
        return refusal(soap.decode(*adapter)).substr(0, 10);
    };
    EXPECT_EQ(refused([](Soap& s) { s.body += s.body; }), "ST-PLU-016");
    EXPECT_EQ(refused([](Soap& s) { s.body.clear(); }), "ST-PLU-016");
    EXPECT_EQ(refused([](Soap& s) { s.body += "text"; }), "ST-PLU-016");
    EXPECT_EQ(refused([](Soap& s) { s.tail = "<s:Body/>"; }), "ST-PLU-016");
    EXPECT_EQ(refused([](Soap& s) { s.tail = "<x/>"; }), "ST-PLU-016");
    EXPECT_EQ(refused([](Soap& s) { s.headers += s.headers; }), "ST-PLU-016");
    EXPECT_EQ(refused([](Soap& s) { s.headers += "<O xmlns='urn:o' s:mustUnderstand='1'/>"; }),
              "ST-PLU-017");
    EXPECT_EQ(refused([](Soap& s) {
                  s.headers += "<O xmlns='urn:o' s:mustUnderstand='1' s:actor='urn:else'/>";
              }),
              "decoded re");
    EXPECT_EQ(refused([](Soap& s) { s.headers.clear(); }), "ST-PLU-018");
    EXPECT_EQ(refused([](Soap& s) { s.headers = "<r:LogicalAddress/>"; }), "ST-PLU-018");
    EXPECT_EQ(refused([](Soap& s) { s.body = "<Remiss xmlns='urn:other'/>"; }), "ST-PLU-012");
    EXPECT_EQ(refused([](Soap& s) { s.body = "<Svar/>"; }), "ST-PLU-012");
    EXPECT_EQ(refused([](Soap& s) { s.before = "<!DOCTYPE x>"; }), "ST-XML-002");
}

TEST(DecodeSoap, TellsFormsApartBySoapAction) {
    const auto adapter = adapterOf(soapManifest());
    Soap soap;
    soap.body = "<Svar/>";
    soap.action = "urn:svar";
    const auto decoded = soap.decode(*adapter);
    ASSERT_TRUE(decoded);
    EXPECT_EQ(decoded->form.value, "svar");
}

void chooseByQuery(Call& call, const plugin::Request& request) {
    if (!call.query("form").empty()) call.form(call.query("form"));
    if (request.has("inne")) call.document("inne");
    call.attribute("kanal", "plugin");
}

TEST(Decode, LetsThePluginChooseAmongDeclaredForms) {
    const auto adapter =
        adapterOf(jsonManifest(R"(, "decode": "plugin")"), {.decode = bridge<chooseByQuery>});
    Request request;
    request.body = R"({"inne":{"a":"b"}})";
    EXPECT_TRUE(refusal(adapter->decode(request.wire())).starts_with("ST-PLU-012"));
    request.query = "form=svar";
    const auto decoded = adapter->decode(request.wire());
    ASSERT_TRUE(decoded) << refusal(decoded);
    EXPECT_EQ(decoded->form.value, "svar");
    EXPECT_EQ(decoded->document.size(), 2U);
    EXPECT_EQ(*decoded->attributes.find("kanal"), "plugin");
    request.query = "form=okand";
    EXPECT_TRUE(refusal(adapter->decode(request.wire())).starts_with("ST-PLU-008"));
}

}  // namespace
}  // namespace stafett::plugin
