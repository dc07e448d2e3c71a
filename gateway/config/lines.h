#pragma once

#include <cstdint>
#include <string_view>

#include "gateway/base/error.h"

namespace stafett::config {

/// The line of a JSON text, comments and all, on which what a JSON pointer names begins; of what is
/// not there, that of the nearest thing around it. 0 when the text is no JSON so far.
std::uint32_t lineOf(std::string_view text, std::string_view pointer);

/// Gives each problem that has a JSON pointer into a .json file its line, for whoever opens it.
void addLines(Problems& problems);

}  // namespace stafett::config
