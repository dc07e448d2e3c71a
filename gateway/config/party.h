#pragma once

#include <map>
#include <string>
#include <vector>

#include "gateway/base/ids.h"
#include "gateway/base/result.h"

namespace stafett::config {

struct Function {
    FunctionId id;
    std::string name;
    std::string phone;  ///< for the participant's page; may be empty
};

/// What a project or performer belongs to, for follow-up: a party of type insats.
struct Insats {
    std::string association;  ///< the coordination association (samordningsförbund)
    std::string financier;
    std::string concept_name;  ///< the common concept it works by, as MIA
};

/// An organisation that sends and receives: parties/<any>.json.
struct Party {
    PartyId id;
    std::string name;
    std::string type;  ///< agency, municipality, region, insats
    DialectId dialect;
    std::string municipality;  ///< kommunkod, or empty
    Insats insats;
    std::vector<Function> functions;
    FunctionId default_function;
    std::string phone;  ///< of its switchboard, where a function has none; may be empty
    std::map<std::string, std::string, std::less<>> settings;  ///< of its dialect
    Language language = Language::Swedish;
    std::vector<std::string> notices;  ///< codes it is told about its messages, in its own dialect
    std::string valid_from, valid_to;  ///< YYYY-MM-DD, inclusive; empty = open
    std::string file;

    bool hasFunction(const FunctionId& function) const;
    const Function* find(const FunctionId& function) const;
};

}  // namespace stafett::config
