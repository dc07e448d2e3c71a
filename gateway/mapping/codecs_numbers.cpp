// decimal:point:N, decimal:comma:N, number:N, int; and decimal arithmetic for the others.
#include <algorithm>

#include "gateway/mapping/codec_families.h"

namespace stafett::mapping::families {
namespace {

using message::Type;
using Kind = Verdict::Kind;

constexpr int kMaxDigits = 15;

/// Without the white space that parts thousands: a space, NBSP, narrow NBSP.
std::string withoutSpaces(std::string_view text) {
    std::string out;
    for (std::size_t i = 0; i < text.size();) {
        if (text[i] == ' ') {
            i += 1;
        } else if (text.substr(i, 2) == "\xC2\xA0") {
            i += 2;
        } else if (text.substr(i, 3) == "\xE2\x80\xAF") {
            i += 3;
        } else {
            out += text[i++];
        }
    }
    return out;
}

enum class Mark : std::uint8_t { Point, Comma, Shortest };

class NumberCodec final : public Codec {
public:
    NumberCodec(Mark mark, int wire_places, const message::Field& field)
        : mark_(mark),
          wire_places_(wire_places),
          places_(field.type == Type::Decimal ? field.places : 0) {
        types = typeBit(Type::Decimal) | typeBit(Type::Integer);
        json = mark == Mark::Shortest ? JsonType::Number : JsonType::String;
    }

    Verdict read(const Texts& wire, Texts& canonical, CodecContext& context) const override {
        if (plain(wire[0])) {
            canonical[0] = wire[0];
            return {};
        }
        const auto decimal = mark_ == Mark::Comma ? readComma(wire[0]) : readDecimal(wire[0]);
        if (!decimal || decimal->places > std::max(wire_places_, 0)) {
            return Verdict::failed(Code::MapBadNumber);
        }
        const auto made = decimalText(decimal->units, powerOfTen(decimal->places), places_);
        canonical[0] = context.arena.keep(made.text);
        return {made.exact ? Kind::Exact : Kind::Inexact, Code::MapBadNumber};
    }

    Verdict write(const Texts& canonical, Texts& wire, CodecContext& context) const override {
        if (mark_ != Mark::Comma && plain(canonical[0]) && (mark_ == Mark::Point || places_ == 0)) {
            wire[0] = canonical[0];
            return {};
        }
        const auto decimal = readDecimal(canonical[0]);
        if (!decimal) return Verdict::failed(Code::MapCannotSay);
        auto made = decimalText(decimal->units, powerOfTen(decimal->places), wire_places_);
        if (mark_ == Mark::Shortest && wire_places_ > 0) {
            while (made.text.back() == '0') made.text.pop_back();
            if (made.text.back() == '.') made.text.pop_back();
        }
        if (mark_ == Mark::Comma) std::replace(made.text.begin(), made.text.end(), '.', ',');
        wire[0] = context.arena.keep(made.text);
        return {made.exact ? Kind::Exact : Kind::Inexact, Code::MapCannotSay};
    }

private:
    static std::optional<Decimal> readComma(std::string_view text) {
        std::string number = withoutSpaces(text);
        if (number.find('.') != std::string::npos) return std::nullopt;
        std::replace(number.begin(), number.end(), ',', '.');
        return readDecimal(number);
    }
    /// Canonical and wire text are the same: as many places on both sides, no sign, no zeros.
    bool plain(std::string_view text) const {
        if (places_ != wire_places_ || text.empty() || mark_ == Mark::Comma) return false;
        const auto point = places_ == 0 ? text.size() : text.size() - 1 - std::size_t(places_);
        if (places_ != 0 && (text.size() < std::size_t(places_) + 2 || text[point] != '.')) {
            return false;
        }
        return point <= 15 && allDigits(text.substr(0, point)) && (point == 1 || text[0] != '0') &&
               (places_ == 0 || allDigits(text.substr(point + 1)));
    }

