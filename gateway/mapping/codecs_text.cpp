// text, words, email, phone:*, boolean*, member*, present.
#include <algorithm>
#include <array>

#include "gateway/mapping/codec_families.h"

namespace stafett::mapping::families {
namespace {

using message::Type;
using Kind = Verdict::Kind;

constexpr std::uint32_t kTexts = typeBit(Type::Text) | typeBit(Type::Function);

class TextCodec final : public Codec {
public:
    TextCodec() {
        types = kTexts | typeBit(Type::Code);
        exact_text = true;
    }
    Verdict read(const Texts& wire, Texts& canonical, CodecContext&) const override {
        canonical[0] = wire[0];
        return {};
    }
    Verdict write(const Texts& canonical, Texts& wire, CodecContext&) const override {
        wire[0] = canonical[0];
        return {};
    }
};

/// A JSON array of words; the reader has joined its items with spaces, the writer parts them.
class WordsCodec final : public Codec {
public:
    WordsCodec() {
        types = kTexts;
        shape = Shape::Words;
        exact_text = true;
    }
    Verdict read(const Texts& wire, Texts& canonical, CodecContext&) const override {
        canonical[0] = wire[0];
        return {};
    }
    Verdict write(const Texts& canonical, Texts& wire, CodecContext&) const override {
        wire[0] = canonical[0];
        const std::string_view text = canonical[0];
        const bool odd = text.starts_with(' ') || text.ends_with(' ') ||
                         text.find("  ") != std::string_view::npos;
        return {odd ? Kind::Inexact : Kind::Exact, Code::MapBadValue};
    }
};

bool isLocalPart(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view(".!#$%&'*+/=?^_`{|}~-").find(c) != std::string_view::npos;
}
bool isDomainPart(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '.' || (static_cast<unsigned char>(c) & 0x80U) != 0;
}

bool isEmail(std::string_view text) {
    const auto at = text.find('@');
    if (at == std::string_view::npos || at == 0 || at > 64 || text.size() > 254) return false;
    const std::string_view local = text.substr(0, at);
    const std::string_view domain = text.substr(at + 1);
    return std::all_of(local.begin(), local.end(), isLocalPart) &&
           std::all_of(domain.begin(), domain.end(), isDomainPart) &&
           domain.find('.') != std::string_view::npos && !domain.starts_with('.') &&
           !domain.ends_with('.') && domain.find("..") == std::string_view::npos;
}

class EmailCodec final : public Codec {
public:
    EmailCodec() { types = kTexts; }
    Verdict read(const Texts& wire, Texts& canonical, CodecContext&) const override {
        canonical[0] = wire[0];
        return isEmail(wire[0]) ? Verdict{} : Verdict::failed(Code::MapBadValue);
    }
    Verdict write(const Texts& canonical, Texts& wire, CodecContext&) const override {
        wire[0] = canonical[0];
        return isEmail(canonical[0]) ? Verdict{} : Verdict::failed(Code::MapCannotSay);
    }
    std::string sample(std::uint64_t seed) const override {
        return "enhet" + std::to_string(seed % 1000) + "@example.org";
    }
};

/// Swedish area codes of two and three digits (with the leading zero); all others have four.
std::size_t areaCode(std::string_view national) {
    if (national.starts_with("08")) return 2;
    constexpr std::array<std::string_view, 26> kThree = {
        "010", "011", "013", "016", "018", "019", "021", "023", "026", "031", "033", "035", "036",
        "040", "042", "044", "046", "054", "060", "063", "070", "072", "073", "076", "079", "090"};
    const bool three =
        std::find(kThree.begin(), kThree.end(), national.substr(0, 3)) != kThree.end();
    return three ? 3 : 4;
}

/// Any written form as +NN…; empty when it is no telephone number.
std::string e164(std::string_view written) {
    std::string digits;
    for (const char c : written) {
        if (c >= '0' && c <= '9') {
            digits += c;
        } else if (c == '+' && digits.empty()) {
            digits += c;
        } else if (std::string_view(" -/()").find(c) == std::string_view::npos) {
            return {};
        }
    }
    if (digits.starts_with("00")) digits = "+" + digits.substr(2);
    if (digits.starts_with('0')) digits = "+46" + digits.substr(1);
    const bool fits = digits.starts_with('+') && digits.size() >= 7 && digits.size() <= 16 &&
                      allDigits(std::string_view(digits).substr(1)) && digits[1] != '0';
    return fits ? digits : std::string();
}

/// Canonical is E.164; the wire is that, or Sweden's own form.
class PhoneCodec final : public Codec {
public:
    explicit PhoneCodec(bool national) : national_(national) { types = kTexts; }
    Verdict read(const Texts& wire, Texts& canonical, CodecContext& context) const override {
        const std::string number = e164(wire[0]);
        if (number.empty()) return Verdict::failed(Code::MapBadValue);
        canonical[0] = context.arena.keep(number);
        return {};
    }
    Verdict write(const Texts& canonical, Texts& wire, CodecContext& context) const override {
        std::string number = e164(canonical[0]);
        if (number.empty()) return Verdict::failed(Code::MapCannotSay);
        const bool same = number == canonical[0];
        if (national_ && number.starts_with("+46")) {
            number = "0" + number.substr(3);
            number.insert(areaCode(number), "-");
        }
        wire[0] = context.arena.keep(number);
        return {same ? Kind::Exact : Kind::Inexact, Code::MapCannotSay};
    }
    std::string sample(std::uint64_t seed) const override {
        return "+468" + std::to_string(10'000'000 + seed % 89'999'999);
    }

private:
    bool national_;
};

/// A boolean, or membership of a set, as two texts or as a JSON boolean.
class FlagCodec final : public Codec {
public:
    FlagCodec(std::string_view yes, std::string_view no, bool word, bool membership)
        : yes_(yes), no_(no), word_(word) {
        types = membership ? typeBit(Type::List) : typeBit(Type::Boolean);
        member = membership;
        json = word ? JsonType::Boolean : JsonType::String;
    }
    Verdict read(const Texts& wire, Texts& canonical, CodecContext&) const override {
        const std::string_view text = wire[0];
        if (text == yes_ || (word_ && text == "1") || (yes_ == "true" && text == "yes")) {
            canonical[0] = "true";
        } else if (text == no_ || (word_ && text == "0") || (no_ == "false" && text == "no")) {
            canonical[0] = "false";
        } else {
            return Verdict::failed(Code::MapBadValue);
        }
        return {};
    }
    Verdict write(const Texts& canonical, Texts& wire, CodecContext&) const override {
        wire[0] = canonical[0] == "true" ? yes_ : no_;
        return {};
    }

private:
    std::string yes_, no_;
    bool word_;
};

class PresenceCodec final : public Codec {
public:
    PresenceCodec() {
        types = typeBit(Type::List);
        member = true;
        shape = Shape::Presence;
    }
    Verdict read(const Texts&, Texts& canonical, CodecContext&) const override {
        canonical[0] = "true";
        return {};
    }
    Verdict write(const Texts& canonical, Texts& wire, CodecContext&) const override {
        wire[0] = canonical[0];
        return {};
    }
};

}  // namespace

bool allDigits(std::string_view text) {
    return !text.empty() &&
           std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

Made makeText(const Spec& spec, const message::Field&) {
    const bool single = spec.size() == 1;
    if (spec[0] == "text" && single) return std::make_shared<TextCodec>();
    if (spec[0] == "words" && single) return std::make_shared<WordsCodec>();
    if (spec[0] == "email" && single) return std::make_shared<EmailCodec>();
    if (spec[0] == "phone" && spec.size() == 2 && (spec[1] == "e164" || spec[1] == "national")) {
        return std::make_shared<PhoneCodec>(spec[1] == "national");
    }
    return nullptr;
}

Made makeBoolean(const Spec& spec, const message::Field&) {
    if (spec[0] == "present" && spec.size() == 1) return std::make_shared<PresenceCodec>();
    if (spec[0] == "boolean" && spec.size() == 1) {
        return std::make_shared<FlagCodec>("true", "false", true, false);
    }
    const bool membership = spec[0] == "member";
    if ((spec[0] != "boolean" && !membership) || spec.size() < 2) return nullptr;
    const auto slash = spec[1].find('/');
    if (slash == std::string_view::npos || slash == 0 || slash + 1 == spec[1].size())
        return nullptr;
    const auto yes = spec[1].substr(0, slash);
    const auto no = spec[1].substr(slash + 1);
    if (yes == no) return nullptr;
    const bool json = spec.size() == 3 && spec[2] == "json";
    if (spec.size() > 2 && (!json || spec[1] != "true/false")) return nullptr;
    return std::make_shared<FlagCodec>(yes, no, json, membership);
}

}  // namespace stafett::mapping::families
