#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "gateway/codec/tree.h"

namespace stafett::app {

/// The text at a path of a document, for expectations written by hand: steps parted by '/', each a
/// local name, `name[n]`, `@name`, or `list(Type)` for the resource of that type in a FHIR Bundle's
/// list. Nothing when it is not there.
std::optional<std::string> textAt(const codec::Document& document, std::string_view path);

}  // namespace stafett::app
