#pragma once

#include <filesystem>
#include <iosfwd>
#include <string>

#include "gateway/base/result.h"

namespace stafett::plugin {

/// `stafett plugin new NAME`: a dialect that builds, passes its tests and exchanges a referral, to
/// be grown from there. Makes plugins/NAME (manifest, README, dialect sheet, golden cases,
/// CMakeLists) and mappings/NAME (a referral of about ten rows, a table, its test), adds the
/// register line to plugins/CMakeLists.txt, and says on `out` what it made and what to do next.
/// NAME is small letters, digits and _. Refuses (ST-CLI-001, ST-CLI-003) and changes nothing when
/// the name will not do, when a folder of that name is there, or when `repository` is none.
Status makePlugin(const std::filesystem::path& repository, const std::string& name,
                  std::ostream& out);

}  // namespace stafett::plugin
