#pragma once

#include <vector>

#include "gateway/codec/content.h"
#include "gateway/mapping/library.h"

namespace stafett::mapping {

/// Where the documents of a dialect that are read have contents of attachments.
struct ContentPlaces {
    codec::Format format = codec::Format::Xml;
    std::vector<codec::ContentPlace> places;  ///< empty: nowhere
};
ContentPlaces contentPlaces(const Library& library, const DialectId& dialect);

}  // namespace stafett::mapping
