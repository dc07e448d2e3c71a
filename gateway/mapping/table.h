#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/mapping/codec.h"
#include "gateway/mapping/findings.h"
#include "gateway/message/schema.h"

namespace stafett::mapping {

/// A code table: canonical codes against one or several wire parts. Never changed after it is
/// loaded; many threads. Looked up by hash in both directions.
class Table {
public:
    struct Column {
        std::string part;
        bool constant = false;  ///< one fixed value
        bool optional = false;  ///< some row lacks it
        bool display = false;   ///< made from the row, not part of what is looked up
        JsonType json = JsonType::String;
    };
    struct Row {
        std::string canonical;
        std::vector<std::string> wire;  ///< one text per column; empty = the row lacks it
        bool reads = true;
        bool writes = true;
        bool lossy = false;  ///< written so, but read as another code
        RowPlace at = {};
    };

    /// Reads mappings/<dialect>/codes/<name>.json and checks it: codes of its value set,
    /// invertible.
    static std::shared_ptr<const Table> load(const std::filesystem::path& file,
                                             const message::Catalogue& catalogue,
                                             const RowPlace& asked_by, Findings& findings,
                                             std::string& text_of_file);

    const std::string& name() const { return name_; }
    const std::string& version() const { return version_; }
    int major() const;
    const std::string& set() const { return set_; }
    const std::vector<Column>& columns() const { return columns_; }
    const std::vector<Row>& rows() const { return rows_; }
    std::optional<std::size_t> column(std::string_view part) const;

    /// The row that reads these texts (one per column, in column order; empty = absent).
    const Row* read(const Texts& wire) const;
    /// The row that writes this code.
    const Row* write(std::string_view canonical) const;

private:
    void readRows(const Json& rows, const std::string& label, const message::ValueSet* set,
                  Findings& findings);
    void fillColumns(const Json* constants, const message::ValueSet* set);
    void checkInverse(const std::string& label, Findings& findings);
    void index();
    bool matches(const Row& row, const Texts& wire) const;

    std::string name_, version_, set_;
    std::vector<Column> columns_;
    std::vector<Row> rows_;
    std::vector<std::uint16_t> by_wire_, by_code_;  // open addressing; row + 1, 0 = free
};

}  // namespace stafett::mapping
