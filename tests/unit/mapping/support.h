#pragma once

#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "gateway/codec/read.h"
#include "gateway/codec/write.h"
#include "gateway/mapping/mapping.h"
#include "gateway/message/message.h"
#include "gateway/message/schema.h"

namespace stafett::mapping::testing {

inline std::filesystem::path sourceFolder() { return STAFETT_SOURCE_DIR; }

/// The shipped schemas and value sets.
inline const message::Catalogue& catalogue() {
    static const auto loaded = message::Catalogue::load(sourceFolder() / "mappings" / "canonical");
    if (!loaded) std::abort();
    return *loaded;
}

/// A folder of one dialect ("test") that lives as long as the object.
class Dialect {
public:
    explicit Dialect(std::string name = "test") {
        static int count = 0;
        base_ = std::filesystem::temp_directory_path() /
                ("stafett_mapping_" + std::to_string(::getpid()) + "_" + std::to_string(count++));
        folder_ = base_ / name;
        std::filesystem::create_directories(folder_ / "codes");
    }
    ~Dialect() {
        std::error_code ignored;
        std::filesystem::remove_all(base_, ignored);
    }
    Dialect(const Dialect&) = delete;
    Dialect& operator=(const Dialect&) = delete;

    std::filesystem::path put(const std::string& name, std::string_view text) const {
        std::ofstream(folder_ / name) << text;
        return folder_ / name;
    }
    const std::filesystem::path& base() const { return base_; }
    const std::filesystem::path& folder() const { return folder_; }

private:
    std::filesystem::path base_, folder_;
};

inline std::string describeAll(const Problems& problems) {
    std::string out;
    for (const Error& one : problems) out += describe(one, Language::English) + "\n";
    return out;
}

inline codec::Document xml(std::string_view text) {
    static constexpr codec::Encoding kAllowed[] = {codec::Encoding::Latin1,
                                                   codec::Encoding::Windows1252};
    auto document = codec::readXml(text, {.limits = {}, .allowed = kAllowed});
    if (!document) std::abort();
    return std::move(*document);
}
inline codec::Document json(std::string_view text) {
    auto document = codec::readJson(text, {});
    if (!document) std::abort();
    return std::move(*document);
}

}  // namespace stafett::mapping::testing
