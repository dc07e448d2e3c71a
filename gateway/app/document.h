#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "gateway/base/result.h"
#include "gateway/mapping/contents.h"
#include "gateway/plugin/registry.h"

namespace stafett::app {

/// A document from a file, as its dialect's plugin reads it.
///
/// With an attributes.json beside the file ({"method","path","headers"}) it is read as that
/// request. Else every route of the dialect is tried, with `attributes` (NAME=VALUE) as the headers
/// the manifest names; an id that must be there and is not is made up, and said on standard error.
///
/// The contents of attachments are cut out of it, at `places`, as they are of what is posted.
struct TrialDocument {
    plugin::Decoded decoded;
    Bytes body;  ///< as it came: what the contents point into
    std::vector<codec::CutContent> contents;
};
Result<TrialDocument> readDocument(const plugin::Adapter& adapter,
                                   const mapping::ContentPlaces& places,
                                   const std::filesystem::path& file, const std::string& form,
                                   const std::vector<std::string>& attributes);

/// The whole of a file.
Result<Bytes> readBytes(const std::filesystem::path& file);

}  // namespace stafett::app
