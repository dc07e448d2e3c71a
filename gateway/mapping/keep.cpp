// The sender's own fields: what a keep row covers, as paths and texts.
#include <algorithm>

#include "gateway/mapping/reader.h"
#include "gateway/message/json_text.h"

namespace stafett::mapping {

using codec::kNoNode;
using codec::Node;
using codec::NodeIndex;
using codec::NodeKind;

namespace {

constexpr std::size_t kMaxResidue = 64U << 10;

bool isBlank(std::string_view text) {
    return text.find_first_not_of(" \t\r\n") == std::string_view::npos;
}

bool isScalar(NodeKind kind) { return kind != NodeKind::Object && kind != NodeKind::Array; }

}  // namespace

void Reader::cover(bool kept, NodeIndex node, PlaceId parent, const Reason& because,
                   const RowPlace& at) {
    if (context_.explanation != nullptr) {
        context_.explanation->lines.push_back(
            {document_.pathOf(node), "", at.brief(), "",
             kept ? "kept for the same dialect" : "dropped: " + because.english});
    }
    if (kept) keepBelow(node, residuePath(parent, node));
}

std::string Reader::namedStep(const Node& node) const {
    WireStep step;
    step.name = node.name;
    step.attribute = node.kind == NodeKind::Attribute;
    if (xml_ && node.space != 0) {
        const std::string_view uri = document_.space(node.space);
        const auto known = std::find(places_.spaces.begin() + 1, places_.spaces.end(), uri);
        if (known == places_.spaces.end()) {
            step.name = "{" + std::string(uri) + "}" + step.name;
        } else {
            step.prefix =
                places_.prefixes[static_cast<std::size_t>(known - places_.spaces.begin())];
        }
    }
    return print(step);
}

std::string Reader::residuePath(PlaceId parent, NodeIndex node) const {
    // From the place that has it down: by the document's own steps, the item's place in its list
    // included, an anchored part by its name.
    std::vector<NodeIndex> chain;
    PlaceId root = parent;
    while (root != kNoPlace && places_[root].parent != kNoPlace) root = places_[root].parent;
    const NodeIndex top = root == kNoPlace ? 0 : slots_[places_[root].slot];
    for (NodeIndex i = node; i != kNoNode && i != top && i != 0; i = document_.node(i).parent) {
        chain.push_back(i);
    }
    std::string path;
    for (const AnchorPlace& anchor : places_.anchors) {
        if (anchor.root == root) path = "#" + anchor.name;
    }
    for (auto it = chain.rbegin(); it != chain.rend(); ++it) {
        const Node& one = document_.node(*it);
        const Node& above = document_.node(one.parent);
        std::size_t before = 0;
        std::size_t all = 0;
        for (NodeIndex i = above.first_child; i != kNoNode; i = document_.node(i).next) {
            if (i == *it) before = all;
            const Node& other = document_.node(i);
            if (above.kind == NodeKind::Array ||
                (other.kind == NodeKind::Element && other.name == one.name &&
                 other.space == one.space)) {
                ++all;
            }
        }
        if (above.kind != NodeKind::Array) path += (path.empty() ? "" : "/") + namedStep(one);
        if (above.kind == NodeKind::Array || all > 1) path += "[" + std::to_string(before) + "]";
    }
    return path;
}

void Reader::keepBelow(NodeIndex node, std::string path) {
    const Node& one = document_.node(node);
    kept_size_ += path.size() + one.text.size();
    if (out_.residue.fields.size() >= 2000 || kept_size_ > kMaxResidue) {
        if (out_.problems.empty() || out_.problems.back().code() != Code::MapResidueTooLarge) {
            problem(Code::MapResidueTooLarge, node, nullptr);
        }
        return;
    }
    const bool leaf = xml_ || isScalar(one.kind) || one.first_child == kNoNode;
    if (leaf && (!xml_ || one.first_child == kNoNode || !isBlank(one.text))) {
        std::string text(one.text);
        if (one.kind == NodeKind::String) {
            text.clear();
            message::appendJsonString(text, one.text);
        } else if (!xml_ && !isScalar(one.kind)) {
            text = one.kind == NodeKind::Object ? "{}" : "[]";
        }
        out_.residue.fields.emplace_back(path, std::move(text));
    }
    std::size_t i = 0;
    for (NodeIndex c = one.first_child; c != kNoNode; c = document_.node(c).next, ++i) {
        const Node& inner = document_.node(c);
        if (one.kind == NodeKind::Array) {
            keepBelow(c, path + "[" + std::to_string(i) + "]");
            continue;
        }
        std::size_t before = 0;
        std::size_t all = 0;
        for (NodeIndex s = one.first_child; s != kNoNode; s = document_.node(s).next) {
            const Node& other = document_.node(s);
            if (s == c) before = all;
            if (other.name == inner.name && other.kind == NodeKind::Element) ++all;
        }
        keepBelow(
            c, path + "/" + namedStep(inner) + (all > 1 ? "[" + std::to_string(before) + "]" : ""));
    }
}

}  // namespace stafett::mapping
