#include <algorithm>
#include <vector>

#include "gateway/codec/write.h"
#include "gateway/message/json_text.h"

namespace stafett::codec {
namespace {

constexpr std::string_view kXmlSpace = "http://www.w3.org/XML/1998/namespace";

/// Appends text, with what `escapeOf` names written otherwise.
template <class EscapeOf>
void appendEscaped(std::string& out, std::string_view text, EscapeOf escapeOf) {
    std::size_t begin = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const std::string_view escape = escapeOf(text[i]);
        if (escape.empty()) continue;
        out.append(text, begin, i - begin).append(escape);
        begin = i + 1;
    }
    out.append(text, begin, text.size() - begin);
}

/// Writes a tree as XML: the namespaces on the root, each with the prefix it first had.
class XmlPrinter {
public:
    explicit XmlPrinter(const Document& document) : document_(document) { choosePrefixes(); }

    std::string print();

private:
    void choosePrefixes();
    void declareSpaces();
    void name(const Node& node);
    void element(NodeIndex index);
    bool isTaken(std::string_view prefix, std::size_t before) const;

    const Document& document_;
    std::vector<std::string> prefixes_;  ///< by space; empty = the default namespace
    std::string out_;
};

bool XmlPrinter::isTaken(std::string_view prefix, std::size_t before) const {
    return std::find(prefixes_.begin() + 1, prefixes_.begin() + static_cast<std::ptrdiff_t>(before),
                     prefix) != prefixes_.begin() + static_cast<std::ptrdiff_t>(before);
}

void XmlPrinter::choosePrefixes() {
    // The default namespace cannot be used where elements have none, nor for attributes.
    std::vector<bool> needs_prefix(document_.spaces().size(), false);
    for (NodeIndex i = 0; i < document_.size(); ++i) {
        const Node& node = document_.node(i);
        if (node.kind == NodeKind::Attribute) needs_prefix[node.space] = true;
        if (node.kind == NodeKind::Element && node.space == 0)
            needs_prefix.assign(needs_prefix.size(), true);
    }
    prefixes_.emplace_back();
    for (std::size_t i = 1; i < document_.spaces().size(); ++i) {
        std::string prefix(document_.prefix(static_cast<std::uint16_t>(i)));
        for (int n = 1; isTaken(prefix, i) || (prefix.empty() && needs_prefix[i]); ++n) {
            prefix = "ns" + std::to_string(n);
        }
        prefixes_.push_back(std::move(prefix));
    }
}

void XmlPrinter::declareSpaces() {
    for (std::size_t i = 1; i < prefixes_.size(); ++i) {
        const std::string_view uri = document_.space(static_cast<std::uint16_t>(i));
        if (uri == kXmlSpace) continue;
        out_ += prefixes_[i].empty() ? " xmlns" : " xmlns:";
        out_.append(prefixes_[i]).append("=\"");
        appendXmlAttribute(out_, uri);
        out_ += '"';
    }
}

void XmlPrinter::name(const Node& node) {
    if (const std::string& prefix = prefixes_[node.space]; !prefix.empty())
        out_.append(prefix).append(":");
    out_ += node.name;
}

void XmlPrinter::element(NodeIndex index) {
    const Node& node = document_.node(index);
    out_ += '<';
    name(node);
    if (node.parent == kNoNode) declareSpaces();
    NodeIndex child = node.first_child;
    for (; child != kNoNode && document_.node(child).kind == NodeKind::Attribute;
         child = document_.node(child).next) {
        out_ += ' ';
        name(document_.node(child));
        out_ += "=\"";
        appendXmlAttribute(out_, document_.node(child).text);
        out_ += '"';
    }
    if (node.text.empty() && child == kNoNode) {
        out_ += "/>";
        return;
    }
    out_ += '>';
    appendXmlText(out_, node.text);
    for (; child != kNoNode; child = document_.node(child).next) element(child);
    out_ += "</";
    name(node);
    out_ += '>';
}

std::string XmlPrinter::print() {
    out_.reserve(64 * document_.size());
    out_ += "<?xml version=\"1.0\" encoding=\"UTF-8\"?>";
    element(0);
    return std::move(out_);
}

void printJson(const Document& document, NodeIndex index, std::string& out) {
    const Node& node = document.node(index);
    switch (node.kind) {
        case NodeKind::Object:
        case NodeKind::Array: {
            const bool object = node.kind == NodeKind::Object;
            out += object ? '{' : '[';
            for (NodeIndex child = node.first_child; child != kNoNode;
                 child = document.node(child).next) {
                if (child != node.first_child) out += ',';
                if (object) {
                    appendJsonString(out, document.node(child).name);
                    out += ':';
                }
                printJson(document, child, out);
            }
            out += object ? '}' : ']';
            return;
        }
        case NodeKind::String:
            return appendJsonString(out, node.text);
        default:
            out += node.text;
    }
}

}  // namespace

void appendXmlText(std::string& out, std::string_view text) {
    appendEscaped(out, text, [](char c) -> std::string_view {
        switch (c) {
            case '&':
                return "&amp;";
            case '<':
                return "&lt;";
            case '>':
                return "&gt;";
            case '\r':
                return "&#13;";
            default:
                return {};
        }
    });
}

void appendXmlAttribute(std::string& out, std::string_view text) {
    appendEscaped(out, text, [](char c) -> std::string_view {
        switch (c) {
            case '&':
                return "&amp;";
            case '<':
                return "&lt;";
            case '>':
                return "&gt;";
            case '"':
                return "&quot;";
            case '\r':
                return "&#13;";
            case '\n':
                return "&#10;";
            case '\t':
                return "&#9;";
            default:
                return {};
        }
    });
}

void appendJsonString(std::string& out, std::string_view text) {
    message::appendJsonString(out, text);
}

std::string print(const Document& document) {
    if (document.format() == Format::Xml) return XmlPrinter(document).print();
    std::string out;
    out.reserve(32 * document.size());
    printJson(document, 0, out);
    return out;
}

}  // namespace stafett::codec
