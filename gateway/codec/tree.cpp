#include "gateway/codec/tree.h"

#include <algorithm>

#include "gateway/codec/builder.h"

namespace stafett::codec {
namespace {

constexpr std::size_t kBlock = 16U << 10;
constexpr std::size_t kKeptNodes = 8192;  ///< what a thread keeps for its next document
constexpr std::size_t kLongNumber = 8;

std::vector<Node>& threadNodes() {
    thread_local std::vector<Node> nodes;
    return nodes;
}

bool isContinuation(char c) { return (static_cast<unsigned char>(c) & 0xC0U) == 0x80U; }
bool isDigit(char c) { return c >= '0' && c <= '9'; }

void appendStep(std::string& path, std::string_view name) {
    const bool odd = name.empty() || name.front() == '@' ||
                     name.find_first_of("/[]'.*") != std::string_view::npos ||
                     name.starts_with("attr:");
    const bool number =
        static_cast<std::size_t>(std::count_if(name.begin(), name.end(), isDigit)) >= kLongNumber;
    if (odd) path += '\'';
    for (const char c : name) {
        if (c == '\'') path += c;
        path += number && isDigit(c) ? '#' : c;
    }
    if (odd) path += '\'';
}

/// Its place among the siblings it is counted with; nothing when it stands alone.
std::optional<std::size_t> indexAmong(std::span<const Node> nodes, NodeIndex index) {
    const Node& node = nodes[index];
    if (node.parent == kNoNode || node.kind == NodeKind::Attribute) return std::nullopt;
    const bool item = nodes[node.parent].kind == NodeKind::Array;
    if (!item && node.kind != NodeKind::Element) return std::nullopt;
    std::size_t before = 0;
    std::size_t all = 0;
    for (NodeIndex i = nodes[node.parent].first_child; i != kNoNode; i = nodes[i].next) {
        const Node& other = nodes[i];
        const bool alike = item || (other.kind == NodeKind::Element && other.space == node.space &&
                                    other.name == node.name);
        if (i == index) before = all;
        if (alike) ++all;
    }
    if (!item && all < 2) return std::nullopt;
    return before;
}

}  // namespace

Document::Position positionOf(std::string_view source, std::size_t offset) {
    offset = std::min(offset, source.size());
    Document::Position position{1, 1};
    for (std::size_t i = 0; i < offset; ++i) {
        const bool lone_return =
            source[i] == '\r' && (i + 1 == source.size() || source[i + 1] != '\n');
        if (source[i] == '\n' || lone_return) {
            ++position.line;
            position.column = 1;
        } else if (!isContinuation(source[i])) {
            ++position.column;
        }
    }
    return position;
}

std::string pathOf(std::span<const Node> nodes, Format format, NodeIndex index) {
    if (index >= nodes.size()) return {};
    std::vector<NodeIndex> steps;
    for (NodeIndex i = index; nodes[i].parent != kNoNode; i = nodes[i].parent) steps.push_back(i);
    std::string path;
    if (steps.empty() && format == Format::Xml) appendStep(path, nodes[index].name);
    for (auto step = steps.rbegin(); step != steps.rend(); ++step) {
        const Node& node = nodes[*step];
        const auto place = indexAmong(nodes, *step);
        if (nodes[node.parent].kind != NodeKind::Array) {
            if (!path.empty()) path += '/';
            if (node.kind == NodeKind::Attribute) path += '@';
            appendStep(path, node.name);
        }
        if (place) path += '[' + std::to_string(*place) + ']';
    }
    return path;
}

NodeIndex Document::child(NodeIndex parent, std::string_view name) const {
    const std::uint32_t hash = nameHash(name);
    for (NodeIndex i = nodes_[parent].first_child; i != kNoNode; i = nodes_[i].next) {
        if (nodes_[i].name_hash == hash && nodes_[i].name == name) return i;
    }
    return kNoNode;
}

Document::Position Document::position(NodeIndex index) const {
    return positionOf(source_, nodes_[index].offset);
}

std::string Document::pathOf(NodeIndex index) const {
    return codec::pathOf(nodes_, format_, index);
}

Builder::Builder(Format format, std::string_view source, std::size_t padding)
    : nodes_(threadNodes()) {
    document_.format_ = format;
    const std::size_t head = source.size() + padding;
    const std::size_t size = head + source.size() + 64;
    auto& block = document_.blocks_.emplace_back(std::make_unique_for_overwrite<char[]>(size));
    if (!source.empty()) std::memcpy(block.get(), source.data(), source.size());
    std::memset(block.get() + source.size(), 0, padding);
    document_.source_ = {block.get(), source.size()};
    at_ = block.get() + head;
    end_ = block.get() + size;
    nodes_.clear();
}

Builder::~Builder() {
    if (nodes_.capacity() > kKeptNodes) std::vector<Node>().swap(nodes_);
}

char* Builder::newBlock(std::size_t size) {
    const std::size_t whole = std::max(size, kBlock);
    char* const block =
        document_.blocks_.emplace_back(std::make_unique_for_overwrite<char[]>(whole)).get();
    at_ = block + size;
    end_ = block + whole;
    return block;
}

Error Builder::error(Code code, std::size_t offset, NodeIndex node) const {
    const auto position = positionOf(document_.source_, offset);
    return Error(code, Place{.path = pathOf(nodes_, document_.format_, node),
                             .line = position.line,
                             .column = position.column});
}

Document Builder::finish() {
    document_.nodes_.assign(nodes_.begin(), nodes_.end());
    return std::move(document_);
}

}  // namespace stafett::codec
