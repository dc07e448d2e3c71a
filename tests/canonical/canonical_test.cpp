#include <fstream>
#include <nlohmann/json.hpp>
#include <valijson/adapters/nlohmann_json_adapter.hpp>
#include <valijson/schema.hpp>
#include <valijson/schema_parser.hpp>
#include <valijson/validator.hpp>

#include "gateway/codec/canonical.h"
#include "gateway/message/sample.h"
#include "tests/unit/message/canonical_folder.h"

using namespace stafett;
using namespace stafett::message;
using nlohmann::json;

namespace {

json load(const std::string& file) {
    std::ifstream stream(canonicalFolder() / file);
    return json::parse(stream);
}

/// The schema of one kind, as an outside validator reads it.
class Outside {
public:
    explicit Outside(const std::string& kind) {
        valijson::SchemaParser parser;
        const json schema = load(kind + ".schema.json");
        parser.populateSchema(
            valijson::adapters::NlohmannJsonAdapter(schema), schema_,
            [](const std::string& uri) { return new json(load(uri)); },
            [](const json* made) { delete made; });
    }

    std::string problems(const json& message) {
        valijson::Validator validator;
        valijson::ValidationResults results;
        if (validator.validate(schema_, valijson::adapters::NlohmannJsonAdapter(message), &results))
            return {};
        std::string text;
        for (valijson::ValidationResults::Error error; results.popError(error);)
            text += error.description + "\n";
        return text;
    }

private:
    valijson::Schema schema_;
};

}  // namespace

TEST(CanonicalSchemas, PassPrintedMessagesOfEveryKind) {
    for (const auto& schema : catalogue().schemas()) {
        Outside outside(schema->kind);
        for (std::uint64_t seed = 0; seed < 40; ++seed) {
            const std::string printed = print(sample(schema, catalogue(), seed));
            EXPECT_EQ(outside.problems(json::parse(printed)), "") << schema->kind << " " << printed;
        }
    }
}

TEST(CanonicalSchemas, RefuseWhatBreaksThem) {
    Outside outside("referral");
    const json good = json::parse(print(sample(schemaOf("referral"), catalogue(), 1)));
    const std::vector<std::pair<std::string, json>> spoilt = {
        {"/message/kind", "handover"},  {"/message/schema", "referral/2"},
        {"/person/id", "191212121212"}, {"/extent/hours", "8"},
        {"/extent/hours", 8.0},         {"/unknown", 1},
        {"/person/unknown", "x"},       {"/sender/party", "202100-5521"},
        {"/reason/text", ""},           {"/receivers", json::array()},
        {"/protection", "x"},           {"/message/senderId", std::string(129, 'x')}};
    for (const auto& [pointer, value] : spoilt) {
        json bad = good;
        bad[json::json_pointer(pointer)] = value;
        EXPECT_NE(outside.problems(bad), "") << pointer;
    }
    for (const char* required : {"message", "sender", "receivers", "person", "reason"}) {
        json bad = good;
        bad.erase(required);
        EXPECT_NE(outside.problems(bad), "") << required;
    }
}

TEST(CanonicalReading, GivesBackWhatWasPrintedForEveryKind) {
    for (const auto& schema : catalogue().schemas()) {
        for (std::uint64_t seed = 0; seed < 200; ++seed) {
            const std::string printed = print(sample(schema, catalogue(), seed));
            const auto read = codec::readCanonical(printed, schema);
            ASSERT_TRUE(read) << describe(read.error(), Language::English) << printed;
            EXPECT_EQ(print(*read), printed);
        }
    }
}

TEST(CanonicalReading, TakesFieldsInAnyOrder) {
    const auto read = codec::readCanonical(
        R"({"reason":{"text":"b","code":"annan"},"protection":["skyddad_folkbokforing","sekretessmarkering"],
            "message":{"revision":2,"id":"0198f000-0000-7000-8000-000000000001"}})",
        schemaOf("referral"));
    ASSERT_TRUE(read) << describe(read.error(), Language::English);
    EXPECT_EQ(
        print(*read),
        R"({"message":{"id":"0198f000-0000-7000-8000-000000000001","revision":2},)"
        R"("protection":["sekretessmarkering","skyddad_folkbokforing"],"reason":{"code":"annan","text":"b"}})");
}

TEST(CanonicalReading, RefusesWhatTheSchemaDoesNotHold) {
    const auto refused = [](std::string_view text) {
        const auto read = codec::readCanonical(text, schemaOf("referral"));
        return read ? std::string("accepted")
                    : std::string(read.error().info().id) + " " + read.error().place().path;
    };
    EXPECT_EQ(refused(R"({"persn":{"id":"x"}})"), "ST-MAP-001 persn");
    EXPECT_EQ(refused(R"({"person":{"idd":"x"}})"), "ST-MAP-001 person/idd");
    EXPECT_EQ(refused(R"({"person/id":"x"})"), "ST-MAP-001 'person/id'");
    EXPECT_EQ(refused(R"({"extent/source":{"form":"x"}})"), "ST-MAP-001 'extent/source'");
    EXPECT_EQ(refused(R"({"benefits":[{"code":"x"},{"cod":"x"}]})"), "ST-MAP-001 benefits[1]/cod");
    EXPECT_EQ(refused(R"({"person":{"id":1}})"), "ST-MSG-001 person/id");
    EXPECT_EQ(refused(R"({"person":{"id":{"a":1}}})"), "ST-MSG-001 person/id");
    EXPECT_EQ(refused(R"({"person":{"id":""}})"), "ST-MSG-001 person/id");
    EXPECT_EQ(refused(R"({"person":{"given":null}})"), "ST-MSG-001 person/given");
    EXPECT_EQ(refused(R"({"person":{}})"), "ST-MSG-001 person");
    EXPECT_EQ(refused(R"({"person":"x"})"), "ST-MSG-001 person");
    EXPECT_EQ(refused(R"({"message":{"revision":"2"}})"), "ST-MSG-001 message/revision");
    EXPECT_EQ(refused(R"({"protection":[]})"), "ST-MSG-001 protection");
    EXPECT_EQ(refused(R"({"protection":[{}]})"), "ST-MSG-001 protection[0]");
    EXPECT_EQ(refused(R"({"benefits":["x"]})"), "ST-MSG-001 benefits[0]");
    EXPECT_EQ(refused(R"([])"), "ST-MSG-001 ");
    EXPECT_EQ(refused(R"({"person":{"id":"x"},"person":{"id":"x"}})"), "ST-JSON-003 person");
    EXPECT_EQ(refused(R"({"person":{"id":"x"}}})"), "ST-JSON-001 person/id");
}
