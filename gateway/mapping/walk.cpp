// One walk over the document: every node finds its place, or is unknown.
#include <algorithm>
#include <cstring>

#include "gateway/mapping/reader.h"

namespace stafett::mapping {

using codec::kNoNode;
using codec::Node;
using codec::NodeIndex;
using codec::NodeKind;

namespace {

constexpr std::uint32_t kNone = 0xFFFFFFFF;
constexpr std::uint16_t kNoSpace = 0xFFFF;
constexpr std::size_t kMaxProblems = 1000;
constexpr std::string_view kInstance = "http://www.w3.org/2001/XMLSchema-instance";

bool isBlank(std::string_view text) {
    return text.find_first_not_of(" \t\r\n") == std::string_view::npos;
}

/// Names are short: a call to compare them costs more than comparing them here.
bool same(std::string_view a, std::string_view b) {
    if (a.size() != b.size()) return false;
    std::size_t i = 0;
    for (; i + 8 <= a.size(); i += 8) {
        std::uint64_t x = 0;
        std::uint64_t y = 0;
        std::memcpy(&x, a.data() + i, 8);
        std::memcpy(&y, b.data() + i, 8);
        if (x != y) return false;
    }
    for (; i < a.size(); ++i) {
        if (a[i] != b[i]) return false;
    }
    return true;
}

bool isScalar(NodeKind kind) { return kind != NodeKind::Object && kind != NodeKind::Array; }

}  // namespace

Reader::Scratch& Reader::threadScratch() {
    thread_local Scratch scratch;
    return scratch;
}

Reader::Reader(const Program& program, const codec::Document& document, const ReadContext& context,
               ReadOutcome& out)
    : program_(program),
      places_(program.places),
      document_(document),
      context_(context),
      out_(out),
      scratch_(threadScratch()),
      slots_(scratch_.slots),
      items_(scratch_.items),
      xml_(document.format() == codec::Format::Xml) {
    slots_.assign(places_.frames[0].slots, kNone);
    items_.clear();
    space_of_.fill(kNoSpace);
    space_of_[0] = 0;
    if (!xml_) return;
    for (std::size_t i = 1; i < places_.spaces.size() && i < space_of_.size(); ++i) {
        for (std::size_t j = 0; j < document_.spaces().size(); ++j) {
            if (document_.spaces()[j] == places_.spaces[i]) {
                space_of_[i] = static_cast<std::uint16_t>(j);
            }
        }
    }
}

const PlaceKey* Reader::findKey(const WirePlace& place, const Node& node,
                                std::size_t& guess) const {
    const bool attribute = node.kind == NodeKind::Attribute;
    const auto fits = [&](const PlaceKey& key) {
        return key.hash == node.name_hash && key.attribute == attribute &&
               space_of_[key.space] == node.space && same(key.name, node.name);
    };
    const std::size_t count = place.keys.size();
    // Most documents have their parts in the order of the rows.
    for (std::size_t i = guess; i < count && i < guess + 2; ++i) {
        if (!fits(place.keys[i])) continue;
        guess = i;
        return &place.keys[i];
    }
    if (place.by_name.empty()) {
        for (std::size_t i = 0; i < count; ++i) {
            if (!fits(place.keys[i])) continue;
            guess = i;
            return &place.keys[i];
        }
        return nullptr;
    }
    const std::size_t mask = place.by_name.size() - 1;
    for (std::size_t at = node.name_hash & mask; place.by_name[at] != 0; at = (at + 1) & mask) {
        const std::size_t i = place.by_name[at] - 1U;
        if (!fits(place.keys[i])) continue;
        guess = i;
        return &place.keys[i];
    }
    return nullptr;
}

void Reader::walk(PlaceId id, NodeIndex node, std::uint32_t base) {
    const WirePlace& place = places_[id];
    if (xml_ && !place.value && !isBlank(document_.node(node).text)) unknownText(id, node);
    std::size_t guess = 0;
    for (NodeIndex i = document_.node(node).first_child; i != kNoNode; i = document_.node(i).next) {
        const Node& one = document_.node(i);
        const PlaceKey* const key = findKey(place, one, guess);
        if (key == nullptr) {
            unknown(id, i);
        } else {
            child(id, *key, i, base);
        }
    }
}

void Reader::child(PlaceId parent, const PlaceKey& key, NodeIndex node, std::uint32_t base) {
    const Node& one = document_.node(node);
    if (parent == 0 && !places_.anchors.empty() && &key == &places_[0].keys[places_.anchor_key]) {
        return gatherEntries(node);
    }
    if (xml_ || !key.list) {
        const PlaceId found = key.only != kNoPlace ? key.only : pick(key, node, base);
        if (found == kNoPlace) return unknown(parent, node);
        return take(found, node, base);
    }
    if (one.kind == NodeKind::Null) return;
    if (one.kind != NodeKind::Array) return problem(Code::MapBadValue, node, nullptr, parent);
    for (NodeIndex i = one.first_child; i != kNoNode; i = document_.node(i).next) {
        const PlaceId found = pick(key, i, base);
        if (found == kNoPlace) {
            unknown(parent, i);
        } else {
            take(found, i, base);
        }
    }
}

std::size_t Reader::ordinal(const PlaceKey& key, NodeIndex node) const {
    std::size_t before = 0;
    const Node& parent = document_.node(document_.node(node).parent);
    for (NodeIndex i = parent.first_child; i != node; i = document_.node(i).next) {
        const Node& other = document_.node(i);
        const bool same = parent.kind == NodeKind::Array ||
                          (other.name == key.name && other.kind == NodeKind::Element);
        if (same) ++before;
    }
    return before;
}

PlaceId Reader::pick(const PlaceKey& key, NodeIndex node, std::uint32_t) {
    using Pick = WirePlace::Pick;
    if (key.only != kNoPlace) return key.only;
    PlaceId rest = kNoPlace;
    PlaceId indexed = kNoPlace;
    for (const PlaceId id : key.picks) {
        const WirePlace& place = places_[id];
        if (!place.tests.empty()) {
            const bool all =
                std::all_of(place.tests.begin(), place.tests.end(),
                            [&](const PlaceTest& test) { return matches(test, node); });
            if (all) return id;
        } else if (place.pick == Pick::Index) {
            if (ordinal(key, node) == place.index) indexed = id;
        } else {
            rest = id;
        }
    }
    return indexed != kNoPlace ? indexed : rest;
}

bool Reader::matches(const PlaceTest& test, NodeIndex node) const {
    for (const auto& step : test.steps) {
        NodeIndex found = kNoNode;
        std::uint32_t seen = 0;
        for (NodeIndex i = document_.node(node).first_child; i != kNoNode;
             i = document_.node(i).next) {
            const Node& one = document_.node(i);
            if (one.name_hash != step.hash || one.name != step.name ||
                (one.kind == NodeKind::Attribute) != step.attribute ||
                one.space != space_of_[step.space]) {
                continue;
            }
            if (!step.item || !xml_ || seen++ == step.index) {
                found = i;
                break;
            }
        }
        if (found == kNoNode) return false;
        if (step.item && !xml_) {
            NodeIndex item = document_.node(found).first_child;
            if (document_.node(found).kind != NodeKind::Array) return false;
            for (std::uint32_t i = 0; i < step.index && item != kNoNode; ++i) {
                item = document_.node(item).next;
            }
            if (item == kNoNode) return false;
            found = item;
        }
        node = found;
    }
    return isScalar(document_.node(node).kind) && document_.node(node).text == test.literal;
}

void Reader::take(PlaceId id, NodeIndex node, std::uint32_t base) {
    const WirePlace& place = places_[id];
    if (place.pick == WirePlace::Pick::Each) {
        if (place.single && document_.node(node).kind == NodeKind::Null) return;
        std::uint32_t& first = slots_[base + place.list_slot];
        const auto made = static_cast<std::uint32_t>(items_.size());
        if (first == kNone) {
            first = made;
        } else {
            if (place.single) return problem(Code::MapRepeated, node, nullptr, id);
            items_[slots_[base + place.list_slot + 1]].next = made;
        }
        slots_[base + place.list_slot + 1] = made;
        const auto inner = static_cast<std::uint32_t>(slots_.size());
        slots_.resize(inner + places_.frames[place.frame].slots, kNone);
        slots_[inner] = node;
        items_.push_back({node, inner, kNone});
        return descend(id, node, inner);
    }
    std::uint32_t& slot = slots_[base + place.slot];
    if (slot != kNone && !place.dropped && !place.kept) {
        return problem(Code::MapRepeated, node, nullptr, id);
    }
    slot = node;
    if (place.kept || place.dropped) {
        return cover(place.kept, node, place.parent, place.because, place.at);
    }
    descend(id, node, base);
}

void Reader::descend(PlaceId id, NodeIndex node, std::uint32_t base) {
    const WirePlace& place = places_[id];
    const Node& one = document_.node(node);
    if (one.kind == NodeKind::Attribute || one.kind == NodeKind::Null) return;
    if (xml_) {
        if (one.first_child != kNoNode || !place.value) walk(id, node, base);
        return;
    }
    if (one.kind == NodeKind::Object) {
        const bool structure =
            !place.keys.empty() || place.shape == Shape::Presence || !place.value;
        return structure ? walk(id, node, base) : problem(Code::MapBadValue, node, nullptr, id);
    }
    if (one.kind == NodeKind::Array) {
        if (place.shape != Shape::Words) problem(Code::MapBadValue, node, nullptr, id);
        return;
    }
    if (!place.value || place.shape == Shape::Words) problem(Code::MapBadValue, node, nullptr, id);
}

const WildPlace* Reader::wildFor(PlaceId parent, const Node& node) const {
    const auto named = [](const WireStep& step, std::string_view name, bool attribute) {
        return step.attribute == attribute &&
               (step.starts ? name.starts_with(step.name) : name == step.name);
    };
    for (const WildPlace& wild : places_.wilds) {
        // Below the document lies every anchored part as well.
        const bool inside = wild.below == 0 || places_.isBelow(parent, wild.below);
        if (!inside) continue;
        if (named(wild.step, node.name, node.kind == NodeKind::Attribute)) return &wild;
        for (PlaceId up = parent; up != kNoPlace && up != wild.below; up = places_[up].parent) {
            const WireStep& step = places_[up].step;
            if (named(wild.step, step.name, step.attribute)) return &wild;
        }
    }
    return nullptr;
}

void Reader::unknown(PlaceId parent, NodeIndex node) {
    const Node& one = document_.node(node);
    if (const WildPlace* const wild = wildFor(parent, one)) {
        return cover(wild->kept, node, parent, wild->because, wild->at);
    }
    if (xml_ && one.kind == NodeKind::Attribute && document_.space(one.space) == kInstance &&
        (one.name == "schemaLocation" || one.name == "noNamespaceSchemaLocation")) {
        return;
    }
    if (one.kind == NodeKind::Null) return;
    const bool anchored = parent != 0 && places_[parent].parent == kNoPlace;
    if (anchored && one.name == "id") return;  // what references name, like the entry's own id
    if (anchored && one.name == "contained" && one.kind == NodeKind::Array) {
        contained_lists_.push_back(node);  // its items are judged once every reference is followed
        return;
    }
    problem(Code::MapUnknownField, node, nullptr, parent);
}

void Reader::unknownText(PlaceId place, NodeIndex node) {
    problem(Code::MapUnknownField, node, nullptr, place);
}

Place Reader::where(NodeIndex node) const {
    Place place;
    if (node == kNoNode) return place;
    place.path = document_.pathOf(node);
    if (xml_) {
        const auto position = document_.position(node);
        place.line = position.line;
        place.column = position.column;
    }
    return place;
}

void Reader::problem(Code code, NodeIndex node, const Row* row, PlaceId place) {
    if (out_.problems.size() >= kMaxProblems) return;
    Place at = where(node);
    if (node == kNoNode && place != kNoPlace) at.path = places_.pathOf(place);
    if (row != nullptr) at.row = row->brief;
    out_.problems.emplace_back(code, std::move(at));
}

void Reader::warn(Code code, NodeIndex node, const Row& row) {
    if (out_.warnings.size() >= kMaxProblems) return;
    Place at = where(node);
    at.row = row.brief;
    if (node == kNoNode && !row.wire.empty()) at.path = places_.pathOf(row.wire[0]);
    out_.warnings.emplace_back(code, std::move(at));
}

void Reader::explain(std::string from, const std::string& to, const Row& row, std::string note) {
    context_.explanation->lines.push_back(
        {std::move(from), to, row.brief, row.how, std::move(note)});
}

}  // namespace stafett::mapping
