#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/mapping/codec.h"

// What codec_register.cpp knows of the families. Each takes the spec split at ":" and gives the
// codec, nothing when the name is not of this family or its arguments are wrong.
namespace stafett::mapping::families {

using Spec = std::vector<std::string_view>;
using Made = std::shared_ptr<Codec>;

Made makeText(const Spec& spec, const message::Field& field);
Made makeBoolean(const Spec& spec, const message::Field& field);
Made makeNumber(const Spec& spec, const message::Field& field);
Made makeDate(const Spec& spec, const message::Field& field);
Made makePerson(const Spec& spec, const message::Field& field);
Made makeOrganisation(const Spec& spec, const message::Field& field);
Made makeExtent(const Spec& spec, const message::Field& field);
Made makeId(const Spec& spec, const message::Field& field);
Made makeContent(const Spec& spec, const message::Field& field);

/// A decimal text as units of 10^-places. Nothing when it is none or too long.
struct Decimal {
    std::int64_t units = 0;
    int places = 0;
};
std::optional<Decimal> readDecimal(std::string_view text);
/// numerator / denominator with `places` decimals, rounded half-even.
struct Rounded {
    std::string text;
    bool exact = true;
};
Rounded decimalText(std::int64_t numerator, std::int64_t denominator, int places);
std::int64_t powerOfTen(int n);

bool allDigits(std::string_view text);

}  // namespace stafett::mapping::families
