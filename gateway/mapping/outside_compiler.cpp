// Labels of codes, settings, and values from outside the document or the message.
#include "gateway/mapping/row_compiler.h"

namespace stafett::mapping {

using message::Type;

namespace {

/// The type of a value that comes from outside the message.
std::optional<Type> typeOfSource(std::string_view source) {
    if (source == "receiver.party" || source == "gateway.party") return Type::OrgNumber;
    if (source == "receiver.function") return Type::Function;
    if (source == "endpoint") return Type::Text;
    if (source == "now") return Type::Time;
    return std::nullopt;
}

}  // namespace

std::optional<Target> RowCompiler::display(const std::string& path, const Scope& scope,
                                           const SourceRow& source, Row& row) {
    auto found = target(path, scope, Direction::Write, source.at);
    if (!found) return std::nullopt;
    const auto* const set =
        found->type->type == Type::Code ? catalogue_.valueSet(found->type->value_set) : nullptr;
    if (set == nullptr) {
        findings_.add(Code::CheckCodecType, source.at, found->path, "only codes have labels");
        return std::nullopt;
    }
    for (const auto& value : set->values) {
        row.labels[value.code] =
            source.language == Language::English ? value.label_en : value.label_sv;
    }
    return found;
}

void RowCompiler::display(const SourceRow& source, const Scope& scope, Rows& out) {
    auto row = start(source, scope);
    if (!row) return;
    const PlaceId place = single(source, scope, *row);
    if (place == kNoPlace || source.canonical.size() != 1) return;
    row->display_of = display(source.canonical[0].second, scope, source, *row);
    if (!row->display_of) return;
    row->max_length = source.max;
    row->cut = source.cut;
    row->how = "display-of";
    markValue(place, JsonType::String, Shape::Value, false);
    if (row->writes) writes(place, source, scope);
    demanded(scope, source, out);
    out.push_back(std::move(*row));
}

void RowCompiler::outside(const SourceRow& source, const Scope& scope, Rows& out) {
    auto row = start(source, scope);
    if (!row) return;
    message::Field field;
    field.type = Type::Text;
    if (source.kind == RowKind::ToWire) {
        const auto type = typeOfSource(source.source);
        if (!type) {
            findings_.add(
                Code::CheckValue, source.at, source.source,
                "on writing: receiver.party, receiver.function, gateway.party, endpoint, now");
            return;
        }
        field.type = *type;
        if (source.on_reading == OnReading::Check) {
            findings_.add(Code::CheckValue, source.at, "read",
                          "there is nothing to check it against");
        }
    }
    auto made = makeCodec(source.as.empty() ? defaultCodec(field) : source.as, field);
    if (!made) {
        findings_.add(Code::CheckCodec, source.at, source.as, made.error().place().hint);
        return;
    }
    row->codec = *made;
    const bool setting = source.kind == RowKind::Setting;
    if (row->codec->wire_parts.size() != 1 || row->codec->canonical_parts.size() != 1 ||
        row->codec->member || (!setting && (row->codec->types & typeBit(field.type)) == 0)) {
        findings_.add(Code::CheckCodecType, source.at, source.as,
                      source.source + " is " + std::string(typeName(field.type)));
        return;
    }
    const PlaceId place = single(source, scope, *row);
    if (place == kNoPlace) return;
    row->weak = true;
    row->source = source.source;
    row->how = row->codec->name;
    markValue(place, row->codec->json, Shape::Value, source.transport || source.source == "now");
    if (row->writes) writes(place, source, scope);
    demanded(scope, source, out);
    out.push_back(std::move(*row));
}

void RowCompiler::fromOutside(const SourceRow& source, const Scope& scope, Rows& out) {
    auto row = start(source, scope);
    if (!row) return;
    if (source.canonical.size() != 1) return;
    if (!source.wire.empty()) {
        findings_.add(Code::CheckValue, source.at, "wire",
                      "a value comes from the wire or from outside, not both");
        return;
    }
    auto found = target(source.canonical[0].second, scope, Direction::Read, source.at);
    if (!found) return;
    const bool party = source.source == "sender.party";
    if (!party && source.source != "received") {
        findings_.add(Code::CheckValue, source.at, source.source,
                      "on reading: sender.party, received");
        return;
    }
    if (found->type->type != (party ? Type::OrgNumber : Type::Time)) {
        findings_.add(Code::CheckCodecType, source.at, found->path,
                      party ? "an organisation number is wanted" : "a time is wanted");
        return;
    }
    row->source = source.source;
    row->how = "from";
    row->writes = false;
    if (row->reads) makes(*found, source, scope);
    if (found->steps.empty()) scope.facts->outside.insert(found->field);
    row->read_to.push_back(std::move(*found));
    out.push_back(std::move(*row));
}

}  // namespace stafett::mapping
