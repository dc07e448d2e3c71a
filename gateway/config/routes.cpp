// routes.json: who is meant (addressing), and where they are reached (doors).
#include <algorithm>

#include "gateway/config/sections.h"

namespace stafett::config {
namespace {

void checkAddress(Reader& r, const Config& config, const PartyId& party, const FunctionId& function,
                  std::string_view key) {
    const Party* found = config.party(party);
    if (found == nullptr) {
        if (!party.empty()) r.problem(Code::ConfigReference, key, "No such party in parties/.");
    } else if (!function.empty() && !found->hasFunction(function)) {
        r.problem(Code::ConfigReference, "function", "The party has no such function.");
    }
}

AddressRule readRule(Reader& r, const Config& config) {
    AddressRule rule;
    rule.id = r.text("id", {}, Reader::Need::Required);
    rule.dialect = DialectId{r.text("dialect")};
    rule.sender = PartyId{r.text("sender")};
    rule.kind = r.text("kind");
    rule.unit = r.text("unit");
    rule.service = r.text("service");
    rule.municipality = r.text("municipality");
    rule.to = PartyId{r.text("to", {}, Reader::Need::Required)};
    rule.function = FunctionId{r.text("function")};
    rule.valid_from = r.date("valid_from");
    rule.valid_to = r.date("valid_to");
    checkAddress(r, config, rule.to, rule.function, "to");
    if (!rule.sender.empty()) checkAddress(r, config, rule.sender, {}, "sender");
    return rule;
}

Door readDoor(Reader& r, const Config& config) {
    Door door;
    door.id = r.text("id", {}, Reader::Need::Required);
    door.party = PartyId{r.text("party", {}, Reader::Need::Required)};
    door.function = FunctionId{r.text("function")};
    door.host = r.text("host", {}, Reader::Need::Required);
    door.port = static_cast<std::uint16_t>(r.number("port", 443, 1, 65535));
    door.path = r.text("path");
    if (!door.path.empty() && (door.path.front() != '/' || door.path.back() == '/')) {
        r.problem(Code::ConfigRange, "path", "Begins with / and does not end with it.");
    }
    checkAddress(r, config, door.party, door.function, "party");
    return door;
}

}  // namespace

void readRoutes(const std::filesystem::path& file, Config& config, Problems& problems) {
    const auto json = readFile(file);
    if (!json) {
        problems.push_back(json.error());
        return;
    }
    Reader r(*json, file.string(), "", problems);
    r.each("addressing", [&](Reader& inner) {
        AddressRule rule = readRule(inner, config);
        const bool twice =
            std::any_of(config.addressing.begin(), config.addressing.end(),
                        [&](const AddressRule& other) { return other.id == rule.id; });
        if (twice) inner.problem(Code::ConfigDuplicate, "id");
        config.addressing.push_back(std::move(rule));
    });
    r.each("doors", [&](Reader& inner) {
        Door door = readDoor(inner, config);
        const bool twice =
            std::any_of(config.doors.begin(), config.doors.end(), [&](const Door& other) {
                return other.party == door.party && other.function == door.function;
            });
        if (twice) {
            inner.problem(Code::ConfigDuplicate, "function",
                          "One door for each party and function.");
        }
        config.doors.push_back(std::move(door));
    });
    r.finish();
}

}  // namespace stafett::config
