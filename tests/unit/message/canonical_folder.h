#pragma once

#include <gtest/gtest.h>

#include <filesystem>

#include "gateway/message/schema.h"

namespace stafett::message {

inline std::filesystem::path canonicalFolder() {
    return std::filesystem::path(STAFETT_SOURCE_DIR) / "mappings/canonical";
}

/// The product's own schemas and value sets, loaded once.
inline const Catalogue& catalogue() {
    static const Checked<Catalogue> loaded = Catalogue::load(canonicalFolder());
    if (!loaded) {
        for (const auto& problem : loaded.error())
            ADD_FAILURE() << describe(problem, Language::English);
    }
    return *loaded;
}

inline std::shared_ptr<const Schema> schemaOf(std::string_view kind) {
    for (const auto& schema : catalogue().schemas()) {
        if (schema->kind == kind) return schema;
    }
    return nullptr;
}

}  // namespace stafett::message
