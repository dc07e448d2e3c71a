// personnummer:*, person-oid, person-uri, orgnr:*, logical-address, hsa-id, kommunkod*.
#include <algorithm>
#include <array>
#include <span>

#include "gateway/mapping/codec_families.h"

namespace stafett::mapping::families {
namespace {

using message::Type;

struct PersonParts {
    std::string_view kind, value;
};

PersonParts partsOf(std::string_view canonical) {
    const auto colon = canonical.find(':');
    if (colon == std::string_view::npos) return {{}, canonical};
    return {canonical.substr(0, colon), canonical.substr(colon + 1)};
}

enum class NumberForm : std::uint8_t { Twelve, Hyphen, Ten };

class PersonNumberCodec final : public Codec {
public:
    explicit PersonNumberCodec(NumberForm form) : form_(form) { types = typeBit(Type::PersonId); }

    Verdict read(const Texts& wire, Texts& canonical, CodecContext& context) const override {
        const auto number = message::readPersonNumber(wire[0], context.persons);
        if (!number) return Verdict::failed(number.error().code());
        canonical[0] = context.arena.keep(*number);
        return {};
    }

    Verdict write(const Texts& canonical, Texts& wire, CodecContext& context) const override {
        const auto [kind, value] = partsOf(canonical[0]);
        const bool known = kind == "pnr" || kind == "samordning" || kind == "interim";
        if (!known || value.size() != 12) return Verdict::failed(Code::MapCannotSay);
        if (form_ == NumberForm::Twelve) {
            wire[0] = value;
            return {};
        }
        std::string text(value);
        text.insert(8, "-");
        if (form_ == NumberForm::Ten) {
            text.erase(0, 2);
            const auto reads = [&] {
                const auto back = message::readPersonNumber(text, context.persons);
                return back && *back == canonical[0];
            };
            if (!reads()) text[6] = '+';  // a hundred years old, or more
            if (!reads()) return Verdict::failed(Code::MapCannotSay);
        }
        wire[0] = context.arena.keep(text);
        return {};
    }

private:
    NumberForm form_;
};

struct System {
    std::string_view kind, id;
};
constexpr std::array kOids = {System{"pnr", "1.2.752.129.2.1.3.1"},
                              System{"samordning", "1.2.752.129.2.1.3.3"},
                              System{"reserv", "1.2.752.74.9.1"}};
constexpr std::array kUris = {
    System{"pnr", "http://electronichealth.se/identifier/personnummer"},
    System{"samordning", "http://electronichealth.se/identifier/samordningsnummer"},
    System{"reserv", "http://electronichealth.se/identifier/nationelltReservnummer"},
    System{"lma", "http://electronichealth.se/identifier/LMA-nummer"}};

/// A number with the system it is a number of; an interim number stands where a personnummer does.
class PersonSystemCodec final : public Codec {
public:
    PersonSystemCodec(std::span<const System> systems, const char* system_part)
        : systems_(systems) {
        types = typeBit(Type::PersonId);
        wire_parts = {system_part, "value"};
        told_part = 1;
    }

    Verdict read(const Texts& wire, Texts& canonical, CodecContext& context) const override {
        const auto system = std::find_if(systems_.begin(), systems_.end(),
                                         [&](const System& s) { return s.id == wire[0]; });
        if (system == systems_.end()) return Verdict::failed(Code::MapUnknownValue);
        if (system->kind == "reserv" || system->kind == "lma") {
            return readOpaque(*system, wire[1], canonical, context);
        }
        const auto number = message::readPersonNumber(wire[1], context.persons);
        if (!number) return Verdict::failed(number.error().code());
        const auto kind = partsOf(*number).kind;
        const bool agrees = kind == system->kind || (kind == "interim" && system->kind == "pnr");
        if (!agrees) return Verdict::failed(Code::PersonNumber);
        canonical[0] = context.arena.keep(*number);
        return {};
    }

