#pragma once

#include <iosfwd>
#include <nlohmann/json.hpp>

#include "gateway/base/error.h"

namespace stafett::app {

/// A story of the admin API in plain words, for a person at a terminal.
void tellStory(std::ostream& out, const nlohmann::ordered_json& story, Language language);
/// A page of search results as a table.
void tellFound(std::ostream& out, const nlohmann::ordered_json& found, Language language);

}  // namespace stafett::app
