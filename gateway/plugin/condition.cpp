#include "gateway/plugin/condition.h"

#include <algorithm>

#include "gateway/plugin/json_reading.h"

namespace stafett::plugin {
namespace {

using Json = nlohmann::json;

bool isThere(const message::Message& message, std::string_view path) {
    const auto field = message.schema().root.find(path);
    return field && message.root().has(*field);
}

bool isSet(const mapping::Settings& settings, const std::string& name) {
    const auto found = settings.find(name);
    return found != settings.end() && !found->second.empty();
}

bool fitsPattern(std::string_view text, const std::regex& pattern) {
    try {
        return std::regex_match(text.begin(), text.end(), pattern);
    } catch (const std::regex_error&) {  // too costly to judge
        return false;
    }
}

void readIs(const Json& when, const std::string& at, Condition& made, JsonReading& in) {
    if (when.at("is").is_array()) {
        made.words = in.texts(when, at, "is");
        if (made.words.empty()) in.wrong(at + "/is", "at least one");
    } else {
        made.words = {in.text(when, at, "is", Need::Required)};
    }
    const bool word = made.words.size() == 1;
    made.is = word && made.words[0] == "present"  ? Condition::Is::Present
              : word && made.words[0] == "absent" ? Condition::Is::Absent
                                                  : Condition::Is::OneOf;
}

void readPattern(const Json& when, const std::string& at, Condition& made, JsonReading& in) {
    made.is = Condition::Is::Fitting;
    try {
        made.pattern.emplace(in.text(when, at, "fits", Need::Required));
    } catch (const std::regex_error&) {
        in.wrong(at + "/fits", "not a regular expression");
    }
}

Condition readCondition(const Json& when, const std::string& at, JsonReading& in) {
    Condition made;
    in.known(when, at, {"canonical", "is", "fits", "setting", "settings"});
    const bool is = when.contains("is"), fits = when.contains("fits");
    const bool setting = when.contains("setting"), settings = when.contains("settings");
    if (is + fits + setting + settings != 1) {
        in.wrong(at, "tests one thing: is, fits, setting or settings");
        return made;
    }
    if (settings) {
        made.is = Condition::Is::Settings;
        made.words = in.texts(when, at, "settings");
        if (made.words.empty()) in.wrong(at + "/settings", "at least one");
        if (when.contains("canonical")) in.wrong(at + "/canonical", "not with settings");
        return made;
    }
    made.canonical = in.text(when, at, "canonical", Need::Required);
    if (is) readIs(when, at, made, in);
    if (fits) readPattern(when, at, made, in);
    if (setting) {
        made.is = Condition::Is::Setting;
        made.words = {in.text(when, at, "setting", Need::Required)};
    }
    return made;
}

}  // namespace

bool Condition::holds(const message::Message& message, const mapping::Settings& settings) const {
    const auto text = message.text(canonical);
    switch (is) {
        case Is::Present:
            return isThere(message, canonical);
        case Is::Absent:
            return !isThere(message, canonical);
        case Is::OneOf:
            return std::find(words.begin(), words.end(), text) != words.end();
        case Is::Fitting:
            return fitsPattern(text, *pattern);
        case Is::Setting:
            return isSet(settings, words[0]) && text == settings.find(words[0])->second;
        case Is::Settings:
            return std::all_of(words.begin(), words.end(),
                               [&](const auto& name) { return isSet(settings, name); });
    }
    return false;
}

std::vector<Condition> readConditions(const Json& entry, const std::string& at, JsonReading& in) {
    std::vector<Condition> made;
    const auto found = entry.find("when");
    if (found == entry.end()) return made;
    const auto here = at + "/when";
    if (found->is_object()) {
        made.push_back(readCondition(*found, here, in));
    } else if (found->is_array() && !found->empty()) {
        for (std::size_t i = 0; i < found->size(); ++i) {
            const auto place = here + "/" + std::to_string(i);
            if ((*found)[i].is_object()) {
                made.push_back(readCondition((*found)[i], place, in));
            } else {
                in.wrong(place, "must be an object");
            }
        }
    } else {
        in.wrong(here, "a condition, or a list of conditions that must all hold");
    }
    return made;
}

}  // namespace stafett::plugin
