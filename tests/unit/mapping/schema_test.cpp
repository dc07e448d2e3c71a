// The schema that editors use agrees with the loader: every shipped mapping follows it.
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <sstream>
#include <valijson/adapters/nlohmann_json_adapter.hpp>
#include <valijson/schema.hpp>
#include <valijson/schema_parser.hpp>
#include <valijson/validator.hpp>

#include "gateway/mapping/codec.h"
#include "tests/unit/mapping/support.h"

namespace stafett::mapping {
namespace {

nlohmann::json read(const std::filesystem::path& file) {
    std::ifstream in(file);
    std::ostringstream text;
    text << in.rdbuf();
    return nlohmann::json::parse(text.str(), nullptr, true, true);
}

class MappingSchema : public ::testing::Test {
protected:
    MappingSchema() {
        json_ = read(testing::sourceFolder() / "mappings" / "mapping.schema.json");
        valijson::SchemaParser(valijson::SchemaParser::kDraft7)
            .populateSchema(valijson::adapters::NlohmannJsonAdapter(json_), schema_);
    }
    bool follows(const nlohmann::json& mapping, std::string& why) const {
        valijson::ValidationResults results;
        valijson::Validator validator;
        const bool good =
            validator.validate(schema_, valijson::adapters::NlohmannJsonAdapter(mapping), &results);
        valijson::ValidationResults::Error error;
        while (results.popError(error)) {
            for (const auto& step : error.context) why += step;
            why += ": " + error.description + "\n";
        }
        return good;
    }

    nlohmann::json json_;
    valijson::Schema schema_;
};

TEST_F(MappingSchema, EveryShippedFileFollowsIt) {
    int files = 0;
    for (const auto& entry :
         std::filesystem::recursive_directory_iterator(testing::sourceFolder() / "mappings")) {
        const std::string name = entry.path().filename().string();
        if (!name.ends_with(".map.json") && !name.ends_with(".rows.json")) continue;
        std::string why;
        EXPECT_TRUE(follows(read(entry.path()), why)) << entry.path() << "\n" << why;
        ++files;
    }
    EXPECT_GE(files, 16);
}

TEST_F(MappingSchema, RefusesWhatTheLoaderRefuses) {
    const auto row = [](const char* text) {
        return nlohmann::json{{"rows", nlohmann::json::array({nlohmann::json::parse(text)})}};
    };
    std::string why;
    EXPECT_TRUE(follows(row(R"({ "canonical": "a", "wire": "b" })"), why)) << why;
    for (const char* bad :
         {R"({ "canonical": "a", "wire": "b", "requried": true })", R"({ "wire": "b" })",
          R"({ "canonical": "a", "wire": "b", "as": "tekst" })",
          R"({ "canonical": "a", "wire": "b", "as": "decimal:semicolon:1" })",
          R"({ "include": "../x.rows.json" })",
          R"({ "also": "a", "wire": "b", "agree": "perhaps" })"}) {
        EXPECT_FALSE(follows(row(bad), why)) << bad;
    }
}

TEST_F(MappingSchema, KnowsEveryCodec) {
    for (std::string name : codecNames()) {
        for (const auto& [placeholder, value] : {std::pair<std::string, std::string>{":N", ":1"},
                                                 {":T/F", ":J/N"},
                                                 {":P", ":X-"},
                                                 {":URI", ":urn:x"}}) {
            if (name.ends_with(placeholder)) {
                name.replace(name.size() - placeholder.size(), placeholder.size(), value);
            }
        }
        message::Field field;
        EXPECT_TRUE(makeCodec(name, field)) << name;
        std::string why;
        const nlohmann::json file = {{"rows", {{{"canonical", "a"}, {"wire", "b"}, {"as", name}}}}};
        EXPECT_TRUE(follows(file, why)) << name << "\n" << why;
    }
}

}  // namespace
}  // namespace stafett::mapping
