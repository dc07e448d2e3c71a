#!/bin/bash
# Kills the gateway 20 times under load, 100 times in ./test --long (tests/faults/kill_test.cpp).
set -euo pipefail
cd "$(dirname "$0")/../.."
build=${STAFETT_BUILD:-build/dev}
kills=20
[ "${STAFETT_LONG:-no}" = yes ] && kills=100
STAFETT_KILLS=${STAFETT_KILLS:-$kills} "$build/bin/kill_test"
