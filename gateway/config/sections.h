#pragma once

#include "gateway/config/config.h"
#include "gateway/config/reader.h"

// One reader a file of the configuration: used by load() alone.
namespace stafett::config {

Settings readSettings(const nlohmann::json& json, const std::filesystem::path& file,
                      Problems& problems);
void readParties(const std::filesystem::path& folder, Config& config, Problems& problems);
void readRoutes(const std::filesystem::path& file, Config& config, Problems& problems);

}  // namespace stafett::config
