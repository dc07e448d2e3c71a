#include "gateway/message/schema.h"

#include <algorithm>
#include <array>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "gateway/message/dates.h"

namespace stafett::message {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::array<std::pair<std::string_view, Type>, 12> kTypes{{
    {"text", Type::Text},
    {"code", Type::Code},
    {"date", Type::Date},
    {"time", Type::Time},
    {"decimal", Type::Decimal},
    {"integer", Type::Integer},
    {"boolean", Type::Boolean},
    {"uuid", Type::Uuid},
    {"person_id", Type::PersonId},
    {"org_number", Type::OrgNumber},
    {"municipality", Type::Municipality},
    {"function", Type::Function},
}};

/// The keywords of draft 7 that our schemas use, and our own marks.
const std::vector<std::string>& knownKeywords() {
    static const std::vector<std::string> known = {
        "$schema", "$ref",      "title",       "x-title-sv",  "x-kind",      "x-version",
        "type",    "required",  "items",       "properties",  "definitions", "additionalProperties",
        "allOf",   "pattern",   "format",      "minLength",   "maxLength",   "minItems",
        "x-type",  "x-places",  "x-unit",      "x-value-set", "x-personal",  "x-sensitive",
        "x-key",   "x-ordered", "x-must-carry"};
    return known;
}

/// What a field takes over from the objects and lists around it.
struct Marks {
    bool required = true;
    bool personal = false;
    bool sensitive = false;
    bool must_carry = false;
};

/// One schema node and the file it stands in, so that its references can be followed.
struct Spot {
    const Json* json;
    std::string file;
    std::string pointer;
};

/// Reads all files of one folder into schemas and value sets, and keeps every problem.
class Reader {
public:
    explicit Reader(const std::filesystem::path& folder) : folder_(folder) {}

    void readFiles();
    std::vector<std::shared_ptr<const Schema>> schemas();
    std::map<std::string, ValueSet, std::less<>> valueSets();
    Problems problems() { return std::move(problems_); }

private:
    void problem(Code code, const Spot& spot, std::string hint = {}) {
        problems_.emplace_back(
            code, Place{.path = spot.pointer, .file = spot.file, .hint = std::move(hint)});
    }
    bool readFile(const std::filesystem::path& path, const std::string& name);
    std::optional<Spot> follow(Spot spot);
    void readObject(const Spot& spot, const std::string& prefix, Marks marks, RecordType& into);
    void readNode(Spot spot, const std::string& path, Marks marks, RecordType& into);
    void readList(const Spot& spot, Field field, Marks marks, RecordType& into);
    void readLeaf(const Spot& spot, Field field, RecordType& into);
    void checkKey(const Spot& spot, const Field& field);
    ValueSet readValueSet(const std::string& name, const Json& json);

