// The Swedish calendar: fixed holidays, those that follow Easter, and those that follow a weekday.
#include "gateway/custody/calendar.h"

#include <charconv>
#include <chrono>

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
    if (int(ymd.year()) > 9999) return "9999-12-31";  // no later day can be written
    std::string out = "0000-00-00";
    const auto put = [&out](std::size_t end, unsigned number) {
        for (; number != 0; number /= 10) out[--end] = static_cast<char>('0' + number % 10);
    };
    put(4, static_cast<unsigned>(int(ymd.year())));
    put(7, unsigned(ymd.month()));
    put(10, unsigned(ymd.day()));
    return out;
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

/// The days of one year that others are counted from. A deadline looks at a month of days in a row,
/// so a thread keeps the year it looked at last.
struct MovingDays {
    year of = year::min();
    sys_days easter{}, midsummer{}, all_saints{};
};
const MovingDays& movingDays(year y) {
    thread_local MovingDays kept;
    if (kept.of != y) {
        kept = {y, easter(y), saturdayFrom(y / June / 20), saturdayFrom(y / October / 31)};
    }
    return kept;
}

std::string_view movingHoliday(sys_days when, year y) {
    const MovingDays& moving = movingDays(y);
    switch ((when - moving.easter).count()) {
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
    if (when == moving.midsummer) return "Midsommardagen";
    if (when == moving.all_saints) return "Alla helgons dag";
    return {};
}

std::string_view holidayOn(sys_days when, const year_month_day& ymd) {
    const auto fixed = fixedHoliday(ymd);
    return fixed.empty() ? movingHoliday(when, ymd.year()) : fixed;
}

bool isEve(sys_days when, const year_month_day& ymd, const Eves& eves) {
    const bool december = ymd.month() == December;
    if (december && ymd.day() == day(24)) return eves.christmas;
    if (december && ymd.day() == day(31)) return eves.new_years;
    return eves.midsummer && when + days(1) == movingDays(ymd.year()).midsummer;
}

bool works(sys_days when, const Eves& eves) {
    const weekday w(when);
    if (w == Saturday || w == Sunday) return false;
    const year_month_day ymd(when);
    return holidayOn(when, ymd).empty() && !isEve(when, ymd, eves);
}

}  // namespace

bool Calendar::isWorkingDay(std::string_view date) const { return works(dayOf(date), eves_); }

std::string_view Calendar::holiday(std::string_view date) const {
    const sys_days when = dayOf(date);
    return holidayOn(when, year_month_day(when));
}

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
