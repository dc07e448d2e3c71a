#include "gateway/pipeline/snapshot.h"

#include <algorithm>
#include <iterator>

#include "gateway/message/json_text.h"

namespace stafett::pipeline {
namespace {

template <class T>
bool gather(Checked<T>& part, Problems& problems) {
    if (part) return true;
    std::move(part.error().begin(), part.error().end(), std::back_inserter(problems));
    return false;
}

/// What one file says of another proves nothing while the other could not be read.
template <class T>
void leaveOut(Code code, Checked<T>& part) {
    if (!part) std::erase_if(part.error(), [&](const Error& one) { return one.code() == code; });
}

/// Each party speaks a dialect that has a plugin, with settings that dialect understands.
void checkParties(const config::Config& config, const plugin::Registry& registry,
                  Problems& problems) {
    for (const auto& [id, party] : config.parties) {
        const auto* adapter = registry.find(party.dialect);
        if (adapter == nullptr) {
            std::vector<std::string> known;
            for (const auto* other : registry.all()) known.push_back(other->dialect().value);
            const std::string near = nearest(party.dialect.value, known);
            problems.emplace_back(
                Code::ConfigReference,
                Place{.path = "/dialect",
                      .file = party.file,
                      .hint = near.empty() ? "No plugin speaks it." : "Nearest: " + near + "."});
            continue;
        }
        for (auto& problem : adapter->checkSettings(party.settings)) {
            problem.place().file = party.file;
            problems.push_back(std::move(problem));
        }
    }
}

/// A file that comes in by a folder takes a way that its party's dialect has.
void checkDoors(const config::Config& config, const plugin::Registry& registry,
                Problems& problems) {
    for (std::size_t i = 0; i < config.doors.size(); ++i) {
        const auto& door = config.doors[i];
        if (door.in.empty()) continue;
        const auto* party = config.party(door.party);
        const auto* adapter = party == nullptr ? nullptr : registry.find(party->dialect);
        if (adapter == nullptr || adapter->hasPath(door.route)) continue;
        problems.emplace_back(Code::ConfigReference,
                              Place{.path = "/doors/" + std::to_string(i) + "/route",
                                    .file = (config.folder / "routes.json").string(),
                                    .hint = "The party's dialect takes nothing at this path."});
    }
}

std::map<DialectId, mapping::ContentPlaces> contentsOf(const std::vector<DialectId>& dialects,
                                                       const mapping::Library& library) {
    std::map<DialectId, mapping::ContentPlaces> all;
    for (const auto& dialect : dialects) {
        auto contents = mapping::contentPlaces(library, dialect);
        if (!contents.places.empty()) all.emplace(dialect, std::move(contents));
    }
    return all;
}

std::vector<plugin::PluginSource> sourcesOf(const config::Settings& settings) {
    std::vector<plugin::PluginSource> sources;
    for (const auto& entry : settings.plugins) sources.push_back({entry.file, entry.sha256});
    return sources;
}

}  // namespace

std::string Snapshot::versions(const plugin::Adapter& adapter, const mapping::Form& form) const {
    // Three times a message: put together by hand.
    std::string text;
    text.reserve(320);
    const auto say = [&](std::string_view name, std::string_view value) {
        text.append(text.empty() ? "{\"" : ",\"").append(name).append("\":");
        message::appendJsonString(text, value);
    };
    say("mapping", form.dialect() + "/" + form.name());
    say("version", form.version());
    say("digest", form.digest());
    say("plugin", adapter.id());
    say("plugin_version", adapter.version());
    say("plugin_digest", adapter.digest().hex());
    return text += '}';
}

Checked<std::shared_ptr<const Snapshot>> loadSnapshot(const std::filesystem::path& folder,
                                                      const mapping::LoadOptions& options) {
    auto [config, problems] = config::read(folder);
    const auto& settings = config.settings;
    const auto first = (folder / "stafett.json").string();
    const bool unsettled = std::any_of(problems.begin(), problems.end(),
                                       [&](const Error& one) { return one.place().file == first; });
    if (unsettled) return tl::make_unexpected(std::move(problems));
    const bool whole = problems.empty();
    const auto profile = settings.profile == config::Profile::Dev ? plugin::Profile::Dev
                                                                  : plugin::Profile::Production;
    auto registry = plugin::Registry::load(sourcesOf(settings), profile);
    auto catalogue = message::Catalogue::load(settings.mappings / "canonical");
    // Without the canonical schemas nothing that policy.json names could be found.
    auto policy = catalogue ? policy::Policy::load(folder / "policy.json", config, *catalogue)
                            : Checked<policy::Policy>(policy::Policy());
    auto deadlines = custody::Deadlines::load(folder / "deadlines.json", config);
    const auto judge = [whole, &problems = problems](auto& part) {
        if (!whole) leaveOut(Code::ConfigReference, part);
        gather(part, problems);
    };
    judge(policy);
    judge(deadlines);
    const bool can_map = static_cast<int>(gather(registry, problems)) &
                         static_cast<int>(gather(catalogue, problems));
    if (!can_map) return tl::make_unexpected(std::move(problems));

    std::vector<DialectId> dialects;
    for (const auto* adapter : registry->all()) dialects.push_back(adapter->dialect());
    auto library = mapping::Library::load(settings.mappings, *catalogue, dialects, options);
    if (gather(library, problems)) {
        for (const auto* adapter : registry->all()) {
            auto missing = plugin::checkForms(*adapter, *library);
            std::move(missing.begin(), missing.end(), std::back_inserter(problems));
        }
    }
    checkParties(config, *registry, problems);
    checkDoors(config, *registry, problems);
    if (!problems.empty()) return tl::make_unexpected(std::move(problems));
    auto contents = contentsOf(dialects, *library);
    return std::make_shared<const Snapshot>(Snapshot{
        std::move(config), std::move(*catalogue), std::move(*library), std::move(*registry),
        std::move(*policy), std::move(*deadlines), std::move(contents)});
}

}  // namespace stafett::pipeline
