#!/bin/bash
# The scenarios of config/examples that follow a source: each is whole, plays to its end as its script says, and says the ids it
# is about. With the agreement moved, the consent narrowed or a follow-up left out, the play ends otherwise, and names the step.
set -uo pipefail
cd "$(dirname "$0")/../.."
root=$PWD
stafett=$(realpath "${STAFETT_BUILD:-build/release}")/bin/stafett
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failed=0
"$root/certs/make-dev-certs" "$root/var/certs" >/dev/null # what a configuration is checked whole with
complain() { echo "FAILED $*"; failed=$((failed + 1)); }
says() { grep -qF -- "$2" "$work/$1" || complain "$1 does not say: $2"; }

cd "$work" # everything it makes goes to var/ here
ln -s "$root/mappings" "$root/plugins" .
mkdir -p config/examples

for scenario in forstarkt-samarbete pa-ratt-vag make-it-work; do
    "$stafett" check "$root/config/examples/$scenario" >out 2>errors || { complain "$scenario is not whole"; cat out errors; }
    "$stafett" play "$root/config/examples/$scenario" >"$scenario" 2>errors || { complain "$scenario ended with $?"; cat "$scenario" errors; }
    cp -r "$root/config/examples/$scenario" config/examples/
done
says forstarkt-samarbete 'Transition to the Employment Service'
says pa-ratt-vag 'The right benefit'
says pa-ratt-vag 'Exempelkommunen i Halland (påhittad) → Försäkringskassan' # the report
says make-it-work '2027-12-11'

# ends_otherwise SCENARIO WHAT: with one thing changed the play ends with 1, and names the step.
ends_otherwise() {
    "$stafett" play "config/examples/$1" >out 2>errors
    local code=$?
    [ $code -eq 1 ] || { complain "$1 ended with $code without $2"; tail -5 out errors; }
    says errors 'ST-CLI-007'
    says errors "$3"
}
sed -i 's/"territory": \["01"\]/"territory": ["03"]/' config/examples/forstarkt-samarbete/policy.json
ends_otherwise forstarkt-samarbete 'the agreement of Stockholms län' 'ST-POL-015'
sed -i '/<Part>202100-5521/d' config/examples/pa-ratt-vag/documents/samtycke.xml
ends_otherwise pa-ratt-vag 'a consent that names Försäkringskassan' 'ST-POL-009'
sed -i 's/\[3, 6, 12\]/[3, 6]/' config/examples/make-it-work/deadlines.json
ends_otherwise make-it-work 'the follow-up after a year' 'follow_ups'

[ "$failed" -eq 0 ]
