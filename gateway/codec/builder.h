#pragma once

#include <cstring>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/codec/read.h"
#include "gateway/codec/tree.h"

namespace stafett::codec {

/// 1-based line and column of a byte in UTF-8 text; a column is a character.
Document::Position positionOf(std::string_view source, std::size_t offset);
/// Document::pathOf for nodes that are still being built.
std::string pathOf(std::span<const Node> nodes, Format format, NodeIndex index);

/// Makes one Document: a block that holds the source and, behind it, room for decoded text; nodes
/// are collected in a vector that the thread uses again. For the readers alone. One thread.
class Builder {
public:
    /// Copies the source, with `padding` zero bytes behind it.
    Builder(Format format, std::string_view source, std::size_t padding);
    ~Builder();
    Builder(const Builder&) = delete;
    Builder& operator=(const Builder&) = delete;

    std::string_view source() const { return document_.source_; }
    std::vector<Node>& nodes() { return nodes_; }
    std::vector<std::string_view>& spaces() { return document_.spaces_; }
    std::vector<std::string_view>& prefixes() { return document_.prefixes_; }

    NodeIndex add(const Node& node) {
        nodes_.push_back(node);
        return static_cast<NodeIndex>(nodes_.size() - 1);
    }
    char* room(std::size_t size) {
        if (size > static_cast<std::size_t>(end_ - at_)) return newBlock(size);
        char* const room = at_;
        at_ += size;
        return room;
    }
    /// Whether what was made last can grow by `size` where it stands.
    bool extends(const char* end, std::size_t size) const {
        return end == at_ && size <= static_cast<std::size_t>(end_ - at_);
    }
    std::string_view keep(std::string_view text) {
        if (text.empty()) return {};
        char* const at = room(text.size());
        std::memcpy(at, text.data(), text.size());
        return {at, text.size()};
    }

    Error error(Code code, std::size_t offset, NodeIndex node) const;
    Document finish();

private:
    char* newBlock(std::size_t size);

    Document document_;
    std::vector<Node>& nodes_;
    char* at_ = nullptr;
    char* end_ = nullptr;
};

}  // namespace stafett::codec
