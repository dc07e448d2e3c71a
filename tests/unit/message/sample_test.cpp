#include "gateway/message/sample.h"

#include <chrono>
#include <set>

#include "tests/unit/message/canonical_folder.h"

using namespace stafett;
using namespace stafett::message;

namespace {

void countPresent(const Record& record, const std::string& prefix,
                  std::map<std::string, int>& counts) {
    for (std::size_t i = 0; i < record.type().fields.size(); ++i) {
        const auto index = static_cast<FieldIndex>(i);
        const std::string path = prefix + record.type().fields[i].path;
        counts[path] += record.has(index) ? 1 : 0;
        for (const Record& item : record.items(index)) countPresent(item, path + "/", counts);
    }
}

}  // namespace

TEST(Samples, AreValidForEveryKind) {
    for (const auto& schema : catalogue().schemas()) {
        for (std::uint64_t seed = 0; seed < 500; ++seed) {
            const Message message = sample(schema, catalogue(), seed);
            for (const auto& problem : validate(message, catalogue(), Rules{}, "2026-01-01")) {
                ADD_FAILURE() << schema->kind << " " << seed << " "
                              << describe(problem, Language::English);
            }
        }
    }
}

TEST(Samples, HaveEveryOptionalFieldNowAndThen) {
    for (const auto& schema : catalogue().schemas()) {
        std::map<std::string, int> counts;
        for (std::uint64_t seed = 0; seed < 300; ++seed) {
            countPresent(sample(schema, catalogue(), seed).root(), "", counts);
        }
        for (const auto& field : schema->root.fields) {
            EXPECT_GT(counts[field.path], 90) << schema->kind << " " << field.path;
            EXPECT_TRUE(field.required || counts[field.path] < 230)
                << schema->kind << " " << field.path;
        }
    }
}

TEST(Samples, UseEveryCodeAndEveryKindOfPersonalNumber) {
    std::set<std::string> reasons;
    std::set<std::string> kinds;
    for (std::uint64_t seed = 0; seed < 500; ++seed) {
        const Message message = sample(schemaOf("referral"), catalogue(), seed);
        reasons.emplace(message.text("reason/code"));
        const std::string_view id = message.text("person/id");
        kinds.emplace(id.substr(0, id.find(':')));
    }
    EXPECT_EQ(reasons.size(), catalogue().valueSet("reason")->values.size());
    EXPECT_EQ(kinds, (std::set<std::string>{"lma", "pnr", "reserv", "samordning"}));
}

TEST(Samples, AreTheSameForTheSameSeedAndOtherForAnother) {
    const auto schema = schemaOf("handover");
    EXPECT_EQ(print(sample(schema, catalogue(), 7)), print(sample(schema, catalogue(), 7)));
    EXPECT_NE(print(sample(schema, catalogue(), 7)), print(sample(schema, catalogue(), 8)));
}
