// percent-of-40h, fraction-of-40h: hours a week against a full week of forty.
#include <charconv>
#include <numeric>

#include "gateway/mapping/codec_families.h"

namespace stafett::mapping::families {
namespace {

using message::Type;
using Kind = Verdict::Kind;

constexpr std::int64_t kFullWeek = 40;

std::optional<std::int64_t> readWhole(std::string_view text) {
    std::int64_t value = 0;
    if (!allDigits(text) || text.size() > 9) return std::nullopt;
    std::from_chars(text.data(), text.data() + text.size(), value);
    return value;
}

class PercentCodec final : public Codec {
public:
    explicit PercentCodec(int places) : places_(places) {
        types = typeBit(Type::Decimal);
        json = JsonType::Number;
    }
    Verdict read(const Texts& wire, Texts& canonical, CodecContext& context) const override {
        const auto percent = readWhole(wire[0]);
        if (!percent) return Verdict::failed(Code::MapBadNumber);
        const auto hours = decimalText(*percent * kFullWeek, 100, places_);
        canonical[0] = context.arena.keep(hours.text);
        return {hours.exact ? Kind::Exact : Kind::Inexact, Code::MapBadNumber};
    }
    Verdict write(const Texts& canonical, Texts& wire, CodecContext& context) const override {
        const auto hours = readDecimal(canonical[0]);
        if (!hours || hours->units < 0) return Verdict::failed(Code::MapCannotSay);
        const auto percent =
            decimalText(hours->units * 100, kFullWeek * powerOfTen(hours->places), 0);
        wire[0] = context.arena.keep(percent.text);
        return {percent.exact ? Kind::Exact : Kind::Inexact, Code::MapCannotSay};
    }

private:
    int places_;
};

class FractionCodec final : public Codec {
public:
    explicit FractionCodec(int places) : places_(places) {
        types = typeBit(Type::Decimal);
        json = JsonType::Number;
        wire_parts = {"num", "den"};
    }
    Verdict read(const Texts& wire, Texts& canonical, CodecContext& context) const override {
        const auto top = readWhole(wire[0]);
        const auto bottom = readWhole(wire[1]);
        if (!top || !bottom) return Verdict::failed(Code::MapBadNumber);
        if (*bottom == 0) {
            return *top == 0 ? Verdict{Kind::Absent, Code::MapBadNumber}
                             : Verdict::failed(Code::MapBadNumber);
        }
        const auto hours = decimalText(*top * kFullWeek, *bottom, places_);
        canonical[0] = context.arena.keep(hours.text);
        return {hours.exact ? Kind::Exact : Kind::Inexact, Code::MapBadNumber};
    }
    Verdict write(const Texts& canonical, Texts& wire, CodecContext& context) const override {
        const auto hours = readDecimal(canonical[0]);
        if (!hours || hours->units < 0) return Verdict::failed(Code::MapCannotSay);
        const std::int64_t full = kFullWeek * powerOfTen(hours->places);
        const std::int64_t common = std::gcd(hours->units, full);
        wire[0] = context.arena.keep(std::to_string(hours->units / common));
        wire[1] = context.arena.keep(std::to_string(full / common));
        return {};
    }
    std::optional<Ratio> number(const Texts& wire) const override {
        const auto top = readWhole(wire[0]);
        const auto bottom = readWhole(wire[1]);
        if (!top || !bottom || *bottom == 0) return std::nullopt;
        return Ratio{*top, *bottom};
    }

private:
    int places_;
};

}  // namespace

Made makeExtent(const Spec& spec, const message::Field& field) {
    if (spec.size() != 1) return nullptr;
    if (spec[0] == "percent-of-40h") return std::make_shared<PercentCodec>(field.places);
    if (spec[0] == "fraction-of-40h") return std::make_shared<FractionCodec>(field.places);
    return nullptr;
}

}  // namespace stafett::mapping::families