    Mark mark_;
    int wire_places_;
    int places_;
};

}  // namespace

std::int64_t powerOfTen(int n) {
    std::int64_t power = 1;
    for (int i = 0; i < n; ++i) power *= 10;
    return power;
}

std::optional<Decimal> readDecimal(std::string_view text) {
    Decimal out;
    std::size_t i = 0;
    const bool negative = text.starts_with('-');
    if (negative) ++i;
    int digits = 0;
    bool point = false;
    for (; i < text.size() && text[i] != 'e' && text[i] != 'E'; ++i) {
        if (text[i] == '.') {
            if (point || digits == 0) return std::nullopt;
            point = true;
            continue;
        }
        if (text[i] < '0' || text[i] > '9' || ++digits > kMaxDigits) return std::nullopt;
        out.units = out.units * 10 + (text[i] - '0');
        if (point) ++out.places;
    }
    if (digits == 0 || (point && out.places == 0)) return std::nullopt;
    if (i < text.size()) {  // an exponent, as JSON allows it
        std::string_view exponent = text.substr(i + 1);
        const bool down = exponent.starts_with('-');
        if (down || exponent.starts_with('+')) exponent.remove_prefix(1);
        if (!allDigits(exponent) || exponent.size() > 2) return std::nullopt;
        int value = exponent.size() == 1 ? exponent[0] - '0'
                                         : (exponent[0] - '0') * 10 + (exponent[1] - '0');
        if (!down) {
            for (; value > 0 && out.places > 0; --value) --out.places;
            if (value + digits > kMaxDigits) return std::nullopt;
            out.units *= powerOfTen(value);
        } else {
            out.places += value;
            if (out.places > kMaxDigits) return std::nullopt;
        }
    }
    while (out.places > 0 && out.units % 10 == 0) {
        out.units /= 10;
        --out.places;
    }
    if (negative) out.units = -out.units;
    return out;
}

Rounded decimalText(std::int64_t numerator, std::int64_t denominator, int places) {
    const bool negative = numerator < 0;
    __extension__ using Wide = unsigned __int128;
    const Wide top = Wide(negative ? -numerator : numerator) * Wide(powerOfTen(places));
    const Wide bottom = Wide(denominator);
    Wide whole = top / bottom;
    const Wide rest = top % bottom;
    Rounded out;
    out.exact = rest == 0;
    if (rest * 2 > bottom || (rest * 2 == bottom && whole % 2 == 1)) ++whole;
    std::string digits = std::to_string(static_cast<std::uint64_t>(whole));
    const auto count = static_cast<std::size_t>(places);
    if (digits.size() <= count) digits = std::string(count + 1 - digits.size(), '0').append(digits);
    if (negative && whole != 0) out.text += '-';
    out.text.append(digits, 0, digits.size() - count);
    if (count != 0) out.text.append(1, '.').append(digits, digits.size() - count);
    return out;
}

Made makeNumber(const Spec& spec, const message::Field& field) {
    const auto placesOf = [](std::string_view text) {
        return text.size() == 1 && text[0] >= '0' && text[0] <= '6' ? text[0] - '0' : -1;
    };
    if (spec[0] == "int" && spec.size() == 1) {
        return std::make_shared<NumberCodec>(Mark::Shortest, 0, field);
    }
    if (spec[0] == "number" && spec.size() == 2 && placesOf(spec[1]) >= 0) {
        return std::make_shared<NumberCodec>(Mark::Shortest, placesOf(spec[1]), field);
    }
    if (spec[0] != "decimal" || spec.size() != 3 || placesOf(spec[2]) < 0) return nullptr;
    if (spec[1] != "point" && spec[1] != "comma") return nullptr;
    return std::make_shared<NumberCodec>(spec[1] == "point" ? Mark::Point : Mark::Comma,
                                         placesOf(spec[2]), field);
}

}  // namespace stafett::mapping::families
