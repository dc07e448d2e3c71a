#include "gateway/mapping/law.h"

namespace stafett::mapping {

void proveRoundTrip(const CompiledForm&, const Source&, const message::Catalogue&, unsigned,
                    Findings&) {}

}  // namespace stafett::mapping
