#!/bin/bash
# Every source is formatted as .clang-format says.
set -euo pipefail
cd "$(dirname "$0")/../.."
command -v clang-format >/dev/null || { echo "clang-format is not installed"; exit 77; }
sources=$(find gateway plugins tests cmake -name '*.cpp' -o -name '*.h' | sort)
[ "$(wc -w <<<"$sources")" -gt 100 ] || { echo "few sources found: is this the tree?"; exit 1; }
# shellcheck disable=SC2086
clang-format --dry-run -Werror $sources
echo "$(wc -w <<<"$sources") files are formatted"
