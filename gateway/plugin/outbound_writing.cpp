// encode: from a written document to the request that delivers it.
#include <algorithm>

#include "gateway/plugin/loaded_adapter.h"
#include "gateway/plugin/soap.h"

namespace stafett::plugin {
namespace {

tl::unexpected<Error> refuse(Code code, std::string place, std::string row = {}) {
    return tl::make_unexpected(Error(code, Place{.path = std::move(place), .row = std::move(row)}));
}

/// Fills templates with what one message and one party have.
struct Filler {
    const Manifest& manifest;
    const mapping::Attributes& attributes;
    const mapping::Settings& settings;

    const std::string* find(const WireTemplate::Part& part) const {
        if (part.from == WireTemplate::From::Literal) return &part.text;
        if (part.from == WireTemplate::From::Attribute) return attributes.find(part.text);
        const auto found = settings.find(part.text);
        if (found != settings.end()) return &found->second;
        const Setting* setting = manifest.settings.find(part.text);
        return setting != nullptr && !setting->fallback.empty() ? &setting->fallback : nullptr;
    }
    /// Nothing when a part is absent.
    std::optional<std::string> fill(const WireTemplate& wire) const {
        std::string out;
        for (const auto& part : wire.parts) {
            const std::string* value = find(part);
            if (value == nullptr || value->empty()) return std::nullopt;
            out += *value;
        }
        return out;
    }
};

void appendPercentEncoded(std::string& out, std::string_view text) {
    constexpr char kHex[] = "0123456789ABCDEF";
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        const bool plain = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
                           (c >= 'A' && c <= 'Z') || c == '-' || c == '_' || c == '~';
        if (plain || (c == '.' && text != "." && text != "..")) {
            out += c;
        } else {
            out += '%';
            out += kHex[byte >> 4];
            out += kHex[byte & 15];
        }
    }
}

Result<std::string> fillPath(const WireTemplate& path, const Filler& filler) {
    std::string out;
    for (const auto& part : path.parts) {
        const std::string* value = filler.find(part);
        if (value == nullptr || value->empty()) return refuse(Code::PluginMapping, part.text);
        if (part.from == WireTemplate::From::Literal) {
            out += *value;
        } else {
            appendPercentEncoded(out, *value);
        }
    }
    return out;
}

Status addHeaders(const Outbound& outbound, const Filler& filler, Headers& into) {
    into.emplace_back("Content-Type", outbound.content_type);
    for (const auto& [name, wire] : outbound.headers) {
        auto value = filler.fill(wire);
        if (!value) continue;
        if (!isHeaderValue(*value)) return refuse(Code::HeaderValue, name);
        into.emplace_back(name, std::move(*value));
    }
    return {};
}

Result<std::string> wrap(std::string_view document, const Envelope& envelope,
                         const Filler& filler) {
    std::vector<SoapHeaderText> headers;
    for (const auto& header : envelope.headers) {
        const std::string* given = filler.attributes.find(header.attribute);
        std::optional<std::string> value;
        if (given != nullptr && !given->empty()) {
            value = *given;
        } else if (!header.value.empty()) {
            value = filler.fill(header.value);
        }
        if (!value && header.required) return refuse(Code::PluginMapping, header.attribute);
        if (!value) continue;
        if (!isPlainText(*value)) return refuse(Code::HeaderValue, header.attribute);
        headers.push_back({header.space, header.name, std::move(*value)});
    }
    return wrapEnvelope(document, headers);
}

}  // namespace

std::optional<FormId> LoadedAdapter::outboundForm(const message::Message& message,
                                                  const mapping::Settings& settings) const {
    for (const auto& outbound : manifest_.outbound) {
        if (outbound.kind != message.schema().kind) continue;
        const auto holds = [&](const Condition& one) { return one.holds(message, settings); };
        if (std::all_of(outbound.when.begin(), outbound.when.end(), holds)) return outbound.form;
    }
    return std::nullopt;
}

Result<WireMessage> LoadedAdapter::encode(const FormId& form, std::string_view document,
                                          const mapping::Attributes& attributes,
                                          const mapping::Settings& settings) const {
    const auto outbound = std::find_if(manifest_.outbound.begin(), manifest_.outbound.end(),
                                       [&](const Outbound& one) { return one.form == form; });
    if (outbound == manifest_.outbound.end()) return refuse(Code::PluginMapping, form.value);
    for (const auto& [name, value] : attributes.all()) {
        if (!manifest_.declares(name)) return refuse(Code::PluginMapping, "attr:" + name);
    }
    const Filler filler{manifest_, attributes, settings};
    WireMessage made;
    made.method = outbound->method;
    ST_TRY(made.path, fillPath(outbound->path, filler));
    ST_CHECK(addHeaders(*outbound, filler, made.headers));
    if (manifest_.envelope.soap11) {
        ST_TRY(made.body, wrap(document, manifest_.envelope, filler));
    } else {
        made.body = std::string(document);
    }
    if (functions_.encode != nullptr) ST_CHECK(askEncode(form, attributes, settings, made));
    return made;
}

Status LoadedAdapter::askEncode(const FormId& form, const mapping::Attributes& attributes,
                                const mapping::Settings& settings, WireMessage& made) const {
    CallFrame frame({.attributes = &attributes, .settings = &settings}, state_,
                    2 * made.body.size() + (std::size_t{64} << 10));
    const stafett_outgoing view{sizeof(stafett_outgoing), lent(made.method), lent(made.path),
                                lent(form.value), lent(made.body)};
    int32_t result = STAFETT_FAILED;
    if (!call(functions_.encode, frame, view, result))
        return refuse(Code::PluginFailed, form.value);
    Put& put = frame.put();
    if (put.method) made.method = *put.method;
    if (put.path) made.path = *put.path;
    if (!put.body.empty()) made.body = std::move(put.body);
    for (auto& header : put.headers) {
        std::erase_if(made.headers,
                      [&](const auto& old) { return equalsAnyCase(old.first, header.first); });
        made.headers.push_back(std::move(header));
    }
    return {};
}

}  // namespace stafett::plugin
