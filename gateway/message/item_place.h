#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace stafett::message {

/// Where a record stands in its message: the message itself, or an item of one of its lists. A path
/// is made of it only when something is to be told. Points to the place it lies in; one thread.
struct ItemPlace {
    const ItemPlace* in = nullptr;  ///< null: the message itself
    std::string_view list = {};     ///< the list's path within `in`
    std::size_t index = 0;

    /// "steps[2]"; empty for the message.
    std::string path() const {
        return in == nullptr ? std::string() : in->of(list) + "[" + std::to_string(index) + "]";
    }
    /// A field's or a list's path: "steps[2]/from"; "." is the item itself.
    std::string of(std::string_view field) const {
        if (in == nullptr) return std::string(field);
        return field == "." ? path() : path().append("/").append(field);
    }
};

}  // namespace stafett::message
