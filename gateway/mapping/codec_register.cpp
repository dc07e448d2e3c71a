#include <algorithm>

#include "gateway/mapping/codec.h"
#include "gateway/mapping/codec_families.h"

namespace stafett::mapping {

std::optional<Ratio> Codec::number(const Texts& wire) const {
    std::string text(wire[0]);
    std::replace(text.begin(), text.end(), ',', '.');
    const auto decimal = families::readDecimal(text);
    if (!decimal) return std::nullopt;
    return Ratio{decimal->units, families::powerOfTen(decimal->places)};
}

std::string Codec::sample(std::uint64_t) const { return {}; }

const std::vector<std::string>& codecNames() {
    static const std::vector<std::string> names = {
        "text",
        "uuid",
        "uuid:urn",
        "date",
        "date:compact",
        "time:utc",
        "time:utc:ms",
        "time:offset",
        "time:local",
        "time:compact",
        "decimal:point:N",
        "decimal:comma:N",
        "number:N",
        "int",
        "boolean",
        "boolean:T/F",
        "member:T/F",
        "member:true/false:json",
        "present",
        "personnummer:12",
        "personnummer:YYYYMMDD-NNNC",
        "personnummer:10",
        "person-oid",
        "person-uri",
        "orgnr:10",
        "orgnr:NNNNNN-NNNN",
        "orgnr:16",
        "orgnr:SE",
        "logical-address",
        "hsa-id",
        "unit-uri:URI",
        "kommunkod",
        "kommunkod-parts",
        "percent-of-40h",
        "fraction-of-40h",
        "phone:e164",
        "phone:national",
        "email",
        "words",
        "id-version",
        "oid-pair",
        "alias:text",
        "alias:digits:N",
        "alias:prefix:P",
        "alias:uuid",
        "content",
        "fetch-path",
    };
    return names;
}

Result<std::shared_ptr<const Codec>> makeCodec(std::string_view spec, const message::Field& field) {
    families::Spec parts;
    for (std::size_t begin = 0; begin <= spec.size();) {
        const auto colon = std::min(spec.find(':', begin), spec.size());
        parts.push_back(spec.substr(begin, colon - begin));
        begin = colon + 1;
    }
    for (const auto make : {families::makeText, families::makeBoolean, families::makeNumber,
                            families::makeDate, families::makePerson, families::makeOrganisation,
                            families::makeExtent, families::makeId, families::makeContent}) {
        if (const auto codec = make(parts, field)) {
            codec->name = spec;
            return codec;
        }
    }
    const std::string near = nearest(spec, codecNames());
    std::string family;
    for (const auto& name : codecNames()) {
        if (name.starts_with(std::string(parts[0]) + ":"))
            family += (family.empty() ? "" : ", ") + name;
    }
    if (!family.empty()) {
        return tl::unexpected(Error(Code::CheckCodec, Place{.path = std::string(spec),
                                                            .file = {},
                                                            .row = {},
                                                            .hint = "it is written " + family}));
    }
    return tl::unexpected(
        Error(Code::CheckCodec,
              Place{.path = std::string(spec),
                    .file = {},
                    .row = {},
                    .hint = near.empty() ? std::string("see docs/mapping-language.md, section 5")
                                         : "did you mean " + near + "?"}));
}

std::string defaultCodec(const message::Field& field) {
    using message::Type;
    switch (field.type) {
        case Type::Date:
            return "date";
        case Type::Time:
            return "time:utc";
        case Type::Decimal:
            return "decimal:point:" + std::to_string(field.places);
        case Type::Integer:
            return "int";
        case Type::Boolean:
            return "boolean";
        case Type::Uuid:
            return "uuid";
        case Type::PersonId:
            return "personnummer:12";
        case Type::OrgNumber:
            return "orgnr:10";
        case Type::Municipality:
            return "kommunkod";
        case Type::Text:
        case Type::Code:
        case Type::Function:
        case Type::List:
            break;
    }
    return "text";
}

}  // namespace stafett::mapping
