#pragma once

#include <initializer_list>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/base/result.h"

namespace stafett::plugin {

enum class Need : std::uint8_t { Required, Optional };

/// Reads members of JSON objects and gathers what is wrong with them, each with its JSON pointer.
/// One thread.
class JsonReading {
public:
    using Json = nlohmann::json;
    JsonReading(std::string file, Problems& problems)
        : file_(std::move(file)), problems_(&problems) {}

    /// Strict JSON with a bound on depth, and no key twice; null when it is not.
    Json parse(std::string_view text);

    void wrong(std::string pointer, std::string hint);
    /// Every key must be one of these; the nearest one is named.
    void known(const Json& object, const std::string& at, std::initializer_list<const char*> keys);

    std::string text(const Json& object, const std::string& at, const char* key, Need need);
    /// One of these words; the first when absent and optional.
    std::string choice(const Json& object, const std::string& at, const char* key, Need need,
                       std::initializer_list<const char*> words);
    bool flag(const Json& object, const std::string& at, const char* key);
    std::vector<std::string> texts(const Json& object, const std::string& at, const char* key);
    /// An object or array below `key`; null when absent or of another type (said when it is).
    const Json* object(const Json& parent, const std::string& at, const char* key, Need need);
    const Json* array(const Json& parent, const std::string& at, const char* key, Need need);

private:
    const Json* member(const Json& object, const std::string& at, const char* key, Need need);

    std::string file_;
    Problems* problems_;
};

/// A key as a step of a JSON pointer (RFC 6901).
std::string pointerStep(std::string_view key);

}  // namespace stafett::plugin
