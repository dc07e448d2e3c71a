#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace stafett::plugin {

using Headers = std::vector<std::pair<std::string, std::string>>;

/// What HTTP takes as a header's name, and as its value (no control characters; bytes over 0x7F are
/// let through as obs-text). Many threads, as all here.
bool isHeaderName(std::string_view name);
bool isHeaderValue(std::string_view value);
/// Names that belong to the gateway or to framing: no manifest and no plugin may set them.
bool isReservedHeader(std::string_view name);

bool equalsAnyCase(std::string_view a, std::string_view b);
std::string lowerAscii(std::string_view text);

/// How often a header stands there, and its first value.
struct HeaderFound {
    int count = 0;
    std::string_view value;
};
HeaderFound findHeader(const Headers* headers, std::string_view name);

/// "type/subtype; charset=x" taken apart; nothing when it is none. Both lower case.
struct MediaType {
    std::string type, charset;
};
std::optional<MediaType> readMediaType(std::string_view value);

/// One query parameter, percent-decoded once; nothing when absent, twice or ill-formed.
std::optional<std::string> queryValue(std::string_view query, std::string_view name);

/// Whether bytes are UTF-8 without control characters (what an attribute may hold).
bool isPlainText(std::string_view text);

}  // namespace stafett::plugin
