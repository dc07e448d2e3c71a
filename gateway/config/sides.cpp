#include "gateway/config/sides.h"

#include <algorithm>

namespace stafett::config {
namespace {

bool contains(const std::vector<std::string>& list, std::string_view item) {
    return std::find(list.begin(), list.end(), item) != list.end();
}

bool isDigits(std::string_view text) {
    return std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

}  // namespace

bool names(const std::vector<std::string>& sides, const Party& party) {
    return contains(sides, "*") || contains(sides, party.id.value) ||
           contains(sides, "type:" + party.type) ||
           contains(sides, "dialect:" + party.dialect.value);
}

std::vector<std::string> readSides(Reader& r, std::string_view key, const Config& config,
                                   Reader::Need need) {
    static const std::vector<std::string> kTypes = {"type:agency", "type:municipality",
                                                    "type:region", "type:insats"};
    auto sides = r.texts(key);
    if (sides.empty() && need == Reader::Need::Required) {
        r.problem(Code::ConfigMissing, key, "Name at least one side, or \"*\".");
    }
    for (const auto& side : sides) {
        if (side == "*" || side.starts_with("dialect:")) continue;
        if (side.starts_with("type:")) {
            if (!contains(kTypes, side)) {
                r.problem(Code::ConfigReference, key, "Nearest: " + nearest(side, kTypes) + ".");
            }
        } else if (config.party(PartyId{side}) == nullptr) {
            r.problem(Code::ConfigReference, key,
                      "\"" + side + "\" is no party in parties/, and no type: or dialect:.");
        }
    }
    return sides;
}

bool liesIn(const std::vector<std::string>& territory, std::string_view municipality) {
    if (territory.empty()) return true;
    return !municipality.empty() &&
           std::any_of(territory.begin(), territory.end(),
                       [&](const std::string& t) { return municipality.starts_with(t); });
}

std::vector<std::string> readTerritory(Reader& r, std::string_view key) {
    auto territory = r.texts(key);
    for (const auto& place : territory) {
        if ((place.size() != 2 && place.size() != 4) || !isDigits(place)) {
            r.problem(Code::ConfigRange, key,
                      "\"" + place + "\": a kommunkod of four digits, or a län of two.");
        }
    }
    return territory;
}

}  // namespace stafett::config
