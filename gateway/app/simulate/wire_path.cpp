#include "gateway/app/simulate/wire_path.h"

#include <charconv>

namespace stafett::app {
namespace {

using codec::Document;
using codec::kNoNode;
using codec::NodeIndex;

/// The n-th child of this name, or the n-th item of the array of this name.
NodeIndex childAt(const Document& document, NodeIndex parent, std::string_view name, unsigned n) {
    for (NodeIndex child = document.node(parent).first_child; child != kNoNode;
         child = document.node(child).next) {
        if (document.node(child).name != name) continue;
        if (document.node(child).kind == codec::NodeKind::Array) {
            NodeIndex item = document.node(child).first_child;
            for (; item != kNoNode && n > 0; --n) item = document.node(item).next;
            return item;
        }
        if (n-- == 0) return child;
    }
    return kNoNode;
}

NodeIndex resourceOf(const Document& document, NodeIndex parent, std::string_view list,
                     std::string_view type) {
    for (unsigned n = 0;; ++n) {
        const NodeIndex item = childAt(document, parent, list, n);
        if (item == kNoNode) return kNoNode;
        const NodeIndex resource = document.child(item, "resource");
        if (resource == kNoNode) continue;
        const NodeIndex said = document.child(resource, "resourceType");
        if (said != kNoNode && document.node(said).text == type) return resource;
    }
}

NodeIndex step(const Document& document, NodeIndex at, std::string_view name) {
    if (name.starts_with('@')) return childAt(document, at, name.substr(1), 0);
    if (const auto open = name.find('('); open != std::string_view::npos && name.ends_with(')')) {
        return resourceOf(document, at, name.substr(0, open),
                          name.substr(open + 1, name.size() - open - 2));
    }
    unsigned n = 0;
    if (const auto open = name.find('['); open != std::string_view::npos) {
        std::from_chars(name.data() + open + 1, name.data() + name.size(), n);
        name = name.substr(0, open);
    }
    return childAt(document, at, name, n);
}

}  // namespace

std::optional<std::string> textAt(const Document& document, std::string_view path) {
    NodeIndex at = 0;
    while (!path.empty()) {
        const auto slash = path.find('/');
        at = step(document, at, path.substr(0, slash));
        if (at == kNoNode) return std::nullopt;
        path = slash == std::string_view::npos ? std::string_view() : path.substr(slash + 1);
    }
    return std::string(document.node(at).text);
}

}  // namespace stafett::app
