#pragma once

#include "gateway/mapping/compile.h"

namespace stafett::mapping {

/// Fills in what each block leaves out and demands, and finds what is not accounted for
/// (ST-CHK-003, 007, 013, 014).
void checkAccounts(const Source& source, Compiled& compiled, Findings& findings);

/// Two rows that write one target, on either side, and guards that overlap (ST-CHK-008, 011).
void checkTargets(const Source& source, const Compiled& compiled, Findings& findings);

/// Wire places that cannot be what the rows make of them; marks; anchors; an answer that cannot
/// find its request (ST-CHK-004, 015, 020, 024).
void checkPlaces(const Source& source, const Compiled& compiled, Findings& findings);

/// Names and order of the rows against wire.schema (ST-CHK-019).
void checkSchema(const Source& source, const Compiled& compiled, Findings& findings);

}  // namespace stafett::mapping
