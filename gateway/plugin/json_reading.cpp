#include "gateway/plugin/json_reading.h"

#include <algorithm>
#include <set>

namespace stafett::plugin {
namespace {

constexpr int kDepth = 32;

std::string listed(std::initializer_list<const char*> words) {
    std::string text;
    for (const char* word : words) text += (text.empty() ? "" : ", ") + std::string(word);
    return text;
}

}  // namespace

std::string pointerStep(std::string_view key) {
    std::string step = "/";
    for (const char c : key) {
        if (c == '~') {
            step += "~0";
        } else if (c == '/') {
            step += "~1";
        } else {
            step += c;
        }
    }
    return step;
}

JsonReading::Json JsonReading::parse(std::string_view text) {
    std::vector<std::set<std::string>> open;
    std::string twice;
    bool deep = false;
    const auto watch = [&](int depth, Json::parse_event_t event, Json& value) {
        if (depth > kDepth) deep = true;
        if (deep) return false;
        if (event == Json::parse_event_t::object_start) open.emplace_back();
        if (event == Json::parse_event_t::object_end && !open.empty()) open.pop_back();
        if (event == Json::parse_event_t::key && !open.empty() &&
            !open.back().insert(value.get<std::string>()).second) {
            twice = value.get<std::string>();
        }
        return true;
    };
    if (text.find('\0') != std::string_view::npos) {
        wrong("", "a NUL byte");
        return nullptr;
    }
    try {
        auto json = Json::parse(text.begin(), text.end(), watch);
        if (deep) wrong("", "deeper than " + std::to_string(kDepth));
        if (!twice.empty()) wrong("", "the key \"" + twice + "\" stands twice in one object");
        if (!deep && !json.is_object()) wrong("", "must be an object");
        return deep || !json.is_object() ? Json(nullptr) : json;
    } catch (const Json::parse_error& error) {
        const auto before = text.substr(0, std::min(text.size(), error.byte));
        wrong("", "not JSON, near line " +
                      std::to_string(1 + std::count(before.begin(), before.end(), '\n')));
        return nullptr;
    } catch (const Json::exception&) {
        wrong("", "not JSON that can be held");
        return nullptr;
    }
}

void JsonReading::wrong(std::string pointer, std::string hint) {
    problems_->emplace_back(
        Code::PluginManifest,
        Place{.path = std::move(pointer), .file = file_, .hint = std::move(hint)});
}

void JsonReading::known(const Json& object, const std::string& at,
                        std::initializer_list<const char*> keys) {
    if (!object.is_object()) return;
    const std::vector<std::string> names(keys.begin(), keys.end());
    for (const auto& [key, value] : object.items()) {
        if (std::find(names.begin(), names.end(), key) != names.end()) continue;
        const auto near = nearest(key, names);
        wrong(at + pointerStep(key), near.empty() ? "unknown key; allowed: " + listed(keys)
                                                  : "unknown key; did you mean \"" + near + "\"?");
    }
}

const JsonReading::Json* JsonReading::member(const Json& object, const std::string& at,
                                             const char* key, Need need) {
    if (!object.is_object()) return nullptr;
    const auto found = object.find(key);
    if (found != object.end()) return &*found;
    if (need == Need::Required) wrong(at + pointerStep(key), "missing");
    return nullptr;
}

std::string JsonReading::text(const Json& object, const std::string& at, const char* key,
                              Need need) {
    const Json* value = member(object, at, key, need);
    if (value == nullptr) return {};
    if (value->is_string() && !value->get_ref<const std::string&>().empty()) {
        return value->get<std::string>();
    }
    wrong(at + pointerStep(key), "must be a text that is not empty");
    return {};
}

std::string JsonReading::choice(const Json& object, const std::string& at, const char* key,
                                Need need, std::initializer_list<const char*> words) {
    const Json* value = member(object, at, key, need);
    if (value == nullptr) return *words.begin();
    for (const char* word : words) {
        if (*value == word) return word;
    }
    wrong(at + pointerStep(key), "must be one of: " + listed(words));
    return *words.begin();
}

bool JsonReading::flag(const Json& object, const std::string& at, const char* key) {
    const Json* value = member(object, at, key, Need::Optional);
    if (value == nullptr) return false;
    if (value->is_boolean()) return value->get<bool>();
    wrong(at + pointerStep(key), "must be true or false");
    return false;
}

std::vector<std::string> JsonReading::texts(const Json& object, const std::string& at,
                                            const char* key) {
    std::vector<std::string> all;
    const Json* values = array(object, at, key, Need::Optional);
    if (values == nullptr) return all;
    for (std::size_t i = 0; i < values->size(); ++i) {
        const auto here = at + pointerStep(key) + "/" + std::to_string(i);
        const Json& value = (*values)[i];
        if (!value.is_string() || value.get_ref<const std::string&>().empty()) {
            wrong(here, "must be a text that is not empty");
        } else if (std::find(all.begin(), all.end(), value.get<std::string>()) != all.end()) {
            wrong(here, "stands twice");
        } else {
            all.push_back(value.get<std::string>());
        }
    }
    return all;
}

const JsonReading::Json* JsonReading::object(const Json& parent, const std::string& at,
                                             const char* key, Need need) {
    const Json* value = member(parent, at, key, need);
    if (value == nullptr || value->is_object()) return value;
    wrong(at + pointerStep(key), "must be an object");
    return nullptr;
}

const JsonReading::Json* JsonReading::array(const Json& parent, const std::string& at,
                                            const char* key, Need need) {
    const Json* value = member(parent, at, key, need);
    if (value == nullptr || value->is_array()) return value;
    wrong(at + pointerStep(key), "must be a list");
    return nullptr;
}

}  // namespace stafett::plugin
