#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "gateway/base/result.h"

namespace stafett::mapping {

/// A value of one of our own JSON files, with the place it stands at, so that a finding can name
/// its line. Numbers keep their digits.
struct Json {
    enum class Kind : std::uint8_t { Null, Boolean, Number, String, Array, Object };

    Kind kind = Kind::Null;
    std::uint32_t line = 0;
    std::uint32_t column = 0;
    std::string text = {};  ///< String: the decoded text; Number: its digits; Boolean: true, false
    std::vector<Json> items = {};                            ///< Array
    std::vector<std::pair<std::string, Json>> members = {};  ///< Object, in the file's order

    const Json* find(std::string_view key) const;
    bool isString() const { return kind == Kind::String; }
    bool isObject() const { return kind == Kind::Object; }
    bool isArray() const { return kind == Kind::Array; }
    bool isTrue() const { return kind == Kind::Boolean && text == "true"; }
};

/// Reads JSON in which // comments may stand. Equal keys, a depth over 64 and anything after the
/// value are refused (ST-CHK-001, with line and column of `file`).
Result<Json> readLocatedJson(std::string_view text, const std::string& file);

/// The value as compact JSON.
std::string print(const Json& value);

}  // namespace stafett::mapping
