#include "gateway/plugin/registry.h"

#include "gateway/plugin/library.h"
#include "gateway/plugin/loaded_adapter.h"

namespace stafett::plugin {
namespace {

constexpr std::chrono::milliseconds kDeadline{100};

Status judgeDigest(const PluginSource& source, const Digest& found, Profile profile) {
    const auto refuse = [&](std::string hint) {
        return tl::make_unexpected(Error(
            Code::PluginDigest, Place{.file = source.file.string(), .hint = std::move(hint)}));
    };
    if (source.sha256.empty()) {
        if (profile == Profile::Dev) return {};
        return refuse("no digest is configured; the file's is " + found.hex());
    }
    if (source.sha256 == found.hex()) return {};
    return refuse("the file's is " + found.hex());
}

Checked<std::shared_ptr<const LoadedAdapter>> loadOne(const PluginSource& source, Profile profile,
                                                      const std::shared_ptr<Watch>& watch) {
    const auto fail = [](Error error) { return tl::make_unexpected(Problems{std::move(error)}); };
    auto sealed = SealedFile::copy(source.file);
    if (!sealed) return fail(std::move(sealed).error());
    const Digest digest = sealed->digest();
    if (auto good = judgeDigest(source, digest, profile); !good)
        return fail(std::move(good).error());
    auto plugin = loadLibrary(std::move(*sealed), source.file.string());
    if (!plugin) return fail(std::move(plugin).error());
    return LoadedAdapter::make(*plugin, digest, watch, source.file.string());
}

}  // namespace

Checked<Registry> Registry::load(const std::vector<PluginSource>& sources, Profile profile) {
    Registry made;
    Problems problems;
    const auto watch = std::make_shared<Watch>(kDeadline);
    for (const auto& source : sources) {
        auto one = loadOne(source, profile, watch);
        if (!one) {
            for (auto& error : one.error()) problems.push_back(std::move(error));
            continue;
        }
        if (!made.adapters_.emplace((*one)->dialect(), *one).second) {
            problems.emplace_back(Code::ConfigDuplicate, Place{.file = source.file.string(),
                                                               .hint = "another plugin speaks " +
                                                                       (*one)->dialect().value});
        }
    }
    if (!problems.empty()) return tl::make_unexpected(std::move(problems));
    return made;
}

const Adapter* Registry::find(const DialectId& dialect) const {
    const auto found = adapters_.find(dialect);
    return found == adapters_.end() ? nullptr : found->second.get();
}

std::vector<const Adapter*> Registry::all() const {
    std::vector<const Adapter*> all;
    for (const auto& [dialect, adapter] : adapters_) all.push_back(adapter.get());
    return all;
}

}  // namespace stafett::plugin
