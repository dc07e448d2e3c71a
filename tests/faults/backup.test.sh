#!/bin/bash
# Copies the store 6 times under load and starts on the copy, 30 times in ./test --long (tests/faults/backup_test.cpp).
set -euo pipefail
cd "$(dirname "$0")/../.."
build=${STAFETT_BUILD:-build/dev}
backups=6
[ "${STAFETT_LONG:-no}" = yes ] && backups=30
STAFETT_BACKUPS=${STAFETT_BACKUPS:-$backups} "$build/bin/backup_test"
