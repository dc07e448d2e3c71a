// Rows that hold rows: groups, lists, choices.
#include <algorithm>

#include "gateway/mapping/row_compiler.h"

namespace stafett::mapping {

using message::Type;

void RowCompiler::group(const SourceRow& source, const Scope& scope, Rows& out) {
    Scope inner = scope;
    if (!guard(source, inner)) return;
    const auto anchor =
        std::find_if(places_.anchors.begin(), places_.anchors.end(),
                     [&](const AnchorPlace& one) { return one.name == source.source; });
    if (anchor != places_.anchors.end() && scope.block == &program_.root) {
        inner.place = anchor->root;
        // The first part is always made.
        inner.group = anchor->root;
    } else {
        inner.place = builder_.descend(scope.place, source.source, source.at);
        if (inner.place == kNoPlace) return;
        if (places_[inner.place].outside || places_[inner.place].attribute) {
            findings_.add(Code::CheckWirePath, source.at, source.source,
                          "a group is a part of the document");
            return;
        }
        places_[inner.place].named = true;
        inner.group = inner.place;
    }
    demanded(scope, source, out);
    rows(source.rows, inner, out);
}

void RowCompiler::each(const SourceRow& source, const Scope& scope, Rows& out) {
    Scope inner = scope;
    if (!guard(source, inner)) return;
    auto row = start(source, inner);
    if (!row) return;
    if (source.canonical.size() != 1 || source.wire.size() != 1) {
        findings_.add(Code::CheckCanonicalPath, source.at, "", "a list has one canonical path");
        return;
    }
    auto list = target(source.canonical[0].second, scope, Direction::Write, source.at);
    row->list =
        builder_.descendEach(scope.place, source.wire[0].second, source.take_first, source.at);
    if (!list || row->list == kNoPlace) return;
    if (list->type->type != Type::List || list->membership || !list->steps.empty()) {
        findings_.add(Code::CheckCanonicalPath, source.at, list->path, "not a list");
        return;
    }
    const message::Field& field = *list->type;
    row->limit = source.limit;
    row->limit_refuses = source.limit_refuses;
    row->take_first = source.take_first;
    row->any_order = !field.ordered || source.order_kept == false;
    const bool plain = field.item->find(".").has_value();
    if (source.key.empty() && field.key.empty() && !source.order_kept && field.ordered) {
        findings_.add(
            Code::CheckListKey, source.at, list->path,
            plain ? "give \"order\": \"kept\" or \"insignificant\"" : "give key or order");
    }
    for (const auto& key : source.key.empty() ? field.key : source.key) {
        if (const auto index = field.item->find(key)) {
            row->key.push_back(*index);
        } else {
            findings_.add(Code::CheckCanonicalPath, source.at, key,
                          "not a field of the items of " + list->path);
        }
    }
    if (row->key.empty() && plain && !field.ordered) row->key.push_back(0);
    row->how = "each";

    row->block = std::make_unique<Block>();
    row->block->type = field.item.get();
    row->block->frame = places_[row->list].frame;
    BlockFacts& facts = out_.facts[row->block.get()];
    facts.prefix = scope.facts->prefix + list->path + "/";
    facts.each = &source;
    scope.facts->inner[row->block.get()] = list->field;
    if (row->reads) makes(*list, source, inner);
    ListUse& use = scope.facts->lists[list->field];
    use.each_read = use.each_read || row->reads;
    use.each_write = use.each_write || row->writes;
    row->read_to = {*list};
    row->write_from = {*list};

    Scope item;
    item.block = row->block.get();
    item.place = item.group = row->list;
    item.reads = row->reads;
    item.writes = row->writes;
    item.branch = inner.branch;
    item.facts = &facts;
    demanded(item, source, row->block->rows);
    rows(source.rows, item, row->block->rows);
    use.item_written.insert(facts.written.begin(), facts.written.end());
    use.item_read.insert(facts.read.begin(), facts.read.end());
    out.push_back(std::move(*row));
}

void RowCompiler::oneOf(const SourceRow& source, const Scope& scope, Rows& out) {
    auto row = start(source, scope);
    if (!row) return;
    for (std::size_t i = 0; i < source.alternatives.size(); ++i) {
        Scope inner = scope;
        inner.branch.emplace_back(&source, i);
        row->alternatives.emplace_back();
        rows(source.alternatives[i], inner, row->alternatives.back());
    }
    const auto placesOf = [](const Rows& rows) {
        std::vector<PlaceId> places;
        for (const Row& one : rows) {
            if (one.kind == RowKind::Each) places.push_back(one.list);
            if (one.weak || !one.reads) continue;
            for (const PlaceId place : one.wire) {
                if (place != kNoPlace) places.push_back(place);
            }
        }
        return places;
    };
    for (std::size_t i = 0; i < row->alternatives.size(); ++i) {
        std::vector<PlaceId> own = placesOf(row->alternatives[i]);
        for (std::size_t j = 0; j < row->alternatives.size(); ++j) {
            if (i == j) continue;
            const auto others = placesOf(row->alternatives[j]);
            std::erase_if(own, [&](PlaceId place) {
                return std::find(others.begin(), others.end(), place) != others.end();
            });
        }
        if (own.empty() && row->reads) {
            findings_.add(Code::CheckGuards, source.at, "one_of[" + std::to_string(i) + "]",
                          "no wire field of its own tells this alternative");
        }
        row->witnesses.push_back(std::move(own));
    }
    row->how = "one_of";
    out.push_back(std::move(*row));
}

void RowCompiler::linkAlso(Rows& rows, const Rows& all) {
    for (Row& row : rows) {
        for (Rows& alternative : row.alternatives) linkAlso(alternative, all);
        if (row.kind != RowKind::Also || row.read_to.empty()) continue;
        const auto find = [&](const auto& self, const Rows& among) -> const Row* {
            for (const Row& one : among) {
                if (one.kind == RowKind::Relation && !one.read_to.empty() &&
                    one.read_to[0].path == row.read_to[0].path) {
                    return &one;
                }
                for (const Rows& alternative : one.alternatives) {
                    if (const Row* const found = self(self, alternative)) return found;
                }
            }
            return nullptr;
        };
        row.first = find(find, all);
    }
}

void RowCompiler::linkAlso(Block& block) {
    linkAlso(block.rows, block.rows);
    const auto inner = [&](const auto& self, Rows& rows) -> void {
        for (Row& row : rows) {
            if (row.block) linkAlso(*row.block);
            for (Rows& alternative : row.alternatives) self(self, alternative);
        }
    };
    inner(inner, block.rows);
}

void RowCompiler::rank(Block& block) { rank(block.rows, block); }

/// When each row is written, as write_rows.cpp asks for every document.
void RowCompiler::rank(Rows& rows, Block& block) {
    for (Row& row : rows) {
        for (Rows& alternative : row.alternatives) rank(alternative, block);
        if (row.block) rank(*row.block);
        if (!row.writes) continue;
        block.demands = block.demands || row.demanded;
        row.strong = !row.weak && row.with == kNoPlace;
        row.late = !row.demanded &&
                   (row.kind == RowKind::OneOf || row.weak || row.with != kNoPlace ||
                    row.required_write || row.kind == RowKind::Present || !row.none.empty() ||
                    (!row.write_from.empty() && row.write_from[0].membership));
        const bool one_text = (row.kind == RowKind::Relation || row.kind == RowKind::Also) &&
                              row.write_from.size() == 1 && row.write_from[0].isText();
        if (one_text && !row.display_of) row.alone = row.write_from[0].field;
    }
}

}  // namespace stafett::mapping
