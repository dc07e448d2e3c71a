#include "gateway/plugin/settings_schema.h"

#include <algorithm>
#include <charconv>

namespace stafett::plugin {
namespace {

constexpr std::size_t kLongest = 1024;  // characters of a setting; std::regex recurses by length

std::size_t characters(std::string_view text) {
    return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) {
        return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U;
    }));
}

bool within(const Setting& setting, long long value) {
    return value >= setting.minimum.value_or(value) && value <= setting.maximum.value_or(value);
}

std::optional<Code> judge(const Setting& setting, const std::string& value) {
    if (value.size() > kLongest) return Code::ConfigRange;
    if (setting.type == Setting::Type::Boolean) {
        return value == "true" || value == "false" ? std::nullopt : std::optional(Code::ConfigType);
    }
    if (setting.type == Setting::Type::Integer) {
        long long number = 0;
        const auto [end, error] =
            std::from_chars(value.data(), value.data() + value.size(), number);
        if (error != std::errc() || end != value.data() + value.size()) return Code::ConfigType;
        return within(setting, number) ? std::nullopt : std::optional(Code::ConfigRange);
    }
    if (!within(setting, static_cast<long long>(characters(value)))) return Code::ConfigRange;
    if (!setting.allowed.empty() &&
        std::find(setting.allowed.begin(), setting.allowed.end(), value) == setting.allowed.end()) {
        return Code::ConfigRange;
    }
    try {
        if (setting.fits && !std::regex_search(value, *setting.fits)) return Code::ConfigRange;
    } catch (const std::regex_error&) {  // too costly to judge
        return Code::ConfigRange;
    }
    return std::nullopt;
}

std::string allowedText(const Setting& setting) {
    if (!setting.pattern.empty()) return "must match " + setting.pattern;
    std::string text;
    for (const auto& one : setting.allowed) text += (text.empty() ? "one of: " : ", ") + one;
    if (text.empty() && setting.minimum) text += "at least " + std::to_string(*setting.minimum);
    if (setting.maximum) text += " at most " + std::to_string(*setting.maximum);
    return text;
}

}  // namespace

const Setting* SettingsSchema::find(std::string_view name) const {
    const auto found = std::find_if(settings.begin(), settings.end(),
                                    [&](const Setting& s) { return s.name == name; });
    return found == settings.end() ? nullptr : &*found;
}

Problems SettingsSchema::check(const mapping::Settings& given) const {
    Problems problems;
    std::vector<std::string> names;
    for (const auto& setting : settings) names.push_back(setting.name);
    for (const auto& [name, value] : given) {
        const Setting* setting = find(name);
        if (setting == nullptr) {
            const auto near = nearest(name, names);
            problems.emplace_back(
                Code::ConfigUnknownKey,
                Place{.path = "/" + name,
                      .hint = near.empty() ? "" : "did you mean \"" + near + "\"?"});
        } else if (const auto code = judge(*setting, value)) {
            problems.emplace_back(*code, Place{.path = "/" + name, .hint = allowedText(*setting)});
        }
    }
    for (const auto& setting : settings) {
        if (setting.required && setting.fallback.empty() && !given.contains(setting.name)) {
            problems.emplace_back(Code::ConfigMissing, Place{.path = "/" + setting.name});
        }
    }
    return problems;
}

}  // namespace stafett::plugin
