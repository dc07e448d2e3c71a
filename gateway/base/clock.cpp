#include "gateway/base/clock.h"

#include <string_view>

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

void put(char* at, unsigned long number, int digits) {
    for (int i = digits - 1; i >= 0; --i, number /= 10) {
        at[i] = static_cast<char>('0' + number % 10);
    }
}

/// The first nineteen letters, in a text that ends as `form` does.
std::string written(const Parts& p, std::string_view form) {
    std::string out(form);
    put(out.data(), static_cast<unsigned long>(p.year), 4);
    put(out.data() + 5, p.month, 2);
    put(out.data() + 8, p.day, 2);
    put(out.data() + 11, static_cast<unsigned long>(p.hour), 2);
    put(out.data() + 14, static_cast<unsigned long>(p.minute), 2);
    put(out.data() + 17, static_cast<unsigned long>(p.second), 2);
    return out;
}

}  // namespace

std::string timeText(Time time) { return written(split(time), "0000-00-00T00:00:00Z"); }

std::string timeTextMillis(Time time) {
    const Parts parts = split(time);
    auto out = written(parts, "0000-00-00T00:00:00.000Z");
    put(out.data() + 20, static_cast<unsigned long>(parts.millis), 3);
    return out;
}

}  // namespace stafett
