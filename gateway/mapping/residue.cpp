#include "gateway/mapping/residue.h"

#include <algorithm>
#include <charconv>

namespace stafett::mapping {
namespace {

/// One step of a residue path: its name, then the indexes behind it.
struct Step {
    WireStep step;
    std::vector<std::uint32_t> indexes;
};

bool readName(std::string_view& rest, WireStep& step) {
    if (rest.starts_with('@')) {
        step.attribute = true;
        rest.remove_prefix(1);
    }
    if (rest.starts_with('\'')) {
        rest.remove_prefix(1);
        while (!rest.empty()) {
            const char c = rest[0];
            rest.remove_prefix(1);
            if (c != '\'') {
                step.name += c;
            } else if (rest.starts_with('\'')) {
                step.name += c;
                rest.remove_prefix(1);
            } else {
                return !step.name.empty();
            }
        }
        return false;
    }
    const auto end = std::min(rest.find_first_of("/["), rest.size());
    step.name = rest.substr(0, end);
    rest.remove_prefix(end);
    if (const auto colon = step.name.find(':'); colon != std::string::npos) {
        step.prefix = step.name.substr(0, colon);
        step.name.erase(0, colon + 1);
    }
    return !step.name.empty();
}

bool readIndexes(std::string_view& rest, std::vector<std::uint32_t>& indexes) {
    while (rest.starts_with('[')) {
        std::uint32_t index = 0;
        const auto [end, error] =
            std::from_chars(rest.data() + 1, rest.data() + rest.size(), index);
        if (error != std::errc() || end == rest.data() + rest.size() || *end != ']') return false;
        rest.remove_prefix(static_cast<std::size_t>(end - rest.data()) + 1);
        indexes.push_back(index);
    }
    return true;
}

ResidueTree::Node& childOf(ResidueTree::Node& node, const WireStep& step, std::uint32_t index,
                           bool item) {
    for (auto& child : node.children) {
        if (child.step == step && child.index == index && child.item == item) return child;
    }
    auto& made = node.children.emplace_back();
    made.step = step;
    made.index = index;
    made.item = item;
    return made;
}

}  // namespace

const ResidueTree::Node* ResidueTree::Node::find(const PlaceKey& key, std::uint32_t wanted,
                                                 std::string_view prefix) const {
    for (const Node& child : children) {
        if (child.step.name == key.name && child.step.attribute == key.attribute &&
            child.step.prefix == prefix && child.index == wanted) {
            return &child;
        }
    }
    return nullptr;
}

ResidueTree::ResidueTree(const Residue& residue, std::vector<std::string>& lost) {
    for (const auto& [path, text] : residue.fields) {
        if (!add(path, text)) lost.push_back(path);
    }
}

const ResidueTree::Node* ResidueTree::anchor(std::string_view name) const {
    const auto found = std::find_if(anchors_.begin(), anchors_.end(),
                                    [&](const Node& one) { return one.anchor == name; });
    return found == anchors_.end() ? nullptr : &*found;
}

bool ResidueTree::add(std::string_view path, const std::string& text) {
    Node* at = &root_;
    if (path.starts_with('#')) {
        const auto end = std::min(path.find('/'), path.size());
        const std::string name(path.substr(1, end - 1));
        auto found = std::find_if(anchors_.begin(), anchors_.end(),
                                  [&](const Node& one) { return one.anchor == name; });
        if (found == anchors_.end()) {
            anchors_.emplace_back().anchor = name;
            found = anchors_.end() - 1;
        }
        at = &*found;
        path.remove_prefix(std::min(end + 1, path.size()));
    }
    while (!path.empty()) {
        Step step;
        if (!readName(path, step.step) || !readIndexes(path, step.indexes)) return false;
        if (step.indexes.empty()) {
            at = &childOf(*at, step.step, 0, false);
        } else {
            for (const auto index : step.indexes) at = &childOf(*at, step.step, index, true);
        }
        if (path.starts_with('/')) {
            path.remove_prefix(1);
        } else if (!path.empty()) {
            return false;
        }
    }
    if (at == &root_) return false;
    at->leaf = true;
    at->text = text;
    return true;
}

}  // namespace stafett::mapping
