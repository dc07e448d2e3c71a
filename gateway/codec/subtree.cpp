#include "gateway/codec/tree.h"

namespace stafett::codec {

Document Document::subtree(NodeIndex root) && {
    std::vector<Node> kept;
    std::vector<NodeIndex> now(nodes_.size(),
                               kNoNode);  // where each old node stands; parents come first
    for (NodeIndex at = root; at < nodes_.size(); ++at) {
        const NodeIndex parent = nodes_[at].parent;
        if (at != root && (parent == kNoNode || now[parent] == kNoNode)) continue;
        now[at] = static_cast<NodeIndex>(kept.size());
        kept.push_back(nodes_[at]);
    }
    for (Node& node : kept) {
        for (NodeIndex* link : {&node.parent, &node.first_child, &node.next}) {
            if (*link != kNoNode) *link = now[*link];
        }
    }
    kept[0].parent = kNoNode;
    kept[0].next = kNoNode;
    nodes_ = std::move(kept);
    return std::move(*this);
}

}  // namespace stafett::codec
