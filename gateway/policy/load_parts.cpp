// policy.json: sides, territories, kinds, fields and periods.
#include <algorithm>
#include <set>

#include "gateway/message/identifiers.h"
#include "gateway/policy/loading.h"
#include "gateway/policy/match.h"

namespace stafett::policy {
namespace {

using config::Reader;

std::string nearestOf(std::string_view found, const std::vector<std::string>& known) {
    const std::string near = nearest(found, known);
    return near.empty() ? std::string() : "Nearest: " + near + ".";
}

void checkSide(Reader& r, std::string_view key, const std::string& side,
               const config::Config& config) {
    static const std::vector<std::string> kTypes = {"type:agency", "type:municipality",
                                                    "type:region", "type:insats"};
    if (side == "*") return;
    if (side.starts_with("dialect:")) {
        std::set<std::string> dialects;
        for (const auto& [id, party] : config.parties)
            dialects.insert("dialect:" + party.dialect.value);
        if (dialects.count(side) == 0) {
            r.problem(Code::ConfigReference, key,
                      nearestOf(side, {dialects.begin(), dialects.end()}));
        }
    } else if (side.starts_with("type:")) {
        if (!contains(kTypes, side)) r.problem(Code::ConfigReference, key, nearestOf(side, kTypes));
    } else if (config.party(PartyId{side}) == nullptr) {
        r.problem(Code::ConfigReference, key,
                  "\"" + side + "\" is no party in parties/, and no type: or dialect:.");
    }
}

/// A län is two digits that some kommunkod begins with.
bool isCounty(std::string_view text) {
    return text.size() == 2 && message::isMunicipalityCode(std::string(text) + "80");
}

}  // namespace

std::vector<std::string> readSides(Reader& r, std::string_view key, const Names& names,
                                   std::vector<std::string> fallback) {
    auto sides = r.texts(key, std::move(fallback));
    if (sides.empty()) r.problem(Code::ConfigMissing, key, "Name at least one side, or \"*\".");
    for (const auto& side : sides) checkSide(r, key, side, names.config);
    return sides;
}

std::vector<std::string> readTerritory(Reader& r) {
    auto territory = r.texts("territory");
    for (const auto& part : territory) {
        if (message::isMunicipalityCode(part) || isCounty(part)) continue;
        r.problem(Code::ConfigRange, "territory",
                  "\"" + part + "\" is no kommunkod (four digits) and no län (two).");
    }
    return territory;
}

std::vector<std::string> readKinds(Reader& r, const Names& names) {
    auto kinds = r.texts("kinds");
    std::vector<std::string> known;
    for (const auto& schema : names.catalogue.schemas()) known.push_back(schema->kind);
    for (const auto& kind : kinds) {
        if (kind == "*" || contains(known, kind)) continue;
        r.problem(Code::ConfigReference, "kinds", nearestOf(kind, known));
    }
    return kinds;
}

std::vector<std::string> readFields(Reader& r, std::string_view key, const Names& names) {
    auto fields = r.texts(key);
    std::vector<std::string> known;
    for (const auto& schema : names.catalogue.schemas()) {
        for (const auto& field : schema->root.fields) known.push_back(field.path);
    }
    for (const auto& root : fields) {
        const bool holds_one =
            root == "*" || std::any_of(known.begin(), known.end(),
                                       [&](const std::string& path) { return under(path, root); });
        if (!holds_one) r.problem(Code::ConfigReference, key, nearestOf(root, known));
    }
    return fields;
}

Period readPeriod(Reader& r) {
    Period period{r.date("valid_from"), r.date("valid_to")};
    if (!period.to.empty() && period.to < period.from) {
        r.problem(Code::ConfigRange, "valid_to", "Not before valid_from.");
    }
    return period;
}

bool periodsMeet(const Period& a, const Period& b) {
    return (a.to.empty() || b.from <= a.to) && (b.to.empty() || a.from <= b.to);
}

bool sidesMeet(const std::vector<std::string>& a, const std::vector<std::string>& b,
               const config::Config& config) {
    return std::any_of(config.parties.begin(), config.parties.end(), [&](const auto& entry) {
        return sideIs(a, entry.second) && sideIs(b, entry.second);
    });
}

bool territoriesMeet(const std::vector<std::string>& a, const std::vector<std::string>& b) {
    if (a.empty() || b.empty()) return true;
    return std::any_of(a.begin(), a.end(), [&](const std::string& one) {
        return std::any_of(b.begin(), b.end(), [&](const std::string& other) {
            return one.starts_with(other) || other.starts_with(one);
        });
    });
}

}  // namespace stafett::policy
