#include "gateway/plugin/wire_template.h"

namespace stafett::plugin {

std::optional<WireTemplate> WireTemplate::parse(std::string_view text) {
    WireTemplate made;
    while (!text.empty()) {
        const auto brace = text.find_first_of("{}");
        if (brace != 0) {
            made.parts.push_back({From::Literal, std::string(text.substr(0, brace))});
            if (brace == std::string_view::npos) break;
            text.remove_prefix(brace);
        }
        const auto end = text.find('}');
        if (text.front() == '}' || end == std::string_view::npos) return std::nullopt;
        const auto inside = text.substr(1, end - 1);
        const auto colon = inside.find(':');
        const auto kind = inside.substr(0, colon);
        if (colon == std::string_view::npos || colon + 1 == inside.size()) return std::nullopt;
        if (kind != "attr" && kind != "setting") return std::nullopt;
        const auto from = kind == "attr" ? From::Attribute : From::Setting;
        made.parts.push_back({from, std::string(inside.substr(colon + 1))});
        text.remove_prefix(end + 1);
    }
    return made;
}

}  // namespace stafett::plugin
