#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <nlohmann/json.hpp>
#include <string>

namespace stafett::support {

using Json = nlohmann::ordered_json;

/// A fresh folder under the build tree with a configuration that a gateway can be started from:
/// a copy of config/examples/single-node with certificates, keys of its own, free ports and short
/// waits. Throws std::runtime_error when it cannot be made. One thread.
class GatewayFolder {
public:
    explicit GatewayFolder(const std::string& name);

    const std::filesystem::path& root() const { return root_; }
    std::filesystem::path config() const { return root_ / "config"; }
    std::filesystem::path certificates() const;
    std::filesystem::path log() const { return root_ / "stafettd.log"; }
    std::filesystem::path store() const { return root_ / "stafett.db"; }
    std::uint16_t inboxPort() const { return ports_.at("inbox"); }
    std::uint16_t adminPort() const { return ports_.at("admin"); }
    std::uint16_t agencyPort(const std::string& agency) const { return ports_.at(agency); }

    /// Changes one file of the configuration, named from its folder.
    void edit(const std::string& file, const std::function<void(Json&)>& change) const;
    /// Lets the gateway read its mappings from a copy of its own, and says where it lies.
    std::filesystem::path ownMappings() const;

private:
    std::filesystem::path root_;
    std::map<std::string, std::uint16_t> ports_;
};

/// The whole of a file; throws std::runtime_error.
std::string readFile(const std::filesystem::path& file);
void writeFile(const std::filesystem::path& file, const std::string& text);

}  // namespace stafett::support
