#pragma once

#include <iosfwd>
#include <string>
#include <string_view>

#include "gateway/codec/tree.h"

namespace stafett::app {

/// Colours for a person at a terminal; none when the output is a file or a pipe, or NO_COLOR is
/// set.
class Paint {
public:
    /// 1 = standard output, 2 = standard error.
    explicit Paint(int descriptor);

    std::string good(std::string_view text) const { return in("32", text); }
    std::string bad(std::string_view text) const { return in("31", text); }
    std::string odd(std::string_view text) const { return in("33", text); }
    std::string head(std::string_view text) const { return in("1", text); }
    bool terminal() const { return terminal_; }

private:
    std::string in(const char* colour, std::string_view text) const;

    bool terminal_, colours_;
};

/// A document in one line, as codec::print or message::print made it, on lines of its own: one for
/// each element or member. Every other character as it was.
std::string indented(std::string_view document, codec::Format format);

/// The lines in which two texts differ, "-" wanted and "+" found, each change with the line before
/// it. Nothing when they are equal.
void showDifference(std::ostream& out, const Paint& paint, std::string_view wanted,
                    std::string_view found);

}  // namespace stafett::app
