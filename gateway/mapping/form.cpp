#include "gateway/mapping/form.h"

#include "gateway/mapping/reader.h"
#include "gateway/mapping/writer.h"

namespace stafett::mapping {
namespace {

/// Raised when the engine changes in a way that makes a proof worth repeating.
constexpr std::string_view kEngine = "engine 1";

void addType(FieldDigest& digest, const message::RecordType& type,
             const message::Catalogue& catalogue) {
    for (const auto& field : type.fields) {
        digest.add(field.path)
            .add(std::to_string(static_cast<int>(field.type)))
            .add(std::to_string(field.places) + " " + std::to_string(field.max_length))
            .add(std::string{field.required ? 'r' : '-', field.personal ? 'p' : '-',
                             field.sensitive ? 's' : '-', field.must_carry ? 'm' : '-',
                             field.ordered ? 'o' : '-'});
        for (const auto& key : field.key) digest.add(key);
        if (const auto* const set = catalogue.valueSet(field.value_set)) {
            digest.add(set->name);
            for (const auto& value : set->values) {
                digest.add(value.code).add(value.label_sv).add(value.label_en);
            }
        }
        if (field.item) addType(digest, *field.item, catalogue);
    }
}

/// The names on the way to a place: those of an anchored part begin with the list it stands in.
codec::ContentPlace stepsTo(const Program& program, PlaceId place) {
    const Places& places = program.places;
    codec::ContentPlace steps;
    PlaceId at = place;
    for (; places[at].parent != kNoPlace; at = places[at].parent) {
        if (places[at].step.name != ".") steps.insert(steps.begin(), places[at].step.name);
    }
    if (at == 0) {
        if (!places[0].step.name.empty()) steps.insert(steps.begin(), places[0].step.name);
    } else {
        steps.insert(steps.begin(), {places[0].keys[places.anchor_key].name, places.anchor_body});
    }
    return steps;
}

void addContents(const Program& program, const std::vector<Row>& rows, Form::Contents& contents) {
    for (const Row& row : rows) {
        for (const auto& alternative : row.alternatives) {
            addContents(program, alternative, contents);
        }
        if (row.block) addContents(program, row.block->rows, contents);
        if (!row.codec) continue;
        if (row.codec->content) contents.inside.push_back(stepsTo(program, row.wire[0]));
        if (row.codec->name == kFetchPath) contents.by_reference = true;
    }
}

}  // namespace

CompiledForm::CompiledForm(const Source& source, Compiled compiled, std::string digest)
    : name_(source.form),
      dialect_(source.dialect),
      version_(source.version),
      digest_(std::move(digest)),
      alias_form_(std::move(compiled.alias_form)),
      reads_(source.reads),
      writes_(source.writes),
      program_(std::move(compiled.program)) {
    for (const auto& one : source.cannot_carry) cannot_carry_.push_back(one.canonical);
    addContents(*program_, program_->root.rows, contents_);
}

ReadOutcome CompiledForm::read(const codec::Document& document, const ReadContext& context) const {
    ReadOutcome out{.message = message::Message(program_->schema),
                    .residue = {},
                    .problems = {},
                    .warnings = {},
                    .transport_free = {}};
    if (!reads_) {
        out.problems.emplace_back(Code::NoForm, Place{.path = name_});
        return out;
    }
    Reader(*program_, document, context, out).run();
    return out;
}

WriteOutcome CompiledForm::write(const message::Message& message,
                                 const WriteContext& context) const {
    WriteOutcome out;
    if (!writes_ || message.schema().kind != program_->schema->kind) {
        out.problems.emplace_back(Code::MapNoForm, Place{.path = name_});
        return out;
    }
    Writer(*program_, message, context, out).run();
    return out;
}

std::string formDigest(const Source& source, const Compiled& compiled,
                       const message::Catalogue& catalogue) {
    FieldDigest digest;
    digest.add(kEngine).add(source.dialect).add(source.form);
    for (const auto& text : source.texts) digest.add(text);
    for (const auto& text : compiled.table_texts) digest.add(text);
    addType(digest, compiled.program->schema->root, catalogue);
    return digest.finish().hex();
}

}  // namespace stafett::mapping
