#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "gateway/base/result.h"

namespace stafett::plugin {

/// Text with {attr:NAME} and {setting:NAME} in it, as manifests write headers and paths.
struct WireTemplate {
    enum class From : std::uint8_t { Literal, Attribute, Setting };
    struct Part {
        From from = From::Literal;
        std::string text;  ///< literal text, or the name
    };
    std::vector<Part> parts;

    bool empty() const { return parts.empty(); }
    /// Nothing for a brace that begins none of the two.
    static std::optional<WireTemplate> parse(std::string_view text);
};

}  // namespace stafett::plugin
