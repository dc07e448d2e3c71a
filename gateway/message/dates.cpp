#include "gateway/message/dates.h"

#include <date/tz.h>

namespace stafett::message {
namespace {

using std::chrono::days;
using std::chrono::hours;
using std::chrono::local_seconds;
using std::chrono::minutes;
using std::chrono::seconds;
using std::chrono::sys_days;
using std::chrono::sys_seconds;
using std::chrono::year_month_day;

/// Europe/Stockholm from the system's time zone files; null when they are not installed.
const date::time_zone* stockholm() {
    static const date::time_zone* const zone = []() -> const date::time_zone* {
        try {
            return date::locate_zone("Europe/Stockholm");
        } catch (const std::exception&) {
            return nullptr;
        }
    }();
    return zone;
}

/// `count` digits at `at`, or -1.
int digits(std::string_view text, std::size_t at, std::size_t count) {
    if (at + count > text.size()) return -1;
    int value = 0;
    for (std::size_t i = at; i < at + count; ++i) {
        if (text[i] < '0' || text[i] > '9') return -1;
        value = value * 10 + (text[i] - '0');
    }
    return value;
}

std::optional<sys_days> dayAt(std::string_view text) {
    const int y = digits(text, 0, 4);
    const int m = digits(text, 5, 2);
    const int d = digits(text, 8, 2);
    if (y < 0 || m < 0 || d < 0 || text[4] != '-' || text[7] != '-') return std::nullopt;
    const year_month_day day{std::chrono::year{y}, std::chrono::month{static_cast<unsigned>(m)},
                             std::chrono::day{static_cast<unsigned>(d)}};
    if (!day.ok()) return std::nullopt;
    return sys_days{day};
}

/// YYYY-MM-DDTHH:MM:SS at the beginning, as seconds of whatever zone it is in.
std::optional<seconds> secondsAt(std::string_view text) {
    const auto day = dayAt(text);
    const int h = digits(text, 11, 2);
    const int m = digits(text, 14, 2);
    const int s = digits(text, 17, 2);
    if (!day || h < 0 || m < 0 || s < 0 || h > 23 || m > 59 || s > 59) return std::nullopt;
    if ((text[10] != 'T' && text[10] != 't') || text[13] != ':' || text[16] != ':')
        return std::nullopt;
    return seconds(day->time_since_epoch()) + hours(h) + minutes(m) + seconds(s);
}

/// Where a fraction that begins at `at` ends; `at` itself if there is none, npos if it has no
/// digit.
std::size_t afterFraction(std::string_view text, std::size_t at) {
    if (at >= text.size() || text[at] != '.') return at;
    std::size_t end = at + 1;
    while (end < text.size() && text[end] >= '0' && text[end] <= '9') ++end;
    return end == at + 1 ? std::string_view::npos : end;
}

void put(std::string& out, std::size_t at, std::size_t count, int value) {
    for (std::size_t i = count; i-- > 0; value /= 10)
        out[at + i] = static_cast<char>('0' + value % 10);
}

/// YYYY-MM-DDTHH:MM:SS; empty when the year does not fit.
std::string written(seconds time) {
    const auto day = std::chrono::floor<days>(sys_seconds(time));
    const year_month_day date{day};
    const int year = static_cast<int>(date.year());
    if (year < 0 || year > 9999) return {};
    const auto rest = static_cast<int>((sys_seconds(time) - day).count());
    std::string out = "0000-00-00T00:00:00";
    put(out, 0, 4, year);
    put(out, 5, 2, static_cast<int>(static_cast<unsigned>(date.month())));
    put(out, 8, 2, static_cast<int>(static_cast<unsigned>(date.day())));
    put(out, 11, 2, rest / 3600);
    put(out, 14, 2, rest / 60 % 60);
    put(out, 17, 2, rest % 60);
    return out;
}

}  // namespace

bool isDate(std::string_view text) { return text.size() == 10 && dayAt(text).has_value(); }

std::string stockholmDate(Time time) {
    auto now = std::chrono::floor<seconds>(time).time_since_epoch();
    if (const auto* zone = stockholm()) now += zone->get_info(sys_seconds(now)).offset;
    return written(now).substr(0, 10);
}

Result<LocalTime> fromStockholm(std::string_view local) {
    const auto time = secondsAt(local);
    const auto* zone = stockholm();
    if (!time || zone == nullptr || local[10] != 'T' || afterFraction(local, 19) != local.size()) {
        return tl::make_unexpected(Error(Code::MapBadTime));
    }
    const auto known = zone->get_info(date::local_seconds(*time));
    if (known.result == date::local_info::nonexistent)
        return tl::make_unexpected(Error(Code::MapBadTime));
    LocalTime result;
    result.ambiguous = known.result == date::local_info::ambiguous;
    result.utc = written(*time - known.first.offset);
    if (result.utc.empty()) return tl::make_unexpected(Error(Code::MapBadTime));
    result.utc += 'Z';
    return result;
}

std::string toStockholm(std::string_view utc) {
    const auto time = parseTime(utc);
    const auto* zone = stockholm();
    if (!time || zone == nullptr) return {};
    const auto since = std::chrono::floor<seconds>(*time).time_since_epoch();
    return written(since + zone->get_info(sys_seconds(since)).offset);
}

Result<std::string> fromOffset(std::string_view text) {
    const auto time = secondsAt(text);
    const std::size_t zone = time ? afterFraction(text, 19) : std::string_view::npos;
    if (zone >= text.size()) return tl::make_unexpected(Error(Code::MapBadTime));
    seconds offset{0};
    const char mark = text[zone];
    if (mark == '+' || mark == '-') {
        const int h = digits(text, zone + 1, 2);
        const int m = digits(text, zone + 4, 2);
        if (h < 0 || m < 0 || h > 23 || m > 59 || text[zone + 3] != ':' ||
            text.size() != zone + 6) {
            return tl::make_unexpected(Error(Code::MapBadTime));
        }
        offset = hours(h) + minutes(m);
        if (mark == '-') offset = -offset;
    } else if ((mark != 'Z' && mark != 'z') || text.size() != zone + 1) {
        return tl::make_unexpected(Error(Code::MapBadTime));
    }
    std::string utc = written(*time - offset);
    if (utc.empty()) return tl::make_unexpected(Error(Code::MapBadTime));
    return utc += 'Z';
}

std::optional<Time> parseTime(std::string_view utc) {
    const auto time =
        utc.size() == 20 && utc[19] == 'Z' && utc[10] == 'T' ? secondsAt(utc) : std::nullopt;
    if (!time) return std::nullopt;
    return Time(*time);
}

}  // namespace stafett::message
