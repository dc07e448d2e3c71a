// Rows with a wire place of their own and no conversion, and what all rows share.
#include "gateway/mapping/row_compiler.h"

#include <algorithm>

namespace stafett::mapping {

using message::Type;

RowCompiler::RowCompiler(const Source& source, const message::Catalogue& catalogue, Compiled& out,
                         Findings& findings)
    : source_(source),
      catalogue_(catalogue),
      out_(out),
      program_(*out.program),
      places_(program_.places),
      findings_(findings),
      builder_(source, places_, findings) {}

void RowCompiler::run() {
    program_.root.type = &program_.schema->root;
    Scope scope;
    scope.block = &program_.root;
    scope.reads = source_.reads;
    scope.writes = source_.writes;
    scope.facts = &out_.facts[&program_.root];
    rows(source_.rows, scope, program_.root.rows);
    builder_.finish();
    linkAlso(program_.root);
    rank(program_.root);
    listContent();
    program_.refs.resize(places_.anchors.size() + 1);
    listRefs(program_.root.rows);
}

void RowCompiler::listContent() {
    for (PlaceId id = 0; id < places_.all.size(); ++id) {
        const WirePlace& place = places_[id];
        const bool content = (place.value || place.shape != Shape::Value) && !place.outside &&
                             !place.transport && !place.kept && !place.dropped && !place.machinery;
        if (content) places_.frames[place.frame].content.push_back(id);
        if (place.pick == WirePlace::Pick::Each) {
            places_.frames[places_[place.parent].frame].lists.push_back(id);
        }
    }
}

void RowCompiler::listRefs(const std::vector<Row>& rows) {
    for (const Row& row : rows) {
        for (const auto& alternative : row.alternatives) listRefs(alternative);
        if (row.kind != RowKind::Ref) continue;
        std::size_t part = 0;
        for (std::size_t i = 0; i < places_.anchors.size(); ++i) {
            if (places_.isBelow(row.wire[0], places_.anchors[i].root)) part = i + 1;
        }
        program_.refs[part].push_back(&row);
    }
}

void RowCompiler::rows(const std::vector<SourceRow>& source, const Scope& scope, Rows& out) {
    for (const SourceRow& one : source) row(one, scope, out);
}

void RowCompiler::row(const SourceRow& source, const Scope& scope, Rows& out) {
    switch (source.kind) {
        case RowKind::Relation:
        case RowKind::Also:
            return relation(source, scope, out);
        case RowKind::Each:
            return each(source, scope, out);
        case RowKind::Group:
            return group(source, scope, out);
        case RowKind::Const:
            return constant(source, scope, out);
        case RowKind::Present:
            return presence(source, scope, out);
        case RowKind::Ref:
            return reference(source, scope, out);
        case RowKind::Setting:
        case RowKind::ToWire:
            return outside(source, scope, out);
        case RowKind::FromOutside:
            return fromOutside(source, scope, out);
        case RowKind::DisplayOf:
            return display(source, scope, out);
        case RowKind::OneOf:
            return oneOf(source, scope, out);
        case RowKind::Keep:
        case RowKind::Drop:
            builder_.cover(scope.place, source);
            return demanded(scope, source, out);
    }
}

std::optional<Row> RowCompiler::start(const SourceRow& source, const Scope& scope) {
    Row row;
    row.kind = source.kind;
    row.at = source.at;
    row.brief = source.at.brief();
    row.group = scope.group;
    row.guards = scope.guards;
    row.reads = source.reads && scope.reads;
    row.writes = source.writes && scope.writes;
    row.required_read = source.required_read && row.reads;
    row.required_write = source.required_write && row.writes;
    row.on_reading = source.on_reading;
    if ((!source.reads && !source_.writes) || (!source.writes && !source_.reads)) {
        findings_.add(
            Code::CheckPerspective, source.at, "on",
            std::string("the form is for ") + (source_.reads ? "read" : "write") + " only");
        return std::nullopt;
    }
    if (!source.with.empty()) row.with = builder_.descend(scope.place, source.with, source.at);
    return row;
}

std::optional<Target> RowCompiler::target(const std::string& path, const Scope& scope,
                                          Direction direction, const RowPlace& at) {
    return resolveTarget(path, *scope.block->type, direction, catalogue_, at, findings_);
}

PlaceId RowCompiler::single(const SourceRow& source, const Scope& scope, Row& row) {
    if (source.wire.size() != 1 || !source.wire[0].first.empty()) {
        if (!source.wire.empty()) {
            findings_.add(Code::CheckValue, source.at, "wire", "one wire path is wanted");
        }
        return kNoPlace;
    }
    const PlaceId place = builder_.descend(scope.place, source.wire[0].second, source.at);
    row.wire = {place};
    return place;
}

void RowCompiler::markValue(PlaceId place, JsonType json, Shape shape, bool transport) {
    if (place == kNoPlace) return;
    WirePlace& one = places_[place];
    one.named = true;
    one.value = one.value || shape != Shape::Presence;
    one.json = json;
    if (shape != Shape::Value) one.shape = shape;
    if (transport) {
        one.transport = true;
        program_.has_transport = true;
    }
}

void RowCompiler::writes(PlaceId place, const SourceRow& source, const Scope& scope) {
    if (place == kNoPlace) return;
    out_.wire_writers[place].push_back({&source, scope.branch, scope.guards});
}

void RowCompiler::makes(const Target& target, const SourceRow& source, const Scope& scope) {
    out_.canonical_makers[scope.facts->prefix + target.path].push_back(
        {&source, scope.branch, scope.guards});
    if (target.steps.empty()) {
        scope.facts->read.insert(target.field);
        return;
    }
    const ListStep& step = target.steps.front();
    scope.facts->read.insert(step.list);
    ListUse& use = scope.facts->lists[step.list];
    if (target.steps.size() == 1 && !target.membership) use.item_read.insert(target.field);
    if (step.kind != ListStep::Kind::Index) use.item_read.insert(step.key);
}

void RowCompiler::carries(const Target& target, const Scope& scope) {
    if (target.steps.empty()) {
        scope.facts->written.insert(target.field);
        return;
    }
    const ListStep& step = target.steps.front();
    ListUse& use = scope.facts->lists[step.list];
    const auto same = [&](const ListStep& one) {
        return one.kind == step.kind && one.index == step.index && one.literal == step.literal;
    };
    if (std::none_of(use.selected_write.begin(), use.selected_write.end(), same)) {
        use.selected_write.push_back(step);
    }
    if (step.kind != ListStep::Kind::Index) {
        use.item_written.insert(step.key);
        auto keyed = std::find_if(use.keyed.begin(), use.keyed.end(),
                                  [&](const KeyedItem& one) { return same(one.item); });
        if (keyed == use.keyed.end()) {
            use.keyed.push_back({step, {step.key}});
            keyed = use.keyed.end() - 1;
        }
        if (target.steps.size() == 1 && !target.membership) keyed->written.push_back(target.field);
    }
    if (target.steps.size() == 1 && !target.membership) use.item_written.insert(target.field);
}

bool RowCompiler::guard(const SourceRow& source, Scope& scope) {
    if (!source.when || source.when->in_table) return true;
    const SourceGuard& from = *source.when;
    auto made = std::make_shared<Guard>();
    made->is = from.is;
    made->wire_is = from.wire_is;
    if (!from.canonical.empty()) {
        made->canonical = target(from.canonical, scope, Direction::Write, source.at);
        if (!made->canonical) return false;
        const auto* const type = made->canonical->type;
        if (type->type == Type::Code) {
            const auto* const set = catalogue_.valueSet(type->value_set);
            for (const auto& code : made->is) {
                if (set == nullptr || set->find(code) != nullptr) continue;
                findings_.add(Code::CheckGuards, source.at, code,
                              "not a code of the value set " + type->value_set);
            }
        }
    } else if (scope.writes) {
        findings_.add(Code::CheckGuards, source.at, "when",
                      "a form that writes needs a canonical test");
        return false;
    }
    if (!from.wire.empty()) {
        made->wire = builder_.descend(scope.place, from.wire, source.at);
        if (made->wire == kNoPlace) return false;
    } else if (scope.reads) {
        findings_.add(Code::CheckGuards, source.at, "when", "a form that reads needs a wire test");
        return false;
    }
    scope.guards.push_back(std::move(made));
    return true;
}

void RowCompiler::constant(const SourceRow& source, const Scope& scope, Rows& out) {
    Scope inner = scope;
    if (!guard(source, inner)) return;
    auto row = start(source, inner);
    if (!row) return;
    const PlaceId place = single(source, scope, *row);
    if (place == kNoPlace) return;
    row->weak = true;
    row->literal = source.literal->text;
    row->accept = source.accept;
    const auto kind = source.literal->kind;
    const JsonType json = kind == Json::Kind::Number    ? JsonType::Number
                          : kind == Json::Kind::Boolean ? JsonType::Boolean
                                                        : JsonType::String;
    markValue(place, json, Shape::Value, source.transport);
    row->how = "const";
    if (row->writes) writes(place, source, inner);
    demanded(scope, source, out);
    out.push_back(std::move(*row));
}

void RowCompiler::demanded(const Scope& scope, const SourceRow& source, Rows& out) {
    for (const auto& one : builder_.takeDemanded()) {
        Row row;
        row.kind = RowKind::Const;
        row.weak = row.demanded = true;
        row.on_reading = OnReading::Ignore;
        row.group = one.item;
        row.wire = {one.place};
        row.literal = one.literal;
        row.reads = false;
        row.writes = scope.writes;
        row.at = source.at;
        row.brief = source.at.brief();
        row.how = "predicate";
        out.push_back(std::move(row));
    }
}

void RowCompiler::presence(const SourceRow& source, const Scope& scope, Rows& out) {
    auto row = start(source, scope);
    if (!row) return;
    const PlaceId place = single(source, scope, *row);
    if (place == kNoPlace || source.canonical.size() != 1) return;
    const auto& path = source.canonical[0].second;
    for (const Direction direction : {Direction::Read, Direction::Write}) {
        if (!(direction == Direction::Read ? row->reads : row->writes)) continue;
        auto found = target(path, scope, direction, source.at);
        if (!found) return;
        (direction == Direction::Read ? row->read_to : row->write_from)
            .push_back(std::move(*found));
    }
    row->when_true = source.when_true.value_or("");
    row->when_false = source.when_false.value_or("");
    const bool boolean = source.literal && source.literal->kind == Json::Kind::Boolean;
    markValue(place, boolean ? JsonType::Boolean : JsonType::String, Shape::Value, false);
    row->how = "present";
    if (row->writes) writes(place, source, scope);
    demanded(scope, source, out);
    out.push_back(std::move(*row));
}

void RowCompiler::reference(const SourceRow& source, const Scope& scope, Rows& out) {
    auto row = start(source, scope);
    if (!row) return;
    const PlaceId place = single(source, scope, *row);
    const auto anchor =
        std::find_if(places_.anchors.begin(), places_.anchors.end(),
                     [&](const AnchorPlace& one) { return one.name == source.source; });
    if (anchor == places_.anchors.end()) {
        std::vector<std::string> known;
        for (const auto& one : places_.anchors) known.push_back(one.name);
        const auto near = nearest(source.source, known);
        findings_.add(Code::CheckAnchor, source.at, source.source,
                      near.empty() ? "no such anchor" : "did you mean " + near + "?");
        return;
    }
    if (scope.block != &program_.root) {
        findings_.add(Code::CheckAnchor, source.at, source.source,
                      "a ref does not stand in a list: an anchor is one part");
        return;
    }
    if (place == kNoPlace) return;
    row->weak = true;
    row->anchor = static_cast<std::uint32_t>(anchor - places_.anchors.begin());
    row->how = "ref";
    markValue(place, JsonType::String, Shape::Value, false);
    if (row->writes) writes(place, source, scope);
    PlaceId root = place;
    while (places_[root].parent != kNoPlace) root = places_[root].parent;
    anchor->reached_from.push_back(root);
    out.push_back(std::move(*row));
    demanded(scope, source, out);
}

}  // namespace stafett::mapping
