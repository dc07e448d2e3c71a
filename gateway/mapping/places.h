#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/codec/tree.h"
#include "gateway/mapping/codec.h"
#include "gateway/mapping/findings.h"
#include "gateway/mapping/reason.h"
#include "gateway/mapping/wire_path.h"

namespace stafett::mapping {

using PlaceId = std::uint32_t;
inline constexpr PlaceId kNoPlace = 0xFFFFFFFF;
inline constexpr std::uint32_t kNoFrame = 0xFFFFFFFF;

/// What a predicate looks at, resolved: steps down from the item, then a text.
struct PlaceTest {
    struct Step {
        std::string name;
        std::uint32_t hash = 0;
        std::uint16_t space = 0;
        bool attribute = false;
        bool item = false;  ///< JSON: an array, of which `index` is meant
        std::uint32_t index = 0;
    };
    std::vector<Step> steps;
    std::string literal;
};

/// The children of a place that have one name: one of them, an item by index, items that match a
/// predicate, or every item.
struct PlaceKey {
    std::string name;
    std::uint32_t hash = 0;
    std::uint16_t space = 0;  ///< index into Places::spaces, 0 = none
    bool attribute = false;
    bool list = false;        ///< JSON: an array
    PlaceId only = kNoPlace;  ///< the one pick that takes whatever comes, if there is but one
    std::vector<PlaceId> picks;
    // what the writer prints
    std::string open;   ///< XML: "<t:code"; an attribute: " kod=\""; JSON: "\"kod\":"
    std::string close;  ///< XML: "</t:code>"
};

/// One place of the wire document that some row names, or that lies on the way to one. What is
/// looked at for every node stands first, in one line of the cache.
struct alignas(64) WirePlace {
    enum class Pick : std::uint8_t { One, Index, Match, Each };

    Pick pick = Pick::One;
    Shape shape = Shape::Value;
    JsonType json = JsonType::String;
    bool attribute = false;
    bool outside = false;  ///< an attr:NAME
    bool value = false;    ///< a row takes or writes its text
    bool named = false;    ///< a row names it: it is no unknown field
    bool kept = false, dropped = false;
    bool transport = false;
    bool single = false;     ///< Each with `take`: one place for a list
    bool machinery = false;  ///< ids of anchored parts: accounted for, never used
    std::uint32_t index = 0;
    PlaceId parent = kNoPlace;
    std::uint32_t frame = 0;
    std::uint32_t slot = 0;
    std::uint32_t list_slot = 0;  ///< Each: where its parent's frame keeps the items
    std::vector<PlaceKey> keys = {};
    std::vector<std::uint16_t> by_name = {};  ///< keys by hash: open addressing, key + 1
    std::vector<PlaceTest> tests = {};
    WireStep step = {};   ///< as it is written in paths for people
    Reason because = {};  ///< drop
    RowPlace at = {};     ///< keep and drop: their row
};

/// `**/name`: keep or drop anywhere below a place.
struct WildPlace {
    PlaceId below = kNoPlace;
    WireStep step;
    bool kept = false;
    Reason because;
    RowPlace at;
};

/// The items of one list have their slots in a frame of their own; frame 0 is the document.
struct Frame {
    std::uint32_t slots = 0;
    PlaceId item = kNoPlace;
    std::vector<PlaceId> content =
        {};                           ///< places with a value that counts when repeats are compared
    std::vector<PlaceId> lists = {};  ///< lists that stand in it
};

struct AnchorPlace {
    std::string name, type;
    PlaceId root = kNoPlace;
    std::string head = {};  ///< what its part begins with, when it is printed
    std::vector<PlaceId> reached_from =
        {};  ///< roots of the parts that refer to it, 0 = the document
};

/// Every place of a form, as one trie that reading and writing share.
struct Places {
    std::vector<WirePlace> all;
    std::vector<Frame> frames;
    std::vector<std::string> spaces = {""};  ///< namespace uris; 0 = none
    std::vector<std::string> prefixes = {""};
    std::vector<PlaceId> outside;
    std::vector<AnchorPlace> anchors;  ///< the first is the first item
    std::uint32_t anchor_key = 0;      ///< which key of the root holds the anchored items
    std::string anchor_body, anchor_id, anchor_type;
    std::string anchor_open, anchor_middle;  ///< printed before and behind the id of a part
    std::vector<WildPlace> wilds;

    const WirePlace& operator[](PlaceId id) const { return all[id]; }
    WirePlace& operator[](PlaceId id) { return all[id]; }
    /// The path of a place as people write it.
    std::string pathOf(PlaceId id) const;
    bool isBelow(PlaceId id, PlaceId above) const;
};

}  // namespace stafett::mapping
