#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "gateway/transport/refusal.h"

namespace stafett::transport {

/// Looks over the head of a message (first line and fields) byte by byte, before the parser may
/// have it, and refuses what the parser would let through: bare line ends, folded lines, controls,
/// any length but one plain number, any transfer coding but exactly "chunked", a missing or doubled
/// Host, and whatever passes a limit. A refusal comes with the byte that earns it, not later.
class HeadScan {
public:
    enum class Kind : std::uint8_t { Request, Answer };
    enum class Seen : std::uint8_t { More, Whole, Refused };
    struct Limits {
        std::size_t head;
        std::size_t fields;
        std::size_t target;
    };

    HeadScan(Kind kind, Limits limits) : kind_(kind), limits_(limits) {}

    /// `all` is the head from its first byte on, longer at each call. Remembers how far it has
    /// seen.
    Seen look(std::string_view all);

    /// Where the first line begins: one empty line before it is forgiven.
    std::size_t start() const { return start_; }
    /// Where the body begins. Only when whole.
    std::size_t end() const { return at_; }
    /// The body's length is stated: by Content-Length or by chunks.
    bool hasLength() const { return lengths_ + codings_ > 0; }
    Refusal refusal() const { return refusal_; }

private:
    bool refuse(int status, Code code);
    bool judgeLine(std::string_view line);
    bool judgeFirstLine(std::string_view line);
    bool judgeField(std::string_view line);
    bool judgeEnd();
    bool withinLimits(std::size_t size);

    Kind kind_;
    Limits limits_;
    std::size_t start_ = 0;
    std::size_t at_ = 0;
    std::size_t line_ = 0;
    std::size_t fields_ = 0;
    unsigned hosts_ = 0;
    unsigned lengths_ = 0;
    unsigned codings_ = 0;
    bool first_line_seen_ = false;
    bool whole_ = false;
    Refusal refusal_{400, Code::HttpMalformed};
};

}  // namespace stafett::transport
