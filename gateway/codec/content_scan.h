#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/codec/content.h"

namespace stafett::codec {

/// The texts at the places, in order: views into the body. Both look at structure alone and give up
/// where there is none: the rest stays in the body, for the strict reader to refuse.
std::vector<std::string_view> scanXml(std::string_view body, std::span<const ContentPlace> places);
std::vector<std::string_view> scanJson(std::string_view body, std::span<const ContentPlace> places);

/// Behind the '>' of an XML tag that begins at `at`, or npos; quoted values may hold one.
std::size_t endOfTag(std::string_view body, std::size_t at);

/// A name in the encodings a body may have: as it is and, where that differs, in ISO-8859-1.
std::vector<std::string> spellings(const std::string& name);

}  // namespace stafett::codec
