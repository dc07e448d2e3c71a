#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "gateway/base/error.h"

namespace stafett::app {

/// A report of the admin API as a picture: one bar a row, parted by the columns, with the numbers
/// written out. SVG 1.1 without scripts, fonts or anything from elsewhere; read aloud by its title
/// and description. A number that is not shown has no bar.
std::string chart(const nlohmann::ordered_json& report, Language language);

}  // namespace stafett::app
