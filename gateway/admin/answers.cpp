#include "gateway/admin/answers.h"

#include <charconv>

#include "gateway/message/identifiers.h"

namespace stafett::admin {

using Json = nlohmann::ordered_json;

transport::HttpResponse respond(int status, std::string type, std::string body) {
    transport::HttpResponse response;
    response.status = status;
    response.headers.add("Content-Type", std::move(type));
    response.headers.add("Cache-Control", "no-store");
    response.headers.add("X-Content-Type-Options", "nosniff");
    response.body = std::move(body);
    return response;
}

transport::HttpResponse respond(const Json& json) {
    return respond(200, "application/json", json.dump());
}

transport::HttpResponse problem(int status, const Error& error) {
    Json json = {{"type", "about:blank"},
                 {"status", status},
                 {"title", error.info().what_en},
                 {"detail", error.info().todo_en},
                 {"code", error.info().id}};
    if (!error.place().path.empty()) json["path"] = error.place().path;
    if (!error.place().row.empty()) json["row"] = error.place().row;
    if (!error.place().hint.empty()) json["hint"] = error.place().hint;
    return respond(status, "application/problem+json", json.dump());
}

bool isOfType(const transport::HttpRequest& request, std::string_view type) {
    const auto said = request.headers.get("Content-Type");
    return said.substr(0, said.find(';')) == type;
}

transport::HttpResponse problem(int status, Code code) { return problem(status, Error(code)); }

PartyId partyOf(const std::string& value, std::string_view parameter) {
    auto number = message::readOrgNumber(value);
    if (!number) throw BadQuery{parameter, "an organisationsnummer: 2120001124, 212000-1124"};
    return PartyId{std::move(*number)};
}

std::uint32_t limitOf(const std::string& value) {
    std::uint32_t limit = 0;
    const auto [end, failed] = std::from_chars(value.data(), value.data() + value.size(), limit);
    const bool whole = failed == std::errc{} && end == value.data() + value.size();
    if (!whole || limit == 0 || limit > 500)
        throw BadQuery{.parameter = "limit", .hint = "1 to 500"};
    return limit;
}

}  // namespace stafett::admin
