#pragma once

#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "gateway/mapping/program.h"

namespace stafett::mapping {

/// Which alternative of which one_of a row stands in: rows of different ones never meet.
using Branch = std::vector<std::pair<const SourceRow*, std::size_t>>;

/// A row that writes a wire place, or makes a canonical field.
struct Use {
    const SourceRow* row = nullptr;
    Branch branch = {};
    std::vector<std::shared_ptr<const Guard>> guards = {};
};

/// What the rows of one block do to one canonical list.
struct ListUse {
    bool each_read = false, each_write = false;
    std::vector<ListStep> selected_write = {};
    std::vector<KeyedItem> keyed = {};
    std::set<message::FieldIndex> item_written = {}, item_read = {};
};

/// What the checks need to know of a block, beside what runs.
struct BlockFacts {
    std::string prefix = {};  ///< "benefits/": how its canonical paths begin
    std::set<message::FieldIndex> read = {}, written = {}, outside = {};
    std::map<message::FieldIndex, ListUse> lists = {};
    std::map<const Block*, message::FieldIndex> inner = {};
    const SourceRow* each = nullptr;
};

/// What came of a source: the program, and the books the checks read.
struct Compiled {
    std::unique_ptr<Program> program;
    std::map<PlaceId, std::vector<Use>> wire_writers;
    std::map<std::string, std::vector<Use>> canonical_makers;
    std::map<const Block*, BlockFacts> facts;
    std::map<std::string, std::shared_ptr<const Table>> tables;
    std::vector<std::string> table_texts;          ///< for the digest
    std::map<std::string, std::size_t> set_sizes;  ///< codes of each value set
    std::string alias_form;
};

/// Resolves every path and name of a source against schema, value sets and tables. Findings are
/// added; a program that has findings is never run.
Compiled compile(const Source& source, const message::Catalogue& catalogue,
                 std::shared_ptr<const message::Schema> schema, Findings& findings);

/// Resolves one canonical path; adds ST-CHK-003 with the nearest path when there is none.
std::optional<Target> resolveTarget(std::string_view path, const message::RecordType& type,
                                    Direction direction, const message::Catalogue& catalogue,
                                    const RowPlace& at, Findings& findings);

/// A canonical type as hints name it: "org_number".
std::string_view typeName(message::Type type);

/// Whether a field is the pipeline's own to set, or to leave.
bool isOwnField(std::string_view path);

}  // namespace stafett::mapping
