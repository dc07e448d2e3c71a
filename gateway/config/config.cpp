#include "gateway/config/config.h"

#include <algorithm>

#include "gateway/config/sections.h"

namespace stafett::config {
namespace {

/// Every party a system may act for must be there.
void checkSystems(const Config& config, const std::string& file, Problems& problems) {
    for (std::size_t i = 0; i < config.settings.systems.size(); ++i) {
        const auto& parties = config.settings.systems[i].parties;
        for (std::size_t j = 0; j < parties.size(); ++j) {
            if (config.party(parties[j]) != nullptr) continue;
            problems.emplace_back(
                Code::ConfigReference,
                Place{.path = "/systems/" + std::to_string(i) + "/parties/" + std::to_string(j),
                      .file = file,
                      .hint = "No such party in parties/."});
        }
    }
}

}  // namespace

bool Party::hasFunction(const FunctionId& function) const { return find(function) != nullptr; }

const Function* Party::find(const FunctionId& function) const {
    const auto found = std::find_if(functions.begin(), functions.end(),
                                    [&](const Function& f) { return f.id == function; });
    return found == functions.end() ? nullptr : &*found;
}

std::string Door::url() const { return "https://" + host + ":" + std::to_string(port) + path; }

const Party* Config::party(const PartyId& id) const {
    const auto found = parties.find(id);
    return found == parties.end() ? nullptr : &found->second;
}

const Door* Config::door(const PartyId& party, const FunctionId& function) const {
    const Door* general = nullptr;
    for (const auto& door : doors) {
        if (door.party != party) continue;
        if (door.function == function) return &door;
        if (door.function.empty()) general = &door;
    }
    return general;
}

std::vector<PartyId> Config::reachedBy(Door::By by) const {
    std::vector<PartyId> found;
    for (const auto& door : doors) {
        if (door.by == by && std::find(found.begin(), found.end(), door.party) == found.end()) {
            found.push_back(door.party);
        }
    }
    return found;
}

bool holdsOn(std::string_view from, std::string_view to, std::string_view date) {
    return (from.empty() || from <= date) && (to.empty() || date <= to);
}

Reading read(const std::filesystem::path& folder) {
    Reading reading;
    auto& [config, problems] = reading;
    config.folder = folder;
    const auto file = folder / "stafett.json";
    const auto json = readFile(file);
    if (json) {
        config.settings = readSettings(*json, file, problems);
    } else {
        problems.push_back(json.error());
    }
    readParties(folder / "parties", config, problems);
    readRoutes(folder / "routes.json", config, problems);
    checkSystems(config, file.string(), problems);
    return reading;
}

Checked<Config> load(const std::filesystem::path& folder) {
    auto reading = read(folder);
    if (!reading.problems.empty()) return tl::make_unexpected(std::move(reading.problems));
    return std::move(reading.config);
}

}  // namespace stafett::config
