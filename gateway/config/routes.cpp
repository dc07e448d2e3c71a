// routes.json: who is meant (addressing), and where they are reached (doors).
#include <unistd.h>

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

void readPush(Reader& r, Door& door) {
    door.host = r.text("host", {}, Reader::Need::Required);
    door.port = static_cast<std::uint16_t>(r.number("port", 443, 1, 65535));
    door.path = r.text("path");
    if (!door.path.empty() && (door.path.front() != '/' || door.path.back() == '/')) {
        r.problem(Code::ConfigRange, "path", "Begins with / and does not end with it.");
    }
}

std::filesystem::path readPlace(Reader& r, const Config& config, std::string_view key,
                                Reader::Need need) {
    const std::string text = r.text(key, {}, need);
    if (text.empty()) return {};
    auto place = (config.folder / text).lexically_normal();
    std::error_code failed;
    if (!std::filesystem::is_directory(place, failed)) {
        r.problem(Code::ConfigFile, key, "There is no such folder.");
    } else if (::access(place.c_str(), R_OK | W_OK | X_OK) != 0) {
        r.problem(Code::ConfigFile, key, "The gateway may not read and write in this folder.");
    }
    return place;
}

/// Two doors on one folder would take each other's files.
void checkApart(Reader& r, const Config& config, const Door& door, std::string_view key,
                const std::filesystem::path& place) {
    const auto same = [&](const std::filesystem::path& other) {
        std::error_code failed;
        return !place.empty() && !other.empty() &&
               std::filesystem::equivalent(place, other, failed) && !failed;
    };
    const bool shared =
        std::any_of(config.doors.begin(), config.doors.end(),
                    [&](const Door& other) { return same(other.out) || same(other.in); });
    if (shared || (key == "in" && same(door.out))) {
        r.problem(Code::ConfigDuplicate, key, "Each door has folders of its own.");
    }
}

void readFolder(Reader& r, const Config& config, Door& door) {
    door.by = Door::By::Folder;
    door.out = readPlace(r, config, "out", Reader::Need::Required);
    door.in = readPlace(r, config, "in", Reader::Need::Optional);
    checkApart(r, config, door, "out", door.out);
    checkApart(r, config, door, "in", door.in);
    door.route = r.text("route");
    door.content_type = r.text("content_type");
    if (door.in.empty()) return;
    if (door.route.empty() || door.route.front() != '/') {
        r.problem(Code::ConfigRange, "route", "The dialect's own path, such as /arende.");
    }
    if (door.content_type.empty()) r.problem(Code::ConfigMissing, "content_type");
}

Door readDoor(Reader& r, const Config& config) {
    Door door;
    door.id = r.text("id", {}, Reader::Need::Required);
    door.party = PartyId{r.text("party", {}, Reader::Need::Required)};
    door.function = FunctionId{r.text("function")};
    const std::string by = r.oneOf("by", {"push", "mailbox", "folder"}, "push");
    if (by == "push") {
        readPush(r, door);
    } else if (by == "mailbox") {
        door.by = Door::By::Mailbox;
    } else {
        readFolder(r, config, door);
    }
    checkAddress(r, config, door.party, door.function, "party");
    return door;
}

void addDoor(Reader& r, Config& config, Door door) {
    for (const auto& other : config.doors) {
        if (other.party != door.party) continue;
        if (other.function == door.function) {
            r.problem(Code::ConfigDuplicate, "function", "One door for each party and function.");
        }
        if (other.by != door.by) {
            r.problem(Code::ConfigRange, "by", "All doors of a party are of one kind.");
        }
    }
    config.doors.push_back(std::move(door));
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
    r.each("doors", [&](Reader& inner) { addDoor(inner, config, readDoor(inner, config)); });
    r.finish();
}

}  // namespace stafett::config
