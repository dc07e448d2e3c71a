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

void checkForm(const mapping::Library& library, const DialectId& dialect, const FormId& form,
               mapping::Direction direction, codec::Format format, std::string pointer,
               std::string_view kind, Problems& problems) {
    const auto wrong = [&](std::string hint) {
        problems.emplace_back(Code::PluginMapping, Place{.path = pointer,
                                                         .file = dialect.value + "/" + form.value,
                                                         .hint = std::move(hint)});
    };
    const mapping::Form* found = library.find(dialect, form);
    if (found == nullptr) {
        std::vector<std::string> names;
        for (const auto* one : library.forms(dialect)) names.push_back(one->name());
        const auto near = nearest(form.value, names);
        wrong(near.empty() ? "no such mapping" : "no such mapping; did you mean \"" + near + "\"?");
        return;
    }
    if (!found->does(direction)) {
        wrong(direction == mapping::Direction::Read ? "this mapping does not read"
                                                    : "this mapping does not write");
    }
    if (found->format() != format) wrong("the mapping's wire format is not the manifest's");
    if (!kind.empty() && found->schema().kind != kind)
        wrong("this mapping is of kind " + found->schema().kind);
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

Problems checkForms(const Adapter& adapter, const mapping::Library& library) {
    Problems problems;
    const auto manifest = readManifest(adapter.manifest(), adapter.id());
    if (!manifest) return manifest.error();
    for (std::size_t i = 0; i < manifest->inbound.size(); ++i) {
        const auto& forms = manifest->inbound[i].forms;
        for (std::size_t k = 0; k < forms.size(); ++k) {
            checkForm(library, manifest->dialect, forms[k].form, mapping::Direction::Read,
                      manifest->format,
                      "/inbound/" + std::to_string(i) + "/forms/" + std::to_string(k) + "/form", {},
                      problems);
        }
    }
    for (std::size_t i = 0; i < manifest->outbound.size(); ++i) {
        const auto& one = manifest->outbound[i];
        checkForm(library, manifest->dialect, one.form, mapping::Direction::Write, manifest->format,
                  "/outbound/" + std::to_string(i) + "/form", one.kind, problems);
    }
    return problems;
}

}  // namespace stafett::plugin
