#include "gateway/mapping/checks.h"

namespace stafett::mapping {

void checkSchema(const Source&, const Compiled&, Findings&) {}

}  // namespace stafett::mapping
