#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/mapping/mapping.h"
#include "gateway/mapping/places.h"

namespace stafett::mapping {

/// What a document kept of its sender's own, as a tree again: printed beside what the rows write.
/// JSON leaves are literals, XML leaves are text.
class ResidueTree {
public:
    struct Node {
        std::string anchor = {};  ///< an anchored part, by its name
        WireStep step = {};
        std::uint32_t index = 0;  ///< among its siblings of one name, or the items of its array
        bool item = false;        ///< an item of the array that its name has
        bool leaf = false;
        std::string text = {};
        std::vector<Node> children = {};

        /// The child a place of this name and index has here; nullptr when nothing was kept there.
        const Node* find(const PlaceKey& key, std::uint32_t index, std::string_view prefix) const;
    };

    ResidueTree(const Residue& residue, std::vector<std::string>& lost);

    const Node& root() const { return root_; }
    const Node* anchor(std::string_view name) const;

private:
    bool add(std::string_view path, const std::string& text);

    Node root_;
    std::vector<Node> anchors_;
};

}  // namespace stafett::mapping
