#pragma once

#include <filesystem>
#include <vector>

#include "gateway/app/commands.h"
#include "gateway/message/schema.h"

namespace stafett::app {

/// The folder of mappings that the configuration names, else "mappings".
std::filesystem::path mappingsFolder(const Common& common);

/// The canonical schemas a mapping file is checked against: those beside its dialect's folder
/// (mappings/canonical for mappings/region/remiss.map.json), else the configuration's.
std::filesystem::path canonicalFor(const Common& common, const std::filesystem::path& mapping);

/// The mapping itself, whole, when a person named it or the file of tests beside it.
std::filesystem::path mappingOf(const std::filesystem::path& named);

/// The mappings that a person means: of a folder all that lie in it, of a file of rows or codes
/// all of its dialect, since each may use it.
std::vector<std::filesystem::path> mappingsMeant(const std::vector<std::string>& named);

/// ST-CLI-003 when there is no such mapping.
Status isThere(const std::filesystem::path& mapping);

/// Every mapping of every dialect, in order.
std::vector<std::filesystem::path> mappingsIn(const std::filesystem::path& folder);

}  // namespace stafett::app
