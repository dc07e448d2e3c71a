#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace stafett {

/// Every code there is; base/codes.def holds their texts.
enum class Code : std::uint16_t {
#define ST_CODE(name, id, outcome, sv, en, todo_sv, todo_en) name,
#include "gateway/base/codes.def"
#undef ST_CODE
};

/// What a code means for whoever meets it (design: outcomes and the three fates).
enum class Outcome : std::uint8_t {
    Accepted,
    Warning,         ///< accepted, and the sender is told
    Loss,            ///< accepted, and the receiver is not told this
    ContentRefused,  ///< the sender's content; told with place
    NotAllowed,
    Conflict,
    Malformed,
    Busy,           ///< the sender keeps it and tries again
    Retry,          ///< the world's fault: again by schedule
    Hold,           ///< ours or the receiver's: an operator sees it
    Configuration,  ///< found when loading; exit 78
    Usage,
};

enum class Language : std::uint8_t { Swedish, English };

struct CodeInfo {
    std::string_view name;
    std::string_view id;  ///< ST-<AREA>-<NNN>, never reused
    Outcome outcome;
    std::string_view what_sv, what_en;
    std::string_view todo_sv, todo_en;

    std::string_view what(Language l) const { return l == Language::Swedish ? what_sv : what_en; }
    std::string_view todo(Language l) const { return l == Language::Swedish ? todo_sv : todo_en; }
};

const CodeInfo& info(Code code);
std::optional<Code> findCode(std::string_view id);
std::size_t codeCount();

/// Where something is wrong: paths, files, rows. Never a value, so that no personal data slips in.
struct Place {
    std::string path = {};     ///< wire path, canonical path or JSON pointer, with indexes
    std::string file = {};     ///< the file or mapping it was found in ("municipality/arende")
    std::uint32_t line = 0;    ///< 1-based; 0 = not known
    std::uint32_t column = 0;  ///< 1-based; 0 = not known
    std::string row = {};      ///< the mapping row or configuration key that judged it
    std::string hint = {};  ///< for configuration and mappings only: nearest name, what is allowed

    bool operator==(const Place&) const = default;
};

/// A code and a place, nothing more. Texts are looked up where they are shown.
class Error {
public:
    explicit Error(Code code, Place place = {}, const char* source = __builtin_FILE(),
                   int source_line = __builtin_LINE())
        : place_(std::move(place)), source_(source), source_line_(source_line), code_(code) {}

    Code code() const { return code_; }
    const CodeInfo& info() const { return stafett::info(code_); }
    Outcome outcome() const { return info().outcome; }
    const Place& place() const { return place_; }
    Place& place() { return place_; }
    const char* source() const { return source_; }
    int sourceLine() const { return source_line_; }

private:
    Place place_;
    const char* source_;
    int source_line_;
    Code code_;
};

using Problems = std::vector<Error>;

/// One line for a terminal or a log: id, text, place. Holds nothing a sender wrote.
std::string describe(const Error& error, Language language);

/// Nearest of `known` to `found`, for "did you mean"; empty when nothing is near.
std::string nearest(std::string_view found, const std::vector<std::string>& known);

}  // namespace stafett
