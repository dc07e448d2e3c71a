#include "gateway/transport/refusal.h"

#include "gateway/transport/grammar.h"

namespace stafett::transport {
namespace {

void addText(std::string& json, std::string_view name, std::string_view text) {
    json.append(",\"").append(name).append("\":\"");
    for (const char c : text) {
        if (c == '"' || c == '\\') json.push_back('\\');
        json.push_back(c);
    }
    json.push_back('"');
}

std::string_view outcomeName(Outcome outcome) {
    switch (outcome) {
        case Outcome::NotAllowed:
            return "not_allowed";
        case Outcome::Conflict:
            return "conflict";
        case Outcome::Busy:
            return "busy";
        default:
            return "malformed";
    }
}

}  // namespace

HttpResponse problem(Refusal refusal, Language language) {
    const auto& row = info(refusal.code);
    HttpResponse response;
    response.status = refusal.status;
    response.headers.add("Content-Type", "application/problem+json");
    response.headers.add("Cache-Control", "no-store");
    response.headers.add("X-Content-Type-Options", "nosniff");
    response.headers.add("Stafett-Outcome", std::string(outcomeName(row.outcome)));
    if (refusal.status == 503 || refusal.status == 429) response.headers.add("Retry-After", "5");
    if (refusal.status == 405) response.headers.add("Allow", "GET, HEAD, POST, PUT, PATCH, DELETE");
    auto& json = response.body;
    json = "{\"type\":\"about:blank\",\"status\":" + std::to_string(refusal.status);
    addText(json, "code", row.id);
    addText(json, "title", row.what(language));
    addText(json, "detail", row.todo(language));
    if (!refusal.place.empty()) addText(json, "path", refusal.place);
    if (refusal.limit > 0) json += ",\"limit\":" + std::to_string(refusal.limit);
    json += "}\n";
    return response;
}

Language languageOf(const Headers& headers) {
    const auto wanted = trimmed(headers.get("Accept-Language"));
    return wanted.size() >= 2 && sameName(wanted.substr(0, 2), "en") ? Language::English
                                                                     : Language::Swedish;
}

}  // namespace stafett::transport
