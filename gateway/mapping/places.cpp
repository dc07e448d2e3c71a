#include "gateway/mapping/places.h"

#include <algorithm>

namespace stafett::mapping {

std::string Places::pathOf(PlaceId id) const {
    std::vector<PlaceId> chain;
    for (; id != kNoPlace; id = all[id].parent) chain.push_back(id);
    std::string out;
    for (auto it = chain.rbegin(); it != chain.rend(); ++it) {
        const WirePlace& place = all[*it];
        if (place.outside) return "attr:" + place.step.name;
        if (place.parent == kNoPlace) {
            const auto anchor = std::find_if(anchors.begin(), anchors.end(),
                                             [&](const auto& one) { return one.root == *it; });
            if (anchor != anchors.end()) {
                out = all[0].keys[anchor_key].name + "[" + anchor_body + "/" + anchor_type + "='" +
                      anchor->type + "']/" + anchor_body;
            }
            continue;
        }
        if (!out.empty()) out += '/';
        out += print(place.step);
    }
    return out.empty() ? "." : out;
}

bool Places::isBelow(PlaceId id, PlaceId above) const {
    for (; id != kNoPlace; id = all[id].parent) {
        if (id == above) return true;
    }
    return false;
}

}  // namespace stafett::mapping
