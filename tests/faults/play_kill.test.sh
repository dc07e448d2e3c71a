#!/bin/bash
# The scenario mia while the gateway is killed: 60 participants and 5 kills, in ./test --long 200 participants and 100 kills
# (tests/faults/play_kill_test.cpp).
set -euo pipefail
cd "$(dirname "$0")/../.."
build=${STAFETT_BUILD:-build/release}
kills=5 participants=60
[ "${STAFETT_LONG:-no}" = yes ] && kills=100 participants=200
STAFETT_KILLS=${STAFETT_KILLS:-$kills} STAFETT_PARTICIPANTS=${STAFETT_PARTICIPANTS:-$participants} "$build/bin/play_kill_test"
