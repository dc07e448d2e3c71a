#!/bin/bash
# Plays mia with 200 participants while the gateway is killed 100 times: all ends as it does undisturbed (play_kill_test.cpp).
set -euo pipefail
cd "$(dirname "$0")/../.."
STAFETT_PARTICIPANTS=${STAFETT_PARTICIPANTS:-200} STAFETT_KILLS=${STAFETT_KILLS:-100} \
    "${STAFETT_BUILD:-build/release}/bin/play_kill_test"
