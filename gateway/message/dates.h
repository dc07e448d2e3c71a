#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "gateway/base/clock.h"
#include "gateway/base/result.h"

namespace stafett::message {

/// A real calendar date, exactly YYYY-MM-DD.
bool isDate(std::string_view text);

/// The calendar date in Europe/Stockholm at this moment.
std::string stockholmDate(Time time);

/// A wall-clock time without zone, taken as Stockholm's, as UTC. The hour that comes twice is the
/// first (ambiguous = true); the hour that does not exist is ST-MAP-005.
struct LocalTime {
    std::string utc;  ///< YYYY-MM-DDTHH:MM:SSZ
    bool ambiguous = false;
};
Result<LocalTime> fromStockholm(std::string_view local);  ///< YYYY-MM-DDTHH:MM:SS[.fff]
/// YYYY-MM-DDTHH:MM:SS in Stockholm of a UTC time text.
std::string toStockholm(std::string_view utc);
/// Any RFC 3339 time with Z or offset as UTC, whole seconds (fractions cut).
Result<std::string> fromOffset(std::string_view text);
std::optional<Time> parseTime(std::string_view utc);

}  // namespace stafett::message
