#include "gateway/plugin/manifest_parts.h"

#include <algorithm>
#include <set>

namespace stafett::plugin {
namespace {

bool isDigit(char c) { return c >= '0' && c <= '9'; }
bool isSmall(char c) { return c >= 'a' && c <= 'z'; }
bool isCapital(char c) { return c >= 'A' && c <= 'Z'; }

bool isCode(std::string_view code) {
    return !code.empty() && code.size() <= 64 && isCapital(code.front()) &&
           std::all_of(code.begin(), code.end(),
                       [](char c) { return isCapital(c) || isDigit(c) || c == '-' || c == '_'; });
}

std::optional<long long> readLimit(const Json& entry, const std::string& at, const char* key,
                                   JsonReading& in) {
    const auto found = entry.find(key);
    if (found == entry.end()) return std::nullopt;
    if (found->is_number_integer()) return found->get<long long>();
    in.wrong(at + pointerStep(key), "must be a whole number");
    return std::nullopt;
}

void readLimits(const Json& entry, const std::string& at, Setting& made, JsonReading& in) {
    const bool integer = made.type == Setting::Type::Integer;
    made.minimum = readLimit(entry, at, integer ? "minimum" : "minLength", in);
    made.maximum = readLimit(entry, at, integer ? "maximum" : "maxLength", in);
    for (const char* other :
         {integer ? "minLength" : "minimum", integer ? "maxLength" : "maximum"}) {
        if (entry.contains(other)) in.wrong(at + pointerStep(other), "does not fit the type");
    }
    if (made.minimum && made.maximum && *made.minimum > *made.maximum) {
        in.wrong(at, "the lower limit is above the upper one");
    }
}

/// Annotations of JSON Schema that begin with x- are for forms and docs: any text.
void knownInSetting(const Json& entry, const std::string& at, JsonReading& in) {
    Json plain = Json::object();
    for (const auto& [key, value] : entry.items()) {
        if (!key.starts_with("x-")) plain[key] = 0;
    }
    in.known(plain, at,
             {"type", "title", "description", "pattern", "enum", "minLength", "maxLength",
              "minimum", "maximum", "default", "examples"});
}

Setting readSetting(const std::string& name, const Json& entry, const std::string& at,
                    JsonReading& in) {
    Setting made;
    made.name = name;
    knownInSetting(entry, at, in);
    const auto type =
        in.choice(entry, at, "type", Need::Required, {"string", "integer", "boolean"});
    made.type = type == "integer"   ? Setting::Type::Integer
                : type == "boolean" ? Setting::Type::Boolean
                                    : Setting::Type::String;
    in.text(entry, at, "title", Need::Required);
    made.allowed = in.texts(entry, at, "enum");
    made.pattern = in.text(entry, at, "pattern", Need::Optional);
    if (!made.pattern.empty()) {
        try {
            made.fits = std::regex(made.pattern, std::regex::ECMAScript | std::regex::optimize);
        } catch (const std::regex_error&) {
            in.wrong(at + "/pattern", "not a regular expression (ECMAScript)");
        }
    }
    readLimits(entry, at, made, in);
    const auto fallback = entry.find("default");
    if (fallback != entry.end()) {
        made.fallback = fallback->is_string() ? fallback->get<std::string>() : fallback->dump();
        const SettingsSchema alone{{made}};
        if (!alone.check({{name, made.fallback}}).empty()) {
            in.wrong(at + "/default", "does not pass its own check");
        }
    }
    return made;
}

}  // namespace

bool isSmallName(std::string_view name) {
    return !name.empty() && name.size() <= 64 && isSmall(name.front()) &&
           std::all_of(name.begin(), name.end(),
                       [](char c) { return isSmall(c) || isDigit(c) || c == '_' || c == '-'; });
}

bool isName(std::string_view name) {
    return !name.empty() && name.size() <= 64 &&
           (isSmall(name.front()) || isCapital(name.front())) &&
           std::all_of(name.begin(), name.end(), [](char c) {
               return isSmall(c) || isCapital(c) || isDigit(c) || c == '_' || c == '-';
           });
}

WireTemplate readTemplate(const Json& object, const std::string& at, const char* key, Need need,
                          JsonReading& in) {
    const auto text = in.text(object, at, key, need);
    auto made = WireTemplate::parse(text);
    if (made) return std::move(*made);
    in.wrong(at + pointerStep(key), "a brace may only begin {attr:NAME} or {setting:NAME}");
    return {};
}

Envelope readEnvelope(const Json& root, JsonReading& in) {
    Envelope made;
    const Json* envelope = in.object(root, "", "envelope", Need::Optional);
    if (envelope == nullptr) return made;
    in.known(*envelope, "/envelope", {"format", "soap_action", "headers"});
    made.soap11 =
        in.choice(*envelope, "/envelope", "format", Need::Required, {"none", "soap11"}) == "soap11";
    made.action_required = in.choice(*envelope, "/envelope", "soap_action", Need::Optional,
                                     {"optional", "required"}) == "required";
    const Json* headers = in.object(*envelope, "/envelope", "headers", Need::Optional);
    if (headers == nullptr) return made;
    std::set<std::pair<std::string, std::string>> taken;
    for (const auto& [name, entry] : headers->items()) {
        const auto at = "/envelope/headers" + pointerStep(name);
        if (!entry.is_object()) {
            in.wrong(at, "must be an object");
            continue;
        }
        in.known(entry, at, {"namespace", "name", "required", "value"});
        SoapHeader header;
        header.attribute = name;
        if (!isName(name)) in.wrong(at, "a name is letters, digits, _ and -");
        header.space = in.text(entry, at, "namespace", Need::Required);
        header.name = in.text(entry, at, "name", Need::Required);
        if (!header.name.empty() && !isName(header.name)) {
            in.wrong(at + "/name", "an element name of ASCII letters, digits, _ and -");
        }
        header.required = in.flag(entry, at, "required");
        header.value = readTemplate(entry, at, "value", Need::Optional, in);
        if (!taken.emplace(header.space, header.name).second) in.wrong(at, "stands twice");
        made.headers.push_back(std::move(header));
    }
    return made;
}

SettingsSchema readSettings(const Json& root, JsonReading& in) {
    SettingsSchema made;
    const Json* schema = in.object(root, "", "settings", Need::Optional);
    if (schema == nullptr) return made;
    in.known(*schema, "/settings",
             {"$schema", "type", "title", "description", "properties", "required",
              "additionalProperties"});
    in.choice(*schema, "/settings", "type", Need::Required, {"object"});
    if (const Json* properties = in.object(*schema, "/settings", "properties", Need::Required)) {
        for (const auto& [name, entry] : properties->items()) {
            const auto at = "/settings/properties" + pointerStep(name);
            if (!isName(name)) in.wrong(at, "a name is letters, digits, _ and -");
            if (entry.is_object()) {
                made.settings.push_back(readSetting(name, entry, at, in));
            } else {
                in.wrong(at, "must be an object");
            }
        }
    }
    const auto required = in.texts(*schema, "/settings", "required");
    for (std::size_t i = 0; i < required.size(); ++i) {
        const auto found = std::find_if(made.settings.begin(), made.settings.end(),
                                        [&](const Setting& s) { return s.name == required[i]; });
        if (found == made.settings.end()) {
            in.wrong("/settings/required/" + std::to_string(i), "no such property");
        } else {
            found->required = true;
        }
    }
    return made;
}

std::vector<OwnCode> readCodes(const Json& root, JsonReading& in) {
    std::vector<OwnCode> made;
    const Json* all = in.array(root, "", "codes", Need::Optional);
    if (all == nullptr) return made;
    std::set<std::string> taken;
    for (std::size_t i = 0; i < all->size(); ++i) {
        const auto at = "/codes/" + std::to_string(i);
        const Json& entry = (*all)[i];
        if (!entry.is_object()) {
            in.wrong(at, "must be an object");
            continue;
        }
        in.known(entry, at, {"code", "outcome", "sv", "en", "todo_sv", "todo_en"});
        OwnCode code;
        code.code = in.text(entry, at, "code", Need::Required);
        if (!code.code.empty() && !isCode(code.code)) {
            in.wrong(at + "/code", "capitals, digits, - and _, at most 64");
        }
        if (code.code.starts_with("ST-")) in.wrong(at + "/code", "ST- is the gateway's own");
        if (!taken.insert(code.code).second) in.wrong(at + "/code", "stands twice");
        code.outcome = in.choice(entry, at, "outcome", Need::Required,
                                 {"content_refused", "warning"}) == "warning"
                           ? Outcome::Warning
                           : Outcome::ContentRefused;
        code.sv = in.text(entry, at, "sv", Need::Required);
        code.en = in.text(entry, at, "en", Need::Required);
        code.todo_sv = in.text(entry, at, "todo_sv", Need::Required);
        code.todo_en = in.text(entry, at, "todo_en", Need::Required);
        made.push_back(std::move(code));
    }
    return made;
}

}  // namespace stafett::plugin
