#include "gateway/transport/http.h"

#include "gateway/transport/grammar.h"

namespace stafett::transport {

std::string_view Headers::get(std::string_view name) const {
    for (const auto& [known, value] : fields_) {
        if (sameName(known, name)) return value;
    }
    return {};
}

bool Headers::has(std::string_view name) const {
    for (const auto& [known, value] : fields_) {
        if (sameName(known, name)) return true;
    }
    return false;
}

}  // namespace stafett::transport