    Verdict write(const Texts& canonical, Texts& wire, CodecContext&) const override {
        auto [kind, value] = partsOf(canonical[0]);
        if (kind == "interim") kind = "pnr";
        for (const System& system : systems_) {
            if (system.kind != kind) continue;
            wire[0] = system.id;
            wire[1] = value;
            return {};
        }
        return Verdict::failed(Code::MapCannotSay);
    }

private:
    static Verdict readOpaque(const System& system, std::string_view value, Texts& canonical,
                              CodecContext& context) {
        const bool fits = value.size() == 12 && std::all_of(value.begin(), value.end(), [](char c) {
                              return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z');
                          });
        if (!fits) return Verdict::failed(Code::PersonNumber);
        if (system.kind == "reserv" && !context.persons.reserve) {
            return Verdict::failed(Code::PersonKind);
        }
        canonical[0] = context.arena.keep(std::string(system.kind) + ":" + std::string(value));
        return {};
    }

    std::span<const System> systems_;
};

enum class OrgForm : std::uint8_t { Ten, Hyphen, Sixteen, Se, LogicalAddress };

class OrgNumberCodec final : public Codec {
public:
    explicit OrgNumberCodec(OrgForm form) : form_(form) { types = typeBit(Type::OrgNumber); }

    Verdict read(const Texts& wire, Texts& canonical, CodecContext& context) const override {
        std::string_view text = wire[0];
        if (form_ == OrgForm::LogicalAddress && message::isHsaId(text)) {
            text = text.substr(2, text.find('-') - 2);
        }
        const auto number = message::readOrgNumber(text);
        if (!number) return Verdict::failed(number.error().code());
        canonical[0] = *number == text ? text : context.arena.keep(*number);
        return {};
    }

