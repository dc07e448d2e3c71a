// The rows against the form's XSD: names, order, lists, and what the schema demands.
#include <algorithm>

#include "gateway/mapping/checks.h"
#include "gateway/mapping/xsd.h"

namespace stafett::mapping {
namespace {

class SchemaCheck {
public:
    SchemaCheck(const Source& source, const Compiled& compiled, Findings& findings)
        : source_(source), places_(compiled.program->places), findings_(findings) {
        gather(compiled.program->root.rows);
    }
    void run();

private:
    void gather(const std::vector<Row>& rows);
    void check(PlaceId id, const XsdType& type);
    void key(PlaceId parent, const PlaceKey& key, const XsdType& type, std::size_t& rank,
             std::string& before);
    void demands(PlaceId id, const XsdType& type);
    RowPlace rowOf(PlaceId id) const;
    void add(PlaceId place, const std::string& path, std::string hint) {
        findings_.add(Code::CheckSchemaOrder, rowOf(place), path, std::move(hint));
    }

    const Source& source_;
    const Places& places_;
    Findings& findings_;
    std::vector<std::pair<PlaceId, RowPlace>> rows_;  ///< every place a row names, in order
};

void SchemaCheck::gather(const std::vector<Row>& rows) {
    for (const Row& row : rows) {
        for (const PlaceId place : row.wire) {
            if (place != kNoPlace) rows_.emplace_back(place, row.at);
        }
        if (row.list != kNoPlace) rows_.emplace_back(row.list, row.at);
        for (const auto& alternative : row.alternatives) gather(alternative);
        if (row.block) gather(row.block->rows);
    }
}

RowPlace SchemaCheck::rowOf(PlaceId id) const {
    if (places_[id].at.line != 0) return places_[id].at;
    for (const auto& [place, at] : rows_) {
        if (places_.isBelow(place, id)) return at;
    }
    return source_.at;
}

void SchemaCheck::key(PlaceId parent, const PlaceKey& key, const XsdType& type, std::size_t& rank,
                      std::string& before) {
    const PlaceId first = key.picks[0];
    const std::string path = places_.pathOf(first);
    if (key.attribute) {
        const bool known =
            std::any_of(type.attributes.begin(), type.attributes.end(),
                        [&](const XsdAttribute& one) { return one.name == key.name; });
        if (known || type.any) return;
        std::vector<std::string> names;
        for (const auto& one : type.attributes) names.push_back(one.name);
        const auto near = nearest(key.name, names);
        return add(
            first, path,
            near.empty() ? "the schema has no such attribute" : "did you mean @" + near + "?");
    }
    const auto found =
        std::find_if(type.elements.begin(), type.elements.end(), [&](const XsdElement& one) {
            return one.name == key.name && one.space == places_.spaces[key.space];
        });
    if (found == type.elements.end()) {
        if (type.any) return;
        std::vector<std::string> names;
        std::string hint = "the schema has no such element";
        for (const auto& one : type.elements) {
            names.push_back(one.name);
            if (one.name == key.name) hint = "its namespace is " + one.space;
        }
        const auto near = nearest(key.name, names);
        if (!near.empty() && near != key.name) hint += "; did you mean " + near + "?";
        return add(first, path, std::move(hint));
    }
    const bool unwritten = std::all_of(key.picks.begin(), key.picks.end(),
                                       [&](PlaceId pick) { return places_[pick].dropped; });
    if (!unwritten) {
        if (found->rank < rank) {
            add(first, path, "the schema has " + key.name + " before " + before);
        } else {
            rank = found->rank;
            before = key.name;
        }
    }
    const bool list = std::any_of(key.picks.begin(), key.picks.end(), [&](PlaceId pick) {
        return places_[pick].pick == WirePlace::Pick::Each && !places_[pick].single;
    });
    if (list && !found->repeats) add(first, path, "in the schema it stands once");
    for (const PlaceId pick : key.picks) {
        if (!places_[pick].kept && !places_[pick].dropped && found->type) check(pick, *found->type);
    }
    (void)parent;
}

void SchemaCheck::demands(PlaceId id, const XsdType& type) {
    if (!source_.writes) return;
    const auto written = [&](const PlaceKey& key) {
        return std::any_of(key.picks.begin(), key.picks.end(), [&](PlaceId pick) {
            return !places_[pick].dropped && !places_[pick].kept;
        });
    };
    const auto& keys = places_[id].keys;
    for (const XsdElement& one : type.elements) {
        if (!one.required) continue;
        const bool has = std::any_of(keys.begin(), keys.end(), [&](const PlaceKey& key) {
            return !key.attribute && key.name == one.name &&
                   places_.spaces[key.space] == one.space && written(key);
        });
        if (!has)
            add(id, places_.pathOf(id), "the schema demands " + one.name + ": no row writes it");
    }
    for (const XsdAttribute& one : type.attributes) {
        const bool has =
            !one.required || std::any_of(keys.begin(), keys.end(), [&](const PlaceKey& key) {
                return key.attribute && key.name == one.name && written(key);
            });
        if (!has)
            add(id, places_.pathOf(id), "the schema demands @" + one.name + ": no row writes it");
    }
}

void SchemaCheck::check(PlaceId id, const XsdType& type) {
    const WirePlace& place = places_[id];
    if (place.value && !type.text) {
        add(id, places_.pathOf(id), "in the schema it has parts, and no text of its own");
    }
    std::size_t rank = 0;
    std::string before;
    for (const PlaceKey& one : place.keys) key(id, one, type, rank, before);
    demands(id, type);
}

void SchemaCheck::run() {
    const auto xsd = Xsd::load(source_.file.parent_path() / source_.schema);
    if (!xsd) {
        return findings_.add(Code::CheckSchemaOrder, source_.at, source_.schema,
                             xsd.error().place().hint + " (" + xsd.error().place().path + ")");
    }
    const WirePlace& root = places_[0];
    const std::string& space = places_.spaces[root.index];
    const auto type = xsd->element(space, root.step.name);
    if (!type) {
        const auto near = nearest(root.step.name, xsd->elementNames());
        return findings_.add(Code::CheckSchemaOrder, source_.at, source_.root,
                             near.empty() ? "the schema has no such root element"
                                          : "the schema's root elements: " + near);
    }
    check(0, *type);
}

}  // namespace

void checkSchema(const Source& source, const Compiled& compiled, Findings& findings) {
    SchemaCheck(source, compiled, findings).run();
}

}  // namespace stafett::mapping
