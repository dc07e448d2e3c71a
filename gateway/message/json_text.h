#pragma once

#include <string>
#include <string_view>

namespace stafett::message {

/// Appends a JSON string with its quotes; escapes what RFC 8259 demands and nothing else.
/// UTF-8 in, UTF-8 out. Many threads.
void appendJsonString(std::string& out, std::string_view text);

}  // namespace stafett::message
