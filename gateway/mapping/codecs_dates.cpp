// date*, time:*.
#include <cstdlib>

#include "gateway/mapping/codec_families.h"
#include "gateway/message/dates.h"

namespace stafett::mapping::families {
namespace {

using message::Type;
using Kind = Verdict::Kind;

class DateCodec final : public Codec {
public:
    explicit DateCodec(bool compact) : compact_(compact) { types = typeBit(Type::Date); }
    Verdict read(const Texts& wire, Texts& canonical, CodecContext& context) const override {
        if (!compact_) {
            canonical[0] = wire[0];
            return message::isDate(wire[0]) ? Verdict{} : Verdict::failed(Code::MapBadDate);
        }
        if (wire[0].size() != 8) return Verdict::failed(Code::MapBadDate);
        std::string text(wire[0]);
        text.insert(6, "-").insert(4, "-");
        if (!message::isDate(text)) return Verdict::failed(Code::MapBadDate);
        canonical[0] = context.arena.keep(text);
        return {};
    }
    Verdict write(const Texts& canonical, Texts& wire, CodecContext& context) const override {
        const std::string_view text = canonical[0];
        if (!message::isDate(text)) return Verdict::failed(Code::MapCannotSay);
        wire[0] = text;
        if (compact_) {
            char* const at = context.arena.room(8);
            text.substr(0, 4).copy(at, 4);
            text.substr(5, 2).copy(at + 4, 2);
            text.substr(8, 2).copy(at + 6, 2);
            wire[0] = {at, 8};
        }
        return {};
    }

private:
    bool compact_;
};

enum class Form : std::uint8_t { Utc, UtcMillis, Offset, Local, Compact };

/// +HH:MM of the wall clock `local` against the same moment in UTC.
std::string offsetOf(const std::string& local, std::string_view utc) {
    const auto hour = [](std::string_view text) {
        return (text[11] - '0') * 10 + (text[12] - '0');
    };
    const int ahead = (hour(local) - hour(utc) + 24) % 24;
    const bool whole = std::string_view(local).substr(13, 6) == utc.substr(13, 6);
    if (whole && ahead == 1) return "+01:00";
    if (whole && ahead == 2) return "+02:00";
    const auto wall = message::parseTime(local + "Z");
    const auto real = message::parseTime(utc);
    if (!wall || !real) return "+00:00";
    const auto minutes = std::chrono::duration_cast<std::chrono::minutes>(*wall - *real).count();
    const auto positive = std::abs(minutes);
    std::string out = minutes < 0 ? "-" : "+";
    const auto two = [&](long n) {
        out += static_cast<char>('0' + n / 10);
        out += static_cast<char>('0' + n % 10);
    };
    two(positive / 60);
    out += ':';
    two(positive % 60);
    return out;
}

std::string_view joined(std::string_view a, std::string_view b, CodecContext& context) {
    char* const at = context.arena.room(a.size() + b.size());
    b.copy(at + a.copy(at, a.size()), b.size());
    return {at, a.size() + b.size()};
}

class TimeCodec final : public Codec {
public:
    explicit TimeCodec(Form form) : form_(form) { types = typeBit(Type::Time); }

    Verdict read(const Texts& wire, Texts& canonical, CodecContext& context) const override {
        if (form_ == Form::Local || form_ == Form::Compact)
            return readLocal(wire, canonical, context);
        if (form_ != Form::Offset && !wire[0].ends_with('Z')) {
            return Verdict::failed(Code::MapBadTime);
        }
        if (wire[0].size() == 20 && wire[0].ends_with('Z') && message::parseTime(wire[0])) {
            canonical[0] = wire[0];
            return {};
        }
        const auto utc = message::fromOffset(wire[0]);
        if (!utc) return Verdict::failed(Code::MapBadTime);
        canonical[0] = context.arena.keep(*utc);
        return {};
    }

    Verdict write(const Texts& canonical, Texts& wire, CodecContext& context) const override {
        const std::string_view utc = canonical[0];
        if (!message::parseTime(utc)) return Verdict::failed(Code::MapCannotSay);
        if (form_ == Form::Utc) {
            wire[0] = utc;
            return {};
        }
        if (form_ == Form::UtcMillis) {
            wire[0] = joined(utc.substr(0, 19), ".000Z", context);
            return {};
        }
        std::string local = message::toStockholm(utc);
        if (form_ == Form::Offset) {
            wire[0] = joined(local, offsetOf(local, utc), context);
            return {};
        }
        const auto back = message::fromStockholm(local);
        const bool exact = back && back->utc == utc;
        if (form_ == Form::Compact) {
            for (const char c : {'-', '-', 'T', ':', ':'}) local.erase(local.find(c), 1);
        }
        wire[0] = context.arena.keep(local);
        return {exact ? Kind::Exact : Kind::Inexact, Code::MapCannotSay};
    }

private:
    Verdict readLocal(const Texts& wire, Texts& canonical, CodecContext& context) const {
        std::string local(wire[0]);
        if (form_ == Form::Compact) {
            if (local.size() != 14 || !allDigits(local)) return Verdict::failed(Code::MapBadTime);
            local.insert(12, ":").insert(10, ":").insert(8, "T").insert(6, "-").insert(4, "-");
        }
        const auto time = message::fromStockholm(local);
        if (!time) return Verdict::failed(Code::MapBadTime);
        canonical[0] = context.arena.keep(time->utc);
        return {time->ambiguous ? Kind::Ambiguous : Kind::Exact, Code::MapBadTime};
    }

    Form form_;
};

}  // namespace

Made makeDate(const Spec& spec, const message::Field&) {
    if (spec[0] == "date") {
        if (spec.size() == 1) return std::make_shared<DateCodec>(false);
        if (spec.size() == 2 && spec[1] == "compact") return std::make_shared<DateCodec>(true);
        return nullptr;
    }
    if (spec[0] != "time" || spec.size() < 2) return nullptr;
    if (spec.size() == 3) {
        if (spec[1] != "utc" || spec[2] != "ms") return nullptr;
        return std::make_shared<TimeCodec>(Form::UtcMillis);
    }
    if (spec.size() != 2) return nullptr;
    if (spec[1] == "utc") return std::make_shared<TimeCodec>(Form::Utc);
    if (spec[1] == "offset") return std::make_shared<TimeCodec>(Form::Offset);
    if (spec[1] == "local") return std::make_shared<TimeCodec>(Form::Local);
    if (spec[1] == "compact") return std::make_shared<TimeCodec>(Form::Compact);
    return nullptr;
}

}  // namespace stafett::mapping::families
