#pragma once

#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <regex>
#include <string>
#include <vector>

#include "gateway/base/result.h"
#include "gateway/mapping/mapping.h"

namespace stafett::plugin {

/// What a party of a dialect may set: the flat part of JSON Schema that a form can be made from.
struct Setting {
    enum class Type : std::uint8_t { String, Integer, Boolean };
    std::string name;
    Type type = Type::String;
    std::string pattern;
    std::optional<std::regex> fits;
    std::vector<std::string> allowed;           ///< enum
    std::optional<long long> minimum, maximum;  ///< of an integer, or of a string's length
    std::string fallback;                       ///< default
    bool required = false;
};

struct SettingsSchema {
    std::vector<Setting> settings;

    const Setting* find(std::string_view name) const;
    /// Every setting that is unknown, missing or does not fit, as /NAME.
    Problems check(const mapping::Settings& settings) const;
};

}  // namespace stafett::plugin
