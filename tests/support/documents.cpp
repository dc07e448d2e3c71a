#include "tests/support/documents.h"

#include "gateway/app/simulate/names.h"
#include "gateway/app/simulate/wire_path.h"
#include "gateway/base/bytes.h"
#include "gateway/base/clock.h"
#include "gateway/base/ids.h"
#include "gateway/codec/read.h"
#include "gateway/codec/write.h"
#include "gateway/message/dates.h"

namespace stafett::support {
namespace {

const std::filesystem::path kSource = STAFETT_SOURCE_DIR;
constexpr codec::Encoding kLegacy[] = {codec::Encoding::Latin1, codec::Encoding::Windows1252};

using Fields = std::vector<std::pair<std::string, std::string>>;
struct Way {
    std::string path;
    Fields headers;
};

Way socialInsurance(const std::string& form, const std::string& root) {
    return {"/samverkan/v1",
            {{"Content-Type", "text/xml; charset=utf-8"},
             {"SOAPAction", "\"urn:example:fk:samverkan:" + form + ":1:" + root + "\""}}};
}

Way employmentService(const std::string& form) {
    return {"/v1/" + form,
            {{"Content-Type", "application/json; charset=utf-8"},
             {"AF-TrackingId", "${uuid:tracking}"},
             {"AF-SystemId", "AIS"},
             {"AF-EndUserId", "*sys*"},
             {"AF-Environment", "T1"}}};
}

Way wayOf(const std::string& file) {
    if (file.starts_with("fk-svar")) return socialInsurance("svar", "Svar");
    if (file.starts_with("af-overtagande")) return employmentService("overtagande");
    if (file.starts_with("af-slutredovisning")) return employmentService("slutredovisning");
    if (file.starts_with("region")) {
        return {"/$process-message", {{"Content-Type", "application/fhir+json"}}};
    }
    return {"/arende", {{"Content-Type", "application/xml; charset=ISO-8859-1"}}};
}

bool isLatin1(const std::string& text) {
    return text.substr(0, text.find("?>")).find("ISO-8859-1") != std::string::npos &&
           text.starts_with("<?xml");
}

/// Documents of ours lie as UTF-8; they go as they declare.
std::string asDeclared(const std::string& utf8) {
    if (!isLatin1(utf8)) return utf8;
    auto bytes = codec::encodeXml(utf8, codec::Encoding::Latin1, codec::Unencodable::Refuse);
    if (!bytes) throw std::runtime_error("not in ISO-8859-1");
    return std::move(*bytes);
}

std::string changed(std::string text, const Changes& changes) {
    for (const auto& [from, to] : changes) text = replaced(std::move(text), from, to);
    return text;
}

}  // namespace

Names::Names() {
    const Time now = SystemClock().now();
    values_["now"] = timeText(now);
    values_["now_local"] = message::toStockholm(timeText(now));
    values_["today"] = message::stockholmDate(now);
    for (const int days : {14, 30, 90, 180}) {
        values_["in_" + std::to_string(days) + "_days"] =
            message::stockholmDate(now + std::chrono::days(days));
    }
}

Names& Names::set(const std::string& name, const std::string& value) {
    values_[name] = value;
    return *this;
}

std::string Names::get(const std::string& name) {
    if (const auto known = values_.find(name); known != values_.end()) return known->second;
    std::string made;
    if (name.starts_with("uuid:")) {
        made = Uuid::make().text();
    } else if (name.starts_with("int:")) {
        made = app::newNumber();
    } else {
        throw std::runtime_error("nothing stands for ${" + name + "}");
    }
    return values_[name] = made;
}

std::string Names::fill(std::string text) {
    for (auto at = text.find("${"); at != std::string::npos; at = text.find("${", at)) {
        const auto end = text.find('}', at);
        if (end == std::string::npos) break;
        const std::string value = get(text.substr(at + 2, end - at - 2));
        text.replace(at, end - at + 1, value);
        at += value.size();
    }
    return text;
}

std::string replaced(std::string text, const std::string& from, const std::string& to) {
    auto at = text.find(from);
    if (at == std::string::npos) throw std::runtime_error("not in the document: " + from);
    for (; at != std::string::npos; at = text.find(from, at + to.size())) {
        text.replace(at, from.size(), to);
    }
    return text;
}

transport::HttpRequest documentRequest(const std::string& file, Names& names,
                                       const Changes& changes) {
    const auto way = wayOf(file);
    transport::HttpRequest request;
    request.method = "POST";
    request.path = way.path;
    for (const auto& [name, value] : way.headers) request.headers.add(name, names.fill(value));
    const auto text = readFile(kSource / "config/examples/single-node/documents" / file);
    request.body = asDeclared(names.fill(changed(text, changes)));
    return request;
}

transport::HttpRequest goldenRequest(const std::string& dialect, const std::string& name,
                                     const Changes& changes) {
    const auto folder = kSource / "plugins" / dialect / "cases" / name;
    const auto attributes = Json::parse(readFile(folder / "attributes.json"));
    transport::HttpRequest request;
    request.method = attributes.at("method").get<std::string>();
    request.path = attributes.at("path").get<std::string>();
    for (const auto& [header, value] : attributes.at("headers").items()) {
        request.headers.add(header, value.get<std::string>());
    }
    const bool json = std::filesystem::exists(folder / "wire.json");
    request.body = readFile(folder / (json ? "wire.json" : "wire.xml"));
    if (changes.empty()) return request;
    request.body = asDeclared(changed(codec::asUtf8(request.body), changes));
    return request;
}

Json claimsOf(std::string_view receipt) {
    const auto first = receipt.find('.');
    const auto second = receipt.find('.', first + 1);
    if (second == std::string_view::npos) return Json::object();
    const auto payload = fromBase64Url(receipt.substr(first + 1, second - first - 1));
    return payload ? Json::parse(*payload) : Json::object();
}

Json claimsOf(const transport::HttpResponse& response) {
    return claimsOf(response.headers.get("Stafett-Receipt"));
}

std::optional<std::string> fieldOf(const std::string& body, const std::string& path) {
    codec::ReadOptions options;
    options.limits.bytes = 8U << 20;
    const auto first = body.find_first_not_of(" \t\r\n");
    const bool json = first != std::string::npos && body[first] == '{';
    options.allowed = kLegacy;
    const auto document = json ? codec::readJson(body, options) : codec::readXml(body, options);
    if (!document) return std::nullopt;
    return app::textAt(*document, path);
}

std::optional<std::string> messageIdOf(const std::string& dialect,
                                       const transport::HttpRequest& request) {
    if (dialect == "employment_service") {
        return std::string(request.headers.get("AF-TrackingId"));
    }
    if (dialect == "municipality") return fieldOf(request.body, "@MeddelandeId");
    if (dialect == "region") {
        auto id = fieldOf(request.body, "identifier/value");
        if (id && id->starts_with("urn:uuid:")) id = id->substr(9);
        return id;
    }
    for (const char* root : {"Remiss", "Overlamning", "Svar", "Notis"}) {
        if (auto id = fieldOf(request.body, std::string("Body/") + root + "/meddelande-id")) {
            return id;
        }
    }
    return std::nullopt;
}

}  // namespace stafett::support
