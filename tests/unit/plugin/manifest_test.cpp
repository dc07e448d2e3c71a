#include "gateway/plugin/manifest.h"

#include <nlohmann/json.hpp>

#include "gateway/plugin/document_path.h"
#include "tests/unit/plugin/support.h"

namespace stafett::plugin {
namespace {

using Json = nlohmann::json;

/// Pointers and hints of everything wrong, one a line.
std::string found(const std::string& text) {
    const auto manifest = readManifest(text, "m");
    if (manifest) return "whole";
    std::string all;
    for (const auto& error : manifest.error()) {
        EXPECT_EQ(error.code(), Code::PluginManifest);
        EXPECT_FALSE(error.place().hint.empty());
        all += error.place().path + ": " + error.place().hint + "\n";
    }
    return all;
}

/// What is wrong after one change to a good manifest.
template <class Change>
std::string after(Change change, const std::string& from = jsonManifest()) {
    Json json = Json::parse(from);
    change(json);
    return found(json.dump());
}

TEST(ManifestCheck, TakesWholeOnes) {
    EXPECT_EQ(found(jsonManifest()), "whole");
    EXPECT_EQ(found(soapManifest()), "whole");
    const auto soap = readManifest(soapManifest(), "m");
    EXPECT_TRUE(soap->declares("LogicalAddress"));
    EXPECT_EQ(soap->encodings.size(), 1U);
}

TEST(ManifestCheck, TellsEverythingAtOnce) {
    const auto all = after([](Json& m) {
        m["plugin"] = "Bad Name";
        m.erase("version");
        m["status"] = "good";
        m["inbuond"] = 1;
        m["title"]["en"] = "";
        m["read"]["body"] = -1;
    });
    EXPECT_EQ(all,
              "/inbuond: unknown key; did you mean \"inbound\"?\n"
              "/version: missing\n"
              "/plugin: small letters, digits, _ and -, beginning with a letter\n"
              "/status: must be one of: alpha, beta, stable\n"
              "/title/en: must be a text that is not empty\n"
              "/read/body: bytes, from 1024 to 33554432\n");
}

TEST(ManifestCheck, RefusesWhatIsNotStrictJson) {
    EXPECT_EQ(found("{"), ": not JSON, near line 1\n");
    EXPECT_EQ(found("[]"), ": must be an object\n");
    EXPECT_EQ(found("{} x"), ": not JSON, near line 1\n");
    EXPECT_EQ(found(std::string("{}\0", 3)), ": a NUL byte\n");
    EXPECT_NE(found(R"({"plugin":"a","plugin":"b"})").find("\"plugin\" stands twice"),
              std::string::npos);
    EXPECT_NE(found(std::string(100'000, '[')).find(": "), std::string::npos);
    EXPECT_EQ(found(R"({"a":)" + std::string(40, '[') + std::string(40, ']') + "}"),
              ": deeper than 32\n");
    EXPECT_EQ(found(std::string(kManifestLimit + 1, ' ')), ": larger than 262144 bytes\n");
}

TEST(ManifestCheck, RefusesGuardsThatADocumentCouldFitBoth) {
    const auto guard = [](const Json& first, const Json& second) {
        return after(
            [&](Json& m) {
                m["inbound"][0]["forms"][0]["when"] = first;
                m["inbound"][0]["forms"][1]["when"] = second;
            },
            soapManifest());
    };
    const Json root_a = {{"root", "A"}}, root_b = {{"root", "B"}};
    EXPECT_EQ(guard(root_a, root_b), "whole");
    EXPECT_EQ(guard({{"root", "A"}, {"namespace", "x"}}, {{"root", "A"}, {"namespace", "y"}}),
              "whole");
    EXPECT_EQ(guard({{"path", "T"}, {"is", "1"}}, {{"path", "T"}, {"is", "2"}}), "whole");
    EXPECT_EQ(guard({{"soap_action", "x"}}, {{"soap_action", "y"}}), "whole");
    EXPECT_EQ(guard({{"root", "A"}, {"path", "T"}, {"is", "1"}},
                    {{"root", "A"}, {"path", "T"}, {"is", "2"}}),
              "whole");
    const auto could = "/inbound/0/forms/1/when: a document could fit this and forms/0";
    for (const auto& [first, second] : std::vector<std::pair<Json, Json>>{
             {root_a, root_a},
             {root_a, {{"path", "T"}, {"is", "1"}}},
             {{{"root", "A"}, {"namespace", "x"}}, root_a},
             {{{"path", "T"}, {"is", "1"}}, {{"path", "U"}, {"is", "2"}}},
             {{{"soap_action", "x"}}, root_a}}) {
        EXPECT_TRUE(guard(first, second).starts_with(could)) << first << second;
    }
    EXPECT_EQ(guard(root_a, Json::object()).substr(0, 43),
              "/inbound/0/forms/1/when: tests nothing; all");
    EXPECT_EQ(after([](Json& m) { m["inbound"][0]["forms"][1].erase("when"); }),
              "/inbound/0/forms/1: a form without when must be alone\n");
    EXPECT_EQ(guard(root_a, {{"path", "T//x"}, {"is", "1"}, {"root", "B"}}),
              "/inbound/0/forms/1/when/path: names parted by '/', \"@name\", \"name[0]\"\n");
}

TEST(ManifestCheck, RefusesRoutesThatCannotBe) {
    EXPECT_EQ(after([](Json& m) { m["inbound"][1]["path"] = "/in"; }),
              "/inbound/1/path: another route has this method and path\n");
    EXPECT_EQ(after([](Json& m) { m["inbound"][1]["path"] = "/a/../b"; }),
              "/inbound/1/path: begins with '/', no query, no \"..\"\n");
    EXPECT_EQ(after([](Json& m) { m["inbound"][1]["content_types"] = Json::array(); }),
              "/inbound/1/content_types: at least one\n");
    EXPECT_EQ(
        after([](Json& m) { m["inbound"][1]["content_types"][0] = "application/json; charset=x"; }),
        "/inbound/1/content_types/0: type/subtype without parameters\n");
    EXPECT_EQ(after([](Json& m) { m["inbound"][0]["attributes"]["kanal"]["header"] = "X-K"; }),
              "/inbound/0/attributes/kanal: exactly one of header and query\n");
    EXPECT_EQ(after([](Json& m) { m["inbound"][0]["method"] = "GET"; }),
              "/inbound/0/method: must be one of: POST, PUT\n");
    EXPECT_EQ(
        after([](Json& m) {
            m["read"]["encodings"] = {"ISO-8859-1", "EBCDIC"};
        }),
        "/read/encodings/0: JSON is UTF-8\n"
        "/read/encodings/1: unknown encoding; known: UTF-8, UTF-16, ISO-8859-1, Windows-1252\n");
}

TEST(ManifestCheck, RefusesRequestsThatCannotBe) {
    EXPECT_EQ(after([](Json& m) { m["outbound"][0]["kind"] = "referal"; }),
              "/outbound/0/kind: did you mean \"referral\"?\n");
    EXPECT_EQ(
        after([](Json& m) { m["outbound"][0]["headers"]["X-A"] = "{attr:nope} {setting:nope}"; }),
        "/outbound/0/headers/X-A: no attribute \"nope\" is declared under attributes\n"
        "/outbound/0/headers/X-A: no setting \"nope\" under settings\n");
    EXPECT_EQ(after([](Json& m) { m["outbound"][0]["headers"]["X-A"] = "{env:HOME}"; }),
              "/outbound/0/headers/X-A: a brace may only begin {attr:NAME} or {setting:NAME}\n");
    EXPECT_EQ(after([](Json& m) { m["outbound"][0]["headers"]["X-A"] = "a\r\nb"; }),
              "/outbound/0/headers/X-A: control characters cannot stand in a header\n");
    for (const char* name : {"Stafett-Receipt", "content-length", "Host", "Content-Type"}) {
        EXPECT_NE(after([&](Json& m) {
                      m["outbound"][0]["headers"][name] = "x";
                  }).find("the gateway's own"),
                  std::string::npos);
    }
    EXPECT_EQ(after([](Json& m) { m["outbound"].push_back(m["outbound"][0]); }),
              "/outbound/1/form: this form has its request already\n"
              "/outbound/1: never reached: an entry of this kind without when stands before it\n");
    EXPECT_EQ(after([](Json& m) {
                  m["personal_attributes"] = {"sparning", "kanal", "nope"};
                  m["outbound"][0]["path"] = "/x/{attr:sparning}";
              }),
              "/personal_attributes/2: no such attribute\n"
              "/outbound/0/path: a personal attribute may not stand in an address\n"
              "/inbound/0/attributes/kanal: a personal attribute may not stand in an address\n");
}

TEST(ManifestCheck, RefusesSettingsAndCodesThatAreHalf) {
    EXPECT_EQ(after([](Json& m) { m["codes"][0].erase("todo_sv"); }),
              "/codes/0/todo_sv: missing\n");
    EXPECT_EQ(after([](Json& m) { m["codes"][1]["code"] = "X-RULE"; }),
              "/codes/1/code: stands twice\n");
    EXPECT_EQ(after([](Json& m) { m["codes"][1]["code"] = "ST-MAP-001"; }),
              "/codes/1/code: ST- is the gateway's own\n");
    EXPECT_EQ(after([](Json& m) { m["settings"]["properties"]["enhet"]["pattern"] = "(["; }),
              "/settings/properties/enhet/pattern: not a regular expression (ECMAScript)\n");
    EXPECT_EQ(after([](Json& m) { m["settings"]["properties"]["antal"]["default"] = 12; }),
              "/settings/properties/antal/default: does not pass its own check\n");
    EXPECT_EQ(after([](Json& m) { m["settings"]["properties"]["antal"]["pattren"] = "x"; }),
              "/settings/properties/antal/pattren: unknown key; did you mean \"pattern\"?\n");
    EXPECT_EQ(after([](Json& m) { m["settings"]["properties"]["antal"]["maxLength"] = 1; }),
              "/settings/properties/antal/maxLength: does not fit the type\n");
    EXPECT_EQ(after([](Json& m) { m["settings"]["required"][0] = "enhte"; }),
              "/settings/required/0: no such property\n");
    EXPECT_EQ(after([](Json& m) { m["settings"]["properties"]["enhet"]["x-title-sv"] = "Enhet"; }),
              "whole");
}

TEST(ManifestCheck, RefusesAnEnvelopeThatDoesNotFit) {
    EXPECT_EQ(after([](Json& m) {
                  m["envelope"] = {{"format", "soap11"}};
              }),
              "/envelope/format: soap11 needs read/format xml\n");
    EXPECT_EQ(
        after([](Json& m) { m["envelope"]["headers"]["Spar"]["name"] = "a:b"; }, soapManifest()),
        "/envelope/headers/Spar/name: an element name of ASCII letters, digits, _ and -\n");
    EXPECT_EQ(after(
                  [](Json& m) {
                      m["envelope"]["headers"]["Spar"] = m["envelope"]["headers"]["LogicalAddress"];
                  },
                  soapManifest()),
              "/envelope/headers/Spar: stands twice\n");
    EXPECT_EQ(after([](Json& m) { m["envelope"]["format"] = "none"; }, soapManifest()),
              "/inbound/0/forms/1/when/soap_action: only with envelope soap11\n");
}

TEST(ManifestCheck, WantsTheFunctionsThatItNames) {
    const auto made =
        LoadedAdapter::make(describe(jsonManifest(R"(, "replies": "plugin")")), sha256("x"),
                            std::make_shared<Watch>(std::chrono::seconds(1)), "test");
    ASSERT_FALSE(made);
    EXPECT_EQ(made.error()[0].place().path, "/replies");
}

TEST(DocumentPaths, AreFollowedAndCounted) {
    const auto json = codec::readJson(R"({"a":[{"b":"x"},{"b":"y"}],"t":true})", {});
    ASSERT_TRUE(json);
    const auto text = [&](const codec::Document& d, std::string_view path) {
        const auto at = findPath(d, path);
        return at.node == codec::kNoNode ? std::string("-") : std::string(d.node(at.node).text);
    };
    EXPECT_EQ(text(*json, "a/b"), "x");
    EXPECT_EQ(text(*json, "a[1]/b"), "y");
    EXPECT_EQ(text(*json, "a[2]/b"), "-");
    EXPECT_EQ(text(*json, "t"), "true");
    EXPECT_EQ(findPath(*json, "a").count, 2);
    EXPECT_EQ(findPath(*json, "a[7]").count, 2);
    EXPECT_EQ(findPath(*json, "t/x").count, 0);
    const auto xml = codec::readXml("<r x='1'><a>p</a><b/><a y='2'>q</a></r>", {});
    ASSERT_TRUE(xml);
    EXPECT_EQ(text(*xml, "a"), "p");
    EXPECT_EQ(text(*xml, "a[1]"), "q");
    EXPECT_EQ(text(*xml, "a[1]/@y"), "2");
    EXPECT_EQ(text(*xml, "@x"), "1");
    EXPECT_EQ(text(*xml, "x"), "-");
    EXPECT_EQ(findPath(*xml, "a").count, 2);
    for (const char* bad : {"", "/", "a//b", "a[", "a[x]", "a[]", "@a/b", "@", "a/"})
        EXPECT_FALSE(isDocumentPath(bad)) << bad;
    for (const char* good : {"a", "a/@b", "Ä[10]/b", "."})
        EXPECT_TRUE(isDocumentPath(good)) << good;
}

}  // namespace
}  // namespace stafett::plugin
