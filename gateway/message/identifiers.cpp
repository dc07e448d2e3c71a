#include "gateway/message/identifiers.h"

#include <algorithm>
#include <chrono>

#include "gateway/message/dates.h"

namespace stafett::message {
namespace {

constexpr std::string_view kInterimLetters = "TRSUWXJKLMN";

bool isDigit(char c) { return c >= '0' && c <= '9'; }
bool isUpper(char c) { return c >= 'A' && c <= 'Z'; }
bool allDigits(std::string_view text) {
    return !text.empty() && std::all_of(text.begin(), text.end(), isDigit);
}
int number(std::string_view digits) {
    int value = 0;
    for (const char c : digits) value = value * 10 + (c - '0');
    return value;
}

/// The sum that is a multiple of ten when the check digit holds; weights 2, 1, 2, 1 … from the
/// left.
bool luhnHoldsWith(std::string_view text, int (*valueOf)(char)) {
    int sum = 0;
    int weight = text.size() % 2 == 0 ? 2 : 1;
    for (const char c : text) {
        const int product = valueOf(c) * weight;
        sum += product / 10 + product % 10;
        weight = 3 - weight;
    }
    return sum % 10 == 0;
}

/// YYYYMMDD as a date, with `less` taken from the day.
std::string dateOf(std::string_view eight, int less) {
    const int day = number(eight.substr(6, 2)) - less;
    if (day < 1 || day > 31) return {};
    std::string date(eight.substr(0, 4));
    date.append("-").append(eight.substr(4, 2)).append("-");
    date += static_cast<char>('0' + day / 10);
    date += static_cast<char>('0' + day % 10);
    return isDate(date) ? date : std::string();
}

/// The birth date a number states, samordningsnummer (day + 60) included; empty when it is none.
std::string birthDate(std::string_view eight) {
    return dateOf(eight, number(eight.substr(6, 2)) > 60 ? 60 : 0);
}

/// A nationellt or regional reserve number, told by its form alone (domain 3.1).
bool isReserve(std::string_view twelve) {
    const std::string_view head = twelve.substr(0, 8);
    if (!allDigits(head)) return false;
    const std::string_view tail = twelve.substr(8);
    if (head.starts_with("98") && isUpper(tail[0]) &&
        std::all_of(tail.begin(), tail.end(), [](char c) { return isDigit(c) || isUpper(c); })) {
        return true;  // national: 98240301AA06
    }
    if (head.starts_with("99") && allDigits(tail)) return true;  // Stockholm: 99yyyyNNNNNC
    if ((tail[0] == 'K' || tail[0] == 'M' || tail[0] == 'X') && allDigits(tail.substr(1))) {
        const auto value = [](char c) {
            return c == 'K' ? 5 : c == 'M' ? 7 : c == 'X' ? 8 : c - '0';
        };
        return !dateOf(head, 0).empty() &&
               luhnHoldsWith(twelve.substr(2), value);  // Västra Götaland
    }
    const int day = number(head.substr(6, 2));
    const int month = number(head.substr(4, 2));
    return allDigits(tail) && day >= 32 && day <= 59 && month >= 1 && month <= 12 &&
           luhnHolds(twelve);  // Inera; its check digit keeps mistyped dates out
}

std::string systemDay() {
    return stockholmDate(
        std::chrono::time_point_cast<std::chrono::milliseconds>(std::chrono::system_clock::now()));
}

/// What was written, as eight digits of date and four characters of serial; what separated them.
struct Split {
    std::string date;  ///< six or eight digits
    std::string_view serial;
    char separator = 0;
};

std::optional<Split> split(std::string_view written) {
    Split result;
    const std::size_t size = written.size();
    const bool separated = size == 11 || size == 13;
    if (!separated && size != 10 && size != 12) return std::nullopt;
    const std::size_t date = size - 4 - (separated ? 1 : 0);
    result.date = written.substr(0, date);
    result.serial = written.substr(size - 4);
    if (separated) result.separator = written[date];
    if (separated && result.separator != '-' && result.separator != '+') return std::nullopt;
    if (!allDigits(result.date) || !allDigits(result.serial.substr(1))) return std::nullopt;
    return result;
}

/// Puts the century before a date of six digits. `+`: the newest year at least a hundred years ago;
/// else the newest date that is not in the future. Empty when the date does not exist.
std::string withCentury(std::string_view six, char separator, std::string_view today) {
    const int this_year = number(today.substr(0, 4));
    int year = this_year - this_year % 100 + number(six.substr(0, 2));
    const int newest = separator == '+' ? this_year - 100 : this_year;
    while (year > newest) year -= 100;
    std::string eight = std::to_string(year).append(six.substr(2));
    if (eight.size() != 8) return {};
    if (separator == '+') return eight;
    if (const std::string born = birthDate(eight); born.empty() || born > today) {
        // the 29th of February may exist in one century and not in the other
        std::string older = std::to_string(year - 100).append(six.substr(2));
        if (!birthDate(older).empty()) return older;
    }
    return eight;
}

Result<std::string> wrong(Code code) { return tl::make_unexpected(Error(code)); }

}  // namespace

bool luhnHolds(std::string_view digits) {
    const auto value = [](char c) { return isDigit(c) ? c - '0' : 1; };
    return luhnHoldsWith(digits.size() > 10 ? digits.substr(digits.size() - 10) : digits, value);
}

Result<std::string> readPersonNumber(std::string_view written, const PersonRules& rules) {
    if (written.size() == 12 && isReserve(written)) {
        if (!rules.reserve) return wrong(Code::PersonKind);
        return std::string("reserv:").append(written);
    }
    const auto parts = split(written);
    if (!parts) return wrong(Code::PersonNumber);
    const char first = parts->serial[0];
    const bool interim = !isDigit(first);
    if (interim && kInterimLetters.find(first) == std::string_view::npos)
        return wrong(Code::PersonNumber);
    const std::string today = rules.today.empty() ? systemDay() : rules.today;
    const std::string date =
        parts->date.size() == 8 ? parts->date : withCentury(parts->date, parts->separator, today);
    if (date.empty()) return wrong(Code::PersonNumber);
    const std::string born = birthDate(date);
    if (born.empty() || born > today) return wrong(Code::PersonNumber);
    if (parts->separator == '+' && number(today.substr(0, 4)) - number(date.substr(0, 4)) < 100) {
        return wrong(Code::PersonNumber);
    }
    const std::string value = std::string(date).append(parts->serial);
    if (!interim && parts->serial.starts_with("000")) return wrong(Code::PersonNumber);
    if (rules.check_digits && !luhnHolds(value)) return wrong(Code::PersonNumber);
    if (interim && !rules.interim) return wrong(Code::PersonKind);
    const bool samordning = number(std::string_view(date).substr(6)) > 60;
    return std::string(interim ? "interim:" : samordning ? "samordning:" : "pnr:").append(value);
}

Result<std::string> readOrgNumber(std::string_view written) {
    std::string digits;
    if (written.size() == 11 && written[6] == '-') {
        digits.append(written.substr(0, 6)).append(written.substr(7));
    } else if (written.starts_with("SE") &&
               (written.size() == 12 || (written.size() == 14 && written.ends_with("01")))) {
        digits = written.substr(2, 10);
    } else if (written.size() == 12 && written.starts_with("16")) {
        digits = written.substr(2);
    } else {
        digits = written;
    }
    if (digits.size() != 10 || !allDigits(digits) || digits[2] < '2' || digits[0] == '0' ||
        !luhnHolds(digits)) {
        return wrong(Code::OrgNumber);
    }
    return digits;
}

bool isHsaId(std::string_view text) {
    if (text.size() > 31 || !text.starts_with("SE")) return false;
    const auto hyphen = text.find('-');
    if (hyphen != 12 && !(hyphen == 14 && text.substr(2, 2) == "16")) return false;
    const std::string_view unit = text.substr(hyphen + 1);
    return allDigits(text.substr(2, hyphen - 2)) && !unit.empty() &&
           std::all_of(unit.begin(), unit.end(),
                       [](char c) { return isDigit(c) || isUpper(c) || (c >= 'a' && c <= 'z'); });
}

bool isMunicipalityCode(std::string_view text) {
    constexpr std::string_view kCounties =
        "01 03 04 05 06 07 08 09 10 12 13 14 17 18 19 20 21 22 23 24 25";
    return text.size() == 4 && allDigits(text) && text.substr(2) != "00" &&
           kCounties.find(text.substr(0, 2)) != std::string_view::npos;
}

}  // namespace stafett::message
