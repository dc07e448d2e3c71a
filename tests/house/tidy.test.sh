#!/bin/bash
# clang-tidy over the gateway's and the plugins' sources, with the short list of .clang-tidy. Takes minutes: with
# --long alone.
set -euo pipefail
cd "$(dirname "$0")/../.."
[ "${STAFETT_LONG:-no}" = yes ] || { echo "only with ./test --long"; exit 77; }
command -v clang-tidy >/dev/null || { echo "clang-tidy is not installed"; exit 77; }
build=${STAFETT_BUILD:-build/dev}
[ -f "$build/compile_commands.json" ] || { echo "$build is not configured"; exit 1; }
sources=$(grep -oE '"file": "[^"]+"' "$build/compile_commands.json" | cut -d'"' -f4 |
    grep -E "^$PWD/(gateway|plugins)/" | sort -u)
[ -n "$sources" ] || { echo "no sources in $build/compile_commands.json"; exit 1; }
# shellcheck disable=SC2086
printf '%s\n' $sources | xargs -P "$(nproc)" -n 1 clang-tidy -p "$build" --quiet 2>/dev/null
echo "$(wc -w <<<"$sources") files are tidy"
