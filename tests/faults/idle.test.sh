#!/bin/bash
# 500 idle connections at once, 10,000 in ./test --long: what they cost, and that nobody else notices.
set -euo pipefail
cd "$(dirname "$0")/../.."
build=${STAFETT_BUILD:-build/dev}
idle=500
[ "${STAFETT_LONG:-no}" = yes ] && idle=10000
STAFETT_IDLE=${STAFETT_IDLE:-$idle} "$build/bin/idle_test"
