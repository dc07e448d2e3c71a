#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <nlohmann/json.hpp>
#include <string>

#include "gateway/base/result.h"

namespace stafett::app {

/// What a gateway of its own is made from, and where.
struct CopyPlan {
    std::filesystem::path from;          ///< a configuration folder
    std::filesystem::path root;          ///< made anew: config/, stafett.db, stafettd.log
    std::filesystem::path certificates;  ///< development certificates; made when they are not there
    std::filesystem::path source;        ///< where certs/make-dev-certs is
    std::filesystem::path plugins;       ///< the folder of the built plugins
};

/// A copy of a configuration that a gateway can be started from beside any other: free ports for
/// itself and for every door, development certificates and keys, a store and a log of its own,
/// short waits between attempts. One thread.
class GatewayCopy {
public:
    using Json = nlohmann::ordered_json;

    static Result<GatewayCopy> make(const CopyPlan& plan);

    const std::filesystem::path& root() const { return root_; }
    std::filesystem::path config() const { return root_ / "config"; }
    std::filesystem::path log() const { return root_ / "stafettd.log"; }
    std::filesystem::path store() const { return root_ / "stafett.db"; }
    std::uint16_t inboxPort() const { return inbox_; }
    std::uint16_t adminPort() const { return admin_; }
    /// Where the door is now that had this port; 0 when none had.
    std::uint16_t doorPort(std::uint16_t before) const;

    /// Changes one file of the configuration, named from its folder; comments are lost.
    Status edit(const std::string& file, const std::function<void(Json&)>& change) const;

private:
    Status settle(const CopyPlan& plan);

    std::filesystem::path root_;
    std::uint16_t inbox_ = 0, admin_ = 0;
    std::map<std::uint16_t, std::uint16_t> doors_;
};

/// A port of this machine that nobody listens on and that this process has not given before, below
/// those the kernel gives to outgoing connections. Many threads.
std::uint16_t freePort();

}  // namespace stafett::app
