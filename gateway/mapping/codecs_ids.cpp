// uuid*, id-version, oid-pair, alias:*.
#include <algorithm>
#include <charconv>

#include "gateway/base/ids.h"
#include "gateway/mapping/codec_families.h"

namespace stafett::mapping::families {
namespace {

using message::Type;

constexpr std::uint32_t kTexts = typeBit(Type::Text) | typeBit(Type::Function);
constexpr std::string_view kUrn = "urn:uuid:";

std::string sampleUuid(std::uint64_t seed) { return Uuid{}.named(std::to_string(seed)).text(); }

bool isLowerUuid(std::string_view text) {
    if (text.size() != 36) return false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        const bool hyphen = i == 8 || i == 13 || i == 18 || i == 23;
        if (hyphen ? c != '-' : !((c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'))) return false;
    }
    return true;
}

class UuidCodec final : public Codec {
public:
    UuidCodec(bool urn, bool exact) : urn_(urn), exact_(exact) {
        types = typeBit(Type::Uuid) | kTexts;
    }

    Verdict read(const Texts& wire, Texts& canonical, CodecContext& context) const override {
        std::string_view text = wire[0];
        if (urn_) {
            if (!text.starts_with(kUrn)) return Verdict::failed(Code::MapBadValue);
            text.remove_prefix(kUrn.size());
        }
        canonical[0] = text;
        if (isLowerUuid(text)) return {};
        const auto uuid = Uuid::parse(text);
        if (!uuid) return Verdict::failed(Code::MapBadValue);
        if (!exact_) canonical[0] = context.arena.keep(uuid->text());
        return {};
    }
    Verdict write(const Texts& canonical, Texts& wire, CodecContext& context) const override {
        wire[0] = canonical[0];
        if (!isLowerUuid(canonical[0])) {
            const auto uuid = Uuid::parse(canonical[0]);
            if (!uuid) return Verdict::failed(Code::MapCannotSay);
            wire[0] = context.arena.keep(uuid->text());
        }
        if (urn_) wire[0] = context.arena.keep(std::string(kUrn) + std::string(wire[0]));
        return {};
    }
    std::string sample(std::uint64_t seed) const override { return sampleUuid(seed); }

private:
    bool urn_;
    bool exact_;  ///< a text field keeps the spelling it was sent in
};

/// <id>_<n>: the text before the last underscore, and a number.
class IdVersionCodec final : public Codec {
public:
    IdVersionCodec() {
        types = kTexts | typeBit(Type::Uuid);
        canonical_parts = {"id", "revision"};
    }
    Verdict read(const Texts& wire, Texts& canonical, CodecContext&) const override {
        const std::string_view text = wire[0];
        canonical[0] = text;
        const auto line = text.rfind('_');
        if (line == std::string_view::npos || line == 0 || !isVersion(text.substr(line + 1)))
            return {};
        canonical[0] = text.substr(0, line);
        canonical[1] = text.substr(line + 1);
        return {};
    }
    Verdict write(const Texts& canonical, Texts& wire, CodecContext& context) const override {
        if (canonical[1].empty()) {
            const auto line = canonical[0].rfind('_');
            const bool odd = line != std::string_view::npos && line != 0 &&
                             isVersion(canonical[0].substr(line + 1));
            wire[0] = canonical[0];
            return odd ? Verdict::failed(Code::MapCannotSay) : Verdict{};
        }
        if (canonical[0].empty() || !isVersion(canonical[1])) {
            return Verdict::failed(Code::MapCannotSay);
        }
        wire[0] = context.arena.keep(std::string(canonical[0]) + "_" + std::string(canonical[1]));
        return {};
    }

private:
    static bool isVersion(std::string_view text) {
        return allDigits(text) && text.size() <= 9 && (text.size() == 1 || text[0] != '0');
    }
};

/// A root and an extension as "root/extension"; a text without a slash is an extension alone.
class OidPairCodec final : public Codec {
public:
    OidPairCodec() {
        types = kTexts;
        wire_parts = {"root", "extension"};
        optional_parts = 1U;
        told_part = 1;
    }
    Verdict read(const Texts& wire, Texts& canonical, CodecContext& context) const override {
        const bool root_has = wire[0].find('/') != std::string_view::npos;
        const bool extension_has = wire[1].find('/') != std::string_view::npos;
        if (root_has || (wire[0].empty() && extension_has)) {
            return Verdict::failed(Code::MapBadValue);
        }
        canonical[0] = wire[0].empty()
                           ? wire[1]
                           : context.arena.keep(std::string(wire[0]) + "/" + std::string(wire[1]));
        return {};
    }
    Verdict write(const Texts& canonical, Texts& wire, CodecContext&) const override {
        const auto slash = canonical[0].find('/');
        if (slash == 0 || slash + 1 == canonical[0].size()) {
            return Verdict::failed(Code::MapCannotSay);
        }
        if (slash == std::string_view::npos) {
            wire[1] = canonical[0];
            return {};
        }
        wire[0] = canonical[0].substr(0, slash);
        wire[1] = canonical[0].substr(slash + 1);
        return {};
    }
    std::string sample(std::uint64_t seed) const override {
        return "1.2.752.99." + std::to_string(seed % 90) + "/" + std::to_string(seed % 10'000);
    }
};

/// A case's id in the dialect's own form; it was reserved before the mapping ran.
class AliasCodec final : public Codec {
public:
    enum class Form : std::uint8_t { Text, Digits, Prefix, Uuid };

    AliasCodec(Form form, std::size_t digits, std::string_view prefix)
        : form_(form), digits_(digits), prefix_(prefix) {
        types = kTexts;
    }
    Verdict read(const Texts& wire, Texts& canonical, CodecContext&) const override {
        canonical[0] = wire[0];
        return {};
    }
    Verdict write(const Texts& canonical, Texts& wire, CodecContext&) const override {
        wire[0] = canonical[0];
        return fits(canonical[0]) ? Verdict{} : Verdict::failed(Code::MapAliasMissing);
    }
    std::string sample(std::uint64_t seed) const override {
        switch (form_) {
            case Form::Text:
                return {};
            case Form::Digits: {
                std::string digits = std::to_string(seed);
                digits.insert(0, digits_, '1');
                return digits.substr(digits.size() - digits_);
            }
            case Form::Prefix:
                return prefix_ + std::to_string(1 + seed % 99'999);
            case Form::Uuid:
                return sampleUuid(seed);
        }
        return {};
    }

private:
    bool fits(std::string_view text) const {
        switch (form_) {
            case Form::Text:
                return true;
            case Form::Digits:
                return allDigits(text) && text.size() <= digits_;
            case Form::Prefix:
                return text.starts_with(prefix_) && text.size() > prefix_.size();
            case Form::Uuid:
                return Uuid::parse(text).has_value();
        }
        return false;
    }

    Form form_;
    std::size_t digits_;
    std::string prefix_;
};

Made makeAlias(const Spec& spec) {
    using Form = AliasCodec::Form;
    Made made;
    if (spec.size() == 2 && spec[1] == "text") {
        made = std::make_shared<AliasCodec>(Form::Text, 0, "");
    } else if (spec.size() == 2 && spec[1] == "uuid") {
        made = std::make_shared<AliasCodec>(Form::Uuid, 0, "");
    } else if (spec.size() == 3 && spec[1] == "digits") {
        std::size_t digits = 0;
        std::from_chars(spec[2].data(), spec[2].data() + spec[2].size(), digits);
        if (!allDigits(spec[2]) || digits < 1 || digits > 18) return nullptr;
        made = std::make_shared<AliasCodec>(Form::Digits, digits, "");
    } else if (spec.size() == 3 && spec[1] == "prefix" && !spec[2].empty()) {
        made = std::make_shared<AliasCodec>(Form::Prefix, 0, spec[2]);
    } else {
        return nullptr;
    }
    for (std::size_t i = 1; i < spec.size(); ++i) {
        if (i > 1) made->alias_form += ':';
        made->alias_form += spec[i];
    }
    if (made->alias_form == "text") made->alias_form.clear();
    return made;
}

}  // namespace

Made makeId(const Spec& spec, const message::Field& field) {
    if (spec[0] == "alias") return makeAlias(spec);
    if (spec[0] == "uuid") {
        const bool urn = spec.size() == 2 && spec[1] == "urn";
        if (spec.size() > 1 && !urn) return nullptr;
        return std::make_shared<UuidCodec>(urn, field.type != Type::Uuid);
    }
    if (spec.size() != 1) return nullptr;
    if (spec[0] == "id-version") return std::make_shared<IdVersionCodec>();
    if (spec[0] == "oid-pair") return std::make_shared<OidPairCodec>();
    return nullptr;
}

}  // namespace stafett::mapping::families
