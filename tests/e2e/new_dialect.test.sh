#!/bin/bash
# A new dialect, made by `stafett plugin new` in a copy of the tree, built alone, exchanges a referral with the other four, both
# ways, without a line changed in gateway/.
set -euo pipefail
cd "$(dirname "$0")/../.."
build=$(realpath "${STAFETT_BUILD:-build/dev}")
stafett=$build/bin/stafett
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir "$work/tree"
tar -c --exclude=./build --exclude=./var --exclude=./.git . | tar -x -C "$work/tree"
sums() { (cd "$work/tree/gateway" && find . -type f -print0 | sort -z | xargs -0 sha256sum); }
sums >"$work/before"

cd "$work/tree"
"$stafett" plugin new notat
sums | diff -q "$work/before" - >/dev/null || { echo "FAILED plugin new changed gateway/"; exit 1; }
cmake -S . -B "$work/build" -G Ninja -DSTAFETT_TESTS=OFF -DCMAKE_BUILD_TYPE=Release >"$work/configure.log" 2>&1 ||
    { tail -20 "$work/configure.log"; exit 1; }
cmake --build "$work/build" --target plugin_notat >"$work/build.log" 2>&1 || { tail -20 "$work/build.log"; exit 1; }
"$stafett" plugin check "$work/build/plugins/notat.so" >"$work/check" || { cat "$work/check"; exit 1; }
rows=$(grep -c '"wire"' mappings/notat/*.map.json)
echo "$rows rows"

"$PWD/certs/make-dev-certs" var/certs >/dev/null
for plugin in employment_service social_insurance municipality region; do
    sed -i "s|\"$plugin.so\"|\"$build/plugins/$plugin.so\"|" config/examples/single-node/stafett.json
done
sed -i "s|\"plugins\": \[|\"plugins\": [ { \"file\": \"$work/build/plugins/notat.so\" },|" config/examples/single-node/stafett.json
own=$(ls plugins/notat/cases/*/canonical.json | head -1)
own=$(ls "$(dirname "$own")"/wire.*)
declare -A other=([employment_service]=leverantorsavrop_whole [social_insurance]=remiss_whole
    [municipality]=remiss_whole_in_latin1 [region]=remiss_whole)
failed=0
translate() {
    if "$stafett" translate --config config/examples/single-node --from "$1" --to "$2" "$3" >"$work/out" 2>"$work/err" && [ -s "$work/out" ]; then
        # The person is who it was: the number's last four digits, in whatever spelling.
        grep -q "$4" "$work/out" || { echo "FAILED $1 → $2: another person"; failed=$((failed + 1)); }
    else
        echo "FAILED $1 → $2: $(head -5 "$work/err")"
        failed=$((failed + 1))
    fi
}
person() { iconv -f latin1 -t utf8 "$1" | grep -oE '(19|20)[0-9]{6}-?[0-9]{4}' | head -1 | tail -c 5; }
for dialect in "${!other[@]}"; do
    document=$(ls "plugins/$dialect/cases/${other[$dialect]}"/wire.*)
    translate notat "$dialect" "$own" "$(person "$own")"
    translate "$dialect" notat "$document" "$(person "$document")"
done
sums | diff -q "$work/before" - >/dev/null || { echo "FAILED gateway/ was changed"; failed=$((failed + 1)); }
echo "8 translations, $failed wrong; gateway/ as it was"
[ "$failed" -eq 0 ]
