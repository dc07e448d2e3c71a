#pragma once

#include <tl/expected.hpp>

#include "gateway/base/error.h"

namespace stafett {

/// A value, or the one error that kept it from being made.
template <class T>
using Result = tl::expected<T, Error>;

/// A value, or every problem found: what a sender or an operator is told at once.
template <class T>
using Checked = tl::expected<T, Problems>;

using Status = Result<void>;

}  // namespace stafett

#define ST_JOIN_(a, b) a##b
#define ST_JOIN(a, b) ST_JOIN_(a, b)

/// Declares `declaration` from a Result, or returns its error. One per line.
#define ST_TRY(declaration, expression) ST_TRY_(ST_JOIN(st_try_, __LINE__), declaration, expression)
// NOLINTBEGIN(bugprone-macro-parentheses): a declaration cannot stand in parentheses
#define ST_TRY_(name, declaration, expression)                        \
    auto name = (expression);                                         \
    if (!name) return ::tl::make_unexpected(std::move(name).error()); \
    declaration = std::move(*name)
// NOLINTEND(bugprone-macro-parentheses)

/// Returns the error of a Status, if it has one.
#define ST_CHECK(expression)                                                        \
    do {                                                                            \
        auto st_status = (expression);                                              \
        if (!st_status) return ::tl::make_unexpected(std::move(st_status).error()); \
    } while (false)
