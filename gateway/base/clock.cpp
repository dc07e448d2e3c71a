#include "gateway/base/clock.h"

#include <cstdio>

namespace stafett {
namespace {

struct Parts {
    int year;
    unsigned month, day;
    long hour, minute, second, millis;
};

Parts split(Time time) {
    using namespace std::chrono;
    const auto day = floor<days>(time);
    const year_month_day date{day};
    const auto rest = time - day;
    return {int(date.year()),
            unsigned(date.month()),
            unsigned(date.day()),
            duration_cast<hours>(rest).count(),
            duration_cast<minutes>(rest).count() % 60,
            duration_cast<seconds>(rest).count() % 60,
            rest.count() % 1000};
}

}  // namespace

std::string timeText(Time time) {
    const Parts p = split(time);
    char out[40];
    const int n = std::snprintf(out, sizeof out, "%04d-%02u-%02uT%02ld:%02ld:%02ldZ", p.year,
                                p.month, p.day, p.hour, p.minute, p.second);
    return {out, static_cast<std::size_t>(n)};
}

std::string timeTextMillis(Time time) {
    const Parts p = split(time);
    char out[48];
    const int n = std::snprintf(out, sizeof out, "%04d-%02u-%02uT%02ld:%02ld:%02ld.%03ldZ", p.year,
                                p.month, p.day, p.hour, p.minute, p.second, p.millis);
    return {out, static_cast<std::size_t>(n)};
}

}  // namespace stafett
