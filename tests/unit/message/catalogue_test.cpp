#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "gateway/message/message.h"
#include "gateway/message/schema.h"
#include "tests/unit/message/canonical_folder.h"

using namespace stafett;
using namespace stafett::message;

namespace {

std::vector<std::string> requiredPaths(const Schema& schema) {
    std::vector<std::string> paths;
    for (const auto& field : schema.root.fields) {
        if (field.required) paths.push_back(field.path);
    }
    return paths;
}

const Field& fieldOf(const Schema& schema, std::string_view path) {
    return schema.root.fields.at(schema.root.find(path).value());
}

/// A copy of the canonical folder, to be spoilt.
class SpoiltFolder : public ::testing::Test {
protected:
    void SetUp() override {
        folder_ = std::filesystem::temp_directory_path() /
                  ("stafett-canonical-" + std::to_string(::getpid()));
        std::filesystem::remove_all(folder_);
        std::filesystem::copy(canonicalFolder(), folder_, std::filesystem::copy_options::recursive);
    }
    void TearDown() override { std::filesystem::remove_all(folder_); }

    void replace(const std::string& file, const std::string& old, const std::string& by) {
        std::ifstream in(folder_ / file);
        std::string text((std::istreambuf_iterator<char>(in)), {});
        const auto at = text.find(old);
        ASSERT_NE(at, std::string::npos) << old;
        std::ofstream(folder_ / file) << text.replace(at, old.size(), by);
    }
    void expectProblem(Code code, const std::string& file) {
        const auto loaded = Catalogue::load(folder_);
        ASSERT_FALSE(loaded);
        for (const auto& problem : loaded.error()) {
            if (problem.code() == code && problem.place().file == file) return;
        }
        for (const auto& problem : loaded.error())
            ADD_FAILURE() << describe(problem, Language::English);
    }

    std::filesystem::path folder_;
};

}  // namespace

TEST(Catalogue, HoldsThirteenKinds) {
    EXPECT_EQ(catalogue().schemas().size(), 13U);
    for (const char* kind :
         {"referral", "handover", "answer", "plan", "joint_assessment", "progress", "deviation",
          "consent", "closure", "cancel", "reminder", "caseworker_change", "notice"}) {
        const Schema* schema = catalogue().find(std::string(kind) + "/1");
        ASSERT_NE(schema, nullptr) << kind;
        EXPECT_EQ(schema->root.fields.front().path, "message/id") << kind;
        EXPECT_NE(catalogue().valueSet("message_kind")->find(kind), nullptr) << kind;
    }
    EXPECT_EQ(catalogue().find("referral/2"), nullptr);
    EXPECT_EQ(catalogue().find("referral"), nullptr);
}

TEST(Catalogue, ReferralHasExactlyEightRequiredFields) {
    EXPECT_EQ(requiredPaths(*catalogue().find("referral/1")),
              (std::vector<std::string>{"message/id", "message/senderId", "message/kind",
                                        "message/schema", "sender/party", "receivers", "person/id",
                                        "reason/code"}));
}

TEST(Catalogue, NoKindHasMoreThanTwelveRequiredFields) {
    for (const auto& schema : catalogue().schemas()) {
        EXPECT_LE(requiredPaths(*schema).size(), 12U) << schema->kind;
    }
}

TEST(Catalogue, FlattensObjectsAndKeepsTheMarks) {
    const Schema& referral = *catalogue().find("referral/1");
    const Field& hours = fieldOf(referral, "extent/hours");
    EXPECT_EQ(hours.type, Type::Decimal);
    EXPECT_EQ(hours.places, 1);
    EXPECT_EQ(hours.unit, "h/wk");
    EXPECT_TRUE(fieldOf(referral, "person/given").personal);
    EXPECT_FALSE(fieldOf(referral, "person/given").sensitive);
    EXPECT_TRUE(fieldOf(referral, "reason/text").sensitive);
    for (const char* path : {"protection", "legalBasis", "consent/ref"}) {
        EXPECT_TRUE(fieldOf(referral, path).must_carry) << path;
    }
    const Field& benefits = fieldOf(referral, "benefits");
    EXPECT_EQ(benefits.key, (std::vector<std::string>{"code", "from"}));
    EXPECT_TRUE(benefits.item->fields.at(0).sensitive);
    const Field& protection = fieldOf(referral, "protection");
    EXPECT_FALSE(protection.ordered);
    EXPECT_EQ(protection.item->fields.at(0).path, ".");
    EXPECT_EQ(protection.item->fields.at(0).value_set, "protection");
    EXPECT_EQ(fieldOf(referral, "certificate/ref").title_sv, "Läkarintyg");
    EXPECT_EQ(fieldOf(referral, "message/senderId").max_length, 128U);
}