    std::filesystem::path folder_;
    std::map<std::string, Json> files_;  // by file name, "codes/reason.json" too
    std::map<std::string, ValueSet, std::less<>> sets_;
    Problems problems_;
};

bool Reader::readFile(const std::filesystem::path& path, const std::string& name) {
    std::ifstream stream(path, std::ios::binary);
    std::stringstream text;
    text << stream.rdbuf();
    if (!stream) {
        problems_.emplace_back(Code::ConfigFile, Place{.file = name});
        return false;
    }
    Json json = Json::parse(text.str(), nullptr, false, true);
    if (json.is_discarded() || !json.is_object()) {
        problems_.emplace_back(Code::ConfigSyntax, Place{.file = name});
        return false;
    }
    files_.emplace(name, std::move(json));
    return true;
}

void Reader::readFiles() {
    std::error_code error;
    std::size_t found = 0;
    for (const auto& entry : std::filesystem::directory_iterator(folder_, error)) {
        const std::string name = entry.path().filename().string();
        if (name.ends_with(".schema.json") && readFile(entry.path(), name)) ++found;
    }
    for (const auto& entry : std::filesystem::directory_iterator(folder_ / "codes", error)) {
        const std::string name = entry.path().filename().string();
        if (!name.ends_with(".json") || !readFile(entry.path(), "codes/" + name)) continue;
        ValueSet set = readValueSet("codes/" + name, files_.at("codes/" + name));
        if (set.name != entry.path().stem().string()) {
            problems_.emplace_back(Code::ConfigReference,
                                   Place{.path = "/set",
                                         .file = "codes/" + name,
                                         .hint = "The set has the file's name."});
        }
        sets_.emplace(set.name, std::move(set));
    }
    if (found == 0) problems_.emplace_back(Code::ConfigFile, Place{.file = folder_.string()});
}

std::string textOf(const Json& json, const char* key) {
    const auto found = json.find(key);
    return found != json.end() && found->is_string() ? found->get<std::string>() : std::string();
}
bool flag(const Json& json, const char* key, bool absent) {
    const auto found = json.find(key);
    return found != json.end() && found->is_boolean() ? found->get<bool>() : absent;
}
std::uint32_t number(const Json& json, const char* key) {
    const auto found = json.find(key);
    return found != json.end() && found->is_number_unsigned() ? found->get<std::uint32_t>() : 0;
}

bool isCode(std::string_view text) {
    if (text.empty() || text.front() < 'a' || text.front() > 'z') return false;
    return std::all_of(text.begin(), text.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
    });
}

ValueSet Reader::readValueSet(const std::string& name, const Json& json) {
    ValueSet set{.name = textOf(json, "set"), .values = {}};
    const auto values = json.find("values");
    if (values == json.end() || !values->is_array() || values->empty()) {
        problem(Code::ConfigMissing, {&json, name, "/values"});
        return set;
    }
    for (std::size_t i = 0; i < values->size(); ++i) {
        const Json& row = (*values)[i];
        const Spot spot{&row, name, "/values/" + std::to_string(i)};
        CodeValue value{textOf(row, "code"), textOf(row, "sv"), textOf(row, "en"),
                        textOf(row, "from"), textOf(row, "to")};
        if (!isCode(value.code)) problem(Code::ConfigType, spot, "A code is ASCII lower snake.");
        if (value.label_sv.empty() || value.label_en.empty()) {
            problem(Code::ConfigMissing, spot, "Labels sv and en.");
        }
        if ((!value.from.empty() && !isDate(value.from)) ||
            (!value.to.empty() && !isDate(value.to))) {
            problem(Code::ConfigType, spot, "from and to are dates.");
        }
        if (set.find(value.code) != nullptr) problem(Code::ConfigDuplicate, spot);
        set.values.push_back(std::move(value));
    }
    return set;
}

std::optional<Spot> Reader::follow(Spot spot) {
    for (int hops = 0; hops < 8; ++hops) {
        if (!spot.json->is_object()) break;
        const std::string ref = textOf(*spot.json, "$ref");
        if (ref.empty()) return spot;
        const auto hash = ref.find('#');
        const std::string file = hash == 0 ? spot.file : ref.substr(0, hash);
        const std::string pointer = hash == std::string::npos ? "" : ref.substr(hash + 1);
        const auto found = files_.find(file);
        Json::json_pointer at;
        try {
            at = Json::json_pointer(pointer);
        } catch (const Json::exception&) {
            break;
        }
        if (found == files_.end() || !found->second.contains(at)) break;
        spot = {&found->second.at(at), file, pointer};
    }
    problem(Code::ConfigReference, spot, "$ref");
    return std::nullopt;
}

