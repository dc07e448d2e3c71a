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
        Entry& entry = entries_.emplace_back(Entry{.item = i});
        for (NodeIndex c = document_.node(i).first_child; c != kNoNode;
             c = document_.node(c).next) {
            const auto& part = document_.node(c);
            if (part.name == places_.anchor_body) {
                entry.body = c;
            } else if (part.name == places_.anchor_id) {
                entry.url = part.text;
            } else {
                unknown(0, c);
            }
        }
        name(entry);
    }
}

void Reader::name(Entry& entry) const {
    if (entry.body == kNoNode) return;
    for (NodeIndex c = document_.node(entry.body).first_child; c != kNoNode;
         c = document_.node(c).next) {
        const auto& part = document_.node(c);
        if (part.name == places_.anchor_type) entry.type = part.text;
        if (part.name == "id") entry.id = part.text;
    }
}

std::uint32_t Reader::findEntry(std::string_view reference, NodeIndex from_body,
                                const std::string& type) {
    if (reference.starts_with('#') && from_body != kNoNode) {
        const NodeIndex list = document_.child(from_body, "contained");
        if (list == kNoNode) return kNone;
        for (NodeIndex i = document_.node(list).first_child; i != kNoNode;
             i = document_.node(i).next) {
            Entry entry{.item = i, .body = i};
            name(entry);
            if (entry.id != reference.substr(1)) continue;
            contained_.push_back(i);
            const auto known = std::find_if(entries_.begin(), entries_.end(),
                                            [&](const Entry& one) { return one.body == i; });
            if (known == entries_.end()) {
                entries_.push_back(entry);
                return static_cast<std::uint32_t>(entries_.size() - 1);
            }
            return static_cast<std::uint32_t>(known - entries_.begin());
        }
        return kNone;
    }
    const auto slash = reference.find('/');
    const bool relative =
        slash != std::string_view::npos && reference.find(':') == std::string_view::npos;
    std::uint32_t found = kNone;
    for (std::uint32_t i = 0; i < entries_.size(); ++i) {
        const Entry& one = entries_[i];
        if (one.body == kNoNode) continue;
        bool same = !one.url.empty() && one.url == reference;
        if (!same && relative) {
            const bool by_url = one.url.size() > reference.size() + 1 &&
                                one.url.ends_with(reference) &&
                                one.url[one.url.size() - reference.size() - 1] == '/';
            const bool by_id = reference.substr(0, slash) == type && one.type == type &&
                               one.id == reference.substr(slash + 1);
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
    const bool fits = entry != kNone && entries_[entry].type == anchor.type;
    if (!fits || (entry_of_[row.anchor] != kNone && entry_of_[row.anchor] != entry)) {
        return problem(Code::MapReference, value.node, &row);
    }
    entry_of_[row.anchor] = entry;
    entries_[entry].used = true;
    if (context_.explanation != nullptr) {
        explain(document_.pathOf(value.node), "", row, "refers to " + anchor.name);
    }
}

void Reader::followRefs(std::size_t part) {
    const NodeIndex body = part == 0 ? kNoNode : entries_[entry_of_[part - 1]].body;
    for (const Row* const row : program_.refs[part]) follow(*row, body);
}

void Reader::readAnchors() {
    entry_of_.assign(places_.anchors.size(), kNone);
    if (entry_list_ == kNoNode || entries_.empty()) {
        Place at;
        at.path = places_[0].keys[places_.anchor_key].name;
        out_.problems.emplace_back(Code::MapMissing, std::move(at));
        return;
    }
    if (entries_[0].type != places_.anchors[0].type) {
        problem(Code::MapReference, entries_[0].item, nullptr);
    } else {
        entry_of_[0] = 0;
        entries_[0].used = true;
    }
    followRefs(0);
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
        followRefs(i + 1);
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
