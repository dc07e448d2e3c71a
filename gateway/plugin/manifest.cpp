#include "gateway/plugin/manifest.h"

#include <algorithm>
#include <charconv>

#include "gateway/plugin/header_rules.h"
#include "gateway/plugin/manifest_parts.h"

namespace stafett::plugin {
namespace {

constexpr std::size_t kLargestBody = std::size_t{32} << 20;

bool isVersion(std::string_view text) {
    int dots = 0;
    bool digit = false;
    for (const char c : text) {
        if (c == '.' && digit) {
            ++dots;
            digit = false;
        } else if (c >= '0' && c <= '9') {
            digit = true;
        } else {
            return false;
        }
    }
    return dots == 2 && digit;
}

void readHead(const Json& root, JsonReading& in, Manifest& made) {
    in.known(
        root, "",
        {"$schema", "plugin",  "version",  "dialect",  "status",     "security_posture",   "title",
         "read",    "inbound", "envelope", "outbound", "replies",    "interpret",          "decode",
         "encode",  "check",   "settings", "codes",    "attributes", "personal_attributes"});
    made.plugin = in.text(root, "", "plugin", Need::Required);
    made.version = in.text(root, "", "version", Need::Required);
    made.dialect.value = in.text(root, "", "dialect", Need::Required);
    if (!made.plugin.empty() && !isSmallName(made.plugin)) {
        in.wrong("/plugin", "small letters, digits, _ and -, beginning with a letter");
    }
    if (!made.version.empty() && !isVersion(made.version))
        in.wrong("/version", "three numbers: 1.0.0");
    if (!made.dialect.empty() && !isSmallName(made.dialect.value)) {
        in.wrong("/dialect", "small letters, digits, _ and -, beginning with a letter");
    }
    made.status = in.choice(root, "", "status", Need::Required, {"alpha", "beta", "stable"});
    in.choice(root, "", "security_posture", Need::Optional,
              {"unknown", "robust", "trusted_senders"});
    if (const Json* title = in.object(root, "", "title", Need::Required)) {
        in.known(*title, "/title", {"sv", "en"});
        made.title_sv = in.text(*title, "/title", "sv", Need::Required);
        made.title_en = in.text(*title, "/title", "en", Need::Required);
    }
}

void readReading(const Json& root, JsonReading& in, Manifest& made) {
    const Json* read = in.object(root, "", "read", Need::Required);
    if (read == nullptr) return;
    in.known(*read, "/read", {"format", "encodings", "body"});
    const bool xml = in.choice(*read, "/read", "format", Need::Required, {"xml", "json"}) == "xml";
    made.format = xml ? codec::Format::Xml : codec::Format::Json;
    const auto names = in.texts(*read, "/read", "encodings");
    for (std::size_t i = 0; i < names.size(); ++i) {
        const auto at = "/read/encodings/" + std::to_string(i);
        const auto encoding = codec::encodingByName(names[i]);
        if (!encoding) {
            in.wrong(at, "unknown encoding; known: UTF-8, UTF-16, ISO-8859-1, Windows-1252");
        } else if (!xml && *encoding != codec::Encoding::Utf8) {
            in.wrong(at, "JSON is UTF-8");
        } else {
            made.encodings.push_back(*encoding);
        }
    }
    if (!read->contains("body")) return;
    const Json& body = (*read)["body"];
    if (body.is_number_unsigned() && body.get<std::size_t>() >= 1024 &&
        body.get<std::size_t>() <= kLargestBody) {
        made.body = body.get<std::size_t>();
    } else {
        in.wrong("/read/body", "bytes, from 1024 to " + std::to_string(kLargestBody));
    }
}

Said readSaid(const Json& root, JsonReading& in, const char* key, const char* declared) {
    return in.choice(root, "", key, Need::Optional, {declared, "plugin"}) == "plugin"
               ? Said::ByPlugin
               : Said::Declared;
}

void gatherAttributes(const Json& root, JsonReading& in, Manifest& made) {
    made.attributes = in.texts(root, "", "attributes");
    for (std::size_t i = 0; i < made.attributes.size(); ++i) {
        if (!isName(made.attributes[i])) {
            in.wrong("/attributes/" + std::to_string(i), "letters, digits, _ and -");
        }
    }
    const auto declare = [&](const std::string& name) {
        if (!made.declares(name)) made.attributes.push_back(name);
    };
    for (const auto& route : made.inbound) {
        for (const auto& source : route.attributes) declare(source.attribute);
    }
    for (const auto& header : made.envelope.headers) declare(header.attribute);
    made.personal_attributes = in.texts(root, "", "personal_attributes");
    for (std::size_t i = 0; i < made.personal_attributes.size(); ++i) {
        if (made.declares(made.personal_attributes[i])) continue;
        const auto near = nearest(made.personal_attributes[i], made.attributes);
        in.wrong("/personal_attributes/" + std::to_string(i),
                 near.empty() ? "no such attribute"
                              : "no such attribute; did you mean \"" + near + "\"?");
    }
}

bool isPersonal(const Manifest& made, const std::string& name) {
    const auto& all = made.personal_attributes;
    return std::find(all.begin(), all.end(), name) != all.end();
}

/// Names in a template must be declared, and no personal one may stand in an address.
void checkTemplate(const WireTemplate& wire, const std::string& at, bool in_address,
                   const Manifest& made, JsonReading& in) {
    for (const auto& part : wire.parts) {
        if (part.from == WireTemplate::From::Attribute && !made.declares(part.text)) {
            in.wrong(at, "no attribute \"" + part.text + "\" is declared under attributes");
        }
        if (part.from == WireTemplate::From::Setting && made.settings.find(part.text) == nullptr) {
            in.wrong(at, "no setting \"" + part.text + "\" under settings");
        }
        if (in_address && part.from == WireTemplate::From::Attribute &&
            isPersonal(made, part.text)) {
            in.wrong(at, "a personal attribute may not stand in an address");
        }
    }
}

void checkConditions(const Outbound& outbound, const std::string& at, const Manifest& made,
                     JsonReading& in) {
    for (const auto& condition : outbound.when) {
        if (condition.is != Condition::Is::Setting && condition.is != Condition::Is::Settings)
            continue;
        for (const auto& name : condition.words) {
            if (made.settings.find(name) == nullptr) {
                in.wrong(at, "no setting \"" + name + "\" under settings");
            }
        }
    }
}

void checkAcross(const Manifest& made, JsonReading& in) {
    for (std::size_t i = 0; i < made.outbound.size(); ++i) {
        const auto at = "/outbound/" + std::to_string(i);
        checkTemplate(made.outbound[i].path, at + "/path", true, made, in);
        checkConditions(made.outbound[i], at + "/when", made, in);
        for (const auto& [name, value] : made.outbound[i].headers) {
            checkTemplate(value, at + "/headers" + pointerStep(name), false, made, in);
        }
    }
    for (const auto& header : made.envelope.headers) {
        checkTemplate(header.value, "/envelope/headers" + pointerStep(header.attribute) + "/value",
                      false, made, in);
    }
    for (std::size_t i = 0; i < made.inbound.size(); ++i) {
        const auto at = "/inbound/" + std::to_string(i);
        for (const auto& source : made.inbound[i].attributes) {
            if (source.from == AttributeSource::From::Query && isPersonal(made, source.attribute)) {
                in.wrong(at + "/attributes" + pointerStep(source.attribute),
                         "a personal attribute may not stand in an address");
            }
        }
        for (std::size_t k = 0; k < made.inbound[i].forms.size(); ++k) {
            if (!made.inbound[i].forms[k].when.soap_action.empty() && !made.envelope.soap11) {
                in.wrong(at + "/forms/" + std::to_string(k) + "/when/soap_action",
                         "only with envelope soap11");
            }
        }
    }
    if (made.envelope.soap11 && made.format != codec::Format::Xml) {
        in.wrong("/envelope/format", "soap11 needs read/format xml");
    }
    if (made.inbound.empty() && made.outbound.empty()) {
        in.wrong("/inbound", "neither inbound nor outbound: this plugin speaks to no one");
    }
}

}  // namespace

const OwnCode* Manifest::findCode(std::string_view code) const {
    const auto found =
        std::find_if(codes.begin(), codes.end(), [&](const OwnCode& c) { return c.code == code; });
    return found == codes.end() ? nullptr : &*found;
}

bool Manifest::declares(std::string_view attribute) const {
    return std::find(attributes.begin(), attributes.end(), attribute) != attributes.end();
}

bool Guard::excludes(const Guard& other) const {
    if (!root.empty() && !other.root.empty()) {
        if (root != other.root) return true;
        if (!space.empty() && !other.space.empty() && space != other.space) return true;
    }
    if (!path.empty() && path == other.path && is != other.is) return true;
    return !soap_action.empty() && !other.soap_action.empty() && soap_action != other.soap_action;
}

Checked<Manifest> readManifest(std::string_view json, const std::string& file) {
    Problems problems;
    JsonReading in(file, problems);
    if (json.size() > kManifestLimit) {
        in.wrong("", "larger than " + std::to_string(kManifestLimit) + " bytes");
        return tl::make_unexpected(std::move(problems));
    }
    const Json root = in.parse(json);
    if (root.is_null()) return tl::make_unexpected(std::move(problems));
    Manifest made;
    readHead(root, in, made);
    readReading(root, in, made);
    made.inbound = readInbound(root, in);
    made.envelope = readEnvelope(root, in);
    made.outbound = readOutbound(root, in);
    made.settings = readSettings(root, in);
    made.codes = readCodes(root, in);
    made.replies = readSaid(root, in, "replies", "problem+json");
    made.interpret = readSaid(root, in, "interpret", "http");
    made.decode = readSaid(root, in, "decode", "declared");
    made.encode = readSaid(root, in, "encode", "declared");
    made.check = readSaid(root, in, "check", "none");
    gatherAttributes(root, in, made);
    checkAcross(made, in);
    if (!problems.empty()) return tl::make_unexpected(std::move(problems));
    return made;
}

}  // namespace stafett::plugin
