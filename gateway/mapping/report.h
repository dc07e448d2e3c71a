#pragma once

#include <iosfwd>
#include <string_view>
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

enum class Explained : std::uint8_t { No, Yes };

/// What `stafett mapping try` needs beside the form.
struct TryOptions {
    Attributes attributes = {};
    Settings settings = {};
    PartyId sender = {};
    Time now{};
    Explained explained = Explained::No;
    Language language = Language::English;
};

/// Reads a document by a form and prints what came of it: problems with places, or the canonical
/// message, warnings, what was kept; with the explanation by field when asked for. True when the
/// document was read without a problem.
bool tryDocument(std::ostream& out, const Form& form, std::string_view document,
                 const TryOptions& options);

}  // namespace stafett::mapping
