#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "gateway/mapping/findings.h"
#include "gateway/mapping/located_json.h"
#include "gateway/mapping/reason.h"

namespace stafett::mapping {

/// One path (part "") or several named parts, as a row writes them.
using PathParts = std::vector<std::pair<std::string, std::string>>;

enum class RowKind : std::uint8_t {
    Relation,
    Each,
    Group,
    Const,
    Present,
    Also,
    Ref,
    Setting,
    FromOutside,  ///< canonical from outside the document, on reading
    ToWire,       ///< wire from outside the message, on writing
    DisplayOf,
    OneOf,
    Keep,
    Drop,
};

enum class Agree : std::uint8_t { Yes, No, WithinCodec };
enum class OnReading : std::uint8_t { Use, Check, Ignore };

struct CannotCarry {
    std::string canonical;
    Reason because;
    bool unless_empty = false;
    RowPlace at;
};

struct SourceGuard {
    std::string canonical = {};
    std::vector<std::string> is = {};  ///< empty = present
    std::string wire = {};
    std::vector<std::string> wire_is = {};  ///< empty = present
    bool in_table = false;
};

/// One row of a mapping file, read and checked for its keys, before any path is resolved.
struct SourceRow {
    RowKind kind = RowKind::Relation;
    RowPlace at;

    PathParts canonical = {};
    PathParts wire = {};
    std::string as = {};
    std::string table = {};
    bool required_read = false;
    bool required_write = false;
    bool reads = true;   ///< `on`
    bool writes = true;  ///< `on`
    OnReading on_reading = OnReading::Use;

    struct Range {
        std::string min = {}, max = {};
        bool refuse = false;
    };
    std::optional<Range> range = {};
    std::vector<std::string> usual = {};
    std::optional<bool> report_inexact = {};
    enum class Unknown : std::uint8_t { Refuse, Keep, LeaveOut, Value };
    Unknown unknown_read = Unknown::Refuse;
    std::string unknown_code = {};
    Unknown unknown_write = Unknown::Refuse;
    PathParts unknown_wire = {};
    std::uint32_t max = 0;
    bool cut = false;
    std::string else_display_of = {};
    Language language = Language::Swedish;
    std::string absent = {};
    std::string none = {};
    std::string with = {};
    std::optional<SourceGuard> when = {};
    bool transport = false;
    std::vector<std::string> accept = {};
    bool check_display = false;

    // const, present, settings, sources, anchors
    std::optional<Json> literal = {};
    std::optional<std::string> when_true = {};
    std::optional<std::string> when_false = {};
    std::string source = {};  ///< setting key, `from`, ref's anchor, keep's and drop's path
    Reason because = {};
    Agree agree = Agree::Yes;

    // each
    std::vector<std::string> key = {};
    std::optional<bool> order_kept = {};
    std::uint32_t limit = 0;
    bool limit_refuses = true;
    bool take_first = false;
    std::vector<CannotCarry> cannot_carry = {};

    std::vector<SourceRow> rows = {};
    std::vector<std::vector<SourceRow>> alternatives = {};
};

}  // namespace stafett::mapping
