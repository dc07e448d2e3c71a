// Documents whose parts refer to each other: the entries of a Bundle, found by reference.
#include <algorithm>

#include "gateway/mapping/reader.h"

namespace stafett::mapping {

using codec::kNoNode;
using codec::NodeIndex;
using codec::NodeKind;

namespace {
constexpr std::uint32_t kNone = 0xFFFFFFFF;
}  // namespace

void Reader::gatherEntries(NodeIndex list) {
    if (document_.node(list).kind != NodeKind::Array) {
        return problem(Code::MapBadValue, list, nullptr);
    }
    entry_list_ = list;
    for (NodeIndex i = document_.node(list).first_child; i != kNoNode; i = document_.node(i).next) {
        const NodeIndex body = document_.child(i, places_.anchor_body);
        entries_.push_back({i, body});
        for (NodeIndex c = document_.node(i).first_child; c != kNoNode;
             c = document_.node(c).next) {
            const auto name = document_.node(c).name;
            if (name != places_.anchor_body && name != places_.anchor_id) unknown(0, c);
        }
    }
}

std::uint32_t Reader::findEntry(std::string_view reference, NodeIndex from_body,
                                const std::string& type) {
    const auto textOf = [&](NodeIndex node, std::string_view name) -> std::string_view {
        if (node == kNoNode) return {};
        const NodeIndex found = document_.child(node, name);
        return found == kNoNode ? std::string_view() : document_.node(found).text;
    };
    if (reference.starts_with('#') && from_body != kNoNode) {
        const NodeIndex list = document_.child(from_body, "contained");
        if (list == kNoNode) return kNone;
        for (NodeIndex i = document_.node(list).first_child; i != kNoNode;
             i = document_.node(i).next) {
            if (textOf(i, "id") != reference.substr(1)) continue;
            contained_.push_back(i);
            const auto known = std::find_if(entries_.begin(), entries_.end(),
                                            [&](const Entry& one) { return one.body == i; });
            if (known == entries_.end()) {
                entries_.push_back({i, i});
                return static_cast<std::uint32_t>(entries_.size() - 1);
            }
            return static_cast<std::uint32_t>(known - entries_.begin());
        }
        return kNone;
    }
    std::uint32_t found = kNone;
    for (std::uint32_t i = 0; i < entries_.size(); ++i) {
        const NodeIndex body = entries_[i].body;
        if (body == kNoNode) continue;
        const std::string_view full = textOf(entries_[i].item, places_.anchor_id);
        bool same = !full.empty() && full == reference;
        const auto slash = reference.find('/');
        if (!same && slash != std::string_view::npos &&
            reference.find(':') == std::string_view::npos) {
            const bool by_url = full.size() > reference.size() + 1 && full.ends_with(reference) &&
                                full[full.size() - reference.size() - 1] == '/';
            const bool by_id = reference.substr(0, slash) == type &&
                               textOf(body, places_.anchor_type) == type &&
                               textOf(body, "id") == reference.substr(slash + 1);
            same = by_url || by_id;
        }
        if (!same) continue;
        if (found != kNone) return kNone;  // it would be a guess
        found = i;
    }
    return found;
}

void Reader::follow(const Row& row, NodeIndex from_body) {
    const Value value = valueOf(row.wire[0], 0, false);
    if (!value.there) return;
    const AnchorPlace& anchor = places_.anchors[row.anchor];
    const std::uint32_t entry = findEntry(value.text, from_body, anchor.type);
    const NodeIndex body = entry == kNone ? kNoNode : entries_[entry].body;
    const NodeIndex type = body == kNoNode ? kNoNode : document_.child(body, places_.anchor_type);
    const bool fits = type != kNoNode && document_.node(type).text == anchor.type;
    if (!fits || (entry_of_[row.anchor] != kNone && entry_of_[row.anchor] != entry)) {
        return problem(Code::MapReference, value.node, &row);
    }
    entry_of_[row.anchor] = entry;
    entries_[entry].used = true;
    if (context_.explanation != nullptr) {
        explain(document_.pathOf(value.node), "", row, "refers to " + anchor.name);
    }
}

void Reader::followRefs(std::size_t anchor, const std::vector<Row>& rows) {
    const PlaceId root = anchor == kNone ? 0 : places_.anchors[anchor].root;
    const NodeIndex body = anchor == kNone ? kNoNode : entries_[entry_of_[anchor]].body;
    for (const Row& row : rows) {
        for (const auto& alternative : row.alternatives) followRefs(anchor, alternative);
        if (row.kind == RowKind::Ref && places_.isBelow(row.wire[0], root)) follow(row, body);
    }
}

void Reader::readAnchors() {
    entry_of_.assign(places_.anchors.size(), kNone);
    if (entry_list_ == kNoNode || entries_.empty()) {
        Place at;
        at.path = places_[0].keys[places_.anchor_key].name;
        out_.problems.emplace_back(Code::MapMissing, std::move(at));
        return;
    }
    const NodeIndex first = entries_[0].body;
    const NodeIndex type = first == kNoNode ? kNoNode : document_.child(first, places_.anchor_type);
    if (type == kNoNode || document_.node(type).text != places_.anchors[0].type) {
        problem(Code::MapReference, entries_[0].item, nullptr);
    } else {
        entry_of_[0] = 0;
        entries_[0].used = true;
    }
    followRefs(kNone, program_.root.rows);
    std::vector<bool> read(places_.anchors.size(), false);
    for (std::size_t i = 0; i < read.size();) {
        if (read[i] || entry_of_[i] == kNone) {
            ++i;
            continue;
        }
        read[i] = true;
        const NodeIndex body = entries_[entry_of_[i]].body;
        slots_[places_[places_.anchors[i].root].slot] = body;
        walk(places_.anchors[i].root, body, 0);
        followRefs(i, program_.root.rows);
        i = 0;  // a later part may have led to an earlier one
    }
    refuseOrphans();
}

void Reader::refuseOrphans() {
    const PlaceKey& key = places_[0].keys[places_.anchor_key];
    for (const Entry& entry : entries_) {
        if (entry.used) continue;
        const PlaceId covered = pick(key, entry.item, 0);
        if (covered != kNoPlace) {
            take(covered, entry.item, 0);
        } else {
            unknown(0, entry.item);
        }
    }
    for (const NodeIndex list : contained_lists_) {
        for (NodeIndex i = document_.node(list).first_child; i != kNoNode;
             i = document_.node(i).next) {
            if (std::find(contained_.begin(), contained_.end(), i) == contained_.end())
                unknown(0, i);
        }
    }
}

}  // namespace stafett::mapping
