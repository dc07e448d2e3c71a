#pragma once

#include <string>
#include <string_view>

namespace stafett::trace {

/// Appends `text` as a JSON string, quotes included, so that one value stays one value whoever
/// reads it: a line, a terminal, a page. Control characters (C0, DEL, C1), line and paragraph
/// separators and what turns the direction of writing are escaped; bytes that are not UTF-8 become
/// U+FFFD.
void appendJsonText(std::string& out, std::string_view text);

}  // namespace stafett::trace
