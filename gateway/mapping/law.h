#pragma once

#include "gateway/mapping/findings.h"
#include "gateway/mapping/form.h"

namespace stafett::mapping {

/// Tries the round-trip law on generated messages: read(write(c)) = c after the losses the writer
/// listed (perspective paths swapped back), write(read(w)) = w. Messages are first fitted to what
/// the form can say (an id of its own form, a code its tables have), so that most of them can be
/// written. What breaks the law is told with the row that makes the field (ST-CHK-016), at most
/// five of them. A form of one direction has no round trip.
void proveRoundTrip(const CompiledForm& form, const Source& source,
                    const message::Catalogue& catalogue, unsigned messages, Findings& findings);

}  // namespace stafett::mapping
