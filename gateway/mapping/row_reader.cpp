// The rows of a mapping file: which kind each is, and its keys.
#include <algorithm>
#include <array>

#include "gateway/mapping/object_reader.h"
#include "gateway/mapping/source.h"

namespace stafett::mapping {
namespace {

PathParts pathParts(ObjectReader& row, std::string_view key) {
    const Json* const value = row.any(key);
    PathParts parts;
    if (value == nullptr) return parts;
    if (value->isString()) {
        parts.emplace_back("", value->text);
    } else if (value->isObject() && !value->members.empty()) {
        for (const auto& [part, path] : value->members) {
            if (!path.isString()) row.wrong(key, "each part is a path");
            parts.emplace_back(part, path.text);
        }
    } else {
        row.wrong(key, "a path, or an object of part: path");
    }
    return parts;
}

void readWhen(ObjectReader& row, SourceRow& out) {
    const Json* const value = row.any("when");
    if (value == nullptr) return;
    SourceGuard guard;
    if (value->isString() && value->text == "in-table") {
        guard.in_table = true;
        out.when = guard;
        return;
    }
    if (!value->isObject()) return row.wrong("when", "a guard is an object, or in-table");
    ObjectReader keys(*value, row.at(), row.findings());
    const auto literals = [&](std::string_view key) {
        auto list = keys.texts(key);
        if (list.size() == 1 && list[0] == "present") list.clear();
        return list;
    };
    guard.canonical = keys.text("canonical");
    guard.is = literals("is");
    guard.wire = keys.text("wire");
    guard.wire_is = literals("wire_is");
    keys.refuseOthers();
    out.when = guard;
}

void readRequired(ObjectReader& row, SourceRow& out) {
    const Json* const value = row.any("required");
    if (value == nullptr) return;
    const bool both = value->isTrue() || (value->isString() && value->text == "both");
    const bool word = value->isString() && (value->text == "read" || value->text == "write");
    if (!both && !word && value->kind != Json::Kind::Boolean) {
        row.wrong("required", "allowed: true, both, read, write");
    }
    out.required_read = both || value->text == "read";
    out.required_write = both || value->text == "write";
}

void readOn(ObjectReader& row, SourceRow& out) {
    const auto on = row.choice("on", {"both", "read", "write"});
    out.reads = on != 2;
    out.writes = on != 1;
}

void readRange(ObjectReader& row, SourceRow& out) {
    out.usual = row.texts("usual");
    const Json* const value = row.any("range");
    if (value == nullptr) return;
    if (!value->isObject()) return row.wrong("range", "an object with min, max and else");
    ObjectReader keys(*value, row.at(), row.findings());
    SourceRow::Range range;
    for (const auto& [key, slot] : {std::pair<const char*, std::string*>{"min", &range.min},
                                    std::pair<const char*, std::string*>{"max", &range.max}}) {
        const auto list = keys.texts(key);
        if (list.size() == 1) *slot = list[0];
        if (list.size() > 1) keys.wrong(key, "one number is wanted");
    }
    range.refuse = keys.choice("else", {"warn", "refuse"}) == 1;
    if (range.min.empty() && range.max.empty()) keys.wrong("range", "min, max or both");
    keys.refuseOthers();
    out.range = range;
}

void readUnknown(ObjectReader& row, SourceRow& out) {
    using Unknown = SourceRow::Unknown;
    const Json* const value = row.any("unknown");
    if (value == nullptr) return;
    if (!value->isObject()) return row.wrong("unknown", "an object with read and write");
    ObjectReader keys(*value, row.at(), row.findings());
    if (const Json* const read = keys.any("read")) {
        const Json* const code = read->find("code");
        if (code != nullptr && code->isString() && read->members.size() == 1) {
            out.unknown_read = Unknown::Value;
            out.unknown_code = code->text;
        } else if (read->isString() && read->text == "keep") {
            out.unknown_read = Unknown::Keep;
        } else if (!read->isString() || read->text != "refuse") {
            keys.wrong("read", "allowed: refuse, keep, {\"code\": c}");
        }
    }
    if (const Json* const write = keys.any("write")) {
        const Json* const wire = write->find("wire");
        if (wire != nullptr && write->members.size() == 1) {
            out.unknown_write = Unknown::Value;
            ObjectReader inner(*write, row.at(), row.findings());
            out.unknown_wire = pathParts(inner, "wire");
        } else if (write->isString() && write->text == "leave-out") {
            out.unknown_write = Unknown::LeaveOut;
        } else if (!write->isString() || write->text != "refuse") {
            keys.wrong("write", "allowed: refuse, leave-out, {\"wire\": w}");
        }
    }
    keys.refuseOthers();
}

void readElse(ObjectReader& row, SourceRow& out) {
    const Json* const value = row.any("else");
    if (value == nullptr) return;
    if (!value->isObject()) return row.wrong("else", "an object with display-of");
    ObjectReader keys(*value, row.at(), row.findings());
    out.else_display_of = keys.text("display-of");
    out.language =
        keys.choice("language", {"sv", "en"}) == 1 ? Language::English : Language::Swedish;
    keys.refuseOthers();
}

void readInexact(ObjectReader& row, SourceRow& out) {
    if (row.has("inexact")) out.report_inexact = row.choice("inexact", {"refuse", "report"}) == 1;
}

/// What relations and `also` rows share.
void readConversion(ObjectReader& row, SourceRow& out) {
    out.canonical = pathParts(row, row.has("also") ? "also" : "canonical");
    out.wire = pathParts(row, "wire");
    out.as = row.text("as");
    out.table = row.text("table");
    if (!out.as.empty() && !out.table.empty()) row.wrong("table", "a codec or a table, not both");
    if (out.wire.empty() && !row.has("wire")) row.wrong("wire", "the row needs a wire path");
    readInexact(row, out);
    readUnknown(row, out);
    readRange(row, out);
    readWhen(row, out);
    readOn(row, out);
    out.transport = row.flag("transport");
    out.max = row.number("max").value_or(0);
    out.cut = row.choice("over", {"refuse", "cut"}) == 1;
    out.check_display = row.choice("display", {"ignore", "check"}) == 1;
    out.with = row.text("with");
}

void readRelation(ObjectReader& row, SourceRow& out) {
    readConversion(row, out);
    readRequired(row, out);
    readElse(row, out);
    out.absent = row.text("absent");
    out.none = row.text("none");
    out.accept = row.texts("accept");
    if (row.choice("read", {"use", "ignore"}) == 1) out.on_reading = OnReading::Ignore;
}

void readAlso(ObjectReader& row, SourceRow& out) {
    readConversion(row, out);
    constexpr std::array kAgree = {Agree::Yes, Agree::No, Agree::WithinCodec};
    out.agree = kAgree.at(row.choice("agree", {"yes", "no", "within-codec"}));
}

void readEach(ObjectReader& row, SourceRow& out, const std::string& file) {
    out.canonical = pathParts(row, "canonical");
    out.wire = pathParts(row, "each");
    out.key = row.texts("key");
    if (row.has("order")) out.order_kept = row.choice("order", {"kept", "insignificant"}) == 0;
    out.limit = row.number("limit").value_or(0);
    out.limit_refuses = row.choice("over", {"refuse", "report"}) == 0;
    if (row.has("take")) {
        row.choice("take", {"first"});
        out.take_first = true;
    }
    readWhen(row, out);
    readOn(row, out);
    if (const Json* const list = row.any("cannot_carry")) {
        out.cannot_carry = readCannotCarry(*list, file, row.findings());
    }
    if (const Json* const rows = row.any("rows")) out.rows = readRows(*rows, file, row.findings());
    if (!row.has("rows")) row.wrong("rows", "a list needs rows for its items");
}

void readConst(ObjectReader& row, SourceRow& out) {
    out.literal = *row.any("const");
    if (out.literal->isObject() || out.literal->isArray() ||
        out.literal->kind == Json::Kind::Null ||
        (out.literal->isString() && out.literal->text.empty())) {
        row.wrong("const", "a text, a number, true or false");
    }
    out.wire = pathParts(row, "wire");
    if (out.wire.empty() && !row.has("wire")) row.wrong("wire", "the row needs a wire path");
    // "check": "read" is what the paper sketches wrote; it is the default.
    row.choice("check", {"read"});
    out.on_reading =
        row.choice("read", {"check", "ignore"}) == 1 ? OnReading::Ignore : OnReading::Check;
    out.accept = row.texts("accept");
    out.with = row.text("with");
    readRequired(row, out);
    readWhen(row, out);
    readOn(row, out);
    out.transport = row.flag("transport");
}

void readPresent(ObjectReader& row, SourceRow& out) {
    out.canonical = pathParts(row, "present");
    out.wire = pathParts(row, "wire");
    for (const auto& [key, slot] :
         {std::pair<const char*, std::optional<std::string>*>{"true", &out.when_true},
          std::pair<const char*, std::optional<std::string>*>{"false", &out.when_false}}) {
        const Json* const value = row.any(key);
        if (value == nullptr || value->kind == Json::Kind::Null) continue;
        out.literal = *value;  // both are of one JSON type
        *slot = value->text;
    }
    if (!out.when_true || out.when_true == out.when_false) {
        row.wrong("true", "a text for true, and another (or null) for false");
    }
    out.on_reading =
        row.choice("read", {"check", "ignore"}) == 1 ? OnReading::Ignore : OnReading::Check;
    readOn(row, out);
}

void readOutside(ObjectReader& row, SourceRow& out) {
    out.source = row.text("from");
    out.wire = pathParts(row, "wire");
    out.canonical = pathParts(row, "canonical");
    out.as = row.text("as");
    out.on_reading =
        row.choice("read", {"ignore", "check"}) == 1 ? OnReading::Check : OnReading::Ignore;
    out.transport = row.flag("transport");
    readOn(row, out);
    readRequired(row, out);
    if (out.kind == RowKind::ToWire) out.with = row.text("with");
}

void readSetting(ObjectReader& row, SourceRow& out) {
    out.source = row.text("setting");
    out.wire = pathParts(row, "wire");
    out.as = row.text("as");
    out.on_reading =
        row.choice("read", {"ignore", "check"}) == 1 ? OnReading::Check : OnReading::Ignore;
    out.with = row.text("with");
    readOn(row, out);
    readRequired(row, out);
}

void readDisplay(ObjectReader& row, SourceRow& out) {
    out.canonical = pathParts(row, "display-of");
    out.wire = pathParts(row, "wire");
    out.language =
        row.choice("language", {"sv", "en"}) == 1 ? Language::English : Language::Swedish;
    row.choice("read", {"ignore"});
    readOn(row, out);
    out.max = row.number("max").value_or(0);
    out.cut = row.choice("over", {"refuse", "cut"}) == 1;
}

void readOneOf(ObjectReader& row, SourceRow& out, const std::string& file) {
    const Json* const list = row.any("one_of");
    if (!list->isArray() || list->items.size() < 2) {
        return row.wrong("one_of", "an array of two alternatives or more, each with rows");
    }
    for (const Json& alternative : list->items) {
        RowPlace at = row.at();
        at.line = alternative.line;
        at.column = alternative.column;
        ObjectReader keys(alternative, at, row.findings());
        const Json* const rows = keys.any("rows");
        if (rows == nullptr) keys.wrong("rows", "an alternative needs rows");
        out.alternatives.push_back(rows == nullptr ? std::vector<SourceRow>{}
                                                   : readRows(*rows, file, row.findings()));
        keys.refuseOthers();
    }
}

struct KindKey {
    const char* key;
    RowKind kind;
};
constexpr std::array kKinds = {KindKey{"each", RowKind::Each},
                               KindKey{"at", RowKind::Group},
                               KindKey{"const", RowKind::Const},
                               KindKey{"present", RowKind::Present},
                               KindKey{"also", RowKind::Also},
                               KindKey{"ref", RowKind::Ref},
                               KindKey{"setting", RowKind::Setting},
                               KindKey{"from", RowKind::ToWire},
                               KindKey{"display-of", RowKind::DisplayOf},
                               KindKey{"one_of", RowKind::OneOf},
                               KindKey{"keep", RowKind::Keep},
                               KindKey{"drop", RowKind::Drop},
                               KindKey{"canonical", RowKind::Relation}};

std::optional<SourceRow> readRow(const Json& json, const std::string& file, Findings& findings) {
    SourceRow out;
    out.at = {.file = file, .line = json.line, .column = json.column, .label = "row"};
    const auto* kind = std::find_if(kKinds.begin(), kKinds.end(), [&](const KindKey& one) {
        return json.find(one.key) != nullptr;
    });
    if (!json.isObject() || kind == kKinds.end()) {
        const bool include = json.find("include") != nullptr;
        findings.add(include ? Code::CheckInclude : Code::CheckUnknownKey, out.at, "",
                     include ? "an include stands at top level, one level deep"
                             : "a row is an object with canonical, const, each, at, keep, drop, …");
        return std::nullopt;
    }
    out.kind = kind->kind;
    const Json& name = *json.find(kind->key);
    if (out.kind == RowKind::ToWire && json.find("canonical") != nullptr) {
        out.kind = RowKind::FromOutside;
    }
    const Json* const canonical = json.find("canonical");
    const Json& told = out.kind == RowKind::Each && canonical != nullptr ? *canonical : name;
    out.at.label = std::string(kind->key) + " " +
                   (told.isString() || told.kind == Json::Kind::Number ? told.text : "…");
    ObjectReader row(json, out.at, findings);
    switch (out.kind) {
        case RowKind::Relation:
            readRelation(row, out);
            break;
        case RowKind::Also:
            readAlso(row, out);
            break;
        case RowKind::Each:
            readEach(row, out, file);
            break;
        case RowKind::Group:
            out.source = row.text("at");
            readWhen(row, out);
            if (const Json* const rows = row.any("rows"))
                out.rows = readRows(*rows, file, findings);
            break;
        case RowKind::Const:
            readConst(row, out);
            break;
        case RowKind::Present:
            readPresent(row, out);
            break;
        case RowKind::Ref:
            out.source = row.text("ref");
            out.wire = pathParts(row, "wire");
            break;
        case RowKind::Setting:
            readSetting(row, out);
            break;
        case RowKind::ToWire:
        case RowKind::FromOutside:
            readOutside(row, out);
            break;
        case RowKind::DisplayOf:
            readDisplay(row, out);
            break;
        case RowKind::OneOf:
            readOneOf(row, out, file);
            break;
        case RowKind::Keep:
            out.source = row.text("keep");
            out.because = row.reason("because");
            break;
        case RowKind::Drop:
            out.source = row.text("drop");
            out.because = row.reason("because");
            if (out.because.empty()) {
                findings.add(Code::CheckBecause, out.at, out.source, "say why, under because");
            }
            break;
    }
    row.refuseOthers();
    return out;
}

}  // namespace

std::vector<SourceRow> readRows(const Json& rows, const std::string& file, Findings& findings) {
    std::vector<SourceRow> out;
    if (!rows.isArray()) {
        findings.add(Code::CheckValue,
                     {.file = file, .line = rows.line, .column = rows.column, .label = "rows"},
                     "rows", "rows is an array");
        return out;
    }
    for (const Json& row : rows.items) {
        if (auto read = readRow(row, file, findings)) out.push_back(std::move(*read));
    }
    return out;
}

}  // namespace stafett::mapping
