#include "gateway/mapping/mapping.h"

namespace stafett::mapping {

void Attributes::set(std::string name, std::string value) {
    for (auto& [known, old] : values_) {
        if (known == name) {
            old = std::move(value);
            return;
        }
    }
    values_.emplace_back(std::move(name), std::move(value));
}

const std::string* Attributes::find(std::string_view name) const {
    for (const auto& [known, value] : values_) {
        if (known == name) return &value;
    }
    return nullptr;
}

}  // namespace stafett::mapping
