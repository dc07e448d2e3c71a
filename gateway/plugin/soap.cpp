#include "gateway/plugin/soap.h"

#include <algorithm>

#include "gateway/plugin/escape.h"

namespace stafett::plugin {
namespace {

using codec::Document;
using codec::kNoNode;
using codec::Node;
using codec::NodeIndex;
using codec::NodeKind;

constexpr std::string_view kNextActor = "http://schemas.xmlsoap.org/soap/actor/next";

bool isSoap(const Document& document, const Node& node, std::string_view name) {
    return node.kind == NodeKind::Element && node.name == name && node.space != 0 &&
           document.space(node.space) == kSoapSpace;
}

bool isBlank(std::string_view text) {
    return text.find_first_not_of(" \t\r\n") == std::string_view::npos;
}

tl::unexpected<Error> wrong(const Document& document, NodeIndex at,
                            Code code = Code::SoapEnvelope) {
    const auto position = document.position(at);
    return tl::make_unexpected(Error(
        code,
        Place{.path = document.pathOf(at), .line = position.line, .column = position.column}));
}

std::string_view soapAttribute(const Document& document, NodeIndex element, std::string_view name) {
    for (NodeIndex at = document.node(element).first_child; at != kNoNode;
         at = document.node(at).next) {
        const Node& node = document.node(at);
        if (node.kind != NodeKind::Attribute) break;
        if (node.name == name && node.space != 0 && document.space(node.space) == kSoapSpace) {
            return node.text;
        }
    }
    return {};
}

const SoapHeader* declared(const Document& document, const Node& node, const Envelope& envelope) {
    const auto space = node.space == 0 ? std::string_view() : document.space(node.space);
    const auto found = std::find_if(envelope.headers.begin(), envelope.headers.end(),
                                    [&](const SoapHeader& header) {
                                        return header.name == node.name && header.space == space;
                                    });
    return found == envelope.headers.end() ? nullptr : &*found;
}

Status readHeaders(const Document& document, NodeIndex header, const Envelope& envelope,
                   mapping::Attributes& attributes) {
    if (!isBlank(document.node(header).text)) return wrong(document, header);
    for (NodeIndex at = document.node(header).first_child; at != kNoNode;
         at = document.node(at).next) {
        const Node& node = document.node(at);
        if (node.kind != NodeKind::Element) continue;
        const auto actor = soapAttribute(document, at, "actor");
        if (!actor.empty() && actor != kNextActor) continue;  // for somebody else
        const SoapHeader* known = declared(document, node, envelope);
        if (known == nullptr) {
            const auto must = soapAttribute(document, at, "mustUnderstand");
            if (!must.empty() && must != "0") return wrong(document, at, Code::SoapMustUnderstand);
            continue;
        }
        if (attributes.find(known->attribute) != nullptr) return wrong(document, at);
        attributes.set(known->attribute, std::string(node.text));
    }
    return {};
}

Result<NodeIndex> onlyElement(const Document& document, NodeIndex body) {
    if (!isBlank(document.node(body).text)) return wrong(document, body);
    NodeIndex found = kNoNode;
    for (NodeIndex at = document.node(body).first_child; at != kNoNode;
         at = document.node(at).next) {
        if (document.node(at).kind != NodeKind::Element) continue;
        if (found != kNoNode) return wrong(document, at);
        found = at;
    }
    if (found == kNoNode) return wrong(document, body);
    return found;
}

}  // namespace

Result<NodeIndex> openEnvelope(const Document& document, const Envelope& envelope,
                               mapping::Attributes& attributes) {
    if (!isSoap(document, document.root(), "Envelope") || !isBlank(document.root().text)) {
        return wrong(document, 0);
    }
    NodeIndex header = kNoNode, body = kNoNode;
    for (NodeIndex at = document.root().first_child; at != kNoNode; at = document.node(at).next) {
        const Node& node = document.node(at);
        if (node.kind != NodeKind::Element) continue;
        if (isSoap(document, node, "Header") && header == kNoNode && body == kNoNode) {
            header = at;
        } else if (isSoap(document, node, "Body") && body == kNoNode) {
            body = at;
        } else {
            return wrong(document, at);
        }
    }
    if (body == kNoNode) return wrong(document, 0);
    if (header != kNoNode) ST_CHECK(readHeaders(document, header, envelope, attributes));
    return onlyElement(document, body);
}

std::string wrapEnvelope(std::string_view document, const std::vector<SoapHeaderText>& headers) {
    std::string out;
    if (document.starts_with("<?xml ")) {
        const auto end = document.find("?>");
        if (end != std::string_view::npos) {
            out += document.substr(0, end + 2);
            document.remove_prefix(end + 2);
        }
    }
    out.append("<soap:Envelope xmlns:soap=\"").append(kSoapSpace).append("\">");
    if (!headers.empty()) out += "<soap:Header>";
    for (const auto& header : headers) {
        out.append("<").append(header.name).append(" xmlns=\"");
        appendXml(out, header.space);
        out += "\">";
        out += asciiXml(xml(header.value));  // fits whatever encoding the document is in
        out.append("</").append(header.name).append(">");
    }
    if (!headers.empty()) out += "</soap:Header>";
    out.append("<soap:Body>").append(document).append("</soap:Body></soap:Envelope>");
    return out;
}

std::string_view soapAction(std::string_view header) {
    if (header.size() >= 2 && header.front() == '"' && header.back() == '"') {
        header = header.substr(1, header.size() - 2);
    }
    return header;
}

}  // namespace stafett::plugin
