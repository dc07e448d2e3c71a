// Which form a message is written in, where a kind has several.
#include <nlohmann/json.hpp>

#include "gateway/message/schema.h"
#include "tests/unit/plugin/support.h"

namespace stafett::plugin {
namespace {

using Json = nlohmann::json;

const message::Catalogue& catalogue() {
    static const auto loaded = message::Catalogue::load(std::filesystem::path(STAFETT_SOURCE_DIR) /
                                                        "mappings" / "canonical");
    return *loaded;
}

message::Message answer(const std::map<std::string, std::string>& fields) {
    const auto& schemas = catalogue().schemas();
    const auto schema = *std::find_if(schemas.begin(), schemas.end(),
                                      [](const auto& one) { return one->kind == "answer"; });
    message::Message made(schema);
    for (const auto& [path, text] : fields) made.set(path, text);
    return made;
}

/// A manifest with a form "special" for answers on this condition, before one for every answer.
std::string manifestWith(const Json& when) {
    Json manifest = Json::parse(jsonManifest());
    Json special = manifest["outbound"][0];
    special["kind"] = "answer";
    special["headers"] = Json::object();
    Json usual = special;
    special["form"] = "special";
    special["when"] = when;
    usual["form"] = "usual";
    manifest["outbound"].push_back(special);
    manifest["outbound"].push_back(usual);
    return manifest.dump();
}

std::string chosen(const Json& when, const std::map<std::string, std::string>& fields,
                   const mapping::Settings& settings = {}) {
    const auto adapter = adapterOf(manifestWith(when));
    if (adapter == nullptr) return "no adapter";
    return adapter->outboundForm(answer(fields), settings).value_or(FormId{"none"}).value;
}

TEST(OutboundChoice, IsByOneOfSeveralCodes) {
    const Json when = {{"canonical", "answer/type"}, {"is", {"ask", "supplement"}}};
    EXPECT_EQ(chosen(when, {{"answer/type", "ask"}}), "special");
    EXPECT_EQ(chosen(when, {{"answer/type", "supplement"}}), "special");
    EXPECT_EQ(chosen(when, {{"answer/type", "accept"}}), "usual");
    EXPECT_EQ(chosen(when, {}), "usual");
}

TEST(OutboundChoice, IsByWhatIsThereAndWhatIsNot) {
    const Json present = {{"canonical", "certificate/ref"}, {"is", "present"}};
    EXPECT_EQ(chosen(present, {{"certificate/ref", "SE1-1/2"}}), "special");
    EXPECT_EQ(chosen(present, {}), "usual");
    const Json absent = {{"canonical", "consent/ref"}, {"is", "absent"}};
    EXPECT_EQ(chosen(absent, {}), "special");
    EXPECT_EQ(chosen(absent, {{"consent/ref", "S-1"}}), "usual");
}

TEST(OutboundChoice, SeesAListThatHasItems) {
    const Json when = {{"canonical", "protection"}, {"is", "absent"}};
    const auto adapter = adapterOf(manifestWith(when));
    auto message = answer({});
    EXPECT_EQ(adapter->outboundForm(message, {})->value, "special");
    const auto field = *message.schema().root.find("protection");
    message.root().append(field).set(0, "sekretessmarkering");
    EXPECT_EQ(adapter->outboundForm(message, {})->value, "usual");
}

TEST(OutboundChoice, FitsTheWholeText) {
    const Json when = {{"canonical", "person/id"}, {"fits", "pnr:[0-9]{12}"}};
    EXPECT_EQ(chosen(when, {{"person/id", "pnr:197407029284"}}), "special");
    EXPECT_EQ(chosen(when, {{"person/id", "reserv:98240301AA06"}}), "usual");
    EXPECT_EQ(chosen(when, {{"person/id", "xpnr:197407029284"}}), "usual");
}

TEST(OutboundChoice, IsByTheReceiversSettings) {
    const Json same = {{"canonical", "sender/party"}, {"setting", "enhet"}};
    EXPECT_EQ(chosen(same, {{"sender/party", "2321000255"}}, {{"enhet", "2321000255"}}), "special");
    EXPECT_EQ(chosen(same, {{"sender/party", "2321000255"}}, {{"enhet", "2321000131"}}), "usual");
    EXPECT_EQ(chosen(same, {}, {{"enhet", ""}}), "usual");
    EXPECT_EQ(chosen(same, {{"sender/party", "2321000255"}}), "usual");
    const Json all = {{"settings", {"enhet", "gren"}}};
    EXPECT_EQ(chosen(all, {}, {{"enhet", "A"}, {"gren", "b"}}), "special");
    EXPECT_EQ(chosen(all, {}, {{"enhet", "A"}}), "usual");
}

TEST(OutboundChoice, NeedsEveryConditionOfAList) {
    const Json when = {{{"canonical", "answer/type"}, {"is", "ask"}}, {{"settings", {"enhet"}}}};
    EXPECT_EQ(chosen(when, {{"answer/type", "ask"}}, {{"enhet", "A"}}), "special");
    EXPECT_EQ(chosen(when, {{"answer/type", "ask"}}), "usual");
    EXPECT_EQ(chosen(when, {}, {{"enhet", "A"}}), "usual");
}

std::string wrongWith(const Json& when) {
    const auto manifest = readManifest(manifestWith(when), "m");
    if (manifest) return "whole";
    std::string all;
    for (const auto& error : manifest.error()) {
        all += error.place().path + ": " + error.place().hint + "\n";
    }
    return all;
}

TEST(OutboundChoice, IsRefusedWhereItIsNotClear) {
    const std::string at = "/outbound/1/when";
    EXPECT_EQ(wrongWith({{"canonical", "answer/type"}}),
              at + ": tests one thing: is, fits, setting or settings\n");
    EXPECT_EQ(wrongWith({{"canonical", "answer/type"}, {"is", "ask"}, {"fits", "a"}}),
              at + ": tests one thing: is, fits, setting or settings\n");
    EXPECT_EQ(wrongWith({{"canonical", "answer/type"}, {"fits", "("}}),
              at + "/fits: not a regular expression\n");
    EXPECT_EQ(wrongWith({{"settings", {"nope"}}}), at + ": no setting \"nope\" under settings\n");
    EXPECT_TRUE(
        wrongWith(Json::array())
            .starts_with(at + ": a condition, or a list of conditions that must all hold\n"));
    EXPECT_TRUE(wrongWith(Json::array({"ask"})).starts_with(at + "/0: must be an object\n"));
}

}  // namespace
}  // namespace stafett::plugin
