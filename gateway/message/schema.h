#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/base/result.h"

namespace stafett::message {

/// What a canonical field holds. In memory every value is its canonical text.
enum class Type : std::uint8_t {
    Text,
    Code,       ///< a code of the field's value set: ASCII lower snake
    Date,       ///< YYYY-MM-DD, a calendar date in Europe/Stockholm, never shifted
    Time,       ///< YYYY-MM-DDTHH:MM:SSZ
    Decimal,    ///< digits, point, exactly `places` digits; printed as a JSON string
    Integer,    ///< printed as a JSON number
    Boolean,    ///< "true" or "false"; printed as a JSON boolean
    Uuid,       ///< lower case
    PersonId,   ///< KIND:VALUE, KIND of pnr samordning interim reserv lma; VALUE twelve characters
    OrgNumber,  ///< ten digits
    Municipality,  ///< kommunkod, four digits
    Function,      ///< a function's id within its party
    List,          ///< of records, or of plain values (one field named ".")
};

using FieldIndex = std::uint16_t;
struct RecordType;

struct Field {
    std::string path;  ///< "person/given"; within a list's item relative to it: "code", or "."
    Type type = Type::Text;
    std::uint8_t places = 0;       ///< Decimal
    std::uint32_t max_length = 0;  ///< characters; 0 = the value limit
    std::string value_set = {};    ///< Code
    bool required = false;
    bool personal = false;
    bool sensitive = false;  ///< leaves only where the flow lists it
    bool must_carry =
        false;  ///< a dialect with no place for it is refused as target when it is there
    std::string unit = {};
    std::string title_sv = {}, title_en = {};
    std::shared_ptr<const RecordType> item = {};  ///< List
    std::vector<std::string> key = {};            ///< List: item paths that tell items apart
    bool ordered = true;                          ///< List: whether order means something
};

/// The fields of a message or of a list's items, flat, in the order in which they are printed.
struct RecordType {
    std::vector<Field> fields;
    std::optional<FieldIndex> find(std::string_view path) const;
};

/// One kind of canonical message, read from mappings/canonical/<kind>.schema.json.
struct Schema {
    std::string kind;
    int major = 1;
    int minor = 0;
    RecordType root;

    std::string id() const { return kind + "/" + std::to_string(major); }  ///< "referral/1"
};

/// A code of a value set, with labels and the dates it is valid between (inclusive; empty = open).
struct CodeValue {
    std::string code, label_sv, label_en, from, to;
};
struct ValueSet {
    std::string name;
    std::vector<CodeValue> values;
    const CodeValue* find(std::string_view code) const;
};

/// All schemas and value sets. Made once when loading; read by many threads.
class Catalogue {
public:
    /// Reads every <kind>.schema.json and codes/<set>.json of `folder`; all problems at once.
    static Checked<Catalogue> load(const std::filesystem::path& folder);

    const Schema* find(std::string_view id) const;  ///< "referral/1"
    const ValueSet* valueSet(std::string_view name) const;
    const std::vector<std::shared_ptr<const Schema>>& schemas() const { return schemas_; }

private:
    std::vector<std::shared_ptr<const Schema>> schemas_;
    std::map<std::string, ValueSet, std::less<>> sets_;
};

}  // namespace stafett::message
