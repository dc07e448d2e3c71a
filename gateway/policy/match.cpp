#include "gateway/policy/match.h"

#include <algorithm>

namespace stafett::policy {

bool contains(const std::vector<std::string>& list, std::string_view item) {
    return std::find(list.begin(), list.end(), item) != list.end();
}

bool sideIs(const std::vector<std::string>& sides, const config::Party& party) {
    constexpr std::string_view kType = "type:";
    constexpr std::string_view kDialect = "dialect:";
    return std::any_of(sides.begin(), sides.end(), [&](std::string_view side) {
        if (side == "*" || side == party.id.value) return true;
        if (side.starts_with(kType)) return side.substr(kType.size()) == party.type;
        return side.starts_with(kDialect) && side.substr(kDialect.size()) == party.dialect.value;
    });
}

bool liesIn(const std::vector<std::string>& territory, std::string_view place) {
    return territory.empty() ||
           std::any_of(territory.begin(), territory.end(), [&](const std::string& part) {
               return !place.empty() && place.starts_with(part);
           });
}

bool under(std::string_view path, std::string_view root) {
    return path == root || (path.starts_with(root) && path[root.size()] == '/');
}

bool underAny(std::string_view path, const std::vector<std::string>& roots) {
    return std::any_of(roots.begin(), roots.end(),
                       [&](const std::string& root) { return root == "*" || under(path, root); });
}

}  // namespace stafett::policy
