#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/base/result.h"

namespace stafett::mapping {

struct WireTest;

/// One step of a wire path: `Person`, `t:code`, `@id`, `coding[0]`, `identifier[use='official']`.
struct WireStep {
    enum class Pick : std::uint8_t { One, Index, Match };

    std::string prefix = {};  ///< namespace prefix, as written
    std::string name = {};
    bool attribute = false;
    bool below = false;   ///< `**`: any depth (keep and drop only)
    bool starts = false;  ///< `_*`: every name that begins so (keep and drop only)
    Pick pick = Pick::One;
    std::uint32_t index = 0;
    std::vector<WireTest> tests;

    bool operator==(const WireStep&) const = default;
};

/// A path through a wire document, relative to where its row stands. No steps = `.`, the place
/// itself.
struct WirePath {
    std::string attribute = {};  ///< `attr:NAME`: a named value outside the document
    std::vector<WireStep> steps = {};

    bool outside() const { return !attribute.empty(); }
    bool operator==(const WirePath&) const = default;
};

/// `path='literal'` inside a predicate.
struct WireTest {
    WirePath path;
    std::string literal;

    bool operator==(const WireTest&) const = default;
};

/// Reads a path; ST-CHK-004 with a hint when it is not one.
Result<WirePath> parseWirePath(std::string_view text);

/// The path as people write it.
std::string print(const WirePath& path);
std::string print(const WireStep& step);

}  // namespace stafett::mapping
