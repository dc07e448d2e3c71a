#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "gateway/mapping/places.h"
#include "gateway/message/message.h"
#include "gateway/message/schema.h"

namespace stafett::mapping {

/// One step into a list: an item by index, by key, or a member of a set.
struct ListStep {
    enum class Kind : std::uint8_t { Index, Key, Member };
    Kind kind = Kind::Index;
    message::FieldIndex list = 0;
    std::uint32_t index = 0;
    message::FieldIndex key = 0;  ///< of the item: the field that `literal` is in
    std::string literal = {};
};

/// A canonical field, resolved against the record of the row's block.
struct Target {
    std::vector<ListStep> steps = {};
    message::FieldIndex field = 0;
    bool membership = false;  ///< the field is whether the last step's item is there
    const message::Field* type = nullptr;
    std::string path = {};  ///< as written

    bool isText() const {
        return steps.empty() && !membership && type->type != message::Type::List;
    }
};

struct Guard {
    std::optional<Target> canonical = {};
    std::vector<std::string> is = {};  ///< empty = present
    PlaceId wire = kNoPlace;
    std::vector<std::string> wire_is = {};  ///< empty = present
};

/// Whether a step means this item.
inline bool selects(const ListStep& step, const std::vector<message::Record>& items,
                    std::size_t index) {
    if (step.kind == ListStep::Kind::Index) return step.index == index;
    return items[index].text(step.key) == step.literal;
}

}  // namespace stafett::mapping
