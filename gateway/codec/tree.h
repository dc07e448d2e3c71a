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

/// A cheap hash of a name, so that names compare mostly by one number. The same in reader and
/// mapping.
constexpr std::uint32_t nameHash(std::string_view name) {
    constexpr std::uint64_t kMix = 0x9E3779B97F4A7C15U;
    const auto byte = [&](std::size_t i) {
        return static_cast<std::uint64_t>(static_cast<unsigned char>(name[i]));
    };
    std::uint64_t h = name.size() * kMix;
    std::size_t i = 0;
    for (; i + 8 <= name.size(); i += 8) {
        const std::uint64_t word = byte(i) | byte(i + 1) << 8U | byte(i + 2) << 16U |
                                   byte(i + 3) << 24U | byte(i + 4) << 32U | byte(i + 5) << 40U |
                                   byte(i + 6) << 48U | byte(i + 7) << 56U;
        h = (h ^ word) * kMix;
        h ^= h >> 32U;
    }
    std::uint64_t rest = 0;
    for (; i < name.size(); ++i) rest = rest << 8U | byte(i);
    h = (h ^ rest) * kMix;
    return static_cast<std::uint32_t>(h >> 32U);
}

struct Node {
    std::string_view name;  ///< XML local name or JSON key; empty for array items and the JSON root
    std::string_view text;  ///< XML: all character data of the element, in order, NFC; JSON: the
                            ///< decoded string (NFC), the number's digits, "true", "false", "null"
    std::uint32_t name_hash = 0;
    NodeIndex parent = kNoNode;
    NodeIndex first_child = kNoNode;
    NodeIndex next = kNoNode;  ///< next sibling
    std::uint32_t offset = 0;  ///< where it begins in the bytes that were read
    std::uint16_t space = 0;   ///< XML namespace: index into Document::spaces(); 0 = none
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
    /// A path for people, from the root, in the form in which mappings write paths:
    /// "Person/Förnamn", "Anledning/@kod", "entry[0]/resource/id". Array items and XML elements
    /// that stand beside others of their name carry their index. The root: its name in XML, empty
    /// in JSON. A name that looks like a number of a person or a case (eight digits or more) has
    /// its digits hidden.
    std::string pathOf(NodeIndex index) const;
    /// The prefix a namespace was first declared with; empty for none and for the default one.
    std::string_view prefix(std::uint16_t space) const { return prefixes_[space]; }

    /// The part below `root` as a document of its own; the rest is gone. Names, spaces, text and
    /// positions as they were. For what lies in an envelope.
    Document subtree(NodeIndex root) &&;

private:
    friend class Builder;
    Document() = default;

    std::vector<Node> nodes_;
    std::vector<std::string_view> spaces_;
    std::vector<std::string_view> prefixes_;       // one for each space
    std::vector<std::unique_ptr<char[]>> blocks_;  // what the views point into
    std::string_view source_;  // the bytes that offsets count in, as UTF-8, without mark of order
    Format format_ = Format::Xml;
};

}  // namespace stafett::codec
