#!/bin/bash
# Every document that test_golden wrote to the Social Insurance Agency, and every one that a golden case of its
# reads or writes, is valid by the plugin's own schemas; a question about a certificate by the public one, where it is.
set -euo pipefail
cd "$(dirname "$0")/../.."
build=${STAFETT_BUILD:-build/dev}
schema=tests/dialects/soap-envelope.xsd
written=("$build"/golden/social_insurance/*.xml)
[ -e "${written[0]}" ] || { echo "test_golden has written nothing to $build/golden: run it first"; exit 1; }
contract=${STAFETT_DATA:-}/rivta/interactions/SendMessageToCareInteraction/SendMessageToCareResponder_2.0.xsd
good=()
public=()
for case in plugins/social_insurance/cases/*/; do
    [ -e "$case/refused.txt" ] && continue
    case $case in
        */intygsfraga_*) public+=("$case"wire.xml) ;;
        *) good+=("$case"wire.xml) ;;
    esac
    [ -e "$case/back.xml" ] && good+=("$case"back.xml)
done
bad=0
for file in "${written[@]}" "${good[@]}"; do
    said=$(xmllint --noout --nonet --schema "$schema" "$file" 2>&1) || { bad=$((bad + 1)); echo "$said"; }
done
if [ -e "$contract" ]; then
    for file in "${public[@]}"; do
        said=$(xmllint --xpath "/*/*[local-name()='Body']/*" "$file" |
            xmllint --noout --nonet --schema "$contract" - 2>&1) || { bad=$((bad + 1)); echo "$file: $said"; }
    done
    echo "${#public[@]} questions about certificates were judged by SendMessageToCare"
else
    echo "skipped: ${#public[@]} questions about certificates, as STAFETT_DATA: rivta is not here"
fi
[ "$bad" -eq 0 ] || { echo "$bad documents are not valid"; exit 1; }
echo "${#written[@]} documents written and ${#good[@]} of the cases are valid"
