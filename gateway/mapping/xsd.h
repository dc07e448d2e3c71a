#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "gateway/base/result.h"

namespace stafett::mapping {

struct XsdType;

struct XsdElement {
    std::string space, name;
    bool required = false;
    bool repeats = false;
    std::size_t rank = 0;  ///< its place in the sequence; alternatives of a choice share one
    std::shared_ptr<const XsdType> type = {};
};

struct XsdAttribute {
    std::string name;
    bool required = false;
};

/// A type flattened to what can be said of names and order: sequences, choices, attributes,
/// extensions.
struct XsdType {
    std::vector<XsdElement> elements;
    std::vector<XsdAttribute> attributes;
    bool text = false;  ///< has text of its own
    bool any = false;   ///< takes what it does not name
};

/// The global elements of an XSD of our own with what it imports and includes: local and global
/// elements, named and anonymous types, xs:sequence, xs:choice, xs:all, attributes, extension and
/// restriction. Not an XSD validator: a book of names.
class Xsd {
public:
    /// ST-CHK-019 when the file cannot be read or is no schema.
    static Result<Xsd> load(const std::filesystem::path& file);

    /// Type of a global element; nullptr when there is none.
    std::shared_ptr<const XsdType> element(const std::string& space, const std::string& name) const;
    std::vector<std::string> elementNames() const;

private:
    std::map<std::pair<std::string, std::string>, std::shared_ptr<const XsdType>> elements_;
};

}  // namespace stafett::mapping
