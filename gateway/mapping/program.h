#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "gateway/codec/write.h"
#include "gateway/mapping/mapping.h"
#include "gateway/mapping/places.h"
#include "gateway/mapping/source.h"
#include "gateway/mapping/table.h"
#include "gateway/mapping/target.h"
#include "gateway/message/schema.h"

namespace stafett::mapping {

struct Block;

inline constexpr message::FieldIndex kNoField = 0xFFFF;

/// One row, compiled: paths are places and field indexes, names are codecs and tables. What every
/// document asks of every row comes first: most rows have nothing to do, and are passed over.
struct Row {
    RowKind kind = RowKind::Relation;
    bool reads = true;
    bool writes = true;
    bool weak = false;      ///< written with its group: constants, settings, values from outside
    bool demanded = false;  ///< a predicate's constant: written once its item is
    bool required_read = false;
    bool required_write = false;
    bool schema_required = false;  ///< the schema demands the field it makes on reading
    bool report_inexact = false;
    bool contested = false;  ///< another row may write the field instead: a loss only if none does
    bool strong = false;     ///< it writes whatever else is written; set when the form is whole
    bool late = false;       ///< it writes once that is known; a row may be both
    message::FieldIndex alone = kNoField;  ///< a text: nothing to write where it is absent
    OnReading on_reading = OnReading::Use;
    Agree agree = Agree::Yes;
    PlaceId group = kNoPlace;  ///< the group it stands in, kNoPlace at top level
    PlaceId with = kNoPlace;
    std::vector<std::shared_ptr<const Guard>> guards = {};  ///< its own and its groups'
    std::vector<Target> write_from = {};
    std::vector<PlaceId> wire = {};  ///< one per wire part, kNoPlace where the row has no such part
    std::vector<Target> read_to = {};
    std::shared_ptr<const Codec> codec = {};
    std::shared_ptr<const Table> table = {};
    std::vector<std::size_t> column = {};  ///< table: the column of each wire part

    std::optional<Ratio> min = {}, max = {};
    bool range_refuses = false;
    std::vector<Ratio> usual = {};
    std::uint32_t max_length = 0;
    bool cut = false;
    bool in_table = false;
    bool check_display = false;
    bool fills_gap = false;  ///< `also`: gives the value when the first place is absent
    SourceRow::Unknown unknown_read = SourceRow::Unknown::Refuse;
    SourceRow::Unknown unknown_write = SourceRow::Unknown::Refuse;
    std::string unknown_code = {};
    std::vector<std::string> unknown_wire = {};  ///< per wire part
    std::string absent = {};
    std::string none = {};  ///< the wire text that says there is no value
    std::vector<std::string> accept = {};
    std::string literal = {};
    std::string when_true = {}, when_false = {};
    std::string source = {};  ///< setting key or `from`
    std::uint32_t anchor = 0;
    std::optional<Target> display_of = {};
    std::map<std::string, std::string, std::less<>> labels = {};  ///< of display_of's code
    const Row* first = nullptr;  ///< `also`: the row that makes the field

    // each
    std::unique_ptr<Block> block = {};
    PlaceId list = kNoPlace;
    std::uint32_t limit = 0;
    bool limit_refuses = true;
    bool take_first = false;
    bool any_order = false;
    std::vector<message::FieldIndex> key = {};
    std::vector<ListStep> elsewhere = {};  ///< items that other rows write by index or key
    Reason list_because = {};

    // one_of
    std::vector<std::vector<Row>> alternatives = {};
    std::vector<std::vector<PlaceId>> witnesses = {};  ///< per alternative: places of its own

    RowPlace at = {};
    std::string brief = {};  ///< "remiss.map.json:23"
    std::string how = {};    ///< codec, or table@version
};

/// A canonical field that the form does not write, and why.
struct Uncarried {
    message::FieldIndex field = 0;
    std::optional<message::FieldIndex> item_field = {};  ///< a field of a list's items
    bool refuses = false;                                ///< must not be lost: refused as target
    Reason because = {};
    std::string brief = {};
};

/// An item that a row writes by its key alone: its other fields have no place.
struct KeyedItem {
    ListStep item;
    std::vector<message::FieldIndex> written = {};  ///< of its fields
};

/// A list of which only some items have a place.
struct PartList {
    message::FieldIndex field = 0;
    std::vector<ListStep> written = {};
    bool must_carry = false;
    Reason because = {};
};

/// The rows that share a record and a frame: the document's, or an item's.
struct Block {
    const message::RecordType* type = nullptr;
    std::uint32_t frame = 0;
    std::vector<Row> rows = {};
    std::vector<Uncarried> uncarried = {};
    std::vector<PartList> part_lists = {};
    std::vector<KeyedItem> keyed_items = {};
    std::vector<message::FieldIndex> required = {};  ///< what the schema demands and rows make
    bool demands = false;                            ///< some row is demanded
};

/// A form, compiled.
struct Program {
    std::shared_ptr<const message::Schema> schema;
    codec::Format format = codec::Format::Xml;
    codec::Encoding encoding = codec::Encoding::Utf8;
    codec::Unencodable unencodable = codec::Unencodable::CharacterReference;
    Empty empty = Empty::Absent;
    Places places;
    Block root;
    std::string xml_head;   ///< declaration, root's start with its namespaces, without ">"
    std::string xml_close;  ///< the root's end tag
    std::optional<message::FieldIndex> kind_field, schema_field, message_id;
    bool has_residue = false;
    bool has_transport = false;
    /// The ref rows of the document, then of each anchored part.
    std::vector<std::vector<const Row*>> refs;
};

}  // namespace stafett::mapping
