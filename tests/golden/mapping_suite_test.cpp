// The conformance suite of the mapping language, one test a case.
#include "tests/golden/mapping_suite.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "gateway/codec/canonical.h"
#include "gateway/codec/read.h"
#include "gateway/codec/write.h"
#include "gateway/message/dates.h"

namespace stafett::suite {

void PrintTo(const Case& one, std::ostream* out) { *out << one.file.string(); }

namespace {

constexpr codec::Encoding kAllowed[] = {codec::Encoding::Latin1, codec::Encoding::Windows1252};

std::string text(const Json& json, const char* key, const char* otherwise) {
    return json.value(key, std::string(otherwise));
}

Result<codec::Document> parsed(const std::string& bytes, codec::Format format) {
    const codec::ReadOptions options{.limits = {}, .allowed = kAllowed};
    return format == codec::Format::Xml ? codec::readXml(bytes, options)
                                        : codec::readJson(bytes, options);
}

std::string describeAll(const Problems& problems) {
    std::string out;
    for (const Error& one : problems) out += describe(one, Language::English) + "\n";
    return out;
}

std::string fromHex(const std::string& hex) {
    std::string out;
    for (std::size_t i = 0; i + 1 < hex.size(); i += 2) {
        out += static_cast<char>(std::stoi(hex.substr(i, 2), nullptr, 16));
    }
    return out;
}

class Suite : public ::testing::TestWithParam<Case> {
protected:
    void load();
    void findings(const Problems& found) const;
    void read(const Json& expected);
    void write(const Json& expected);
    void explained(const Json& expected, const mapping::Explanation& explanation) const;
    message::Message canonical(const Json& json) const;
    void context(const Json& json);