TEST_F(SpoiltFolder, NamesEveryProblemAtOnce) {
    replace("referral.schema.json", "definitions/person", "definitions/persn");
    replace("notice.schema.json", "\"x-type\"", "\"x-tpe\"");
    replace("codes/reason.json", "\"code\": \"annan\"", "\"code\": \"nyanland\"");
    expectProblem(Code::ConfigReference, "referral.schema.json");
    expectProblem(Code::ConfigUnknownKey, "notice.schema.json");
    expectProblem(Code::ConfigType, "notice.schema.json");
    expectProblem(Code::ConfigDuplicate, "codes/reason.json");
}

TEST_F(SpoiltFolder, RefusesAValueSetThatIsNotThere) {
    std::filesystem::remove(folder_ / "codes/reason.json");
    expectProblem(Code::ConfigReference, "common.schema.json");
}

TEST_F(SpoiltFolder, RefusesAVersionThatIsNone) {
    replace("answer.schema.json", "\"x-version\": \"1.2\"", "\"x-version\": \"one\"");
    expectProblem(Code::ConfigType, "answer.schema.json");
}

TEST_F(SpoiltFolder, RefusesRequiredMembersOfAnObjectThatMayBeAbsent) {
    replace("common.schema.json", "\"certificate\": {\n      \"type\": \"object\",",
            "\"certificate\": {\n      \"type\": \"object\", \"required\": [\"ref\"],");
    expectProblem(Code::ConfigType, "common.schema.json");
}

TEST_F(SpoiltFolder, RefusesWhatIsNotJson) {
    replace("answer.schema.json", "{", "[");
    expectProblem(Code::ConfigSyntax, "answer.schema.json");
}

TEST(CatalogueFolder, ThatIsNotThereIsAProblem) {
    const auto loaded = Catalogue::load("/nowhere");
    ASSERT_FALSE(loaded);
    EXPECT_EQ(loaded.error().at(0).code(), Code::ConfigFile);
}

TEST(Messages, PrintInSchemaOrderWithSetsSorted) {
    Message message(schemaOf("referral"));
    message.set("reason/code", "nollplacerad");
    message.set("message/id", "0198f000-0000-7000-8000-000000000001");
    message.set("message/revision", "2");
    message.set("extent/hours", "8.0");
    message.set("extent/source/form", "percent");
    message.set("extent/source/value", "20");
    message.set("period/from", "2026-01-01");
    message.set("contact/unit", "Enheten \"Å\"\n\x01");
    const auto protection = *message.schema().root.find("protection");
    message.root().append(protection).set(0, "skyddad_folkbokforing");
    message.root().append(protection).set(0, "sekretessmarkering");
    Record& benefit = message.root().append(*message.schema().root.find("benefits"));
    benefit.set(*benefit.type().find("code"), "ingen");
    EXPECT_EQ(
        print(message),
        R"({"message":{"id":"0198f000-0000-7000-8000-000000000001","revision":2},)"
        R"("protection":["sekretessmarkering","skyddad_folkbokforing"],"reason":{"code":"nollplacerad"},)"
        R"("extent":{"hours":"8.0","source":{"form":"percent","value":"20"}},"period":{"from":"2026-01-01"},)"
        R"("benefits":[{"code":"ingen"}],"contact":{"unit":"Enheten \"Å\"\n\u0001"}})");
    EXPECT_EQ(print(message.copy()), print(message));
    EXPECT_EQ(digest(message), sha256(print(message)));
}

TEST(Messages, SurviveBeingMovedAndCopied) {
    Message first(catalogue().schemas().at(0));
    first.set("message/senderId", std::string(10'000, 'x'));
    first.set("message/refTo", "short");
    Message second = first.copy();
    EXPECT_NE(second.text("message/refTo").data(), first.text("message/refTo").data());
    const Message third = std::move(first);
    second.set("message/refTo", "other");
    EXPECT_EQ(third.text("message/senderId").size(), 10'000U);
    EXPECT_EQ(third.text("message/refTo"), "short");
    EXPECT_EQ(second.text("message/refTo"), "other");
    EXPECT_EQ(third.text("no/such"), "");
}
