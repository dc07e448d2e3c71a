#pragma once

#include "gateway/config/config.h"
#include "gateway/config/reader.h"

namespace stafett::config {

/// One reader a file of the configuration: used by load() alone. Each takes apart what it can and
/// adds every problem it finds.
Settings readSettings(const nlohmann::json& json, const std::filesystem::path& file,
                      Problems& problems);
void readParties(const std::filesystem::path& folder, Config& config, Problems& problems);
void readRoutes(const std::filesystem::path& file, Config& config, Problems& problems);

}  // namespace stafett::config
