#pragma once

#include <iosfwd>
#include <vector>

#include "gateway/base/error.h"
#include "gateway/mapping/mapping.h"

namespace stafett::mapping {

/// Findings, one a line, with what to do once per code, and their count.
void checkReport(std::ostream& out, const Problems& findings, Language language);

/// What became of each field, as a table: from, to, row, codec, note.
void explainReport(std::ostream& out, const Explanation& explanation, Language language);

/// Losses, one a line: the canonical path, why, and where it would have stood.
void lossReport(std::ostream& out, const std::vector<Loss>& losses, Language language);

}  // namespace stafett::mapping
