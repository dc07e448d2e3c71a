#!/bin/bash
# Ends the gateway at each boundary between two stages under load, 2 times each, 6 times in ./test --long.
set -euo pipefail
cd "$(dirname "$0")/../.."
build=${STAFETT_BUILD:-build/dev}
rounds=2
[ "${STAFETT_LONG:-no}" = yes ] && rounds=6
STAFETT_ROUNDS=${STAFETT_ROUNDS:-$rounds} "$build/bin/boundary_test"
