#pragma once

#include <string>
#include <string_view>

#include "gateway/base/result.h"

namespace stafett::custody {

/// Eves that are no holidays by law; most agencies are closed on them all the same.
struct Eves {
    bool christmas = true;  ///< 24 December
    bool new_years = true;  ///< 31 December
    bool midsummer = true;  ///< the Friday before Midsummer Day
};

/// The working days of Sweden: not Saturdays, Sundays, public holidays (lagen 1989:253 om allmänna
/// helgdagar, as it stood in the year asked about), nor the eves that are set. Dates are
/// YYYY-MM-DD, real ones; the same holds of what is given back. Never changes after it was made;
/// many threads.
class Calendar {
public:
    explicit Calendar(Eves eves = {}) : eves_(eves) {}

    bool isWorkingDay(std::string_view date) const;
    /// The name of the holiday in Swedish, empty on other days: "Annandag påsk".
    std::string_view holiday(std::string_view date) const;
    /// So many working days after a date; before it, when `days` is negative. The day itself does
    /// not count; none from a day that is no working day gives the next one.
    std::string workingDaysFrom(std::string_view date, int days) const;
    /// Working days after `from`, up to and including `to`; negative when `to` lies before.
    int workingDaysBetween(std::string_view from, std::string_view to) const;

private:
    Eves eves_;
};

/// The same day so many months later, the month's last day where it has no such day.
std::string monthsAfter(std::string_view date, int months);

}  // namespace stafett::custody
