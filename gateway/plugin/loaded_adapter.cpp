#include "gateway/plugin/loaded_adapter.h"

#include "gateway/plugin/document_path.h"

namespace stafett::plugin {
namespace {

/// What the manifest names must be there, and what is there must be named.
void match(const char* key, Said said, bool there, const std::string& file, Problems& problems) {
    if ((said == Said::ByPlugin) == there) return;
    problems.emplace_back(
        Code::PluginManifest,
        Place{.path = std::string("/") + key,
              .file = file,
              .hint = there ? "the plugin has this function: say \"plugin\""
                            : "says \"plugin\", but the plugin has no such function"});
}

Problems matchFunctions(const Manifest& manifest, const stafett_plugin& plugin,
                        const std::string& file) {
    Problems problems;
    match("replies", manifest.replies, plugin.reply != nullptr, file, problems);
    match("interpret", manifest.interpret, plugin.interpret != nullptr, file, problems);
    match("decode", manifest.decode, plugin.decode != nullptr, file, problems);
    match("encode", manifest.encode, plugin.encode != nullptr, file, problems);
    match("check", manifest.check, plugin.check != nullptr, file, problems);
    return problems;
}

}  // namespace

Checked<std::shared_ptr<const LoadedAdapter>> LoadedAdapter::make(const stafett_plugin& plugin,
                                                                  const Digest& digest,
                                                                  std::shared_ptr<Watch> watch,
                                                                  const std::string& file) {
    std::shared_ptr<LoadedAdapter> made(new LoadedAdapter);
    made->text_.assign(plugin.manifest.data, plugin.manifest.size);
    auto manifest = readManifest(made->text_, file);
    if (!manifest) return tl::make_unexpected(std::move(manifest).error());
    auto problems = matchFunctions(*manifest, plugin, file);
    if (!problems.empty()) return tl::make_unexpected(std::move(problems));
    made->manifest_ = std::move(*manifest);
    made->digest_ = digest;
    made->watch_ = std::move(watch);
    made->health_ = &made->watch_->newHealth();
    made->functions_ = plugin;
    if (plugin.open != nullptr) {
        CallFrame frame({}, nullptr, 0);
        const Watch::Timed timed(*made->watch_, *made->health_);
        if (plugin.open(frame.begin(timed.deadlineNs()), &made->state_) != STAFETT_OK) {
            return tl::make_unexpected(Problems{
                Error(Code::PluginLoad, Place{.file = file, .hint = "its open() failed"})});
        }
    }
    made->opened_ = true;
    return std::shared_ptr<const LoadedAdapter>(std::move(made));
}

LoadedAdapter::~LoadedAdapter() {
    if (opened_ && functions_.close != nullptr) functions_.close(state_);
}

Problems LoadedAdapter::check(const FormId& form, const codec::Document& document) const {
    if (functions_.check == nullptr) return {};
    Problems problems;
    CallFrame frame({.document = &document}, state_, 0);
    const stafett_document view{sizeof(stafett_document), lent(form.value)};
    int32_t result = STAFETT_FAILED;
    if (!call(functions_.check, frame, view, result)) {
        problems.emplace_back(resting() ? Code::PluginSlow : Code::PluginFailed,
                              Place{.file = manifest_.dialect.value + "/" + form.value});
        return problems;
    }
    for (auto& [code, place] : frame.put().problems) {
        const OwnCode* own = manifest_.findCode(code);
        // A place that is no path could hold a value; a code without texts says nothing.
        if (own == nullptr || (!place.empty() && !isDocumentPath(place))) {
            health_->failures.fetch_add(1);
            problems.emplace_back(Code::PluginFailed,
                                  Place{.file = manifest_.dialect.value + "/" + form.value});
            continue;
        }
        const bool warning = own->outcome == Outcome::Warning;
        problems.emplace_back(warning ? Code::PluginRuleWarning : Code::PluginRule,
                              Place{.path = std::move(place), .row = own->code});
    }
    return problems;
}

Problems LoadedAdapter::checkSettings(const mapping::Settings& settings) const {
    return manifest_.settings.check(settings);
}

std::optional<OwnText> LoadedAdapter::explain(std::string_view own_code, Language language) const {
    const OwnCode* own = manifest_.findCode(own_code);
    if (own == nullptr) return std::nullopt;
    const bool swedish = language == Language::Swedish;
    return OwnText{swedish ? own->sv : own->en, swedish ? own->todo_sv : own->todo_en,
                   own->outcome == Outcome::Warning};
}

PluginHealth LoadedAdapter::health() const {
    const auto stuck = health_->stuck.load();
    return {health_->calls.load(), health_->failures.load(), health_->overruns.load(),
            stuck > 0 ? static_cast<std::uint64_t>(stuck) : 0};
}

}  // namespace stafett::plugin
