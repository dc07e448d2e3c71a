#include "gateway/mapping/compile.h"

#include "gateway/codec/write.h"
#include "gateway/mapping/row_compiler.h"

namespace stafett::mapping {
namespace {

/// The declaration and the root's start tag with every namespace, up to its ">".
std::string xmlHead(const Source& source) {
    std::string out = "<?xml version=\"1.0\" encoding=\"";
    out.append(codec::name(source.encoding)).append("\"?>\n<").append(source.root);
    for (const auto& [prefix, uri] : source.namespaces) {
        out += prefix.empty() ? " xmlns" : " xmlns:" + prefix;
        out += "=\"";
        codec::appendXmlAttribute(out, uri);
        out += '"';
    }
    return out;
}

}  // namespace

Compiled compile(const Source& source, const message::Catalogue& catalogue,
                 std::shared_ptr<const message::Schema> schema, Findings& findings) {
    Compiled out;
    out.program = std::make_unique<Program>();
    Program& program = *out.program;
    program.schema = std::move(schema);
    program.format = source.format;
    program.encoding = source.encoding;
    program.unencodable = source.unencodable;
    program.empty = source.empty;
    const auto sizes = [&](const auto& self, const message::RecordType& type) -> void {
        for (const auto& field : type.fields) {
            if (field.item) self(self, *field.item);
            if (const auto* const set = catalogue.valueSet(field.value_set)) {
                out.set_sizes[field.value_set] = set->values.size();
            }
        }
    };
    sizes(sizes, program.schema->root);
    RowCompiler(source, catalogue, out, findings).run();
    const auto& root = program.schema->root;
    program.kind_field = root.find("message/kind");
    program.schema_field = root.find("message/schema");
    program.message_id = root.find("message/id");
    if (source.format == codec::Format::Xml) {
        program.xml_head = xmlHead(source);
        program.xml_close = "</" + source.root + ">";
    }
    for (const WirePlace& place : program.places.all)
        program.has_residue = program.has_residue || place.kept;
    for (const WildPlace& wild : program.places.wilds) {
        program.has_residue = program.has_residue || wild.kept;
    }
    return out;
}

}  // namespace stafett::mapping
