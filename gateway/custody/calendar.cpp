// The Swedish calendar: fixed holidays, those that follow Easter, and those that follow a weekday.
#include "gateway/custody/calendar.h"

#include <array>
#include <charconv>
#include <chrono>
#include <cstdio>

namespace stafett::custody {
namespace {

using namespace std::chrono;  // NOLINT(google-build-using-namespace): years, months, days

constexpr int kPentecostMondayUntil = 2004;  // from 2005 the National Day took its place
constexpr int kNationalDayFrom = 2005;

sys_days dayOf(std::string_view date) {
    int y = 0;
    unsigned m = 0, d = 0;
    std::from_chars(date.data(), date.data() + 4, y);
    std::from_chars(date.data() + 5, date.data() + 7, m);
    std::from_chars(date.data() + 8, date.data() + 10, d);
    return sys_days(year(y) / month(m) / day(d));
}

std::string textOf(sys_days when) {
    const year_month_day ymd(when);
    std::array<char, 16> out{};
    std::snprintf(out.data(), out.size(), "%04d-%02u-%02u", int(ymd.year()), unsigned(ymd.month()),
                  unsigned(ymd.day()));
    return out.data();
}

/// Easter Sunday of the Gregorian calendar (the anonymous computus of 1876, in whole numbers).
sys_days easter(year y) {
    const int n = int(y);
    const int golden = n % 19;
    const int century = n / 100, in_century = n % 100;
    const int leap_centuries = century / 4;
    const int moon = (century - (century + 8) / 25 + 1) / 3;
    const int epact = (19 * golden + century - leap_centuries - moon + 15) % 30;
    const int weekday =
        (32 + 2 * (century % 4) + 2 * (in_century / 4) - epact - in_century % 4) % 7;
    const int late = (golden + 11 * epact + 22 * weekday) / 451;
    const int sum = epact + weekday - 7 * late + 114;
    return sys_days(y / month(static_cast<unsigned>(sum / 31)) /
                    day(static_cast<unsigned>(sum % 31 + 1)));
}

/// The first Saturday on or after a day.
sys_days saturdayFrom(sys_days first) { return first + (Saturday - weekday(first)); }

std::string_view fixedHoliday(const year_month_day& ymd) {
    const unsigned m = unsigned(ymd.month()), d = unsigned(ymd.day());
    if (m == 1 && d == 1) return "Nyårsdagen";
    if (m == 1 && d == 6) return "Trettondedag jul";
    if (m == 5 && d == 1) return "Första maj";
    if (m == 6 && d == 6 && int(ymd.year()) >= kNationalDayFrom) return "Sveriges nationaldag";
    if (m == 12 && d == 25) return "Juldagen";
    if (m == 12 && d == 26) return "Annandag jul";
    return {};
}

std::string_view movingHoliday(sys_days when, year y) {
    switch ((when - easter(y)).count()) {
        case -2:
            return "Långfredagen";
        case 0:
            return "Påskdagen";
        case 1:
            return "Annandag påsk";
        case 39:
            return "Kristi himmelsfärdsdag";
        case 49:
            return "Pingstdagen";
        case 50:
            return int(y) <= kPentecostMondayUntil ? "Annandag pingst" : std::string_view();
        default:
            break;
    }
    if (when == saturdayFrom(y / June / 20)) return "Midsommardagen";
    if (when == saturdayFrom(y / October / 31)) return "Alla helgons dag";
    return {};
}

std::string_view holidayOn(sys_days when) {
    const year_month_day ymd(when);
    const auto fixed = fixedHoliday(ymd);
    return fixed.empty() ? movingHoliday(when, ymd.year()) : fixed;
}

bool isEve(sys_days when, const Eves& eves) {
    const year_month_day ymd(when);
    const bool december = ymd.month() == December;
    if (december && ymd.day() == day(24)) return eves.christmas;
    if (december && ymd.day() == day(31)) return eves.new_years;
    return eves.midsummer && when + days(1) == saturdayFrom(ymd.year() / June / 20);
}

bool works(sys_days when, const Eves& eves) {
    const weekday w(when);
    return w != Saturday && w != Sunday && holidayOn(when).empty() && !isEve(when, eves);
}

}  // namespace

bool Calendar::isWorkingDay(std::string_view date) const { return works(dayOf(date), eves_); }

std::string_view Calendar::holiday(std::string_view date) const { return holidayOn(dayOf(date)); }

std::string Calendar::workingDaysFrom(std::string_view date, int count) const {
    sys_days when = dayOf(date);
    const days step(count < 0 ? -1 : 1);
    for (int left = count < 0 ? -count : count; left > 0;) {
        when += step;
        if (works(when, eves_)) --left;
    }
    while (!works(when, eves_)) when += step;
    return textOf(when);
}

int Calendar::workingDaysBetween(std::string_view from, std::string_view to) const {
    sys_days first = dayOf(from), last = dayOf(to);
    const bool back = last < first;
    if (back) std::swap(first, last);
    int count = 0;
    for (sys_days when = first + days(1); when <= last; when += days(1)) {
        if (works(when, eves_)) ++count;
    }
    return back ? -count : count;
}

std::string monthsAfter(std::string_view date, int count) {
    const year_month_day start(dayOf(date));
    year_month_day then = start + months(count);
    if (!then.ok()) then = then.year() / then.month() / last;
    return textOf(sys_days(then));
}

}  // namespace stafett::custody