void Reader::readNode(Spot spot, const std::string& path, Marks marks, RecordType& into) {
    const auto followed = follow(std::move(spot));
    if (!followed) return;
    const Json& json = *followed->json;
    for (const auto& item : json.items()) {
        if (std::find(knownKeywords().begin(), knownKeywords().end(), item.key()) ==
            knownKeywords().end()) {
            problem(Code::ConfigUnknownKey, *followed,
                    item.key() + ". Nearest: " + nearest(item.key(), knownKeywords()));
        }
    }
    marks.personal = flag(json, "x-personal", marks.personal);
    marks.sensitive = flag(json, "x-sensitive", marks.sensitive);
    marks.must_carry = flag(json, "x-must-carry", marks.must_carry);
    const std::string type = textOf(json, "type");
    if (type == "object") return readObject(*followed, path + "/", marks, into);
    Field field;
    field.path = path;
    field.required = marks.required;
    field.personal = marks.personal;
    field.sensitive = marks.sensitive;
    field.must_carry = marks.must_carry;
    field.title_en = textOf(json, "title");
    field.title_sv = textOf(json, "x-title-sv");
    if (field.title_en.empty() || field.title_sv.empty()) {
        problem(Code::ConfigMissing, *followed, "title and x-title-sv");
    }
    if (type == "array") return readList(*followed, std::move(field), marks, into);
    readLeaf(*followed, std::move(field), into);
}

void Reader::readObject(const Spot& spot, const std::string& prefix, Marks marks,
                        RecordType& into) {
    const auto properties = spot.json->find("properties");
    if (properties == spot.json->end() || !properties->is_object()) {
        return problem(Code::ConfigMissing, spot, "properties");
    }
    if (flag(*spot.json, "additionalProperties", true)) {
        problem(Code::ConfigMissing, spot, "additionalProperties: false");
    }
    const Json required = spot.json->value("required", Json::array());
    if (!marks.required && !required.empty()) {
        problem(Code::ConfigType, spot, "An object that may be absent has no required members.");
    }
    for (const auto& name : required) {
        if (!name.is_string() || !properties->contains(name.get<std::string>())) {
            problem(Code::ConfigReference, spot, "required");
        }
    }
    for (const auto& [name, property] : properties->items()) {
        Marks inner = marks;
        inner.required =
            marks.required && std::find(required.begin(), required.end(), name) != required.end();
        readNode({&property, spot.file, spot.pointer + "/properties/" + name},
                 prefix == "/" ? name : prefix + name, inner, into);
    }
}

void Reader::readList(const Spot& spot, Field field, Marks marks, RecordType& into) {
    field.type = Type::List;
    field.ordered = flag(*spot.json, "x-ordered", true);
    const auto items = spot.json->find("items");
    if (items == spot.json->end()) return problem(Code::ConfigMissing, spot, "items");
    auto item = std::make_shared<RecordType>();
    marks.required = true;
    const auto inner = follow({&*items, spot.file, spot.pointer + "/items"});
    if (!inner) return;
    if (textOf(*inner->json, "type") == "object") {
        readNode(*inner, "", marks, *item);
    } else {
        readNode(*inner, ".", marks, *item);
    }
    field.item = std::move(item);
    for (const auto& key : spot.json->value("x-key", Json::array())) {
        field.key.push_back(key.is_string() ? key.get<std::string>() : std::string());
    }
    checkKey(spot, field);
    into.fields.push_back(std::move(field));
}

void Reader::checkKey(const Spot& spot, const Field& field) {
    for (const auto& key : field.key) {
        if (!field.item->find(key)) problem(Code::ConfigReference, spot, "x-key");
    }
}

