// config/ is the sample that explains every option: it loads, and each option stands in it at its
// default.
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <nlohmann/json.hpp>
#include <regex>
#include <sstream>

#include "gateway/config/config.h"
#include "gateway/config/sections.h"
#include "tests/house/tree.h"

namespace stafett::house {
namespace {

using Json = nlohmann::json;

/// What a settings object holds, as text. A field that is added makes a binding here not compile:
/// then print it too.
std::string shown(const config::Listener& l) {
    const auto& [address, port, host, body, large_body, large_memory, head, fields, target,
                 connections, per_peer, requests, turned_away, request_time, idle_time,
                 handshake_time, workers, stand_ins] = l;
    std::ostringstream out;
    out << address << ' ' << port << ' ' << host << ' ' << body << ' ' << large_body << ' '
        << large_memory << ' ' << head << ' ' << fields << ' ' << target << ' ' << connections
        << ' ' << per_peer << ' ' << requests << ' ' << turned_away << ' ' << request_time.count()
        << ' ' << idle_time.count() << ' ' << handshake_time.count() << ' ' << workers << ' '
        << stand_ins;
    return out.str();
}

std::string shown(const config::Courier& c) {
    const auto& [workers, stand_ins, per_receiver, connect_time, answer_time, idle_time,
                 answer_body] = c;
    std::ostringstream out;
    out << workers << ' ' << stand_ins << ' ' << per_receiver << ' ' << connect_time.count() << ' '
        << answer_time.count() << ' ' << idle_time.count() << ' ' << answer_body;
    return out.str();
}

std::string shown(const config::TlsSettings& t) {
    const auto& [certificate, key, authorities, lists, revocation, warn_days, warn_list_days] = t;
    std::ostringstream out;
    out << certificate << ' ' << key << ' ' << authorities << ' ' << lists.size() << ' '
        << int(revocation) << ' ' << warn_days << ' ' << warn_list_days;
    for (const auto& list : lists) out << ' ' << list;
    return out.str();
}

std::string shown(const config::Delivery& d) {
    const auto& [first_wait, last_wait, spread, give_up, at_once, at_once_per_receiver] = d;
    std::ostringstream out;
    out << first_wait.count() << ' ' << last_wait.count() << ' ' << spread << ' ' << give_up.count()
        << ' ' << at_once << ' ' << at_once_per_receiver;
    return out.str();
}

std::string shown(const config::Settings& s) {
    const auto& [profile, party, name, inbox, admin, courier, tls, key_ring, store, group, linger,
                 queue, mappings, plugin_folder, plugins, delivery, mailbox, file_drop, attachments,
                 persons, clock, targets, problems, in_work, log_level, log_file, systems] = s;
    const auto& [interim, reserve, check_digits] = persons;
    const auto& [lease, wait] = mailbox;
    const auto& [look, file] = file_drop;
    const auto& [content, count, media_types] = attachments;
    std::ostringstream out;
    out << int(profile) << '\n'
        << party.value << '\n'
        << name << '\n'
        << shown(inbox) << '\n'
        << shown(admin) << '\n'
        << shown(courier) << '\n'
        << shown(tls) << '\n'
        << key_ring.string() << '\n'
        << store.string() << '\n'
        << group << ' ' << linger.count() << ' ' << queue << '\n'
        << mappings.string() << '\n'
        << plugin_folder.string() << '\n'
        << plugins.size() << '\n'
        << shown(delivery) << '\n'
        << lease.count() << ' ' << wait.count() << ' ' << look.count() << ' ' << file << '\n'
        << content << ' ' << count << ' ' << media_types.size() << ' ' << media_types.front()
        << '\n'
        << interim << reserve << check_digits << '\n'
        << clock.start << ' ' << clock.speed << '\n'
        << targets.participants << ' ' << targets.work_or_studies << ' ' << targets.ordinary << '\n'
        << problems << ' ' << in_work << '\n'
        << log_level << '\n'
        << log_file.string() << '\n'
        << systems.size() << '\n';
    return out.str();
}

Json sample() { return Json::parse(read("config/stafett.json"), nullptr, true, true); }

config::Settings settingsOf(const Json& json, Problems& problems) {
    return config::readSettings(json, root() / "config/stafett.json", problems);
}

/// The keys that the reader knows in the object at `pointer`: it names them when one is unknown.
std::vector<std::string> knownAt(Json json, const std::string& pointer) {
    static const std::string kStray = "0123456789 nothing is near this 9876543210";
    json[Json::json_pointer(pointer)][kStray] = 1;
    Problems problems;
    settingsOf(json, problems);
    for (const auto& problem : problems) {
        const std::string& hint = problem.place().hint;
        if (problem.code() != Code::ConfigUnknownKey || !hint.starts_with("Known here: ")) continue;
        std::istringstream words(hint.substr(std::string("Known here: ").size()));
        std::vector<std::string> keys;
        for (std::string word; words >> word;) keys.push_back(word.substr(0, word.size() - 1));
        return keys;
    }
    ADD_FAILURE() << "no reader answers for " << pointer;
    return {};
}

/// Every place in the sample that holds one value.
void leaves(const Json& json, const std::string& pointer, std::vector<std::string>& found) {
    for (const auto& [key, value] : json.items()) {
        const std::string here = pointer + "/" + key;
        if (value.is_object()) {
            leaves(value, here, found);
        } else {
            found.push_back(here);
        }
    }
}

TEST(SampleConfiguration, Loads) {
    const auto config = config::load(root() / "config");
    std::string wrong;
    if (!config) {
        for (const auto& problem : config.error()) {
            wrong += describe(problem, Language::English) + "\n";
        }
    }
    EXPECT_TRUE(config.has_value()) << wrong;
}

TEST(SampleConfiguration, HasEveryOption) {
    const Json json = sample();
    std::vector<std::string> missing;
    std::size_t seen = 0;
    std::vector<std::string> objects = {""};
    for (const auto& [key, value] : json.items()) {
        if (value.is_object()) objects.push_back("/" + key);
    }
    for (const auto& object : objects) {
        for (const auto& key : knownAt(json, object)) {
            ++seen;
            if (!json.contains(Json::json_pointer(object + "/" + key))) {
                missing.push_back(object + "/" + key);
            }
        }
    }
    EXPECT_GT(seen, 60U);
    EXPECT_TRUE(missing.empty()) << listed(missing);
}

TEST(SampleConfiguration, EveryOptionStandsAtItsDefault) {
    const Json json = sample();
    Problems problems;
    const std::string whole = shown(settingsOf(json, problems));
    ASSERT_TRUE(problems.empty()) << describe(problems.front(), Language::English);
    std::vector<std::string> options;
    leaves(json, "", options);
    std::size_t defaults = 0;
    for (const auto& option : options) {
        Json without = json;
        const Json::json_pointer pointer(option);
        without[pointer.parent_pointer()].erase(pointer.back());
        Problems found;
        const std::string rest = shown(settingsOf(without, found));
        const bool required = std::any_of(found.begin(), found.end(), [](const Error& error) {
            return error.code() == Code::ConfigMissing;
        });
        if (required) continue;
        ++defaults;
        EXPECT_EQ(rest, whole) << option << " is not at its default";
    }
    EXPECT_GT(defaults, 57U);
}

/// The items of plugins and systems stand in a comment, since none is the default.
TEST(SampleConfiguration, ExplainsWhatStandsInItsLists) {
    const std::string text = read("config/stafett.json");
    for (const auto* list : {"plugins", "systems"}) {
        Json json = sample();
        json[list] = Json::array({Json::object()});
        for (const auto& key : knownAt(json, std::string("/") + list + "/0")) {
            const std::regex in_comment("//.*\"" + key + "\"");
            EXPECT_TRUE(std::regex_search(text, in_comment)) << list << ": " << key;
        }
    }
}

/// Each option has its own words: a comment on its line, or on those above it.
TEST(SampleConfiguration, ExplainsEveryOption) {
    const auto text = lines("config/stafett.json");
    static const std::regex kOption("^ *\"([a-z_]+)\" *:");
    std::vector<std::string> silent;
    for (std::size_t i = 0; i < text.size(); ++i) {
        std::smatch key;
        if (!std::regex_search(text[i], key, kOption)) continue;
        const bool above = i > 0 && text[i - 1].find("//") != std::string::npos &&
                           !std::regex_search(text[i - 1], kOption);
        if (text[i].find("//") == std::string::npos && !above) silent.push_back(text[i]);
    }
    EXPECT_TRUE(silent.empty()) << listed(silent);
}

TEST(SampleConfiguration, EveryExampleLoads) {
    std::size_t seen = 0;
    for (const auto& file : files("config/examples/", {"/stafett.json"})) {
        ++seen;
        const auto config = config::load(root() / fs::path(file).parent_path());
        std::string wrong;
        if (!config) {
            for (const auto& problem : config.error()) {
                wrong += describe(problem, Language::English) + "\n";
            }
        }
        EXPECT_TRUE(config.has_value()) << wrong;
    }
    EXPECT_GE(seen, 1U);
}

}  // namespace
}  // namespace stafett::house
