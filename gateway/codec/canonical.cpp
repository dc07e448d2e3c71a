#include "gateway/codec/canonical.h"

#include <string>

#include "gateway/codec/read.h"

namespace stafett::codec {
namespace {

using message::Field;
using message::FieldIndex;
using message::Record;
using message::RecordType;
using message::Type;

/// Fills records from the nodes of a JSON document.
class Filling {
public:
    Filling(const Document& document, message::Message& message)
        : document_(document), message_(message) {}

    Status object(NodeIndex node, Record& record, std::string& prefix, std::size_t& hint);

private:
    Status member(NodeIndex node, Record& record, std::string& path, std::size_t& hint);
    Status leaf(NodeIndex node, Record& record, FieldIndex field);
    Status list(NodeIndex node, Record& record, FieldIndex field);
    tl::unexpected<Error> refused(Code code, NodeIndex node) const;

    const Document& document_;
    message::Message& message_;
};

/// The field with this path, looked for from `hint` on: what print() wrote comes in the schema's
/// order, so the next field is mostly the right one.
std::optional<FieldIndex> findFrom(const RecordType& type, std::string_view path,
                                   std::size_t& hint) {
    const std::size_t count = type.fields.size();
    for (std::size_t i = 0; i < count; ++i) {
        const std::size_t at = hint + i < count ? hint + i : hint + i - count;
        const std::string_view known = type.fields[at].path;
        // Many begin alike and are as long; few end alike too.
        if (known.size() != path.size() || known.back() != path.back() || known != path) continue;
        hint = at + 1 == count ? 0 : at + 1;
        return static_cast<FieldIndex>(at);
    }
    return std::nullopt;
}

/// Whether fields lie below this prefix; looked for from `hint` on, as in findFrom.
bool isFolder(const RecordType& type, std::string_view prefix, std::size_t hint) {
    const std::size_t count = type.fields.size();
    for (std::size_t i = 0; i < count; ++i) {
        const std::size_t at = hint + i < count ? hint + i : hint + i - count;
        if (type.fields[at].path.starts_with(prefix)) return true;
    }
    return false;
}

NodeKind kindOf(Type type) {
    switch (type) {
        case Type::Integer:
            return NodeKind::Number;
        case Type::Boolean:
            return NodeKind::Boolean;
        case Type::List:
            return NodeKind::Array;
        default:
            return NodeKind::String;
    }
}

tl::unexpected<Error> Filling::refused(Code code, NodeIndex node) const {
    const auto position = document_.position(node);
    return tl::make_unexpected(Error(
        code,
        Place{.path = document_.pathOf(node), .line = position.line, .column = position.column}));
}

Status Filling::object(NodeIndex node, Record& record, std::string& prefix, std::size_t& hint) {
    const std::size_t size = prefix.size();
    for (NodeIndex child = document_.node(node).first_child; child != kNoNode;
         child = document_.node(child).next) {
        prefix.resize(size);
        prefix += document_.node(child).name;
        ST_CHECK(member(child, record, prefix, hint));
    }
    prefix.resize(size);
    return {};
}

Status Filling::member(NodeIndex node, Record& record, std::string& path, std::size_t& hint) {
    const Node& value = document_.node(node);
    const bool plain = value.name.find('/') == std::string_view::npos;
    const bool folder = value.kind == NodeKind::Object;
    if (const auto field = plain && !folder ? findFrom(record.type(), path, hint) : std::nullopt) {
        if (value.kind != kindOf(record.type().fields[*field].type))
            return refused(Code::CanonicalInvalid, node);
        return value.kind == NodeKind::Array ? list(node, record, *field)
                                             : leaf(node, record, *field);
    }
    path += '/';
    if (!plain || !isFolder(record.type(), path, hint)) {
        path.pop_back();
        const bool field = folder && record.type().find(path).has_value();
        return refused(field ? Code::CanonicalInvalid : Code::MapUnknownField, node);
    }
    if (value.kind != NodeKind::Object || value.first_child == kNoNode)
        return refused(Code::CanonicalInvalid, node);
    return object(node, record, path, hint);
}

Status Filling::leaf(NodeIndex node, Record& record, FieldIndex field) {
    const std::string_view text = document_.node(node).text;
    if (text.empty()) return refused(Code::CanonicalInvalid, node);
    record.set(field, message_.arena().keep(text));
    return {};
}

Status Filling::list(NodeIndex node, Record& record, FieldIndex field) {
    const RecordType& type = *record.type().fields[field].item;
    const bool plain = type.fields.size() == 1 && type.fields[0].path == ".";
    const NodeIndex first = document_.node(node).first_child;
    if (first == kNoNode) return refused(Code::CanonicalInvalid, node);
    for (NodeIndex item = first; item != kNoNode; item = document_.node(item).next) {
        const NodeKind wanted = plain ? kindOf(type.fields[0].type) : NodeKind::Object;
        if (document_.node(item).kind != wanted) return refused(Code::CanonicalInvalid, item);
        Record& made = record.append(field);
        std::string path;
        std::size_t hint = 0;
        ST_CHECK(plain ? leaf(item, made, 0) : object(item, made, path, hint));
    }
    return {};
}

}  // namespace

Result<message::Message> readCanonical(std::string_view json,
                                       std::shared_ptr<const message::Schema> schema) {
    ReadOptions options;
    options.limits.bytes = 64U << 20;  // our own bytes: only the form is judged
    options.limits.nodes = 2'000'000;
    ST_TRY(const Document document, readJson(json, options));
    message::Message message(std::move(schema));
    if (document.root().kind != NodeKind::Object) {
        return tl::make_unexpected(Error(Code::CanonicalInvalid));
    }
    std::string prefix;
    std::size_t hint = 0;
    ST_CHECK(Filling(document, message).object(0, message.root(), prefix, hint));
    return message;
}

}  // namespace stafett::codec
