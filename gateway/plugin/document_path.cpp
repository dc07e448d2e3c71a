#include "gateway/plugin/document_path.h"

#include <charconv>
#include <optional>

namespace stafett::plugin {
namespace {

using codec::Document;
using codec::kNoNode;
using codec::NodeIndex;
using codec::NodeKind;

struct Step {
    std::string_view name;
    std::optional<std::uint32_t> index;
    bool attribute = false;
};

std::optional<Step> readStep(std::string_view text) {
    Step step;
    if (text.starts_with('@')) {
        step.attribute = true;
        text.remove_prefix(1);
    }
    if (text.ends_with(']')) {
        const auto open = text.rfind('[');
        if (open == std::string_view::npos) return std::nullopt;
        const auto digits = text.substr(open + 1, text.size() - open - 2);
        std::uint32_t index = 0;
        const auto [end, error] =
            std::from_chars(digits.data(), digits.data() + digits.size(), index);
        if (digits.empty() || error != std::errc() || end != digits.data() + digits.size()) {
            return std::nullopt;
        }
        step.index = index;
        text = text.substr(0, open);
    }
    if (text.empty() || text.find_first_of("[]@") != std::string_view::npos) return std::nullopt;
    if (step.attribute && step.index) return std::nullopt;
    step.name = text;
    return step;
}

/// The item at `index` of the siblings of `first` with its name; counts them all.
Found among(const Document& document, NodeIndex first, std::uint32_t index) {
    Found found;
    const auto name = document.node(first).name;
    const auto kind = document.node(first).kind;
    for (NodeIndex at = first; at != kNoNode; at = document.node(at).next) {
        const auto& node = document.node(at);
        if (node.kind != kind || node.name != name) continue;
        if (static_cast<std::uint32_t>(found.count) == index) found.node = at;
        ++found.count;
    }
    return found;
}

Found items(const Document& document, NodeIndex array, std::uint32_t index) {
    Found found;
    for (NodeIndex at = document.node(array).first_child; at != kNoNode;
         at = document.node(at).next) {
        if (static_cast<std::uint32_t>(found.count) == index) found.node = at;
        ++found.count;
    }
    return found;
}

Found follow(const Document& document, NodeIndex parent, const Step& step) {
    const bool xml = document.format() == codec::Format::Xml;
    for (NodeIndex at = document.node(parent).first_child; at != kNoNode;
         at = document.node(at).next) {
        const auto& node = document.node(at);
        if (node.name != step.name || (node.kind == NodeKind::Attribute) != step.attribute) {
            continue;
        }
        if (step.attribute) return {at, 1};
        if (xml) return among(document, at, step.index.value_or(0));
        if (node.kind == NodeKind::Array) return items(document, at, step.index.value_or(0));
        return step.index.value_or(0) == 0 ? Found{at, 1} : Found{kNoNode, 1};
    }
    return {};
}

}  // namespace

Found findPath(const Document& document, std::string_view path, NodeIndex from) {
    if (document.size() == 0) return {};
    Found found{from, 1};
    while (!path.empty()) {
        const auto slash = path.find('/');
        const auto step = readStep(path.substr(0, slash));
        if (!step) return {};
        found = follow(document, found.node, *step);
        if (slash == std::string_view::npos) return found;
        if (found.node == kNoNode) return {};
        path.remove_prefix(slash + 1);
    }
    return found;
}

bool isDocumentPath(std::string_view path) {
    for (;;) {
        const auto slash = path.find('/');
        const auto step = readStep(path.substr(0, slash));
        if (!step) return false;
        if (slash == std::string_view::npos) return true;
        if (step->attribute) return false;
        path.remove_prefix(slash + 1);
    }
}

}  // namespace stafett::plugin
