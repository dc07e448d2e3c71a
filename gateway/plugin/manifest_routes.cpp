#include <algorithm>
#include <array>
#include <set>

#include "gateway/plugin/document_path.h"
#include "gateway/plugin/header_rules.h"
#include "gateway/plugin/manifest_parts.h"

namespace stafett::plugin {
namespace {

constexpr std::array kKinds = {
    "referral", "handover", "answer", "plan",     "joint_assessment",  "progress", "deviation",
    "consent",  "closure",  "cancel", "reminder", "caseworker_change", "notice"};

bool isPath(std::string_view path) {
    if (!path.starts_with('/') || path.find("//") != std::string_view::npos) return false;
    if (path.find("/../") != std::string_view::npos || path.ends_with("/..")) return false;
    return std::all_of(path.begin(), path.end(), [](char c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
               std::string_view("/-._~$:@!*'()+,=%").find(c) != std::string_view::npos;
    });
}

FormId readForm(const Json& object, const std::string& at, JsonReading& in) {
    FormId form{in.text(object, at, "form", Need::Required)};
    if (!form.empty() && !isSmallName(form.value)) {
        in.wrong(at + "/form", "small letters, digits, _ and -, beginning with a letter");
    }
    return form;
}

Guard readGuard(const Json& choice, const std::string& at, JsonReading& in) {
    Guard guard;
    const Json* when = in.object(choice, at, "when", Need::Optional);
    if (when == nullptr) return guard;
    const auto here = at + "/when";
    in.known(*when, here, {"root", "namespace", "path", "is", "soap_action"});
    guard.root = in.text(*when, here, "root", Need::Optional);
    guard.space = in.text(*when, here, "namespace", Need::Optional);
    guard.path = in.text(*when, here, "path", Need::Optional);
    guard.is = in.text(*when, here, "is", guard.path.empty() ? Need::Optional : Need::Required);
    guard.soap_action = in.text(*when, here, "soap_action", Need::Optional);
    if (!guard.space.empty() && guard.root.empty()) in.wrong(here + "/namespace", "only with root");
    if (!guard.path.empty() && !isDocumentPath(guard.path)) {
        in.wrong(here + "/path", "names parted by '/', \"@name\", \"name[0]\"");
    }
    if (guard.path.empty() && !guard.is.empty()) in.wrong(here + "/is", "only with path");
    if (guard.empty()) in.wrong(here, "tests nothing; allowed: root, path and is, soap_action");
    return guard;
}

std::vector<FormChoice> readForms(const Json& route, const std::string& at, JsonReading& in) {
    std::vector<FormChoice> forms;
    const Json* all = in.array(route, at, "forms", Need::Required);
    if (all == nullptr) return forms;
    if (all->empty()) in.wrong(at + "/forms", "at least one form");
    for (std::size_t i = 0; i < all->size(); ++i) {
        const auto here = at + "/forms/" + std::to_string(i);
        const Json& entry = (*all)[i];
        if (!entry.is_object()) {
            in.wrong(here, "must be an object");
            continue;
        }
        in.known(entry, here, {"form", "when"});
        FormChoice choice{readForm(entry, here, in), readGuard(entry, here, in)};
        if (choice.when.empty() && all->size() > 1) {
            in.wrong(here, "a form without when must be alone");
        }
        for (std::size_t k = 0; k < forms.size(); ++k) {
            if (choice.when.empty() || forms[k].when.empty()) continue;
            if (!choice.when.excludes(forms[k].when)) {
                in.wrong(here + "/when", "a document could fit this and forms/" +
                                             std::to_string(k) +
                                             ": tell them apart by root, by another value at the "
                                             "same path, or by soap_action");
            }
        }
        forms.push_back(std::move(choice));
    }
    return forms;
}

std::vector<AttributeSource> readSources(const Json& route, const std::string& at,
                                         JsonReading& in) {
    std::vector<AttributeSource> sources;
    const Json* all = in.object(route, at, "attributes", Need::Optional);
    if (all == nullptr) return sources;
    for (const auto& [name, entry] : all->items()) {
        const auto here = at + "/attributes" + pointerStep(name);
        if (!entry.is_object()) {
            in.wrong(here, "must be an object");
            continue;
        }
        in.known(entry, here, {"header", "query", "id", "required"});
        if (!isName(name)) in.wrong(here, "a name is letters, digits, _ and -");
        AttributeSource source;
        source.attribute = name;
        const auto header = in.text(entry, here, "header", Need::Optional);
        const auto query = in.text(entry, here, "query", Need::Optional);
        if (header.empty() == query.empty()) in.wrong(here, "exactly one of header and query");
        source.from = header.empty() ? AttributeSource::From::Query : AttributeSource::From::Header;
        source.name = header.empty() ? query : header;
        if (!header.empty() && !isHeaderName(header))
            in.wrong(here + "/header", "not a header name");
        source.id = in.flag(entry, here, "id");
        source.required = in.flag(entry, here, "required");
        sources.push_back(std::move(source));
    }
    return sources;
}

std::vector<std::string> readTypes(const Json& route, const std::string& at, JsonReading& in) {
    auto types = in.texts(route, at, "content_types");
    if (types.empty()) in.wrong(at + "/content_types", "at least one");
    for (std::size_t i = 0; i < types.size(); ++i) {
        const auto media = readMediaType(types[i]);
        if (!media || types[i].find(';') != std::string::npos) {
            in.wrong(at + "/content_types/" + std::to_string(i), "type/subtype without parameters");
        } else {
            types[i] = media->type;
        }
    }
    return types;
}

void readOutboundHeaders(const Json& entry, const std::string& at, Outbound& made,
                         JsonReading& in) {
    const Json* headers = in.object(entry, at, "headers", Need::Optional);
    if (headers == nullptr) return;
    for (const auto& [name, value] : headers->items()) {
        const auto here = at + "/headers" + pointerStep(name);
        if (!isHeaderName(name)) in.wrong(here, "not a header name");
        if (isReservedHeader(name) || equalsAnyCase(name, "content-type")) {
            in.wrong(here, "this header is the gateway's own");
        }
        made.headers.emplace_back(
            name, readTemplate(*headers, at + "/headers", name.c_str(), Need::Required, in));
        for (const auto& part : made.headers.back().second.parts) {
            if (part.from == WireTemplate::From::Literal && !isHeaderValue(part.text)) {
                in.wrong(here, "control characters cannot stand in a header");
            }
        }
    }
}

Outbound readOne(const Json& entry, const std::string& at, JsonReading& in) {
    Outbound made;
    in.known(entry, at, {"kind", "form", "when", "method", "path", "content_type", "headers"});
    made.kind = in.text(entry, at, "kind", Need::Required);
    if (!made.kind.empty() && std::find(kKinds.begin(), kKinds.end(), made.kind) == kKinds.end()) {
        const auto near = nearest(made.kind, {kKinds.begin(), kKinds.end()});
        in.wrong(at + "/kind", near.empty() ? "no such kind" : "did you mean \"" + near + "\"?");
    }
    made.form = readForm(entry, at, in);
    made.method = in.choice(entry, at, "method", Need::Optional, {"POST", "PUT"});
    made.path = readTemplate(entry, at, "path", Need::Required, in);
    for (const auto& part : made.path.parts) {
        const bool first = &part == &made.path.parts.front();
        if (part.from == WireTemplate::From::Literal &&
            !isPath(first ? part.text : "/x" + part.text)) {
            in.wrong(at + "/path", "begins with '/', no query, no \"..\"");
        }
        if (first && part.from != WireTemplate::From::Literal)
            in.wrong(at + "/path", "begins with '/'");
    }
    made.content_type = in.text(entry, at, "content_type", Need::Required);
    if (!made.content_type.empty() && !readMediaType(made.content_type)) {
        in.wrong(at + "/content_type", "type/subtype, with charset if need be");
    }
    made.when = readConditions(entry, at, in);
    readOutboundHeaders(entry, at, made, in);
    return made;
}

}  // namespace

std::vector<Route> readInbound(const Json& root, JsonReading& in) {
    std::vector<Route> routes;
    const Json* all = in.array(root, "", "inbound", Need::Optional);
    if (all == nullptr) return routes;
    std::set<std::pair<std::string, std::string>> taken;
    for (std::size_t i = 0; i < all->size(); ++i) {
        const auto at = "/inbound/" + std::to_string(i);
        const Json& entry = (*all)[i];
        if (!entry.is_object()) {
            in.wrong(at, "must be an object");
            continue;
        }
        in.known(entry, at, {"method", "path", "content_types", "forms", "attributes"});
        Route route;
        route.method = in.choice(entry, at, "method", Need::Optional, {"POST", "PUT"});
        route.path = in.text(entry, at, "path", Need::Required);
        if (!route.path.empty() && !isPath(route.path)) {
            in.wrong(at + "/path", "begins with '/', no query, no \"..\"");
        }
        if (!taken.emplace(route.method, route.path).second) {
            in.wrong(at + "/path", "another route has this method and path");
        }
        route.content_types = readTypes(entry, at, in);
        route.forms = readForms(entry, at, in);
        route.attributes = readSources(entry, at, in);
        routes.push_back(std::move(route));
    }
    return routes;
}

std::vector<Outbound> readOutbound(const Json& root, JsonReading& in) {
    std::vector<Outbound> made;
    const Json* all = in.array(root, "", "outbound", Need::Optional);
    if (all == nullptr) return made;
    std::set<std::string> forms, closed;
    for (std::size_t i = 0; i < all->size(); ++i) {
        const auto at = "/outbound/" + std::to_string(i);
        if (!(*all)[i].is_object()) {
            in.wrong(at, "must be an object");
            continue;
        }
        auto one = readOne((*all)[i], at, in);
        if (!one.form.empty() && !forms.insert(one.form.value).second) {
            in.wrong(at + "/form", "this form has its request already");
        }
        if (closed.contains(one.kind)) {
            in.wrong(at, "never reached: an entry of this kind without when stands before it");
        }
        if (one.when.empty()) closed.insert(one.kind);
        made.push_back(std::move(one));
    }
    return made;
}

}  // namespace stafett::plugin
