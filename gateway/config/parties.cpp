// parties/*.json: one organisation a file.
#include <algorithm>

#include "gateway/config/sections.h"
#include "gateway/message/identifiers.h"

namespace stafett::config {
namespace {

void readFunctions(Reader& r, Party& party) {
    r.each("functions", [&](Reader& inner) {
        Function function{FunctionId{inner.text("id", {}, Reader::Need::Required)},
                          inner.text("name"), inner.text("phone")};
        if (party.hasFunction(function.id)) inner.problem(Code::ConfigDuplicate, "id");
        if (inner.truth("default", false)) {
            if (!party.default_function.empty()) {
                inner.problem(Code::ConfigDuplicate, "default", "One function is the default.");
            }
            party.default_function = function.id;
        }
        party.functions.push_back(std::move(function));
    });
    if (party.functions.empty()) {
        r.problem(Code::ConfigMissing, "functions", "A party has at least one function.");
    } else if (party.default_function.empty()) {
        if (party.functions.size() > 1) {
            r.problem(Code::ConfigMissing, "functions", "Mark one as \"default\": true.");
        }
        party.default_function = party.functions.front().id;
    }
}

void readPartySettings(Reader& r, Party& party) {
    const auto* settings = r.any("settings");
    if (settings == nullptr) return;
    if (!settings->is_object()) {
        r.problem(Code::ConfigType, "settings", "An object is needed.");
        return;
    }
    for (const auto& [key, value] : settings->items()) {
        party.settings[key] = value.is_string() ? value.get<std::string>() : value.dump();
    }
}

Party readParty(Reader& r) {
    Party party;
    party.file = r.file();
    party.id = PartyId{r.text("party", {}, Reader::Need::Required)};
    if (!party.id.empty() && message::readOrgNumber(party.id.value) != party.id.value) {
        r.problem(Code::OrgNumber, "party", "Ten digits, no hyphen.");
    }
    party.name = r.text("name", {}, Reader::Need::Required);
    party.type = r.oneOf("type", {"agency", "municipality", "region", "insats"}, "agency");
    party.dialect = DialectId{r.text("dialect", {}, Reader::Need::Required)};
    party.municipality = r.text("municipality");
    if (!party.municipality.empty() && !message::isMunicipalityCode(party.municipality)) {
        r.problem(Code::MunicipalityCode, "municipality");
    }
    party.phone = r.text("phone");
    r.object("insats", [&](Reader& inner) {
        if (party.type != "insats") {
            r.problem(Code::ConfigReference, "insats", "Only a party of type insats has it.");
        }
        party.insats = {inner.text("association"), inner.text("financier"), inner.text("concept")};
    });
    readFunctions(r, party);
    readPartySettings(r, party);
    party.language =
        r.oneOf("language", {"sv", "en"}, "sv") == "en" ? Language::English : Language::Swedish;
    static const std::vector<std::string> kNotices = {
        "delivered",     "refused_by_receiver", "held",    "resumed",   "withdrawn",
        "left_out",      "reminder_soon",       "overdue", "escalated", "exit_near",
        "follow_up_due", "rule_warning"};
    party.notices = r.texts("notices", {"refused_by_receiver", "held"});
    for (const auto& notice : party.notices) {
        if (std::find(kNotices.begin(), kNotices.end(), notice) == kNotices.end()) {
            r.problem(Code::ConfigReference, "notices",
                      "Nearest: " + nearest(notice, kNotices) + ".");
        }
    }
    party.valid_from = r.date("valid_from");
    party.valid_to = r.date("valid_to");
    r.finish();
    return party;
}

}  // namespace

void readParties(const std::filesystem::path& folder, Config& config, Problems& problems) {
    std::vector<std::filesystem::path> files;
    std::error_code failed;
    for (const auto& entry : std::filesystem::directory_iterator(folder, failed)) {
        if (entry.path().extension() == ".json") files.push_back(entry.path());
    }
    if (failed) {
        problems.emplace_back(Code::ConfigFile, Place{.file = folder.string()});
        return;
    }
    std::sort(files.begin(), files.end());
    for (const auto& file : files) {
        const auto json = readFile(file);
        if (!json) {
            problems.push_back(json.error());
            continue;
        }
        Reader reader(*json, file.string(), "", problems);
        Party party = readParty(reader);
        if (party.id.empty()) continue;
        if (config.parties.contains(party.id)) {
            reader.problem(Code::ConfigDuplicate, "party",
                           "Also in " + config.parties.at(party.id).file + ".");
            continue;
        }
        config.parties.emplace(party.id, std::move(party));
    }
}

}  // namespace stafett::config
