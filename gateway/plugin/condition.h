#pragma once

#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <regex>
#include <string>
#include <vector>

#include "gateway/mapping/mapping.h"
#include "gateway/message/message.h"

namespace stafett::plugin {

class JsonReading;

/// A test by which a form is chosen: on the message that is to be written, and on the settings of
/// the party it is written to. Immutable once read; many threads.
struct Condition {
    enum class Is : std::uint8_t {
        Present,   ///< the field, or an item of the list
        Absent,    ///< neither
        OneOf,     ///< the field is one of `words`
        Fitting,   ///< the field fits `pattern`
        Setting,   ///< the field is what the one setting in `words` says
        Settings,  ///< all of `words` are set
    };
    Is is = Is::Present;
    std::string canonical;  ///< empty for Settings
    std::vector<std::string> words;
    std::optional<std::regex> pattern;

    bool holds(const message::Message& message, const mapping::Settings& settings) const;
};

/// `when` of an outbound entry: one condition, or a list of them; none when it is absent.
std::vector<Condition> readConditions(const nlohmann::json& entry, const std::string& at,
                                      JsonReading& in);

}  // namespace stafett::plugin
