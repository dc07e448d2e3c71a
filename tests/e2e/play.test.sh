#!/bin/bash
# stafett play: the scenario mia to its end, as its script says; a script with one wrong expectation ends with 1 and names the
# step; one that is misspelt does not begin.
set -uo pipefail
cd "$(dirname "$0")/../.."
root=$PWD
stafett=$(realpath "${STAFETT_BUILD:-build/release}")/bin/stafett
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failed=0
complain() { echo "FAILED $*"; failed=$((failed + 1)); }
says() { grep -qF -- "$2" "$work/$1" || complain "$1 does not say: $2"; }

cd "$work" # everything it makes goes to var/ here
ln -s "$root/mappings" "$root/plugins" .

"$stafett" play mia >all 2>errors || { complain "mia ended with $?"; cat all errors; }
says all '○──────▶●' # Stockholm gives MIA the baton
says all '2026-02-02  ●   ·   ○   ·   ·   ·   ·   Stockholm refers a person to MIA'
says all 'answer: MIA → Stockholms stad'
says all '2027-11-02'
says all 'between the chairs: an answer was due by 2026-03-30'
widest=$(sed -n '/^date/,/^How/p' all | LC_ALL=C.UTF-8 wc -L)
[ "$widest" -le 80 ] || complain "$widest columns"
grep -q $'\033' all && complain "colours in a file"
[ -e var/play/mia ] && complain "a play that ended well leaves its folder"

"$stafett" --json play mia --participants 12 >json 2>errors || complain "mia with twelve participants ended with $?"
says json '"ok": true'
says json '"participants": 12'

mkdir -p config/examples
cp -r "$root/config/examples/mia" config/examples/wrong
script=config/examples/wrong/conversation.json
sed -i '0,/"expect": {"holder": "mia"/s//"within_seconds": 0, "expect": {"holder": "halmstad"/' "$script"
"$stafett" --lang sv play wrong --participants 1 >out 2>errors
code=$?
[ $code -eq 1 ] || complain "a wrong expectation ended with $code"
says errors 'ST-CLI-007'
says errors 'MIA har pinnen'
says errors 'remiss/holder: expected "2120001215", came "2220009928"'
says out '✗ MIA har pinnen'

sed -i 's/"advance"/"advence"/' "$script"
"$stafett" play wrong >out 2>errors
code=$?
[ $code -eq 78 ] || complain "a misspelt act ended with $code"
says errors 'Nearest: advance'
grep -q . out && complain "a misspelt script began"

"$stafett" play no-such-scenario >out 2>errors
code=$?
[ $code -eq 64 ] || complain "no scenario ended with $code"

[ "$failed" -eq 0 ]
