#pragma once

#include <filesystem>
#include <functional>
#include <nlohmann/json.hpp>
#include <string>

#include "gateway/app/simulate/gateway_copy.h"

namespace stafett::support {

using Json = nlohmann::ordered_json;

/// A fresh folder under the build tree with a configuration that a gateway can be started from:
/// a copy of config/examples/single-node with certificates, keys of its own, free ports and short
/// waits. Throws std::runtime_error when it cannot be made. One thread.
class GatewayFolder {
public:
    explicit GatewayFolder(const std::string& name);

    const std::filesystem::path& root() const { return copy_.root(); }
    std::filesystem::path config() const { return copy_.config(); }
    std::filesystem::path certificates() const;
    std::filesystem::path log() const { return copy_.log(); }
    std::filesystem::path store() const { return copy_.store(); }
    std::uint16_t inboxPort() const { return copy_.inboxPort(); }
    std::uint16_t adminPort() const { return copy_.adminPort(); }
    std::uint16_t agencyPort(const std::string& agency) const;

    /// Changes one file of the configuration, named from its folder.
    void edit(const std::string& file, const std::function<void(Json&)>& change) const;
    /// Lets the gateway read its mappings from a copy of its own, and says where it lies.
    std::filesystem::path ownMappings() const;

private:
    app::GatewayCopy copy_;
};

/// The whole of a file; throws std::runtime_error.
std::string readFile(const std::filesystem::path& file);
void writeFile(const std::filesystem::path& file, const std::string& text);

}  // namespace stafett::support