void Reader::readLeaf(const Spot& spot, Field field, RecordType& into) {
    const std::string type = textOf(*spot.json, "x-type");
    const auto* const known =
        std::find_if(kTypes.begin(), kTypes.end(), [&](const auto& t) { return t.first == type; });
    if (known == kTypes.end()) return problem(Code::ConfigType, spot, "x-type");
    field.type = known->second;
    field.max_length = number(*spot.json, "maxLength");
    field.places = static_cast<std::uint8_t>(number(*spot.json, "x-places"));
    field.unit = textOf(*spot.json, "x-unit");
    field.value_set = textOf(*spot.json, "x-value-set");
    const std::string wanted = field.type == Type::Integer   ? "integer"
                               : field.type == Type::Boolean ? "boolean"
                                                             : "string";
    if (textOf(*spot.json, "type") != wanted) problem(Code::ConfigType, spot, "type: " + wanted);
    if ((field.type == Type::Code) != !field.value_set.empty())
        problem(Code::ConfigMissing, spot, "x-value-set");
    if (field.type == Type::Code && !sets_.contains(field.value_set)) {
        problem(Code::ConfigReference, spot,
                "x-value-set: codes/" + field.value_set + ".json is not there");
    }
    into.fields.push_back(std::move(field));
}

std::vector<std::shared_ptr<const Schema>> Reader::schemas() {
    std::vector<std::shared_ptr<const Schema>> schemas;
    for (const auto& [name, json] : files_) {
        if (!json.contains("x-kind")) continue;
        const Spot spot{&json, name, ""};
        auto schema = std::make_shared<Schema>();
        schema->kind = textOf(json, "x-kind");
        const std::string version = textOf(json, "x-version");
        const auto dot = version.find('.');
        const auto digits = [](std::string_view t) {
            return !t.empty() && t.size() < 5 &&
                   t.find_first_not_of("0123456789") == std::string_view::npos;
        };
        if (dot == std::string::npos || !digits(version.substr(0, dot)) ||
            !digits(version.substr(dot + 1))) {
            problem(Code::ConfigType, spot, "x-version: MAJOR.MINOR");
            continue;
        }
        schema->major = std::stoi(version.substr(0, dot));
        schema->minor = std::stoi(version.substr(dot + 1));
        readNode(spot, "", Marks{}, schema->root);
        const auto same = [&](const auto& other) { return other->id() == schema->id(); };
        if (std::any_of(schemas.begin(), schemas.end(), same))
            problem(Code::ConfigDuplicate, spot, schema->id());
        schemas.push_back(std::move(schema));
    }
    return schemas;
}

std::map<std::string, ValueSet, std::less<>> Reader::valueSets() { return std::move(sets_); }

}  // namespace

std::optional<FieldIndex> RecordType::find(std::string_view path) const {
    if (path.empty()) return std::nullopt;
    for (std::size_t i = 0; i < fields.size(); ++i) {
        const std::string_view known = fields[i].path;
        // Many begin alike and are as long; few end alike too.
        const bool like = known.size() == path.size() && known.back() == path.back();
        if (like && known == path) return static_cast<FieldIndex>(i);
    }
    return std::nullopt;
}

const CodeValue* ValueSet::find(std::string_view code) const {
    for (const auto& value : values) {
        if (value.code == code) return &value;
    }
    return nullptr;
}

Checked<Catalogue> Catalogue::load(const std::filesystem::path& folder) {
    try {
        Reader reader(folder);
        reader.readFiles();
        Catalogue catalogue;
        catalogue.schemas_ = reader.schemas();
        catalogue.sets_ = reader.valueSets();
        Problems problems = reader.problems();
        if (!problems.empty()) return tl::make_unexpected(std::move(problems));
        return catalogue;
    } catch (const std::exception&) {
        return tl::make_unexpected(
            Problems{Error(Code::ConfigFile, Place{.file = folder.string()})});
    }
}

const Schema* Catalogue::find(std::string_view id) const {
    for (const auto& schema : schemas_) {
        const auto slash = id.find('/');
        if (slash != std::string_view::npos && schema->kind == id.substr(0, slash) &&
            schema->id() == id) {
            return schema.get();
        }
    }
    return nullptr;
}

const ValueSet* Catalogue::valueSet(std::string_view name) const {
    const auto found = sets_.find(name);
    return found == sets_.end() ? nullptr : &found->second;
}

}  // namespace stafett::message
