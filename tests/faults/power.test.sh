#!/bin/bash
# Cuts the power of the store's disk 20 times under load, 100 times in ./test --long (tests/faults/power_test.cpp).
set -euo pipefail
cd "$(dirname "$0")/../.."
build=${STAFETT_BUILD:-build/dev}
cuts=20
[ "${STAFETT_LONG:-no}" = yes ] && cuts=100
STAFETT_CUTS=${STAFETT_CUTS:-$cuts} "$build/bin/power_test"
