#pragma once

#include "gateway/mapping/findings.h"
#include "gateway/mapping/form.h"

namespace stafett::mapping {

/// Tries the round-trip law on generated messages: read(write(c)) = c after the losses the writer
/// listed, write(read(w)) = w. The first message that breaks it is told, with the field
/// (ST-CHK-016). A form of one direction has no round trip.
void proveRoundTrip(const CompiledForm& form, const Source& source,
                    const message::Catalogue& catalogue, unsigned messages, Findings& findings);

}  // namespace stafett::mapping
