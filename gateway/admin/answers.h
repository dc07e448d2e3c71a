#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>

#include "gateway/base/error.h"
#include "gateway/base/ids.h"
#include "gateway/transport/http.h"

// What every answer of the admin API has in common.
namespace stafett::admin {

transport::HttpResponse respond(int status, std::string type, std::string body);
transport::HttpResponse respond(const nlohmann::ordered_json& json);  ///< 200

/// RFC 9457. Says what is wrong and where, and never what was asked.
transport::HttpResponse problem(int status, const Error& error);
transport::HttpResponse problem(int status, Code code);

/// Whether a body is said to be of this type. What changes anything asks: a page of another site in
/// the operator's browser may send forms and plain text to loopback, but neither JSON nor CSV.
bool isOfType(const transport::HttpRequest& request, std::string_view type);

/// A query that is not one; answered with 400, and the parameter where it is one of ours.
struct BadQuery {
    std::string_view parameter = {};
    std::string_view hint = {};  ///< what it may be
};
/// A party by its organisationsnummer, in any of its spellings; throws BadQuery.
PartyId partyOf(const std::string& value, std::string_view parameter);
/// Rows a page, 1 to 500; throws BadQuery.
std::uint32_t limitOf(const std::string& value);

/// `after` and `limit`, which every list has; throws BadQuery for any other parameter.
template <class Query>
void readPage(Query& query, const std::string& key, const std::string& value) {
    if (key == "after") {
        query.after = value;
    } else if (key == "limit") {
        query.limit = limitOf(value);
    } else {
        throw BadQuery{};
    }
}

}  // namespace stafett::admin
