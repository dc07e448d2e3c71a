#pragma once

#include <string_view>
#include <vector>

#include "gateway/config/config.h"

// How sides, places, fields and periods of policy.json are matched: in one way everywhere.
namespace stafett::policy {

bool contains(const std::vector<std::string>& list, std::string_view item);

/// Whether a party is one of the sides: an organisationsnummer, type:…, dialect:… or *.
bool sideIs(const std::vector<std::string>& sides, const config::Party& party);

/// Whether a kommunkod lies in a territory of kommunkoder and län; empty = everywhere.
bool liesIn(const std::vector<std::string>& territory, std::string_view place);

/// Whether a canonical path is `root` or lies under it.
bool under(std::string_view path, std::string_view root);
bool underAny(std::string_view path, const std::vector<std::string>& roots);

}  // namespace stafett::policy
