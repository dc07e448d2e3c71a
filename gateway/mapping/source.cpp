// A mapping file: its head, its anchors, its includes.
#include "gateway/mapping/source.h"

#include <algorithm>
#include <array>
#include <fstream>
#include <sstream>

#include "gateway/mapping/object_reader.h"

namespace stafett::mapping {
namespace {

constexpr std::uintmax_t kMaxFile = 1U << 20;

bool isSemVer(std::string_view text) {
    int dots = 0;
    bool digit = false;
    for (const char c : text) {
        if (c == '.') {
            if (!digit) return false;
            ++dots;
            digit = false;
        } else if (c >= '0' && c <= '9') {
            digit = true;
        } else {
            return false;
        }
    }
    return dots == 2 && digit;
}

void readNamespaces(ObjectReader& wire, Source& out) {
    const Json* const spaces = wire.any("namespaces");
    if (spaces == nullptr) return;
    if (!spaces->isObject()) return wire.wrong("namespaces", "an object of prefix: uri");
    for (const auto& [prefix, uri] : spaces->members) {
        if (!uri.isString() || uri.text.empty()) wire.wrong("namespaces", "a uri is a text");
        out.namespaces.emplace_back(prefix, uri.text);
    }
}

void readWire(ObjectReader& head, Source& out) {
    const Json* const json = head.any("wire");
    if (json == nullptr || !json->isObject()) {
        return head.wrong("wire", "an object: format, root, …");
    }
    RowPlace at = head.at();
    at.line = json->line;
    at.column = json->column;
    at.label = "wire";
    ObjectReader wire(*json, at, head.findings());
    if (!wire.has("format")) wire.wrong("format", "xml or json");
    out.format =
        wire.choice("format", {"xml", "json"}) == 1 ? codec::Format::Json : codec::Format::Xml;
    constexpr std::array kEncodings = {codec::Encoding::Utf8, codec::Encoding::Latin1,
                                       codec::Encoding::Windows1252};
    out.encoding = kEncodings.at(wire.choice("encoding", {"UTF-8", "ISO-8859-1", "Windows-1252"}));
    out.root = wire.text("root");
    readNamespaces(wire, out);
    out.schema = wire.text("schema");
    constexpr std::array kEmpty = {Empty::Absent, Empty::Error, Empty::Text};
    out.empty = kEmpty.at(wire.choice("empty", {"absent", "error", "text"}));
    out.unencodable = wire.choice("unencodable", {"character-reference", "refuse"}) == 1
                          ? codec::Unencodable::Refuse
                          : codec::Unencodable::CharacterReference;
    out.insignificant = wire.texts("insignificant");
    const std::vector<std::string> known = {"whitespace-between", "comments",
                                            "attribute-order",    "prefixes",
                                            "object-key-order",   "number-form"};
    for (const auto& one : out.insignificant) {
        if (std::find(known.begin(), known.end(), one) != known.end()) continue;
        const auto near = nearest(one, known);
        wire.wrong("insignificant",
                   near.empty() ? "not one of the closed list" : "did you mean " + near + "?");
    }
    const bool xml = out.format == codec::Format::Xml;
    if (xml && out.root.empty()) wire.wrong("root", "an XML form needs the name of its root");
    if (!xml && (!out.root.empty() || !out.namespaces.empty() || !out.schema.empty() ||
                 out.encoding != codec::Encoding::Utf8)) {
        wire.wrong("format", "root, namespaces, schema and encoding are for XML");
    }
    wire.refuseOthers();
}

void readAnchors(ObjectReader& head, Source& out) {
    const Json* const json = head.any("anchors");
    if (json == nullptr) return;
    SourceAnchors anchors;
    anchors.at = head.at();
    anchors.at.line = json->line;
    anchors.at.column = json->column;
    anchors.at.label = "anchors";
    ObjectReader keys(*json, anchors.at, head.findings());
    anchors.in = keys.text("in");
    anchors.body = keys.text("body");
    anchors.id = keys.text("id");
    anchors.type = keys.text("type");
    if (const Json* const of = keys.any("of"); of != nullptr && of->isObject()) {
        for (const auto& [name, type] : of->members) anchors.of.emplace_back(name, type.text);
    }
    keys.refuseOthers();
    if (anchors.in.empty() || anchors.body.empty() || anchors.id.empty() || anchors.type.empty() ||
        anchors.of.empty() || out.format != codec::Format::Json) {
        head.findings().add(Code::CheckAnchor, anchors.at, "anchors",
                            "in, body, id, type and of are wanted, and the form is JSON");
    }
    out.anchors = std::move(anchors);
}

std::optional<Json> readJsonFile(const std::filesystem::path& file, const RowPlace& at, Code code,
                                 std::vector<std::string>& texts, Findings& findings) {
    auto text = readFile(file);
    if (!text) {
        findings.add(code, at, fileLabel(file), "the file cannot be read" + nearestFile(file));
        return std::nullopt;
    }
    auto json = readLocatedJson(*text, fileLabel(file));
    texts.push_back(std::move(*text));
    if (!json) {
        findings.add(std::move(json).error());
        return std::nullopt;
    }
    return std::move(*json);
}

void include(const std::string& name, const RowPlace& at, Source& out, Findings& findings) {
    const auto file = out.file.parent_path() / name;
    if (name.empty() || name.find('/') != std::string::npos || !name.ends_with(".rows.json")) {
        return findings.add(Code::CheckInclude, at, name,
                            "a file of the same folder, named something.rows.json");
    }
    const auto json = readJsonFile(file, at, Code::CheckInclude, out.texts, findings);
    if (!json) return;
    const std::string label = fileLabel(file);
    RowPlace inside{.file = label, .line = json->line, .column = json->column, .label = "include"};
    ObjectReader keys(*json, inside, findings);
    keys.any("$schema");
    if (const Json* const rows = keys.any("rows")) {
        auto read = readRows(*rows, label, findings);
        std::move(read.begin(), read.end(), std::back_inserter(out.rows));
    } else {
        findings.add(Code::CheckInclude, inside, name, "an included file has rows");
    }
    if (const Json* const list = keys.any("cannot_carry")) {
        auto read = readCannotCarry(*list, label, findings);
        std::move(read.begin(), read.end(), std::back_inserter(out.cannot_carry));
    }
    keys.refuseOthers();
}

void readTopRows(const Json& rows, Source& out, Findings& findings) {
    if (!rows.isArray()) {
        RowPlace at = out.at;
        return findings.add(Code::CheckValue, at, "rows", "rows is an array");
    }
    for (const Json& row : rows.items) {
        const Json* const name = row.find("include");
        if (name == nullptr) {
            Json one;
            one.kind = Json::Kind::Array;
            one.items.push_back(row);
            auto read = readRows(one, out.label, findings);
            std::move(read.begin(), read.end(), std::back_inserter(out.rows));
            continue;
        }
        RowPlace at{.file = out.label, .line = row.line, .column = row.column, .label = "include"};
        if (!name->isString() || row.members.size() != 1) {
            findings.add(Code::CheckInclude, at, "",
                         "an include is {\"include\": \"x.rows.json\"}");
            continue;
        }
        include(name->text, at, out, findings);
    }
}

/// The name a file must have: "remiss@2.map.json" is form "remiss@2".
std::string formOf(const std::filesystem::path& file) {
    std::string name = file.filename().string();
    constexpr std::string_view kEnd = ".map.json";
    if (name.ends_with(kEnd)) name.resize(name.size() - kEnd.size());
    return name;
}

}  // namespace

std::string RowPlace::brief() const {
    const auto slash = file.rfind('/');
    return (slash == std::string::npos ? file : file.substr(slash + 1)) + ":" +
           std::to_string(line);
}

std::string nearestFile(const std::filesystem::path& missing) {
    std::vector<std::string> known;
    std::error_code error;
    for (std::filesystem::directory_iterator it(missing.parent_path(), error), last;
         !error && it != last; it.increment(error)) {
        known.push_back(it->path().filename().string());
    }
    std::sort(known.begin(), known.end());
    const std::string near = nearest(missing.filename().string(), known);
    const bool same = near == missing.filename().string();
    return near.empty() || same ? "" : "; did you mean " + near + "?";
}

std::string fileLabel(const std::filesystem::path& file) {
    const auto folder = file.parent_path();
    std::string label = file.filename().string();
    if (!folder.filename().empty()) label = folder.filename().string() + "/" + label;
    if (folder.filename() == "codes" && !folder.parent_path().filename().empty()) {
        label = folder.parent_path().filename().string() + "/" + label;
    }
    return label;
}

Result<std::string> readFile(const std::filesystem::path& file) {
    std::error_code error;
    const auto size = std::filesystem::file_size(file, error);
    std::ifstream in(file, std::ios::binary);
    if (error || size > kMaxFile || !in) {
        return tl::unexpected(Error(Code::CheckSyntax, Place{.path = {},
                                                             .file = fileLabel(file),
                                                             .row = {},
                                                             .hint = "the file cannot be read"}));
    }
    std::ostringstream text;
    text << in.rdbuf();
    return std::move(text).str();
}

std::vector<CannotCarry> readCannotCarry(const Json& list, const std::string& file,
                                         Findings& findings) {
    std::vector<CannotCarry> out;
    for (const Json& one : list.items) {
        CannotCarry item;
        item.at = {.file = file, .line = one.line, .column = one.column, .label = "cannot_carry"};
        ObjectReader keys(one, item.at, findings);
        item.canonical = keys.text("canonical");
        item.because = keys.reason("because");
        item.unless_empty = keys.flag("unless_empty");
        item.at.label += " " + item.canonical;
        if (item.canonical.empty()) keys.wrong("canonical", "a canonical path, or *");
        if (item.because.empty()) {
            findings.add(Code::CheckBecause, item.at, item.canonical, "say why, under because");
        }
        keys.refuseOthers();
        out.push_back(std::move(item));
    }
    return out;
}

std::optional<Source> readSource(const std::filesystem::path& file, Findings& findings) {
    Source out;
    out.file = file;
    out.label = fileLabel(file);
    out.at = {.file = out.label, .line = 1, .column = 1, .label = "mapping"};
    const auto json = readJsonFile(file, out.at, Code::CheckSyntax, out.texts, findings);
    if (!json) return std::nullopt;
    if (!json->isObject()) {
        findings.add(Code::CheckSyntax, out.at, "", "a mapping is a JSON object");
        return std::nullopt;
    }
    ObjectReader head(*json, out.at, findings);
    head.any("$schema");
    head.any("description");
    const std::string name = head.text("mapping");
    const auto slash = name.find('/');
    out.dialect = name.substr(0, slash);
    out.form = slash == std::string::npos ? std::string() : name.substr(slash + 1);
    if (out.form != formOf(file)) {
        head.wrong("mapping", "the file's name says \"<dialect>/" + formOf(file) + "\"");
    }
    out.version = head.text("version");
    if (!isSemVer(out.version)) head.wrong("version", "a version is N.N.N");
    out.canonical = head.text("canonical");
    const auto direction = head.choice("direction", {"both", "read", "write"});
    out.reads = direction != 2;
    out.writes = direction != 1;
    readWire(head, out);
    readAnchors(head, out);
    if (const Json* const list = head.any("cannot_carry")) {
        out.cannot_carry = readCannotCarry(*list, out.label, findings);
    }
    if (const Json* const rows = head.any("rows")) {
        readTopRows(*rows, out, findings);
    } else {
        head.wrong("rows", "a mapping has rows");
    }
    head.refuseOthers();
    return out;
}

}  // namespace stafett::mapping
