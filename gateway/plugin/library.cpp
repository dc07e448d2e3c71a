#include "gateway/plugin/library.h"

#include <Poco/Exception.h>
#include <Poco/SharedLibrary.h>
#include <dlfcn.h>
#include <link.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <map>
#include <mutex>

#include "gateway/plugin/manifest.h"

namespace stafett::plugin {
namespace {

constexpr const char* kSymbol = "stafett_plugin_v1";
/// Every plugin has at least this: sizes, minor, manifest.
constexpr std::size_t kLeast = offsetof(stafett_plugin, open);

tl::unexpected<Error> refuse(Code code, const std::string& file, std::string hint = {}) {
    return tl::make_unexpected(Error(code, Place{.file = file, .hint = std::move(hint)}));
}

/// What the loader says, without our own name for the file: no value can stand in it.
std::string loaderSaid() {
    const char* said = ::dlerror();
    return said == nullptr ? "" : std::string(said).substr(0, 200);
}

/// Size of the object behind a symbol, 0 when the loader does not tell.
std::size_t sizeOfObject(const void* object) {
    Dl_info about{};
    const ElfW(Sym)* symbol = nullptr;
    if (::dladdr1(object, &about, reinterpret_cast<void**>(const_cast<ElfW(Sym)**>(&symbol)),
                  RTLD_DL_SYMENT) == 0 ||
        symbol == nullptr || about.dli_saddr != object) {
        return 0;
    }
    return symbol->st_size;
}

/// Whether bytes lie within the library that holds `object`.
bool liesIn(const void* object, stafett_bytes bytes) {
    Dl_info home{}, first{}, last{};
    return bytes.data != nullptr && bytes.size > 0 && ::dladdr(object, &home) != 0 &&
           ::dladdr(bytes.data, &first) != 0 && ::dladdr(bytes.data + bytes.size - 1, &last) != 0 &&
           first.dli_fbase == home.dli_fbase && last.dli_fbase == home.dli_fbase;
}

bool endsAtMember(std::size_t size) {
    constexpr std::array kEnds = {kLeast,
                                  offsetof(stafett_plugin, close),
                                  offsetof(stafett_plugin, decode),
                                  offsetof(stafett_plugin, encode),
                                  offsetof(stafett_plugin, reply),
                                  offsetof(stafett_plugin, interpret),
                                  offsetof(stafett_plugin, check),
                                  sizeof(stafett_plugin)};
    return std::find(kEnds.begin(), kEnds.end(), size) != kEnds.end();
}

Result<stafett_plugin> readExported(const void* exported, const std::string& file) {
    std::size_t size = 0;
    std::uint32_t minor = 0;
    const std::size_t there = sizeOfObject(exported);
    if (there < offsetof(stafett_plugin, reserved)) return refuse(Code::PluginStruct, file);
    std::memcpy(&size, exported, sizeof size);
    std::memcpy(&minor, static_cast<const char*>(exported) + offsetof(stafett_plugin, abi_minor),
                sizeof minor);
    if (minor > STAFETT_ABI_MINOR) {
        return refuse(Code::PluginNewer, file,
                      "its ABI minor is " + std::to_string(minor) + ", ours is " +
                          std::to_string(STAFETT_ABI_MINOR));
    }
    if (size > there || size < kLeast || !endsAtMember(size)) {
        return refuse(Code::PluginStruct, file,
                      "says " + std::to_string(size) + " bytes, has " + std::to_string(there) +
                          ", ours has " + std::to_string(sizeof(stafett_plugin)));
    }
    stafett_plugin plugin{};
    std::memcpy(&plugin, exported, size);
    if (plugin.manifest.size > kManifestLimit || !liesIn(exported, plugin.manifest)) {
        return refuse(Code::PluginManifest, file, "empty, too large, or not in the plugin");
    }
    return plugin;
}

/// What has been loaded, by digest: a library is never unloaded, so the same bytes are loaded once,
/// however often a configuration is read again.
struct Loaded {
    std::mutex mutex;
    std::map<Digest, stafett_plugin> plugins;
};
Loaded& loaded() {
    static Loaded all;
    return all;
}

Result<stafett_plugin> loadAnew(SealedFile sealed, const std::string& file) {
    const std::string name = sealed.keepForLoading();
    // SharedLibrary binds lazily: a missing symbol would show at the first call. So all is bound
    // first.
    if (::dlopen(name.c_str(), RTLD_NOW | RTLD_LOCAL) == nullptr) {
        return refuse(Code::PluginLoad, file, loaderSaid());
    }
    try {
        Poco::SharedLibrary library;  // its end does not unload
        library.load(name, Poco::SharedLibrary::SHLIB_LOCAL);
        if (!library.hasSymbol(kSymbol)) return refuse(Code::PluginSymbol, file);
        return readExported(library.getSymbol(kSymbol), file);
    } catch (const Poco::Exception&) {
        return refuse(Code::PluginLoad, file);
    }
}

}  // namespace

Result<stafett_plugin> loadLibrary(SealedFile sealed, const std::string& file) {
    const Digest digest = sealed.digest();
    const std::lock_guard lock(loaded().mutex);
    const auto known = loaded().plugins.find(digest);
    if (known != loaded().plugins.end()) return known->second;
    auto plugin = loadAnew(std::move(sealed), file);
    if (plugin) loaded().plugins.emplace(digest, *plugin);
    return plugin;
}

}  // namespace stafett::plugin
