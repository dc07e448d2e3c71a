#pragma once

#include <filesystem>
#include <functional>
#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/base/result.h"

namespace stafett::config {

/// Reads one configuration file: JSON with // comments. One problem: it cannot be read at all, or a
/// key stands twice in one object.
Result<nlohmann::json> readFile(const std::filesystem::path& file);

/// Takes a configuration object apart key by key, and gathers everything wrong with it: each
/// problem has the file, the JSON pointer, what is allowed, and the nearest known key. One thread.
class Reader {
public:
    Reader(const nlohmann::json& value, std::string file, std::string pointer, Problems& problems);
    ~Reader() = default;
    Reader(const Reader&) = delete;
    Reader& operator=(const Reader&) = delete;

    enum class Need : std::uint8_t { Optional, Required };

    bool has(std::string_view key);
    std::string text(std::string_view key, std::string fallback = {}, Need need = Need::Optional);
    std::string oneOf(std::string_view key, const std::vector<std::string>& allowed,
                      std::string fallback);
    /// A whole number within [least, most].
    std::int64_t number(std::string_view key, std::int64_t fallback, std::int64_t least,
                        std::int64_t most);
    double real(std::string_view key, double fallback, double least, double most);
    bool truth(std::string_view key, bool fallback);
    std::vector<std::string> texts(std::string_view key, std::vector<std::string> fallback = {});
    /// YYYY-MM-DD or absent.
    std::string date(std::string_view key);
    /// Any value, taken as it is (for what a plugin's own schema checks).
    const nlohmann::json* any(std::string_view key);
    void object(std::string_view key, const std::function<void(Reader&)>& read,
                Need need = Need::Optional);
    /// Each item of an array of objects.
    void each(std::string_view key, const std::function<void(Reader&)>& read);

    void problem(Code code, std::string_view key, std::string hint = {});
    std::string pointer(std::string_view key) const;
    const std::string& file() const { return file_; }
    Problems& problems() { return problems_; }

    /// Reports every key that was not asked for. Call last.
    void finish();

private:
    const nlohmann::json* find(std::string_view key, Need need);

    const nlohmann::json& value_;
    std::string file_;
    std::string pointer_;
    Problems& problems_;
    std::vector<std::string> asked_;
};

}  // namespace stafett::config
