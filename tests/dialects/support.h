#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "gateway/message/schema.h"
#include "gateway/plugin/registry.h"

namespace stafett::dialects {

std::string readFile(const std::filesystem::path& file);

/// The kinds of messages and the value sets, as they stand in mappings/canonical.
const message::Catalogue& catalogue();

/// The real plugin of a dialect, as built; the test ends when it does not load.
const plugin::Adapter& adapterOf(std::string_view dialect);

/// What xmllint says against a schema: empty when the document is valid.
std::string judge(std::string_view document, const std::filesystem::path& schema);

/// A whole SOAP envelope against the Social Insurance Agency's own schemas.
std::string judgeEnvelope(std::string_view envelope);

/// The public files to test against, or empty when they are not here.
std::filesystem::path publicFiles();

}  // namespace stafett::dialects
