// The rows of a form, run on a document whose places have been found.
#include <algorithm>
#include <unordered_set>

#include "gateway/mapping/reader.h"

namespace stafett::mapping {

using codec::kNoNode;
using codec::NodeIndex;
using message::Record;

namespace {
constexpr std::uint32_t kNone = 0xFFFFFFFF;
constexpr std::size_t kFewItems = 16;

bool isLate(const Row& row) { return row.kind == RowKind::Also || row.kind == RowKind::Present; }

bool isEmpty(const Record& record) {
    for (std::size_t i = 0; i < record.type().fields.size(); ++i) {
        if (record.has(static_cast<message::FieldIndex>(i))) return false;
    }
    return true;
}

}  // namespace

void Reader::run() {
    const auto& root = document_.root();
    if (xml_) {
        const WireStep& step = places_[0].step;
        const bool right = root.name == step.name && root.space == space_of_[places_[0].index];
        if (!right) return problem(Code::MapWrongRoot, 0, nullptr);
    } else if (root.kind != codec::NodeKind::Object) {
        return problem(Code::MapWrongRoot, 0, nullptr);
    }
    slots_[0] = 0;
    walk(0, 0, 0);
    if (!places_.anchors.empty()) readAnchors();
    Record& record = out_.message.root();
    runBlock(program_.root, record, 0);
    if (program_.kind_field) record.set(*program_.kind_field, keep(program_.schema->kind));
    if (program_.schema_field) record.set(*program_.schema_field, keep(program_.schema->id()));
    if (context_.transport_free && out_.problems.empty()) gatherContent();
}

void Reader::runBlock(const Block& block, Record& record, std::uint32_t base) {
    std::vector<message::FieldIndex> outer;
    outer.swap(failed_);
    runRows(block.rows, record, base);
    if (!block.required.empty()) requireFields(block, record, base);
    failed_.swap(outer);
}

void Reader::runRows(const std::vector<Row>& rows, Record& record, std::uint32_t base) {
    bool late = false;
    bool guarded = false;
    for (const Row& row : rows) {
        if (!row.reads) continue;
        guarded |= !row.guards.empty();
        if (isLate(row)) {
            late = true;
        } else {
            runFirst(row, record, base);
        }
    }
    if (guarded) tellSkipped(rows, base);
    if (!late) return;
    for (const RowKind kind : {RowKind::Also, RowKind::Present}) {
        for (const Row& row : rows) {
            if (row.kind != kind || !row.reads || !guardsHold(row, base)) continue;
            if (kind == RowKind::Also) {
                also(row, record, base);
            } else {
                presence(row, record, base);
            }
        }
    }
}

void Reader::runFirst(const Row& row, Record& record, std::uint32_t base) {
    if ((!row.guards.empty() || row.with != kNoPlace) && !guardsHold(row, base)) return;
    switch (row.kind) {
        case RowKind::Relation:
            return relation(row, record, base);
        case RowKind::Const:
            return constant(row, base);
        case RowKind::Setting:
            return setting(row, base);
        case RowKind::FromOutside:
            return outside(row, record);
        case RowKind::Each:
            return each(row, record, base);
        case RowKind::OneOf:
            return oneOf(row, record, base);
        default:
            return;
    }
}

void Reader::relation(const Row& row, Record& record, std::uint32_t base) {
    if (row.on_reading == OnReading::Ignore) return;
    Texts wire{}, canonical{};
    NodeIndex node = kNoNode;
    const Came came = convert(row, base, wire, canonical, node);
    if (came == Came::Failed) {
        for (const Target& target : row.read_to) {
            failed_.push_back(target.steps.empty() ? target.field : target.steps[0].list);
        }
        return;
    }
    if (came == Came::Absent) {
        if (!row.absent.empty()) return set(record, row.read_to[0], keep(row.absent));
        const bool group = row.group == kNoPlace || isThere(row.group, base);
        if (row.required_read && group) {
            missing(row, base);
            failed_.push_back(row.read_to[0].field);
        }
        return;
    }
    for (std::size_t i = 0; i < row.read_to.size(); ++i) {
        if (!canonical[i].empty()) set(record, row.read_to[i], canonical[i]);
    }
    if (context_.explanation == nullptr) return;
    const std::string from = node == kNoNode ? places_.pathOf(row.wire[0]) : document_.pathOf(node);
    for (std::size_t i = 0; i < row.read_to.size(); ++i) {
        if (!canonical[i].empty()) explain(from, row.read_to[i].path, row);
    }
}

void Reader::also(const Row& row, Record& record, std::uint32_t base) {
    Texts wire{}, canonical{};
    NodeIndex node = kNoNode;
    if (convert(row, base, wire, canonical, node) != Came::Made) return;
    const std::string_view first = get(record, row.read_to[0]);
    std::string note;
    if (first.empty() && row.fills_gap) {
        set(record, row.read_to[0], canonical[0]);
        note = "the first place is absent";
    } else if (row.agree == Agree::No) {
        if (first != canonical[0] && node != kNoNode) {
            for (const PlaceId place : row.wire) {
                if (place == kNoPlace || places_[place].outside || !isThere(place, base)) continue;
                const NodeIndex part = slots_[base + places_[place].slot];
                keepBelow(part, residuePath(places_[place].parent, part));
            }
            note = "kept: it says something else";
        }
    } else if (!agrees(row, first, wire, canonical)) {
        // The first place may be the coarser one: then this one says it more exactly.
        Texts said{}, from{canonical[0]}, first_wire{};
        bool finer = false;
        if (row.agree == Agree::WithinCodec && row.first != nullptr && row.first->codec) {
            for (std::size_t i = 0; i < row.first->wire.size(); ++i) {
                first_wire[i] = valueOf(row.first->wire[i], base, false).text;
            }
            CodecContext context{out_.message.arena(), context_.person};
            finer = row.first->codec->write(from, said, context).kind != Verdict::Kind::Failed &&
                    said == first_wire;
        }
        if (!finer) return problem(Code::MapDisagree, node, &row, row.wire[0]);
        set(record, row.read_to[0], canonical[0]);
        note = "more exact than the first place";
    }
    if (context_.explanation != nullptr) {
        explain(node == kNoNode ? places_.pathOf(row.wire[0]) : document_.pathOf(node),
                row.read_to[0].path, row, note.empty() ? "compared" : note);
    }
}

/// Whether a JSON value is of the type that a constant was written in; XML has texts only.
bool Reader::isTyped(NodeIndex node, JsonType type) const {
    if (xml_ || node == kNoNode) return true;
    const codec::NodeKind kind = document_.node(node).kind;
    if (type == JsonType::Number) return kind == codec::NodeKind::Number;
    if (type == JsonType::Boolean) return kind == codec::NodeKind::Boolean;
    return kind == codec::NodeKind::String;
}

void Reader::constant(const Row& row, std::uint32_t base) {
    const Value value = valueOf(row.wire[0], base, false);
    if (value.wrong) return;
    if (!value.there) {
        const bool group = row.group == kNoPlace || isThere(row.group, base);
        if (row.required_read && group) missing(row, base);
        return;
    }
    if (context_.explanation != nullptr) {
        explain(value.node == kNoNode ? places_.pathOf(row.wire[0]) : document_.pathOf(value.node),
                "", row, row.on_reading == OnReading::Ignore ? "not used" : "checked");
    }
    if (row.on_reading == OnReading::Ignore) return;
    if (!isTyped(value.node, places_[row.wire[0]].json)) {
        return problem(Code::MapConst, value.node, &row, row.wire[0]);
    }
    if (value.text == row.literal) return;
    if (std::find(row.accept.begin(), row.accept.end(), value.text) != row.accept.end()) return;
    problem(Code::MapConst, value.node, &row, row.wire[0]);
}

void Reader::presence(const Row& row, const Record& record, std::uint32_t base) {
    if (row.on_reading == OnReading::Ignore) return;
    const Value value = valueOf(row.wire[0], base, false);
    if (!value.there) return;
    const bool found = !get(record, row.read_to[0]).empty();
    if (value.text != row.when_true && value.text != row.when_false) {
        return problem(Code::MapBadValue, value.node, &row, row.wire[0]);
    }
    if ((value.text == row.when_true) != found) {
        return problem(Code::MapDisagree, value.node, &row, row.wire[0]);
    }
    if (context_.explanation != nullptr) {
        explain(document_.pathOf(value.node), "", row, "checked against " + row.read_to[0].path);
    }
}

void Reader::setting(const Row& row, std::uint32_t base) {
    if (row.on_reading != OnReading::Check || context_.settings == nullptr) return;
    const Value value = valueOf(row.wire[0], base, false);
    const auto wanted = context_.settings->find(row.source);
    if (!value.there || wanted == context_.settings->end()) return;
    Texts canonical{};
    CodecContext context{out_.message.arena(), context_.person};
    const auto verdict = row.codec->read(Texts{value.text}, canonical, context);
    if (verdict.kind == Verdict::Kind::Failed || canonical[0] != wanted->second) {
        problem(Code::MapConst, value.node, &row, row.wire[0]);
    }
}

void Reader::outside(const Row& row, Record& record) {
    std::string text =
        row.source == "received" ? timeText(context_.received_at) : context_.sender.value;
    if (text.empty()) return;
    set(record, row.read_to[0], keep(text));
    if (context_.explanation != nullptr) explain("from:" + row.source, row.read_to[0].path, row);
}

bool Reader::sameItem(const Row& row, const Record& a, const Record& b) const {
    return std::all_of(row.key.begin(), row.key.end(),
                       [&](message::FieldIndex key) { return a.text(key) == b.text(key); });
}

void Reader::refuseTwins(const Row& row, const std::vector<Record>& items,
                         const std::vector<std::uint32_t>& nodes) {
    const std::size_t before = items.size() - nodes.size();
    if (items.size() <= kFewItems) {
        for (std::size_t i = before; i < items.size(); ++i) {
            for (std::size_t j = 0; j < i; ++j) {
                if (!sameItem(row, items[i], items[j])) continue;
                problem(Code::MapDuplicateItem, nodes[i - before], &row);
                break;
            }
        }
        return;
    }
    std::unordered_set<std::string> seen;
    for (std::size_t i = 0; i < items.size(); ++i) {
        std::string key;
        for (const auto field : row.key) key.append(items[i].text(field)).push_back('\0');
        if (!seen.insert(std::move(key)).second && i >= before) {
            problem(Code::MapDuplicateItem, nodes[i - before], &row);
        }
    }
}

void Reader::each(const Row& row, Record& record, std::uint32_t base) {
    const WirePlace& list = places_[row.list];
    std::uint32_t item = slots_[base + list.list_slot];
    if (item == kNone) return;
    const message::FieldIndex field = row.read_to[0].field;
    std::vector<std::uint32_t> nodes;
    for (std::uint32_t count = 0; item != kNone; item = items_[item].next, ++count) {
        const Item one = items_[item];
        if (row.limit != 0 && count >= row.limit) {
            problem(Code::MapTooMany, one.node, &row);
            break;
        }
        const std::size_t problems = out_.problems.size();
        Record& made = record.append(field);
        const std::size_t told = linesTold();
        runBlock(*row.block, made, one.base);
        nameItem(told, row.read_to[0].path, record.items(field).size() - 1);
        if (isEmpty(made) && out_.problems.size() == problems) {
            record.items(field).pop_back();
        } else {
            nodes.push_back(one.node);
        }
    }
    if (record.items(field).empty()) record.clear(field);
    if (!row.key.empty() && nodes.size() + record.items(field).size() > 1) {
        refuseTwins(row, std::as_const(record).items(field), nodes);
    }
    if (context_.explanation != nullptr && !nodes.empty()) {
        explain(document_.pathOf(nodes[0]), row.read_to[0].path, row,
                std::to_string(nodes.size()) + (nodes.size() == 1 ? " item" : " items"));
    }
}

std::size_t Reader::linesTold() const {
    return context_.explanation == nullptr ? 0 : context_.explanation->lines.size();
}

/// What the rows of an item have explained is told with the list and the item's place in it.
void Reader::nameItem(std::size_t first, const std::string& list, std::size_t index) {
    for (std::size_t i = first; i < linesTold(); ++i) {
        std::string& to = context_.explanation->lines[i].to;
        if (to.empty()) continue;
        const std::string item = list + "[" + std::to_string(index) + "]";
        to = to == "." ? item : item + "/" + to;
    }
}

void Reader::oneOf(const Row& row, Record& record, std::uint32_t base) {
    std::vector<std::size_t> found;
    PlaceId last = kNoPlace;
    for (std::size_t i = 0; i < row.witnesses.size(); ++i) {
        const bool there =
            std::any_of(row.witnesses[i].begin(), row.witnesses[i].end(), [&](PlaceId place) {
                const bool is = places_[place].pick == WirePlace::Pick::Each
                                    ? slots_[base + places_[place].list_slot] != kNone
                                    : isThere(place, base);
                if (is) last = place;
                return is;
            });
        if (there) found.push_back(i);
    }
    if (found.size() == 1) return runRows(row.alternatives[found[0]], record, base);
    if (found.empty() && row.group != kNoPlace && !isThere(row.group, base)) return;
    Place at;
    if (!found.empty() && !places_[last].outside && places_[last].pick != WirePlace::Pick::Each) {
        at = where(slots_[base + places_[last].slot]);
    } else {
        const auto& first = row.witnesses[0];
        at.path = places_.pathOf(last != kNoPlace ? last : first.empty() ? 0 : first[0]);
    }
    at.row = row.brief;
    out_.problems.emplace_back(Code::MapChoice, std::move(at));
}

void Reader::missing(const Row& row, std::uint32_t base, Code code) {
    PlaceId place = kNoPlace;
    for (const PlaceId one : row.wire) {
        if (one != kNoPlace) {
            place = one;
            break;
        }
    }
    if (place == kNoPlace && row.list != kNoPlace) place = row.list;
    Place at;
    if (place != kNoPlace) {
        // The nearest part that is there, by its path in the document, then what is missing.
        std::string rest;
        PlaceId up = place;
        while (up != kNoPlace && !places_[up].outside && places_[up].parent != kNoPlace) {
            const WirePlace& one = places_[up];
            if (up != row.list && one.frame == places_[place].frame &&
                slots_[base + one.slot] != kNone) {
                break;
            }
            rest = print(one.step) + (rest.empty() ? "" : "/" + rest);
            up = one.parent;
        }
        const bool inside = up != kNoPlace && !places_[up].outside && up != 0 &&
                            places_[up].frame == places_[place].frame &&
                            slots_[base + places_[up].slot] != kNone;
        if (inside) {
            at = where(slots_[base + places_[up].slot]);
            if (!rest.empty()) at.path += "/" + rest;
        } else {
            at.path = places_.pathOf(place);
        }
    }
    at.row = row.brief;
    if (code == Code::MapMissing && at.path.empty()) at.path = row.read_to[0].path;
    out_.problems.emplace_back(code, std::move(at));
}

void Reader::requireFields(const Block& block, const Record& record, std::uint32_t base) {
    for (const auto field : block.required) {
        if (record.has(field) ||
            std::find(failed_.begin(), failed_.end(), field) != failed_.end()) {
            continue;
        }
        const auto find = [&](const auto& self, const std::vector<Row>& rows) -> const Row* {
            for (const Row& row : rows) {
                for (const auto& alternative : row.alternatives) {
                    if (const Row* const found = self(self, alternative)) return found;
                }
                if (!row.reads || row.read_to.empty() || row.kind == RowKind::Also) continue;
                const Target& target = row.read_to[0];
                const auto made = target.steps.empty() ? target.field : target.steps[0].list;
                if (made == field) return &row;
            }
            return nullptr;
        };
        if (const Row* const row = find(find, block.rows)) missing(*row, base);
    }
}

}  // namespace stafett::mapping
