#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "gateway/config/config.h"
#include "gateway/config/reader.h"

// How rules name the parties and places they hold for; the same words in policy.json and
// deadlines.json.
namespace stafett::config {

/// Whether one of these names the party: its organisationsnummer, `type:municipality`,
/// `dialect:region`, or `*`.
bool names(const std::vector<std::string>& sides, const Party& party);

/// Reads such a list and tells what names nobody. At least one is needed where `need` says so.
std::vector<std::string> readSides(Reader& r, std::string_view key, const Config& config,
                                   Reader::Need need);

/// Whether a kommunkod lies in one of these: kommunkod, or its first two digits for a län. An empty
/// list is everywhere; an unknown place ("") lies only in that.
bool liesIn(const std::vector<std::string>& territory, std::string_view municipality);

/// Reads such a list and tells what is neither a kommunkod nor a län.
std::vector<std::string> readTerritory(Reader& r, std::string_view key);

}  // namespace stafett::config
