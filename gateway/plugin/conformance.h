#pragma once

#include <filesystem>
#include <iosfwd>

namespace stafett::plugin {

/// `stafett plugin check FILE.so`: loads it as the gateway does, then asks for a reply to every
/// outcome in both languages with ordinary and hostile text, and judges hostile answers: right
/// shape, the same each time, within the limits and in time, nothing let through unescaped. One
/// line a check on `out` (ok or wrong, and why). True when all hold. Runs the plugin's code in this
/// process.
bool checkPlugin(const std::filesystem::path& file, std::ostream& out);

}  // namespace stafett::plugin
