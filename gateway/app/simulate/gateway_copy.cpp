#include "gateway/app/simulate/gateway_copy.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>
#include <mutex>
#include <random>
#include <set>

#include "gateway/app/document.h"

namespace stafett::app {
namespace {

namespace fs = std::filesystem;

bool isFree(std::uint16_t port) {
    const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    const bool bound =
        ::bind(fd, reinterpret_cast<const sockaddr*>(&address), sizeof(address)) == 0;
    ::close(fd);
    return bound;
}

/// Under a lock: several processes may want the same folder at once.
Status makeCertificates(const fs::path& source, const fs::path& folder) {
    std::error_code failed;
    fs::create_directories(folder, failed);
    const int lock = ::open((folder / ".lock").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (lock < 0) return tl::make_unexpected(Error(Code::CliFile, Place{.file = folder.string()}));
    ::flock(lock, LOCK_EX);
    const std::string command =
        "'" + (source / "certs/make-dev-certs").string() + "' '" + folder.string() + "' >/dev/null";
    const int code = std::system(command.c_str());
    ::close(lock);
    if (code == 0) return {};
    return tl::make_unexpected(
        Error(Code::CliFile, Place{.file = (source / "certs/make-dev-certs").string()}));
}

}  // namespace

std::uint16_t freePort() {
    static std::mutex mutex;
    static std::set<std::uint16_t> given;
    static std::mt19937 random{std::random_device{}()};
    const std::lock_guard lock(mutex);
    for (;;) {
        const auto port =
            static_cast<std::uint16_t>(std::uniform_int_distribution<int>(10000, 32000)(random));
        if (isFree(port) && given.insert(port).second) return port;
    }
}

Result<GatewayCopy> GatewayCopy::make(const CopyPlan& plan) {
    ST_CHECK(makeCertificates(plan.source, plan.certificates));
    GatewayCopy copy;
    copy.root_ = plan.root;
    std::error_code failed;
    fs::remove_all(plan.root, failed);
    fs::create_directories(plan.root, failed);
    fs::copy(plan.from, copy.config(), fs::copy_options::recursive, failed);
    if (failed) {
        return tl::make_unexpected(Error(Code::CliFile, Place{.file = plan.from.string()}));
    }
    ST_CHECK(copy.settle(plan));
    return copy;
}

Status GatewayCopy::settle(const CopyPlan& plan) {
    inbox_ = freePort();
    admin_ = freePort();
    ST_CHECK(edit("stafett.json", [&](Json& json) {
        json["inbox"]["port"] = inbox_;
        json["admin"]["port"] = admin_;
        const auto certificate = [&](const char* file) {
            return fs::absolute(plan.certificates / file).string();
        };
        json["tls"] = {{"certificate", certificate("gateway.pem")},
                       {"key", certificate("gateway.key")},
                       {"authorities", certificate("ca.pem")},
                       {"revocation_lists", {certificate("crl.pem")}}};
        json["key_ring"] = certificate("keyring.json");
        json["store"]["file"] = fs::absolute(store()).string();
        const auto mappings = plan.from / json.value("mappings", "../mappings");
        json["mappings"] = fs::weakly_canonical(mappings).string();
        json["plugin_folder"] = fs::absolute(plan.plugins).string();
        json["log"]["file"] = fs::absolute(log()).string();
        json["delivery"]["first_wait_seconds"] = 0.2;
        json["delivery"]["last_wait_seconds"] = 0.5;
    }));
    return edit("routes.json", [this](Json& json) {
        for (auto& door : json["doors"]) {
            if (!door.contains("port")) continue;  // nobody is called there
            const auto before = door.value("port", std::uint16_t{0});
            auto& now = doors_[before];
            if (now == 0) now = freePort();
            door["port"] = now;
        }
    });
}

std::uint16_t GatewayCopy::doorPort(std::uint16_t before) const {
    const auto found = doors_.find(before);
    return found == doors_.end() ? std::uint16_t{0} : found->second;
}

Status GatewayCopy::edit(const std::string& file, const std::function<void(Json&)>& change) const {
    const auto path = config() / file;
    ST_TRY(const auto bytes, readBytes(path));
    auto json = Json::parse(bytes, nullptr, false, true);
    if (!json.is_object()) {
        return tl::make_unexpected(Error(Code::ConfigSyntax, Place{.file = path.string()}));
    }
    change(json);
    std::ofstream out(path, std::ios::binary | std::ios::trunc);
    out << json.dump(2);
    if (out.flush()) return {};
    return tl::make_unexpected(Error(Code::CliFile, Place{.file = path.string()}));
}

}  // namespace stafett::app
