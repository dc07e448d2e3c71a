#include "gateway/mapping/contents.h"

namespace stafett::mapping {

ContentPlaces contentPlaces(const Library& library, const DialectId& dialect) {
    ContentPlaces all;
    for (const auto* form : library.forms(dialect)) {
        const auto& inside = form->contents().inside;
        if (inside.empty() || !form->does(Direction::Read)) continue;
        all.format = form->format();
        all.places.insert(all.places.end(), inside.begin(), inside.end());
    }
    return all;
}

}  // namespace stafett::mapping
