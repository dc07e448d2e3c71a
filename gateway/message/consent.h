#pragma once

#include <string>
#include <vector>

namespace stafett::message {

/// What is on record of a consent: whom it names, what it covers and when. Nothing personal.
struct Consent {
    std::vector<std::string> parties = {};  ///< organisationsnummer of those it covers
    std::vector<std::string> kinds = {};    ///< kinds of information it covers
    std::string purpose = {}, form = {};    ///< the purpose's code; the paper form's number
    std::string from = {}, to = {};         ///< YYYY-MM-DD, both days included; empty = open
    std::string withdrawn = {};             ///< the day; empty = it stands
};

}  // namespace stafett::message
