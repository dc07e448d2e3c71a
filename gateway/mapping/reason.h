#pragma once

#include <string>

#include "gateway/base/result.h"

namespace stafett::mapping {

/// Why something is not told, for people, as a mapping says it under because: one text, or one in
/// each language.
struct Reason {
    std::string english;
    std::string swedish = {};  ///< empty: the one text is for all

    bool empty() const { return english.empty(); }
    const std::string& in(Language language) const {
        return language == Language::Swedish && !swedish.empty() ? swedish : english;
    }
};

}  // namespace stafett::mapping
