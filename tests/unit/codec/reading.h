#pragma once

#include <gtest/gtest.h>

#include <string>
#include <string_view>

#include "gateway/codec/read.h"
#include "gateway/codec/write.h"

namespace stafett::codec {

inline Result<Document> xml(std::string_view bytes, const ReadOptions& options = {}) {
    return readXml(bytes, options);
}
inline Result<Document> json(std::string_view bytes, const ReadOptions& options = {}) {
    return readJson(bytes, options);
}

/// The code a reader refused with; nothing when it accepted.
inline std::optional<Code> refusal(const Result<Document>& result) {
    return result ? std::nullopt : std::optional(result.error().code());
}

/// The tree as lines "depth kind space|name=text", to be compared whole.
inline std::string outline(const Document& document, NodeIndex index = 0, int depth = 0) {
    constexpr std::string_view kKinds = "e@oasnbz";
    const Node& node = document.node(index);
    std::string text(static_cast<std::size_t>(depth), ' ');
    text += kKinds[static_cast<std::size_t>(node.kind)];
    text += ' ';
    if (node.space != 0) text.append(document.space(node.space)).append("|");
    text.append(node.name).append("=").append(node.text).append("\n");
    for (NodeIndex child = node.first_child; child != kNoNode; child = document.node(child).next) {
        text += outline(document, child, depth + 1);
    }
    return text;
}

}  // namespace stafett::codec
