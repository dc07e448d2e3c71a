#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "gateway/config/reader.h"
#include "gateway/message/schema.h"
#include "gateway/policy/policy.h"

// Reading policy.json: what its parts have in common. One thread.
namespace stafett::policy {

/// What the names in policy.json must be found in.
struct Names {
    const config::Config& config;
    const message::Catalogue& catalogue;
};

/// Each side is a party, type:…, dialect:… or *.
std::vector<std::string> readSides(config::Reader& r, std::string_view key, const Names& names,
                                   std::vector<std::string> fallback = {});
/// Each part is a kommunkod or a län.
std::vector<std::string> readTerritory(config::Reader& r);
/// Each kind is one of the canonical kinds, or *.
std::vector<std::string> readKinds(config::Reader& r, const Names& names);
/// Each field is, or holds, a field of some kind.
std::vector<std::string> readFields(config::Reader& r, std::string_view key, const Names& names);

struct Period {
    std::string from, to;
};
Period readPeriod(config::Reader& r);
/// Both hold on at least one day.
bool periodsMeet(const Period& a, const Period& b);
/// One party at least is of both.
bool sidesMeet(const std::vector<std::string>& a, const std::vector<std::string>& b,
               const config::Config& config);
bool territoriesMeet(const std::vector<std::string>& a, const std::vector<std::string>& b);

Rule readRule(config::Reader& r, const Names& names);
Agreement readAgreement(config::Reader& r, const Names& names);
/// An id that stands twice must say the same thing of different times.
void checkRule(config::Reader& r, const Rule& rule, const std::vector<Rule>& before);
/// The rule exists while the agreement does, and no other agreement speaks of the same thing.
void checkAgreement(config::Reader& r, const Agreement& agreement, const std::vector<Rule>& rules,
                    const std::vector<Agreement>& before, const Names& names);

}  // namespace stafett::policy
