// Rows that convert: relations and also, by codec or by table.
#include <algorithm>

#include "gateway/mapping/codec_families.h"
#include "gateway/mapping/row_compiler.h"

namespace stafett::mapping {
namespace {

using message::Type;

std::optional<Ratio> ratioOf(const std::string& text) {
    const auto decimal = families::readDecimal(text);
    if (!decimal) return std::nullopt;
    return Ratio{decimal->units, families::powerOfTen(decimal->places)};
}

std::string join(const std::vector<std::string>& texts) {
    std::string out;
    for (const auto& one : texts) out += (&one == &texts.front() ? "" : ", ") + one;
    return out;
}

}  // namespace

bool RowCompiler::targets(const SourceRow& source, const Scope& scope, Row& row) {
    const auto resolve = [&](const std::string& path) {
        for (const Direction direction : {Direction::Read, Direction::Write}) {
            auto found = target(path, scope, direction, source.at);
            if (!found) return false;
            (direction == Direction::Read ? row.read_to : row.write_from)
                .push_back(std::move(*found));
        }
        return true;
    };
    if (source.canonical.empty()) return false;
    return std::all_of(source.canonical.begin(), source.canonical.end(),
                       [&](const auto& part) { return resolve(part.second); });
}

bool RowCompiler::wireParts(const SourceRow& source, const Scope& scope, Row& row,
                            const std::vector<std::string>& parts) {
    row.wire.assign(parts.size(), kNoPlace);
    bool good = true;
    for (const auto& [part, path] : source.wire) {
        const auto found = std::find(parts.begin(), parts.end(), part);
        if (found == parts.end()) {
            findings_.add(Code::CheckCodecType, source.at, part.empty() ? path : part,
                          parts.size() == 1 && parts[0].empty()
                              ? "one wire path is wanted, without parts"
                              : "its wire parts are " + join(parts));
            good = false;
            continue;
        }
        const PlaceId place = builder_.descend(scope.place, path, source.at);
        row.wire[static_cast<std::size_t>(found - parts.begin())] = place;
        good = good && place != kNoPlace;
    }
    return good;
}

bool RowCompiler::codec(const SourceRow& source, const Scope& scope, Row& row) {
    // A perspective path is judged by what it makes on reading: the sender's id is any text.
    const message::Field& field = *row.read_to[0].type;
    std::string spec = source.as;
    if (spec.empty())
        spec = row.write_from[0].membership ? "member:true/false" : defaultCodec(field);
    auto made = makeCodec(spec, field);
    if (!made) {
        findings_.add(Code::CheckCodec, source.at, spec, made.error().place().hint);
        return false;
    }
    row.codec = *made;
    row.how = row.codec->name;
    const Codec& codec = *row.codec;
    const bool fits =
        codec.member == row.write_from[0].membership && (codec.types & typeBit(field.type)) != 0;
    if (!fits) {
        findings_.add(Code::CheckCodecType, source.at, spec,
                      row.write_from[0].path + " is " +
                          (row.write_from[0].membership ? "a member of a set"
                                                        : std::string(typeName(field.type))));
        return false;
    }
    if (source.canonical.size() != codec.canonical_parts.size() &&
        !(codec.canonical_parts.size() > 1 && source.canonical.size() == 1 &&
          source.canonical[0].first == codec.canonical_parts[0])) {
        findings_.add(Code::CheckCodecType, source.at, spec,
                      "its canonical parts are " + join(codec.canonical_parts));
        return false;
    }
    for (std::size_t i = 0; i < source.canonical.size(); ++i) {
        if (source.canonical[i].first == codec.canonical_parts[i]) continue;
        findings_.add(Code::CheckCodecType, source.at, source.canonical[i].first,
                      "its canonical parts are, in order: " + join(codec.canonical_parts));
        return false;
    }
    if (codec.canonical_parts.size() == 2 && row.write_from.size() == 2 &&
        row.write_from[1].type->type != Type::Integer) {
        findings_.add(Code::CheckCodecType, source.at, row.write_from[1].path,
                      "an integer is wanted");
        return false;
    }
    if (!wireParts(source, scope, row, codec.wire_parts)) return false;
    if (std::find(row.wire.begin(), row.wire.end(), kNoPlace) != row.wire.end()) {
        findings_.add(Code::CheckCodecType, source.at, spec,
                      "its wire parts are " + join(codec.wire_parts) + ", and all are wanted");
        return false;
    }
    if (codec.shape == Shape::Words && source_.format != codec::Format::Json) {
        findings_.add(Code::CheckCodecType, source.at, spec, "words is a JSON array");
        return false;
    }
    if (codec.shape == Shape::Presence && source_.format == codec::Format::Json &&
        places_[row.wire[0]].pick != WirePlace::Pick::Match) {
        findings_.add(Code::CheckCodecType, source.at, spec,
                      "in JSON the item is told by a predicate: name[path='literal']");
        return false;
    }
    for (const PlaceId place : row.wire) {
        markValue(place, codec.json, codec.shape, source.transport);
    }
    const bool own_case = source.canonical[0].second == "case/own";
    if (own_case && !codec.alias_form.empty()) out_.alias_form = codec.alias_form;
    return true;
}

std::shared_ptr<const Table> RowCompiler::findTable(const SourceRow& source) {
    const auto at = source.table.find('@');
    const std::string name = source.table.substr(0, at);
    const auto known = out_.tables.find(name);
    std::shared_ptr<const Table> table;
    if (known != out_.tables.end()) {
        table = known->second;
    } else {
        if (name.empty() || name.find('/') != std::string::npos ||
            name.find("..") != std::string::npos) {
            findings_.add(Code::CheckTable, source.at, source.table,
                          "a table's name, or name@major");
            return nullptr;
        }
        std::string text;
        table = Table::load(source_.file.parent_path() / "codes" / (name + ".json"), catalogue_,
                            source.at, findings_, text);
        out_.table_texts.push_back(std::move(text));
        out_.tables[name] = table;
    }
    if (!table) return nullptr;
    if (at != std::string::npos && source.table.substr(at + 1) != std::to_string(table->major())) {
        findings_.add(Code::CheckTable, source.at, source.table,
                      "the table's version is " + table->version());
        return nullptr;
    }
    return table;
}

bool RowCompiler::table(const SourceRow& source, const Scope& scope, Row& row) {
    row.table = findTable(source);
    if (!row.table) return false;
    const Table& table = *row.table;
    row.how = table.name() + "@" + table.version();
    const message::Field& field = *row.write_from[0].type;
    const bool any = table.set().empty();  // texts of the field's own type
    const bool fits = any ? field.type != Type::List : field.type == Type::Code;
    if (!fits || row.write_from.size() != 1 || row.write_from[0].membership) {
        findings_.add(Code::CheckCodecType, source.at, source.table,
                      row.write_from[0].path + " is " + std::string(typeName(field.type)) +
                          ", a table is for a code");
        return false;
    }
    if (!any && field.value_set != table.set()) {
        findings_.add(Code::CheckCodecType, source.at, source.table,
                      row.write_from[0].path + " has the value set " + field.value_set +
                          ", the table has " + table.set());
        return false;
    }
    // A table of plain texts: its column is the part of the row that is neither fixed nor display.
    std::vector<std::string> parts;
    for (const auto& column : table.columns()) parts.push_back(column.part);
    if (!parts.empty() && parts[0].empty() && source.wire.size() > 1) {
        std::vector<std::string> open;
        for (const auto& [part, path] : source.wire) {
            if (std::find(parts.begin(), parts.end(), part) == parts.end()) open.push_back(part);
        }
        if (open.size() == 1) parts[0] = open[0];
    }
    const bool plain = source.wire.size() == 1 && source.wire[0].first.empty();
    if (plain && !parts.empty()) parts[0] = "";
    if (!wireParts(source, scope, row, parts)) return false;
    for (std::size_t i = 0; i < parts.size(); ++i) {
        row.column.push_back(i);
        const auto& column = table.columns()[i];
        if (row.wire[i] == kNoPlace) {
            if (column.display || column.constant) continue;
            findings_.add(Code::CheckCodecType, source.at, parts[i],
                          "the table's part has no place");
            return false;
        }
        markValue(row.wire[i], column.json, Shape::Value, source.transport);
    }
    row.unknown_read = source.unknown_read;
    row.unknown_write = source.unknown_write;
    row.unknown_code = source.unknown_code;
    if (!row.unknown_code.empty()) {
        const auto* const set = catalogue_.valueSet(table.set());
        if (set != nullptr && set->find(row.unknown_code) == nullptr) {
            findings_.add(Code::CheckTable, source.at, row.unknown_code,
                          "not a code of the value set " + table.set());
        }
    }
    row.unknown_wire.resize(parts.size());
    for (const auto& [part, text] : source.unknown_wire) {
        const auto found = std::find(parts.begin(), parts.end(), part);
        if (found == parts.end()) {
            findings_.add(Code::CheckTable, source.at, part, "the parts are " + join(parts));
        } else {
            row.unknown_wire[static_cast<std::size_t>(found - parts.begin())] = text;
        }
    }
    return true;
}

void RowCompiler::limits(const SourceRow& source, Row& row) {
    const auto number = [&](const std::string& text) {
        auto ratio = ratioOf(text);
        if (!ratio) findings_.add(Code::CheckValue, source.at, text, "a number is wanted");
        return ratio;
    };
    if (source.range) {
        if (!source.range->min.empty()) row.min = number(source.range->min);
        if (!source.range->max.empty()) row.max = number(source.range->max);
        row.range_refuses = source.range->refuse;
    }
    for (const auto& one : source.usual) {
        if (const auto ratio = number(one)) row.usual.push_back(*ratio);
    }
    const bool numeric =
        row.codec && (row.codec->types & (typeBit(Type::Decimal) | typeBit(Type::Integer))) != 0;
    if ((source.range || !source.usual.empty()) && !numeric) {
        findings_.add(Code::CheckCodecType, source.at, source.range ? "range" : "usual",
                      "only numbers have a range or usual values");
    }
    row.max_length = source.max;
    row.cut = source.cut;
    const bool text = row.codec && (row.codec->types & typeBit(Type::Text)) != 0;
    // A text that the message cannot hold is told at its place on the wire, with all other
    // problems.
    if (row.max_length == 0 && row.codec && row.codec->name == "text") {
        row.max_length = row.read_to[0].type->max_length;
    }
    if ((source.max != 0 || source.cut) && !text) {
        findings_.add(Code::CheckCodecType, source.at, "max", "only texts have a limit");
    }
    const bool words = row.codec && row.codec->shape == Shape::Words;
    row.report_inexact = source.report_inexact.value_or(words);
    row.check_display = source.check_display;
    row.in_table = source.when && source.when->in_table;
    if (row.in_table && (!row.table || row.kind != RowKind::Also)) {
        findings_.add(Code::CheckGuards, source.at, "when", "in-table is for an also with a table");
    }
    if (!source.accept.empty() && !(row.codec && row.codec->name.find('/') != std::string::npos)) {
        findings_.add(Code::CheckValue, source.at, "accept",
                      "for constants, and for booleans and members: further texts for true");
    }
    row.accept = source.accept;
}

void RowCompiler::relation(const SourceRow& source, const Scope& scope, Rows& out) {
    Scope inner = scope;
    if (!guard(source, inner)) return;
    auto made = start(source, inner);
    if (!made) return;
    Row& row = *made;
    if (!targets(source, scope, row)) return;
    const bool good = source.table.empty() ? codec(source, scope, row) : table(source, scope, row);
    if (!good) return;
    limits(source, row);
    row.agree = source.agree;
    row.fills_gap = row.kind == RowKind::Also && row.agree != Agree::No;
    row.absent = source.absent;
    row.none = source.none;
    if (!row.none.empty() && row.table && row.table->read({row.none}) != nullptr) {
        findings_.add(Code::CheckTableInverse, source.at, row.none,
                      "the table reads this wire value: it cannot mean that there is none");
    }
    if (!row.absent.empty()) {
        const auto& type = *row.read_to[0].type;
        const auto* const set = catalogue_.valueSet(type.value_set);
        if (type.type == Type::Code && set != nullptr && set->find(row.absent) == nullptr) {
            findings_.add(Code::CheckValue, source.at, row.absent,
                          "not a code of the value set " + type.value_set);
        }
    }
    if (row.agree == Agree::No) program_.has_residue = true;
    if (row.unknown_read == SourceRow::Unknown::Keep) program_.has_residue = true;
    if (!source.else_display_of.empty()) {
        row.display_of = display(source.else_display_of, scope, source, row);
    }
    if (row.reads && row.on_reading != OnReading::Ignore) {
        for (const Target& one : row.read_to) {
            if (row.kind == RowKind::Relation) makes(one, source, inner);
            if (row.kind == RowKind::Relation && one.type->required) row.schema_required = true;
        }
    }
    if (row.writes) {
        for (const Target& one : row.write_from) {
            if (row.kind == RowKind::Relation) carries(one, inner);
        }
        for (const PlaceId place : row.wire) writes(place, source, inner);
    }
    row.contested = !row.guards.empty() || !inner.branch.empty();
    demanded(scope, source, out);
    out.push_back(std::move(row));
}

}  // namespace stafett::mapping
