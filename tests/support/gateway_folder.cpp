#include "tests/support/gateway_folder.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>
#include <random>
#include <set>
#include <sstream>

namespace stafett::support {
namespace {

const std::filesystem::path kBuild = STAFETT_BUILD_DIR;
const std::filesystem::path kSource = STAFETT_SOURCE_DIR;
const std::map<std::string, std::uint16_t> kExamplePorts = {
    {"af", 8501}, {"fk", 8502}, {"kommun", 8503}, {"region", 8504}};

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

/// Below the range the kernel gives to outgoing connections.
std::uint16_t freePort() {
    static std::set<std::uint16_t> given;
    static std::mt19937 random{std::random_device{}()};
    for (;;) {
        const auto port =
            static_cast<std::uint16_t>(std::uniform_int_distribution<int>(10000, 32000)(random));
        if (isFree(port) && given.insert(port).second) return port;
    }
}

/// Certificates are made once for all tests of a build tree, under a lock; keys once a folder.
void makeCertificates(const std::filesystem::path& folder) {
    std::filesystem::create_directories(folder);
    const int lock = ::open((folder / ".lock").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    ::flock(lock, LOCK_EX);
    const std::string command = "'" + (kSource / "certs/make-dev-certs").string() + "' '" +
                                folder.string() + "' >/dev/null";
    const int code = std::system(command.c_str());
    ::close(lock);
    if (code != 0) throw std::runtime_error("make-dev-certs failed");
}

}  // namespace

std::string readFile(const std::filesystem::path& file) {
    std::ifstream in(file, std::ios::binary);
    if (!in) throw std::runtime_error("cannot read " + file.string());
    std::ostringstream text;
    text << in.rdbuf();
    return text.str();
}

void writeFile(const std::filesystem::path& file, const std::string& text) {
    std::ofstream out(file, std::ios::binary | std::ios::trunc);
    out << text;
    if (!out.flush()) throw std::runtime_error("cannot write " + file.string());
}

std::filesystem::path GatewayFolder::certificates() const { return kBuild / "e2e/certs"; }

GatewayFolder::GatewayFolder(const std::string& name)
    : root_(kBuild / "e2e" / (name + "-" + std::to_string(::getpid()))) {
    makeCertificates(certificates());
    std::filesystem::remove_all(root_);
    std::filesystem::create_directories(root_);
    std::filesystem::copy(kSource / "config/examples/single-node", config(),
                          std::filesystem::copy_options::recursive);
    ports_ = {{"inbox", freePort()}, {"admin", freePort()}};
    for (const auto& [agency, port] : kExamplePorts) ports_[agency] = freePort();

    edit("stafett.json", [this](Json& json) {
        json["inbox"]["port"] = inboxPort();
        json["admin"]["port"] = adminPort();
        const auto certificate = [this](const char* file) {
            return (certificates() / file).string();
        };
        json["tls"] = {{"certificate", certificate("gateway.pem")},
                       {"key", certificate("gateway.key")},
                       {"authorities", certificate("ca.pem")},
                       {"revocation_lists", {certificate("crl.pem")}}};
        json["key_ring"] = certificate("keyring.json");
        json["store"]["file"] = store().string();
        json["mappings"] = (kSource / "mappings").string();
        json["plugin_folder"] = (kBuild / "plugins").string();
        json["log"]["file"] = log().string();
        json["delivery"] = {{"first_wait_seconds", 0.2}, {"last_wait_seconds", 0.5}};
    });
    edit("routes.json", [this](Json& json) {
        for (auto& door : json["doors"]) {
            for (const auto& [agency, port] : kExamplePorts) {
                if (door["port"] == port) {
                    door["port"] = agencyPort(agency);
                    break;
                }
            }
        }
    });
}

void GatewayFolder::edit(const std::string& file, const std::function<void(Json&)>& change) const {
    auto json = Json::parse(readFile(config() / file), nullptr, true, true);
    change(json);
    writeFile(config() / file, json.dump(2));
}

std::filesystem::path GatewayFolder::ownMappings() const {
    const auto own = root_ / "mappings";
    std::filesystem::copy(kSource / "mappings", own, std::filesystem::copy_options::recursive);
    // Where mappings look for the schemas of their dialects.
    std::filesystem::create_directory_symlink(kSource / "plugins", root_ / "plugins");
    edit("stafett.json", [&own](Json& json) { json["mappings"] = own.string(); });
    return own;
}

}  // namespace stafett::support
