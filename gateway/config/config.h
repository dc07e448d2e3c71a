#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/base/ids.h"
#include "gateway/base/result.h"
#include "gateway/config/party.h"
#include "gateway/config/settings.h"

namespace stafett::config {

/// One row of the addressing table: who is meant, when the document does not name a party.
/// Every condition given must hold; an empty one holds always.
struct AddressRule {
    std::string id;
    DialectId dialect;  ///< of the sender
    PartyId sender;
    std::string kind;
    std::string unit;          ///< what the document says of the receiver's unit or function
    std::string service;       ///< service/code
    std::string municipality;  ///< person/municipality, or its first two digits for a län
    PartyId to;
    FunctionId function;
    std::string valid_from, valid_to;
};

/// Everything a gateway is told from files, checked whole. Never changed after.
struct Config {
    std::filesystem::path folder;
    Settings settings;
    std::map<PartyId, Party> parties;
    std::vector<AddressRule> addressing;
    std::vector<Door> doors;

    const Party* party(const PartyId& id) const;
    /// The door of this function, else the party's; nothing when it has none.
    const Door* door(const PartyId& party, const FunctionId& function) const;
    /// The parties whose doors are of this kind.
    std::vector<PartyId> reachedBy(Door::By by) const;
};

/// What could be read of a folder (stafett.json, parties/*.json, routes.json), and all that is
/// wrong there: for who would judge the other files too.
struct Reading {
    Config config;
    Problems problems;
};
Reading read(const std::filesystem::path& folder);

/// The same, whole or not at all.
Checked<Config> load(const std::filesystem::path& folder);

/// Whether a period holds on a date. Dates are YYYY-MM-DD, inclusive; empty = open.
bool holdsOn(std::string_view from, std::string_view to, std::string_view date);

}  // namespace stafett::config
