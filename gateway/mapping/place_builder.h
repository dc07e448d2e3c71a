#pragma once

#include <optional>

#include "gateway/mapping/places.h"
#include "gateway/mapping/source.h"

namespace stafett::mapping {

/// Builds the trie of a form's wire places from the paths of its rows. What is wrong with a path
/// goes to the findings (ST-CHK-004), and the place it gives is then of no use.
class PlaceBuilder {
public:
    PlaceBuilder(const Source& source, Places& places, Findings& findings);

    /// A constant that a predicate demands: written with its item.
    struct Demanded {
        PlaceId place, item;
        std::string literal;
    };

    /// The place of a path below `from`; steps that are not there yet are made.
    PlaceId descend(PlaceId from, const std::string& path, const RowPlace& at);
    /// The place of a list's items: the last step repeats, and gets a frame of its own.
    PlaceId descendEach(PlaceId from, const std::string& path, bool single, const RowPlace& at);
    /// A place to keep or drop; its subtree goes with it.
    void cover(PlaceId from, const SourceRow& row);
    /// The constants of the predicates met since the last call.
    std::vector<Demanded> takeDemanded() { return std::move(demanded_); }
    /// Fills in what the writer prints. To be called last.
    void finish();

private:
    std::optional<WirePath> parse(const std::string& path, const RowPlace& at);
    std::optional<std::uint16_t> space(const WireStep& step, const std::string& path,
                                       const RowPlace& at);
    PlaceKey* key(PlaceId parent, const WireStep& step, bool list, const std::string& path,
                  const RowPlace& at);
    PlaceId step(PlaceId from, const WireStep& step, const std::string& path, const RowPlace& at);
    PlaceId walk(PlaceId from, const std::vector<WireStep>& steps, const std::string& path,
                 const RowPlace& at);
    PlaceId make(PlaceId parent, const WireStep& step, WirePlace::Pick pick);
    bool resolveTests(PlaceId item, const WireStep& step, const std::string& path,
                      const RowPlace& at);
    PlaceId outside(const std::string& name);

    Places& places_;
    Findings& findings_;
    bool xml_;
    std::vector<Demanded> demanded_;
};

}  // namespace stafett::mapping
