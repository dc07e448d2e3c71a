#pragma once

#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

#include "gateway/base/bytes.h"

namespace stafett::codec {

enum class Format : std::uint8_t { Xml, Json };

enum class NodeKind : std::uint8_t {
    Element,    ///< XML element
    Attribute,  ///< XML attribute; attributes come before child elements
    Object,
    Array,
    String,
    Number,  ///< text holds the digits exactly as sent
    Boolean,
    Null,
};

using NodeIndex = std::uint32_t;
inline constexpr NodeIndex kNoNode = 0xFFFFFFFF;

/// A cheap hash of a name, so that names compare mostly by one number. The same in reader and mapping.
constexpr std::uint32_t nameHash(std::string_view name) {
    std::uint32_t h = 2166136261U;
    for (const char c : name) h = (h ^ static_cast<unsigned char>(c)) * 16777619U;
    return h;
}

struct Node {
    std::string_view name;  ///< XML local name or JSON key; empty for array items and the JSON root
    std::string_view text;  ///< XML: all character data of the element, in order, NFC; JSON: the
                            ///< decoded string (NFC), the number's digits, "true", "false", "null"
    std::uint32_t name_hash = 0;
    NodeIndex parent = kNoNode;
    NodeIndex first_child = kNoNode;
    NodeIndex next = kNoNode;    ///< next sibling
    std::uint32_t offset = 0;    ///< where it begins in the bytes that were read
    std::uint16_t space = 0;     ///< XML namespace: index into Document::spaces(); 0 = none
    NodeKind kind = NodeKind::Element;
};

/// One document, read strictly, once, into a flat tree that is never changed after. It owns its
/// text. Node 0 is the root. Safe to read from many threads.
class Document {
public:
    Document(Document&&) noexcept = default;
    Document& operator=(Document&&) noexcept = default;

    Format format() const { return format_; }
    const Node& node(NodeIndex index) const { return nodes_[index]; }
    const Node& root() const { return nodes_[0]; }
    std::size_t size() const { return nodes_.size(); }
    std::string_view space(std::uint16_t index) const { return spaces_[index]; }
    const std::vector<std::string_view>& spaces() const { return spaces_; }

    /// First child with this name (XML: in any namespace), kNoNode if none.
    NodeIndex child(NodeIndex parent, std::string_view name) const;
    /// 1-based line and column of a node, counted only now.
    struct Position {
        std::uint32_t line, column;
    };
    Position position(NodeIndex index) const;
    /// A path for people: /Bundle-like for XML ("Ärende/Person/Förnamn", "@Id"), "entry[0]/resource/id"
    /// for JSON; items carry their index. The same form in which mappings and problems write paths.
    std::string pathOf(NodeIndex index) const;

private:
    friend class Builder;
    Document() = default;

    std::vector<Node> nodes_;
    std::vector<std::string_view> spaces_;
    std::vector<std::unique_ptr<char[]>> blocks_;  // what the views point into
    Bytes source_;                                 // the bytes that offsets count in
    Format format_ = Format::Xml;
};

}  // namespace stafett::codec