    const Json& json_ = GetParam().json;
    std::shared_ptr<const mapping::Form> form_;
    mapping::Attributes attributes_;
    mapping::Settings settings_;
    mapping::ReadContext reading_;
    mapping::WriteContext writing_;
    mapping::Residue residue_;
    mapping::Explanation explanation_;
};

void Suite::load() {
    const CaseFolder folder(json_);
    auto loaded = folder.load();
    if (json_.contains("findings")) {
        ASSERT_FALSE(loaded) << "nothing was found";
        return findings(loaded.error());
    }
    ASSERT_TRUE(loaded) << describeAll(loaded.error());
    form_ = std::move(*loaded);
}

/// Every finding that is wanted is there, and no code that is not.
void Suite::findings(const Problems& found) const {
    std::set<std::string> codes, expected;
    for (const Error& one : found) codes.insert(std::string(one.info().id));
    for (const auto& one : json_.at("findings")) {
        const auto code = one.at("code").get<std::string>();
        expected.insert(code);
        const auto match = std::any_of(found.begin(), found.end(), [&](const Error& error) {
            const Place& place = error.place();
            return error.info().id == code && place.line == one.at("line").get<unsigned>() &&
                   place.file == text(one, "file", "test/form.map.json") &&
                   (!one.contains("path") || place.path == one["path"]) &&
                   place.row.find(text(one, "row", "")) != std::string::npos &&
                   place.hint.find(text(one, "hint", "")) != std::string::npos;
        });
        EXPECT_TRUE(match) << "not found: " << one.dump() << "\n" << describeAll(found);
    }
    EXPECT_EQ(codes, expected) << describeAll(found);
}

void Suite::context(const Json& json) {
    const auto pairs = json.value("attributes", Json::object());
    for (const auto& [name, value] : pairs.items()) attributes_.set(name, value);
    settings_ = json.value("settings", mapping::Settings{});
    const Time now = *message::parseTime(text(json, "now", "2026-01-01T12:00:00Z"));
    reading_.sender = PartyId{text(json, "sender", "2120000142")};
    reading_.received_at = now;
    reading_.settings = &settings_;
    reading_.attributes = &attributes_;
    reading_.person.today = "2026-01-01";
    reading_.person.interim = json.value("interim", false);
    reading_.explanation = &explanation_;
    writing_.receiver = PartyId{text(json, "receiver", "2021005521")};
    writing_.receiver_function = FunctionId{text(json, "receiver_function", "")};
    writing_.gateway = PartyId{text(json, "gateway", "5565594230")};
    writing_.endpoint = text(json, "endpoint", "https://receiver.example.org/in");
    writing_.now = now;
    writing_.settings = &settings_;
    writing_.explanation = &explanation_;
    const auto kept = json.value("residue", Json::object());
    for (const auto& [path, value] : kept.items()) residue_.fields.emplace_back(path, value);
    writing_.residue = &residue_;
}

message::Message Suite::canonical(const Json& json) const {
    for (const auto& schema : catalogue().schemas()) {
        if (schema->id() != form_->schema().id()) continue;
        auto message = codec::readCanonical(json.dump(), schema);
        if (message) return std::move(*message);
        ADD_FAILURE() << "the case's canonical: " << describe(message.error(), Language::English);
        return message::Message(schema);
    }
    std::abort();
}

void Suite::explained(const Json& expected, const mapping::Explanation& explanation) const {
    std::string all;
    for (const auto& line : explanation.lines) {
        all += line.from + " | " + line.to + " | " + line.row + " | " + line.codec + " | " +
               line.note + "\n";
    }
    const auto wanted_lines = expected.value("explained", Json::array());
    for (const auto& one : wanted_lines) {
        const auto says = [&](const char* key, const std::string& found) {
            return !one.contains(key) || found.find(one[key]) != std::string::npos;
        };
        const auto match =
            std::any_of(explanation.lines.begin(), explanation.lines.end(), [&](const auto& line) {
                return line.from == text(one, "from", "") && line.to == text(one, "to", "") &&
                       says("row", line.row) && says("codec", line.codec) &&
                       says("note", line.note);
            });
        EXPECT_TRUE(match) << "not explained: " << one.dump() << "\n" << all;
    }
}

void Suite::read(const Json& expected) {
    context(expected);
    const auto bytes = expected.contains("wire_hex") ? fromHex(expected["wire_hex"])
                                                     : expected.at("wire").get<std::string>();
    const auto document = parsed(bytes, form_->format());
    ASSERT_TRUE(document) << describe(document.error(), Language::English);
    const auto out = form_->read(*document, reading_);
    EXPECT_EQ(told(out.problems), wanted(expected, "problems")) << describeAll(out.problems);
    EXPECT_EQ(told(out.warnings), wanted(expected, "warnings")) << describeAll(out.warnings);
    EXPECT_EQ(out.transport_free, "") << "nobody asked for it";
    if (expected.contains("canonical")) {
        EXPECT_EQ(message::print(out.message), message::print(canonical(expected["canonical"])));
    }
    Json kept = Json::object();
    for (const auto& [path, value] : out.residue.fields) kept[path] = value;
    EXPECT_EQ(kept, expected.value("residue", Json::object()));
    explained(expected, explanation_);
    for (const char* key : {"same_as", "other_than"}) {
        if (!expected.contains(key)) continue;
        const auto second = parsed(expected[key], form_->format());
        ASSERT_TRUE(second);
        auto asked = reading_;
        asked.transport_free = true;
        const auto first = form_->read(*document, asked);
        const auto again = form_->read(*second, asked);
        EXPECT_FALSE(first.transport_free.empty());
        EXPECT_EQ(again.transport_free == first.transport_free, std::string_view(key) == "same_as");
    }
}

void Suite::write(const Json& expected) {
    context(expected);
    const auto out = form_->write(canonical(expected.at("canonical")), writing_);
    EXPECT_EQ(told(out.problems), wanted(expected, "problems")) << describeAll(out.problems);
    EXPECT_EQ(told(out.warnings), wanted(expected, "warnings")) << describeAll(out.warnings);
    std::vector<std::string> losses;
    for (const auto& loss : out.losses) {
        losses.push_back(std::string(info(loss.code).id) + " " + loss.canonical);
    }
    std::sort(losses.begin(), losses.end());
    EXPECT_EQ(losses, wanted(expected, "losses"));
    if (expected.contains("wire")) {
        const auto document = parsed(expected["wire"], form_->format());
        ASSERT_TRUE(document) << describe(document.error(), Language::English);
        const auto found = parsed(out.document, form_->format());
        ASSERT_TRUE(found) << out.document;
        EXPECT_EQ(codec::print(*found), codec::print(*document));
    }
    if (expected.contains("contains")) {
        EXPECT_THAT(out.document, ::testing::HasSubstr(expected["contains"].get<std::string>()));
    }
    if (expected.contains("contains_hex")) {
        EXPECT_NE(out.document.find(fromHex(expected["contains_hex"])), std::string::npos);
    }
    const auto attributes = expected.value("written_attributes", Json::object());
    for (const auto& [name, value] : attributes.items()) {
        const auto* const found = out.attributes.find(name);
        EXPECT_EQ(found == nullptr ? "" : *found, value.get<std::string>()) << name;
    }
    explained(expected, explanation_);
}

TEST_P(Suite, DoesWhatTheDocumentSays) {
    ASSERT_TRUE(json_.is_object()) << "the case is no JSON object";
    const std::set<std::string> known = {"says", "mapping", "tables",  "files",
                                         "read", "write",   "findings"};
    for (const auto& [key, value] : json_.items()) EXPECT_EQ(known.count(key), 1U) << key;
    ASSERT_NE(text(json_, "says", ""), "") << "a case names what it shows";
    ASSERT_TRUE(json_.contains("read") || json_.contains("write") || json_.contains("findings"));
    load();
    if (!form_) return;
    if (json_.contains("read")) read(json_["read"]);
    explanation_ = {};
    if (json_.contains("write")) write(json_["write"]);
}

INSTANTIATE_TEST_SUITE_P(Mapping, Suite, ::testing::ValuesIn(findCases()),
                         [](const auto& given) { return given.param.name; });

}  // namespace
}  // namespace stafett::suite
