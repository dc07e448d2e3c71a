#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <string>

#include "gateway/base/result.h"
#include "gateway/config/config.h"
#include "gateway/custody/deadlines.h"
#include "gateway/mapping/contents.h"
#include "gateway/mapping/library.h"
#include "gateway/message/schema.h"
#include "gateway/plugin/registry.h"
#include "gateway/policy/policy.h"

namespace stafett::pipeline {

/// Everything that is loaded from files and then read by every stage: swapped whole on a reload,
/// and held by each message from its first stage to its last. Never changed after. Many threads.
struct Snapshot {
    config::Config config;
    message::Catalogue catalogue;
    mapping::Library library;
    plugin::Registry registry;
    policy::Policy policy;
    custody::Deadlines deadlines;

    std::map<DialectId, mapping::ContentPlaces> contents = {};
    /// Where a dialect has contents of attachments; nothing where it has none.
    const mapping::ContentPlaces* contentsOf(const DialectId& dialect) const {
        const auto found = contents.find(dialect);
        return found == contents.end() ? nullptr : &found->second;
    }

    const plugin::Adapter* adapterOf(const config::Party& party) const {
        return registry.find(party.dialect);
    }
    /// Clear JSON: mapping, version and digest, plugin, version and digest.
    std::string versions(const plugin::Adapter& adapter, const mapping::Form& form) const;
};

using SnapshotSource = std::function<std::shared_ptr<const Snapshot>()>;

/// Loads and checks a configuration whole: each part, and that they fit each other (party → dialect
/// → plugin → forms, settings, doors). All problems at once.
Checked<std::shared_ptr<const Snapshot>> loadSnapshot(const std::filesystem::path& folder,
                                                      const mapping::LoadOptions& options);

}  // namespace stafett::pipeline
