#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>

#include "gateway/base/error.h"
#include "gateway/transport/http.h"

// What every answer of the admin API has in common.
namespace stafett::admin {

transport::HttpResponse respond(int status, std::string type, std::string body);
transport::HttpResponse respond(const nlohmann::ordered_json& json);  ///< 200

/// RFC 9457. Says what is wrong and where, and never what was asked.
transport::HttpResponse problem(int status, const Error& error);
transport::HttpResponse problem(int status, Code code);

/// A query that is not one; answered with 400.
struct BadQuery {};
/// Rows a page, 1 to 500; throws BadQuery.
std::uint32_t limitOf(const std::string& value);

}  // namespace stafett::admin
