#include "tests/support/gateway_folder.h"

#include <unistd.h>

#include <fstream>
#include <map>
#include <sstream>
#include <stdexcept>

namespace stafett::support {
namespace {

const std::filesystem::path kBuild = STAFETT_BUILD_DIR;
const std::filesystem::path kSource = STAFETT_SOURCE_DIR;
const std::map<std::string, std::uint16_t> kExamplePorts = {
    {"af", 8501}, {"fk", 8502}, {"kommun", 8503}, {"region", 8504}};

app::GatewayCopy copyFor(const std::string& name) {
    auto copy =
        app::GatewayCopy::make({.from = kSource / "config/examples/single-node",
                                .root = kBuild / "e2e" / (name + "-" + std::to_string(::getpid())),
                                .certificates = kBuild / "e2e/certs",
                                .source = kSource,
                                .plugins = kBuild / "plugins"});
    if (!copy) throw std::runtime_error(describe(copy.error(), Language::English));
    return std::move(*copy);
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

GatewayFolder::GatewayFolder(const std::string& name) : copy_(copyFor(name)) {}

std::uint16_t GatewayFolder::agencyPort(const std::string& agency) const {
    return copy_.doorPort(kExamplePorts.at(agency));
}

void GatewayFolder::edit(const std::string& file, const std::function<void(Json&)>& change) const {
    const auto done = copy_.edit(file, change);
    if (!done) throw std::runtime_error(describe(done.error(), Language::English));
}

std::filesystem::path GatewayFolder::ownMappings() const {
    const auto own = root() / "mappings";
    std::filesystem::copy(kSource / "mappings", own, std::filesystem::copy_options::recursive);
    // Where mappings look for the schemas of their dialects.
    std::filesystem::create_directory_symlink(kSource / "plugins", root() / "plugins");
    edit("stafett.json", [&own](Json& json) { json["mappings"] = own.string(); });
    return own;
}

}  // namespace stafett::support