    Verdict write(const Texts& canonical, Texts& wire, CodecContext& context) const override {
        const std::string_view number = canonical[0];
        if (number.size() != 10) return Verdict::failed(Code::MapCannotSay);
        switch (form_) {
            case OrgForm::Ten:
            case OrgForm::LogicalAddress:
                wire[0] = number;
                return {};
            case OrgForm::Hyphen: {
                char* const at = context.arena.room(11);
                number.copy(at, 6);
                at[6] = '-';
                number.copy(at + 7, 4, 6);
                wire[0] = {at, 11};
                return {};
            }
            case OrgForm::Sixteen:
            case OrgForm::Se: {
                char* const at = context.arena.room(12);
                std::string_view(form_ == OrgForm::Se ? "SE" : "16").copy(at, 2);
                number.copy(at + 2, 10);
                wire[0] = {at, 12};
                return {};
            }
        }
        return Verdict::failed(Code::MapCannotSay);
    }

private:
    OrgForm form_;
};

class HsaIdCodec final : public Codec {
public:
    HsaIdCodec() { types = typeBit(Type::Function) | typeBit(Type::Text); }
    Verdict read(const Texts& wire, Texts& canonical, CodecContext&) const override {
        canonical[0] = wire[0];
        return message::isHsaId(wire[0]) ? Verdict{} : Verdict::failed(Code::HsaId);
    }
    Verdict write(const Texts& canonical, Texts& wire, CodecContext&) const override {
        wire[0] = canonical[0];
        return message::isHsaId(wire[0]) ? Verdict{} : Verdict::failed(Code::MapCannotSay);
    }
    std::string sample(std::uint64_t seed) const override {
        return "SE2321000016-" + std::to_string(1000 + seed % 9000);
    }
};

/// A function with the system its id is of: HSA-ids have one, all others the row's own.
class UnitUriCodec final : public Codec {
public:
    explicit UnitUriCodec(std::string system) : system_(std::move(system)) {
        types = typeBit(Type::Function) | typeBit(Type::Text);
        wire_parts = {"system", "value"};
        told_part = 1;
    }
    Verdict read(const Texts& wire, Texts& canonical, CodecContext&) const override {
        canonical[0] = wire[1];
        if (wire[0] == kHsaSystem || wire[0] == kRivSystem) {
            return message::isHsaId(wire[1]) ? Verdict{} : Verdict::failed(Code::HsaId);
        }
        return wire[0] == system_ ? Verdict{} : Verdict::failed(Code::MapUnknownValue);
    }
    Verdict write(const Texts& canonical, Texts& wire, CodecContext&) const override {
        wire[0] = message::isHsaId(canonical[0]) ? kHsaSystem : std::string_view(system_);
        wire[1] = canonical[0];
        return {};
    }

private:
    static constexpr std::string_view kHsaSystem = "urn:oid:1.2.752.29.4.19";
    static constexpr std::string_view kRivSystem = "urn:oid:1.2.752.129.2.1.4.1";  ///< read only
    std::string system_;
};

class MunicipalityCodec final : public Codec {
public:
    explicit MunicipalityCodec(bool parts) : parts_(parts) {
        types = typeBit(Type::Municipality);
        if (parts) wire_parts = {"lan", "kommun"};
    }
    Verdict read(const Texts& wire, Texts& canonical, CodecContext& context) const override {
        canonical[0] = wire[0];
        if (parts_) {
            if (wire[0].size() != 2 || wire[1].size() != 2) {
                return Verdict::failed(Code::MunicipalityCode);
            }
            canonical[0] = context.arena.keep(std::string(wire[0]) + std::string(wire[1]));
        }
        return message::isMunicipalityCode(canonical[0]) ? Verdict{}
                                                         : Verdict::failed(Code::MunicipalityCode);
    }
    Verdict write(const Texts& canonical, Texts& wire, CodecContext&) const override {
        if (canonical[0].size() != 4) return Verdict::failed(Code::MapCannotSay);
        wire[0] = canonical[0];
        if (parts_) {
            wire[0] = canonical[0].substr(0, 2);
            wire[1] = canonical[0].substr(2);
        }
        return {};
    }

private:
    bool parts_;
};

}  // namespace

Made makePerson(const Spec& spec, const message::Field&) {
    if (spec.size() == 1 && spec[0] == "person-oid") {
        return std::make_shared<PersonSystemCodec>(kOids, "root");
    }
    if (spec.size() == 1 && spec[0] == "person-uri") {
        return std::make_shared<PersonSystemCodec>(kUris, "system");
    }
    if (spec.size() != 2 || spec[0] != "personnummer") return nullptr;
    if (spec[1] == "12") return std::make_shared<PersonNumberCodec>(NumberForm::Twelve);
    if (spec[1] == "10") return std::make_shared<PersonNumberCodec>(NumberForm::Ten);
    if (spec[1] == "YYYYMMDD-NNNC") return std::make_shared<PersonNumberCodec>(NumberForm::Hyphen);
    return nullptr;
}

Made makeOrganisation(const Spec& spec, const message::Field&) {
    if (spec.size() == 1) {
        if (spec[0] == "logical-address") {
            return std::make_shared<OrgNumberCodec>(OrgForm::LogicalAddress);
        }
        if (spec[0] == "hsa-id") return std::make_shared<HsaIdCodec>();
        if (spec[0] == "kommunkod") return std::make_shared<MunicipalityCodec>(false);
        if (spec[0] == "kommunkod-parts") return std::make_shared<MunicipalityCodec>(true);
        return nullptr;
    }
    if (spec[0] == "unit-uri") {  // the uri has colons of its own
        std::string uri(spec[1]);
        for (std::size_t i = 2; i < spec.size(); ++i) uri.append(":").append(spec[i]);
        return std::make_shared<UnitUriCodec>(std::move(uri));
    }
    if (spec.size() != 2 || spec[0] != "orgnr") return nullptr;
    if (spec[1] == "10") return std::make_shared<OrgNumberCodec>(OrgForm::Ten);
    if (spec[1] == "NNNNNN-NNNN") return std::make_shared<OrgNumberCodec>(OrgForm::Hyphen);
    if (spec[1] == "16") return std::make_shared<OrgNumberCodec>(OrgForm::Sixteen);
    if (spec[1] == "SE") return std::make_shared<OrgNumberCodec>(OrgForm::Se);
    return nullptr;
}

}  // namespace stafett::mapping::families
