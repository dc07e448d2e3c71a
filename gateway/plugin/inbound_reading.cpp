// decode: from a request to its form, its document and the values outside it.
#include <algorithm>

#include "gateway/plugin/document_path.h"
#include "gateway/plugin/loaded_adapter.h"
#include "gateway/plugin/soap.h"

namespace stafett::plugin {
namespace {

using codec::Document;
using codec::NodeIndex;

tl::unexpected<Error> refuse(Code code, std::string place = {}) {
    return tl::make_unexpected(Error(code, Place{.path = std::move(place)}));
}

bool holds(const Guard& guard, const Document& document, NodeIndex root, std::string_view action) {
    const auto& node = document.node(root);
    if (!guard.root.empty() && node.name != guard.root) return false;
    if (!guard.space.empty() && (node.space == 0 || document.space(node.space) != guard.space)) {
        return false;
    }
    if (!guard.soap_action.empty() && action != guard.soap_action) return false;
    if (guard.path.empty()) return true;
    const auto place = findPath(document, guard.path, root);
    return place.node != codec::kNoNode && document.node(place.node).text == guard.is;
}

std::string_view actionOf(const WireRequest& request) {
    return soapAction(findHeader(request.headers, "SOAPAction").value);
}

}  // namespace

const Route* LoadedAdapter::findRoute(std::string_view method, std::string_view path) const {
    const auto found =
        std::find_if(manifest_.inbound.begin(), manifest_.inbound.end(), [&](const Route& route) {
            return route.path == path && (method.empty() || route.method == method);
        });
    return found == manifest_.inbound.end() ? nullptr : &*found;
}

bool LoadedAdapter::hasPath(std::string_view path) const { return findRoute({}, path) != nullptr; }

Digest LoadedAdapter::repeatDigest(const WireRequest& request) const {
    FieldDigest digest;
    digest.add(manifest_.dialect.value).add(request.method).add(request.path);
    if (const Route* route = findRoute(request.method, request.path)) {
        for (const auto& source : route->attributes) {
            if (!source.id) continue;
            if (source.from == AttributeSource::From::Header) {
                digest.add(findHeader(request.headers, source.name).value);
            } else {
                digest.add(queryValue(request.query, source.name).value_or(std::string()));
            }
        }
    }
    return digest.add(request.body).finish();
}

Result<Document> LoadedAdapter::readBody(const Route& route, const WireRequest& request) const {
    const auto header = findHeader(request.headers, "Content-Type");
    const auto media = header.count == 1 ? readMediaType(header.value) : std::nullopt;
    const auto& types = route.content_types;
    if (!media || std::find(types.begin(), types.end(), media->type) == types.end()) {
        return refuse(Code::HttpMediaType, "Content-Type");
    }
    const auto coding = findHeader(request.headers, "Content-Encoding");
    if (coding.count > 0 && !equalsAnyCase(coding.value, "identity")) {
        return refuse(Code::HttpMediaType, "Content-Encoding");
    }
    const bool json = manifest_.format == codec::Format::Json;
    if (!media->charset.empty()) {
        const auto encoding = codec::encodingByName(media->charset);
        if (!encoding || (json && *encoding != codec::Encoding::Utf8)) {
            return refuse(Code::HttpMediaType, "Content-Type");
        }
    }
    codec::ReadOptions options;
    options.limits.bytes = manifest_.body;
    options.allowed = manifest_.encodings;
    options.charset = media->charset;
    return json ? codec::readJson(request.body, options) : codec::readXml(request.body, options);
}

Status LoadedAdapter::readAttributes(const Route& route, const WireRequest& request,
                                     mapping::Attributes& into) const {
    for (const auto& source : route.attributes) {
        std::optional<std::string> value;
        if (source.from == AttributeSource::From::Header) {
            const auto header = findHeader(request.headers, source.name);
            if (header.count > 1) return refuse(Code::RequiredHeader, source.name);
            if (header.count == 1 && !header.value.empty()) value = std::string(header.value);
        } else {
            value = queryValue(request.query, source.name);
        }
        if (!value && source.required) return refuse(Code::RequiredHeader, source.name);
        if (!value) continue;
        if (!isPlainText(*value)) return refuse(Code::RequiredHeader, source.name);
        into.set(source.attribute, std::move(*value));
    }
    return {};
}

Result<FormId> LoadedAdapter::chooseForm(const Route& route, const Document& document,
                                         NodeIndex root, std::string_view action) const {
    for (const auto& choice : route.forms) {
        if (holds(choice.when, document, root, action)) return choice.form;
    }
    const auto position = document.position(root);
    return tl::make_unexpected(Error(
        Code::NoForm,
        Place{.path = document.pathOf(root), .line = position.line, .column = position.column}));
}

Status LoadedAdapter::askDecode(const WireRequest& request, const Document& document, FormId& form,
                                mapping::Attributes& attributes, NodeIndex& root) const {
    if (resting()) return refuse(Code::PluginSlow);
    CallFrame frame({.document = &document,
                     .headers = request.headers,
                     .query = request.query,
                     .attributes = &attributes},
                    state_, 0);
    const stafett_request view{sizeof(stafett_request), lent(request.method), lent(request.path),
                               lent(form.value)};
    int32_t result = STAFETT_FAILED;
    if (!call(functions_.decode, frame, view, result)) return refuse(Code::PluginFailed);
    const Put& put = frame.put();
    if (put.form) {
        const bool known = std::any_of(
            manifest_.inbound.begin(), manifest_.inbound.end(), [&](const Route& route) {
                return std::any_of(route.forms.begin(), route.forms.end(),
                                   [&](const FormChoice& f) { return f.form.value == *put.form; });
            });
        if (!known) return refuse(Code::PluginFailed);
        form.value = *put.form;
    }
    if (put.document) {
        root = findPath(document, *put.document).node;
        if (root == codec::kNoNode) return refuse(Code::NoForm, *put.document);
    }
    for (const auto& [name, value] : put.attributes) {
        if (!manifest_.declares(name)) return refuse(Code::PluginFailed);
        attributes.set(name, value);
    }
    return {};
}

Result<Decoded> LoadedAdapter::decode(const WireRequest& request) const {
    if (!hasPath(request.path)) return refuse(Code::HttpNoRoute);
    const Route* route = findRoute(request.method, request.path);
    if (route == nullptr) return refuse(Code::HttpMethod);
    mapping::Attributes attributes;
    ST_TRY(auto document, readBody(*route, request));
    ST_CHECK(readAttributes(*route, request, attributes));
    NodeIndex root = 0;
    if (manifest_.envelope.soap11) {
        const auto action = findHeader(request.headers, "SOAPAction");
        if (action.count > 1 || (action.count == 0 && manifest_.envelope.action_required)) {
            return refuse(Code::RequiredHeader, "SOAPAction");
        }
        ST_TRY(root, openEnvelope(document, manifest_.envelope, attributes));
        for (const auto& header : manifest_.envelope.headers) {
            const auto* value = attributes.find(header.attribute);
            if (header.required && (value == nullptr || value->empty())) {
                return refuse(Code::RequiredHeader, header.name);
            }
        }
    }
    auto form = chooseForm(*route, document, root, actionOf(request));
    if (functions_.decode != nullptr) {
        FormId asked = form ? *form : FormId{};
        ST_CHECK(askDecode(request, document, asked, attributes, root));
        if (!asked.empty()) form = std::move(asked);
    }
    if (!form) return tl::make_unexpected(std::move(form).error());
    if (root != 0) document = std::move(document).subtree(root);
    return Decoded{std::move(*form), std::move(document), std::move(attributes)};
}

}  // namespace stafett::plugin
