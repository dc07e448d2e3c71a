#include "gateway/mapping/place_builder.h"

#include <algorithm>
#include <bit>

#include "gateway/codec/write.h"

namespace stafett::mapping {
namespace {

WirePlace::Pick pickOf(const WireStep& step) {
    switch (step.pick) {
        case WireStep::Pick::Index:
            return WirePlace::Pick::Index;
        case WireStep::Pick::Match:
            return WirePlace::Pick::Match;
        case WireStep::Pick::One:
            break;
    }
    return WirePlace::Pick::One;
}

}  // namespace

PlaceBuilder::PlaceBuilder(const Source& source, Places& places, Findings& findings)
    : places_(places), findings_(findings), xml_(source.format == codec::Format::Xml) {
    places_.frames.push_back({});
    for (const auto& [prefix, uri] : source.namespaces) {
        places_.spaces.push_back(uri);
        places_.prefixes.push_back(prefix);
    }
    make(kNoPlace, WireStep{}, WirePlace::Pick::One);
    places_[0].named = true;
    if (xml_) {
        const RowPlace at = source.at;
        if (const auto root = parse(source.root, at); root && root->steps.size() == 1) {
            places_[0].step = root->steps[0];
            places_[0].index = space(root->steps[0], source.root, at).value_or(0);
        } else if (!source.root.empty()) {
            findings_.add(Code::CheckWirePath, at, source.root, "the root is one name");
        }
    }
    if (!source.anchors) return;
    const SourceAnchors& anchors = *source.anchors;
    places_.anchor_body = anchors.body;
    places_.anchor_id = anchors.id;
    places_.anchor_type = anchors.type;
    places_.anchor_open = "{";
    codec::appendJsonString(places_.anchor_open, anchors.id);
    places_.anchor_open += ':';
    places_.anchor_middle = ",";
    codec::appendJsonString(places_.anchor_middle, anchors.body);
    places_.anchor_middle += ':';
    WireStep list;
    list.name = anchors.in;
    if (const PlaceKey* const made = key(0, list, true, anchors.in, anchors.at)) {
        places_.anchor_key = static_cast<std::uint32_t>(made - places_[0].keys.data());
    }
    for (const auto& [name, type] : anchors.of) {
        const PlaceId root = make(kNoPlace, WireStep{}, WirePlace::Pick::One);
        AnchorPlace anchor{.name = name, .type = type, .root = root};
        codec::appendJsonString(anchor.head, anchors.type);
        anchor.head += ':';
        codec::appendJsonString(anchor.head, type);
        places_.anchors.push_back(std::move(anchor));
        WireStep step;
        step.name = anchors.type;
        const PlaceId place = this->step(root, step, step.name, anchors.at);
        if (place == kNoPlace) continue;
        places_[place].machinery = places_[place].named = places_[place].value = true;
    }
}

std::optional<WirePath> PlaceBuilder::parse(const std::string& path, const RowPlace& at) {
    auto parsed = parseWirePath(path);
    if (parsed) return std::move(*parsed);
    findings_.add(Code::CheckWirePath, at, path, parsed.error().place().hint);
    return std::nullopt;
}

std::optional<std::uint16_t> PlaceBuilder::space(const WireStep& step, const std::string& path,
                                                 const RowPlace& at) {
    if (!xml_) {
        if (step.prefix.empty()) return std::uint16_t{0};
        findings_.add(Code::CheckWirePath, at, path, "quote a JSON name with a colon: 'a:b'");
        return std::nullopt;
    }
    if (step.attribute && step.prefix.empty()) return std::uint16_t{0};
    for (std::size_t i = 1; i < places_.prefixes.size(); ++i) {
        if (places_.prefixes[i] == step.prefix) return static_cast<std::uint16_t>(i);
    }
    if (step.prefix.empty()) return std::uint16_t{0};
    const std::string near = nearest(step.prefix, places_.prefixes);
    findings_.add(Code::CheckWirePath, at, path,
                  "the prefix " + step.prefix + " is not in wire.namespaces" +
                      (near.empty() ? "" : "; did you mean " + near + "?"));
    return std::nullopt;
}

PlaceId PlaceBuilder::make(PlaceId parent, const WireStep& step, WirePlace::Pick pick) {
    WirePlace place;
    place.step = step;
    place.pick = pick;
    place.attribute = step.attribute;
    place.index = step.index;
    place.parent = parent;
    place.frame = parent == kNoPlace ? 0 : places_[parent].frame;
    place.slot = places_.frames[place.frame].slots++;
    places_.all.push_back(std::move(place));
    return static_cast<PlaceId>(places_.all.size() - 1);
}

PlaceKey* PlaceBuilder::key(PlaceId parent, const WireStep& step, bool list,
                            const std::string& path, const RowPlace& at) {
    if (step.attribute && !xml_) {
        findings_.add(Code::CheckWirePath, at, path, "JSON has no attributes: quote the name");
        return nullptr;
    }
    const auto space = this->space(step, path, at);
    if (!space) return nullptr;
    auto& keys = places_[parent].keys;
    const auto found = std::find_if(keys.begin(), keys.end(), [&](const PlaceKey& one) {
        return one.name == step.name && one.space == *space && one.attribute == step.attribute;
    });
    if (found != keys.end()) {
        if (!xml_ && found->list != list) {
            findings_.add(Code::CheckWirePath, at, path,
                          "another row takes " + step.name +
                              (list ? " as one value" : " as an array") + ", this one " +
                              (list ? "as an array" : "as one value"));
            return nullptr;
        }
        return &*found;
    }
    PlaceKey made;
    made.name = step.name;
    made.hash = codec::nameHash(step.name);
    made.space = *space;
    made.attribute = step.attribute;
    made.list = list && !xml_;
    keys.push_back(std::move(made));
    return &keys.back();
}

bool PlaceBuilder::resolveTests(PlaceId item, const WireStep& step, const std::string& path,
                                const RowPlace& at) {
    for (const WireTest& test : step.tests) {
        PlaceTest resolved;
        resolved.literal = test.literal;
        for (const WireStep& one : test.path.steps) {
            const auto space = this->space(one, path, at);
            if (!space || one.pick == WireStep::Pick::Match || one.below || one.starts) {
                findings_.add(Code::CheckWirePath, at, path,
                              "a predicate's own path has names and indexes only");
                return false;
            }
            resolved.steps.push_back({.name = one.name,
                                      .hash = codec::nameHash(one.name),
                                      .space = *space,
                                      .attribute = one.attribute,
                                      .item = one.pick == WireStep::Pick::Index,
                                      .index = one.index});
        }
        if (test.path.outside()) {
            findings_.add(Code::CheckWirePath, at, path, "a predicate looks inside the document");
            return false;
        }
        places_[item].tests.push_back(std::move(resolved));
        const PlaceId place = walk(item, test.path.steps, path, at);
        if (place == kNoPlace) return false;
        places_[place].named = places_[place].value = true;
        demanded_.push_back({place, item, test.literal});
    }
    return true;
}

PlaceId PlaceBuilder::step(PlaceId from, const WireStep& step, const std::string& path,
                           const RowPlace& at) {
    if (step.below || step.starts) {
        findings_.add(Code::CheckWirePath, at, path, "* is for keep and drop only");
        return kNoPlace;
    }
    if (places_[from].attribute) {
        findings_.add(Code::CheckWirePath, at, path, "nothing lies below an attribute");
        return kNoPlace;
    }
    const bool list = step.pick != WireStep::Pick::One;
    PlaceKey* const found = key(from, step, list, path, at);
    if (found == nullptr) return kNoPlace;
    const auto key_index = static_cast<std::size_t>(found - places_[from].keys.data());
    for (const PlaceId pick : found->picks) {
        const WirePlace& place = places_[pick];
        if (place.pick == pickOf(step) && place.step == step) return pick;
    }
    const PlaceId made = make(from, step, pickOf(step));
    places_[from].keys[key_index].picks.push_back(made);
    if (!resolveTests(made, step, path, at)) return kNoPlace;
    return made;
}

PlaceId PlaceBuilder::walk(PlaceId from, const std::vector<WireStep>& steps,
                           const std::string& path, const RowPlace& at) {
    for (const WireStep& one : steps) {
        from = step(from, one, path, at);
        if (from == kNoPlace) return kNoPlace;
    }
    return from;
}

PlaceId PlaceBuilder::outside(const std::string& name) {
    for (const PlaceId id : places_.outside) {
        if (places_[id].step.name == name) return id;
    }
    WireStep step;
    step.name = name;
    const PlaceId made = make(kNoPlace, step, WirePlace::Pick::One);
    places_[made].outside = true;
    places_.outside.push_back(made);
    return made;
}

PlaceId PlaceBuilder::descend(PlaceId from, const std::string& path, const RowPlace& at) {
    if (from == kNoPlace) return kNoPlace;
    const auto parsed = parse(path, at);
    if (!parsed) return kNoPlace;
    if (parsed->outside()) return outside(parsed->attribute);
    return walk(from, parsed->steps, path, at);
}

PlaceId PlaceBuilder::descendEach(PlaceId from, const std::string& path, bool single,
                                  const RowPlace& at) {
    if (from == kNoPlace) return kNoPlace;
    auto parsed = parse(path, at);
    if (!parsed) return kNoPlace;
    if (parsed->outside() || parsed->steps.empty() || parsed->steps.back().attribute ||
        parsed->steps.back().pick == WireStep::Pick::Index) {
        findings_.add(Code::CheckWirePath, at, path, "a list is repeated elements, or an array");
        return kNoPlace;
    }
    const WireStep last = parsed->steps.back();
    parsed->steps.pop_back();
    from = walk(from, parsed->steps, path, at);
    if (from == kNoPlace) return kNoPlace;
    PlaceKey* const found = key(from, last, !single, path, at);
    if (found == nullptr) return kNoPlace;
    const auto key_index = static_cast<std::size_t>(found - places_[from].keys.data());
    for (const PlaceId pick : found->picks) {
        const WirePlace& other = places_[pick];
        if (other.pick == WirePlace::Pick::Each && other.step == last) {
            findings_.add(Code::CheckTwoWriters, at, path,
                          "another list takes these items; part them by predicates");
            return kNoPlace;
        }
        if (other.pick == WirePlace::Pick::One && last.tests.empty()) {
            findings_.add(Code::CheckTwoWriters, at, path, "another row takes this as one value");
            return kNoPlace;
        }
    }
    const PlaceId made = make(from, last, WirePlace::Pick::Each);
    WirePlace& place = places_[made];
    place.list_slot = place.slot;
    ++places_.frames[place.frame].slots;  // a list keeps its first and its last item
    place.single = single;
    place.frame = static_cast<std::uint32_t>(places_.frames.size());
    place.slot = 0;
    place.named = true;
    places_.frames.push_back({.slots = 1, .item = made});
    places_[from].keys[key_index].picks.push_back(made);
    if (!resolveTests(made, last, path, at)) return kNoPlace;
    return made;
}

void PlaceBuilder::cover(PlaceId from, const SourceRow& row) {
    if (from == kNoPlace) return;
    auto parsed = parse(row.source, row.at);
    if (!parsed) return;
    const bool keep = row.kind == RowKind::Keep;
    const auto mark = [&](PlaceId place) {
        if (place == kNoPlace) return;
        places_[place].named = true;
        (keep ? places_[place].kept : places_[place].dropped) = true;
        places_[place].because = row.because;
        places_[place].at = row.at;
    };
    if (parsed->outside()) return mark(outside(parsed->attribute));
    auto& steps = parsed->steps;
    if (!steps.empty() && steps.back().below) steps.pop_back();  // `Lokalt/**` is all of Lokalt
    const auto wild = std::find_if(steps.begin(), steps.end(),
                                   [](const WireStep& one) { return one.below || one.starts; });
    if (wild == steps.end()) {
        if (steps.empty()) {
            findings_.add(Code::CheckWirePath, row.at, row.source, "name what is kept or dropped");
            return;
        }
        // An array goes as a whole; an item of it only when the path picks one.
        const WireStep last = steps.back();
        steps.pop_back();
        const PlaceId parent = walk(from, steps, row.source, row.at);
        if (parent == kNoPlace) return;
        if (last.pick != WireStep::Pick::One) return mark(step(parent, last, row.source, row.at));
        const auto space = this->space(last, row.source, row.at);
        if (!space) return;
        for (const PlaceKey& known : places_[parent].keys) {
            if (known.name != last.name || known.space != *space ||
                known.attribute != last.attribute) {
                continue;
            }
            findings_.add(Code::CheckTwoWriters, row.at, row.source,
                          "another row names this place; keep or drop its parts by name");
            return;
        }
        return mark(step(parent, last, row.source, row.at));
    }
    const bool below = wild->below;
    std::vector<WireStep> head(steps.begin(), wild);
    const std::vector<WireStep> tail(below ? wild + 1 : wild, steps.end());
    if (tail.size() != 1 || tail[0].below || tail[0].pick != WireStep::Pick::One) {
        findings_.add(Code::CheckWirePath, row.at, row.source, "one name may follow **");
        return;
    }
    const PlaceId above = walk(from, head, row.source, row.at);
    if (above == kNoPlace) return;
    places_.wilds.push_back(
        {.below = above, .step = tail[0], .kept = keep, .because = row.because, .at = row.at});
}

void PlaceBuilder::finish() {
    for (WirePlace& place : places_.all) {
        for (PlaceKey& one : place.keys) {
            const WirePlace& first = places_[one.picks.empty() ? 0 : one.picks[0]];
            const bool takes_all = first.pick == WirePlace::Pick::One ||
                                   (first.pick == WirePlace::Pick::Each && first.tests.empty());
            if (one.picks.size() == 1 && takes_all) one.only = one.picks[0];
            // Items by index are written in their order, whatever the order of the rows.
            std::stable_sort(one.picks.begin(), one.picks.end(), [&](PlaceId a, PlaceId b) {
                const bool both = places_[a].pick == WirePlace::Pick::Index &&
                                  places_[b].pick == WirePlace::Pick::Index;
                return both && places_[a].index < places_[b].index;
            });
            std::string name = one.name;
            if (xml_ && one.space != 0 && !places_.prefixes[one.space].empty()) {
                name = places_.prefixes[one.space] + ":" + name;
            }
            if (!xml_) {
                codec::appendJsonString(one.open, name);
                one.open += ':';
            } else if (one.attribute) {
                one.open = " " + name + "=\"";
            } else {
                one.open = "<" + name;
                one.close = "</" + name + ">";
            }
        }
        // Attributes are printed before elements.
        std::stable_partition(place.keys.begin(), place.keys.end(),
                              [](const PlaceKey& one) { return one.attribute; });
        if (place.keys.size() < 4) continue;
        place.by_name.assign(std::bit_ceil(place.keys.size() * 2), 0);
        const std::size_t mask = place.by_name.size() - 1;
        for (std::size_t i = 0; i < place.keys.size(); ++i) {
            std::size_t at = place.keys[i].hash & mask;
            while (place.by_name[at] != 0) at = (at + 1) & mask;
            place.by_name[at] = static_cast<std::uint16_t>(i + 1);
        }
    }
}

}  // namespace stafett::mapping
