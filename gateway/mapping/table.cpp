#include "gateway/mapping/table.h"

#include <algorithm>
#include <bit>
#include <charconv>

#include "gateway/codec/tree.h"
#include "gateway/mapping/object_reader.h"
#include "gateway/mapping/source.h"

namespace stafett::mapping {
namespace {

using codec::nameHash;

constexpr std::size_t kMaxRows = 4000;

std::vector<std::string> codesOf(const message::ValueSet& set) {
    std::vector<std::string> out;
    for (const auto& value : set.values) out.push_back(value.code);
    return out;
}

JsonType typeOf(const Json& value) {
    if (value.kind == Json::Kind::Number) return JsonType::Number;
    return value.kind == Json::Kind::Boolean ? JsonType::Boolean : JsonType::String;
}

bool isPlain(const Json& value) {
    return value.isString() || value.kind == Json::Kind::Number ||
           value.kind == Json::Kind::Boolean;
}

}  // namespace

int Table::major() const {
    int out = 0;
    std::from_chars(version_.data(), version_.data() + version_.size(), out);
    return out;
}

std::optional<std::size_t> Table::column(std::string_view part) const {
    for (std::size_t i = 0; i < columns_.size(); ++i) {
        if (columns_[i].part == part) return i;
    }
    return std::nullopt;
}

std::shared_ptr<const Table> Table::load(const std::filesystem::path& file,
                                         const message::Catalogue& catalogue,
                                         const RowPlace& asked_by, Findings& findings,
                                         std::string& text_of_file) {
    auto text = readFile(file);
    if (!text) {
        findings.add(Code::CheckTable, asked_by, file.stem().string(),
                     "there is no " + fileLabel(file) + nearestFile(file));
        return nullptr;
    }
    text_of_file = *text;
    const std::string label = fileLabel(file);
    const auto json = readLocatedJson(*text, label);
    if (!json) {
        findings.add(json.error());
        return nullptr;
    }
    const RowPlace at{.file = label, .line = json->line, .column = json->column, .label = "table"};
    if (!json->isObject()) {
        findings.add(Code::CheckTable, at, "", "a table is a JSON object");
        return nullptr;
    }
    const std::size_t before = findings.count();
    auto table = std::make_shared<Table>();
    ObjectReader head(*json, at, findings);
    head.any("$schema");
    head.any("description");
    table->name_ = head.text("table");
    table->version_ = head.text("version");
    table->set_ = head.text("set");
    const message::ValueSet* const set = catalogue.valueSet(table->set_);
    if (table->name_ != file.stem().string()) {
        findings.add(Code::CheckTable, at, "table", "the file is named after the table");
    }
    if (table->major() < 1) findings.add(Code::CheckTable, at, "version", "a version is N.N.N");
    if (set == nullptr && head.has("set")) {
        findings.add(Code::CheckTable, at, table->set_, "there is no such value set");
    }
    const Json* const constants = head.any("constants");
    const Json* const rows = head.any("rows");
    head.refuseOthers();
    if (rows == nullptr || !rows->isArray() || rows->items.empty() ||
        rows->items.size() > kMaxRows) {
        findings.add(Code::CheckTable, at, "rows", "a table has rows");
        return nullptr;
    }
    table->readRows(*rows, label, set, findings);
    table->fillColumns(constants, set);
    table->checkInverse(label, findings);
    if (table->columns_.size() > kMaxParts) {
        findings.add(Code::CheckTable, at, "rows", "at most five parts");
    }
    if (findings.count() != before) return nullptr;
    table->index();
    return table;
}

void Table::readRows(const Json& rows, const std::string& label, const message::ValueSet* set,
                     Findings& findings) {
    const auto columnFor = [&](const std::string& part, const Json& value) {
        if (const auto known = column(part)) return *known;
        columns_.push_back({.part = part, .json = typeOf(value)});
        for (Row& row : rows_) row.wire.resize(columns_.size());
        return columns_.size() - 1;
    };
    bool displays = false;
    std::vector<std::string> display;
    for (const Json& json : rows.items) {
        Row row;
        row.at = {.file = label, .line = json.line, .column = json.column, .label = "table row"};
        ObjectReader keys(json, row.at, findings);
        row.canonical = keys.text("canonical");
        row.at.label += " " + row.canonical;
        const auto only = keys.choice("only", {"both", "read", "write"});
        row.reads = only != 2;
        row.writes = only != 1;
        display.push_back(keys.text("display"));
        displays = displays || !display.back().empty();
        const Json* const wire = keys.any("wire");
        row.wire.resize(columns_.size());
        const auto put = [&](const std::string& part, const Json& value) {
            if (!isPlain(value) || value.text.empty()) {
                findings.add(Code::CheckTable, row.at, part, "a wire value is a text, not empty");
                return;
            }
            const std::size_t i = columnFor(part, value);
            row.wire.resize(columns_.size());
            row.wire[i] = value.text;
        };
        if (wire == nullptr || (!isPlain(*wire) && !wire->isObject())) {
            findings.add(Code::CheckTable, row.at, "wire", "a text, or an object of part: text");
        } else if (wire->isObject()) {
            for (const auto& [part, value] : wire->members) put(part, value);
        } else {
            put("", *wire);
        }
        keys.refuseOthers();
        if (set != nullptr && set->find(row.canonical) == nullptr) {
            const auto near = nearest(row.canonical, codesOf(*set));
            findings.add(Code::CheckTable, row.at, row.canonical,
                         "not a code of the value set " + set_ +
                             (near.empty() ? "" : "; did you mean " + near + "?"));
        }
        rows_.push_back(std::move(row));
    }
    for (std::size_t i = 0; i < columns_.size(); ++i) {
        columns_[i].optional = std::any_of(rows_.begin(), rows_.end(),
                                           [&](const Row& row) { return row.wire[i].empty(); });
    }
    columns_.push_back({.part = "display", .optional = true, .display = true});
    for (std::size_t i = 0; i < rows_.size(); ++i) {
        if (display[i].empty() && set != nullptr) {
            if (const auto* const value = set->find(rows_[i].canonical))
                display[i] = value->label_sv;
        }
        rows_[i].wire.push_back(display[i]);
    }
}

void Table::fillColumns(const Json* constants, const message::ValueSet*) {
    if (constants == nullptr) return;
    for (const auto& [part, value] : constants->members) {
        if (column(part)) continue;
        columns_.push_back({.part = part, .constant = true, .json = typeOf(value)});
        for (Row& row : rows_) row.wire.push_back(value.text);
    }
}

bool Table::matches(const Row& row, const Texts& wire) const {
    for (std::size_t i = 0; i < columns_.size(); ++i) {
        if (!columns_[i].display && !columns_[i].constant && row.wire[i] != wire[i]) return false;
    }
    return true;
}

void Table::checkInverse(const std::string& label, Findings& findings) {
    const auto sameWire = [&](const Row& a, const Row& b) {
        for (std::size_t i = 0; i < columns_.size(); ++i) {
            if (!columns_[i].display && a.wire[i] != b.wire[i]) return false;
        }
        return true;
    };
    for (std::size_t i = 0; i < rows_.size(); ++i) {
        Row& row = rows_[i];
        bool read_back = row.reads;
        for (std::size_t j = 0; j < rows_.size(); ++j) {
            const Row& other = rows_[j];
            const bool same_wire = sameWire(row, other);
            if (j < i && row.writes && other.writes && row.canonical == other.canonical) {
                findings.add(Code::CheckTableInverse, row.at, row.canonical,
                             "line " + std::to_string(other.at.line) +
                                 " writes this code too: mark one of them \"only\": \"read\"");
            }
            if (j < i && row.reads && other.reads && same_wire) {
                findings.add(
                    Code::CheckTableInverse, row.at, row.canonical,
                    "line " + std::to_string(other.at.line) +
                        " reads this wire value too: mark one of them \"only\": \"write\"");
            }
            if (!row.reads && same_wire && other.reads && other.canonical == row.canonical) {
                read_back = true;
            }
        }
        row.lossy = row.writes && !read_back;
    }
    (void)label;
}

void Table::index() {
    const std::size_t size = std::bit_ceil(rows_.size() * 2 + 2);
    by_wire_.assign(size, 0);
    by_code_.assign(size, 0);
    const auto put = [&](std::vector<std::uint16_t>& slots, std::uint32_t hash, std::size_t row) {
        std::size_t at = hash & (size - 1);
        while (slots[at] != 0) at = (at + 1) & (size - 1);
        slots[at] = static_cast<std::uint16_t>(row + 1);
    };
    for (std::size_t i = 0; i < rows_.size(); ++i) {
        if (rows_[i].writes) put(by_code_, nameHash(rows_[i].canonical), i);
        if (!rows_[i].reads) continue;
        std::uint32_t hash = 0;
        for (std::size_t c = 0; c < columns_.size(); ++c) {
            if (!columns_[c].display && !columns_[c].constant) {
                hash = hash * 31 + nameHash(rows_[i].wire[c]);
            }
        }
        put(by_wire_, hash, i);
    }
}

const Table::Row* Table::read(const Texts& wire) const {
    std::uint32_t hash = 0;
    for (std::size_t c = 0; c < columns_.size(); ++c) {
        if (!columns_[c].display && !columns_[c].constant) hash = hash * 31 + nameHash(wire[c]);
    }
    const std::size_t mask = by_wire_.size() - 1;
    for (std::size_t at = hash & mask; by_wire_[at] != 0; at = (at + 1) & mask) {
        const Row& row = rows_[by_wire_[at] - 1U];
        if (matches(row, wire)) return &row;
    }
    return nullptr;
}

const Table::Row* Table::write(std::string_view canonical) const {
    const std::size_t mask = by_code_.size() - 1;
    for (std::size_t at = nameHash(canonical) & mask; by_code_[at] != 0; at = (at + 1) & mask) {
        const Row& row = rows_[by_code_[at] - 1U];
        if (row.canonical == canonical) return &row;
    }
    return nullptr;
}

}  // namespace stafett::mapping
