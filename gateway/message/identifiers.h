#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "gateway/base/result.h"

namespace stafett::message {

/// Which personal numbers are taken, and against which day a century is judged.
struct PersonRules {
    bool interim = false;      ///< T R S U W X J K L M N in the serial
    bool reserve = true;       ///< reserve numbers: opaque, twelve characters
    bool check_digits = true;  ///< off only in test environments
    std::string today = {};    ///< YYYY-MM-DD in Stockholm; empty = the system's day
};

/// A Swedish personal number of any written form as KIND:VALUE, VALUE being twelve characters
/// without separator (domain 3.1): "pnr:191212121212", "samordning:…", "interim:…", "reserv:…".
/// ST-PER-001 when it is wrong, ST-PER-002 when its kind is switched off.
Result<std::string> readPersonNumber(std::string_view written, const PersonRules& rules);

/// An organisationsnummer in any of its four spellings (ten digits, NNNNNN-NNNN, 16 + ten,
/// SE + ten [+ 01]) as ten digits. ST-PER-003 when it is wrong.
Result<std::string> readOrgNumber(std::string_view written);

/// HSA-id: SE, orgnr, hyphen, at least one letter or digit, at most 31 characters.
bool isHsaId(std::string_view text);

/// A kommunkod: four digits with a län that exists.
bool isMunicipalityCode(std::string_view text);

/// The check digit of the ten last digits (Luhn); letters count as `letter`.
bool luhnHolds(std::string_view digits);

}  // namespace stafett::message
