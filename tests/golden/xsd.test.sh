#!/bin/bash
# Every document that test_golden wrote to the Social Insurance Agency, and every one that a golden case of its
# reads or writes, is valid by the plugin's own schemas.
set -euo pipefail
cd "$(dirname "$0")/../.."
build=${STAFETT_BUILD:-build/dev}
schema=tests/dialects/soap-envelope.xsd
written=("$build"/golden/social_insurance/*.xml)
[ -e "${written[0]}" ] || { echo "test_golden has written nothing to $build/golden: run it first"; exit 1; }
good=()
for case in plugins/social_insurance/cases/*/; do
    [ -e "$case/refused.txt" ] && continue
    good+=("$case"wire.xml)
    [ -e "$case/back.xml" ] && good+=("$case"back.xml)
done
bad=0
for file in "${written[@]}" "${good[@]}"; do
    said=$(xmllint --noout --nonet --schema "$schema" "$file" 2>&1) || { bad=$((bad + 1)); echo "$said"; }
done
[ "$bad" -eq 0 ] || { echo "$bad documents are not valid"; exit 1; }
echo "${#written[@]} documents written and ${#good[@]} of the cases are valid"
