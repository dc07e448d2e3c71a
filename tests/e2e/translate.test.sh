#!/bin/bash
# stafett translate, for each kind that two dialects both have, both ways, from golden documents: prints the receiver's document,
# losses on standard error, an explanation; what is written to the Social Insurance Agency is valid by its schemas.
set -uo pipefail
cd "$(dirname "$0")/../.."
build=$(realpath "${STAFETT_BUILD:-build/dev}")
stafett=$build/bin/stafett
command -v xmllint >/dev/null || { echo "xmllint is not installed (libxml2-utils)"; exit 77; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failed=0
complain() { echo "FAILED $*"; failed=$((failed + 1)); }

# A dialect that has a document of a kind can be told that kind.
declare -A document=(
    [employment_service/referral]=leverantorsavrop_whole [employment_service/handover]=slutredovisning_whole
    [employment_service/answer]=overtagande_accepts
    [social_insurance/referral]=remiss_whole [social_insurance/handover]=overlamning_whole
    [social_insurance/answer]=svar_takes_over [social_insurance/plan]=planering_whole
    [social_insurance/joint_assessment]=kartlaggning_came_to_a_measure [social_insurance/consent]=samtycke_given_with_what_it_covers
    [social_insurance/progress]=stegforflyttning_R13_six_hours_are_a_big_step [social_insurance/closure]=avslut_to_work_with_eight_hours
    [social_insurance/deviation]=avvikelse_R7_the_rule_of_ten_hours [social_insurance/cancel]=aterkallelse_registered_by_mistake
    [social_insurance/reminder]=paminnelse_second_time [social_insurance/caseworker_change]=handlaggarbyte_R30_to_another_function
    [municipality/referral]=remiss_whole_in_latin1 [municipality/handover]=overlamning_whole [municipality/answer]=svar_ja
    [municipality/plan]=planering_whole [municipality/joint_assessment]=kartlaggning_resultat [municipality/progress]=stegforflyttning_whole
    [municipality/deviation]=avvikelse_regelverk_ten_hours [municipality/consent]=samtycke_lamnat
    [municipality/closure]=avslut_arbete_with_support_but_no_decision [municipality/cancel]=aterkallelse_felregistrering
    [municipality/reminder]=paminnelse_second [municipality/caseworker_change]=handlaggarbyte_whole
    [region/referral]=remiss_whole [region/handover]=overlamning_whole [region/answer]=svar_accepts
)
dialects="employment_service social_insurance municipality region"
pairs=0
losses=0
for from in $dialects; do
    for kind in referral handover answer plan joint_assessment progress deviation consent closure cancel reminder caseworker_change; do
        [ -n "${document[$from/$kind]:-}" ] || continue
        folder=plugins/$from/cases/${document[$from/$kind]}
        file=$(ls "$folder"/wire.*)
        for to in $dialects; do
            [ "$from" != "$to" ] && [ -n "${document[$to/$kind]:-}" ] || continue
            pairs=$((pairs + 1))
            out=$work/out err=$work/err
            if ! "$stafett" translate --config config/examples/single-node --from "$from" --to "$to" "$file" >"$out" 2>"$err"; then
                complain "$from → $to, $kind: $(head -3 "$err")"
                continue
            fi
            case $to in
                employment_service | region) python3 -m json.tool "$out" >/dev/null 2>&1 || node -e 'JSON.parse(require("fs").readFileSync(process.argv[1]))' "$out" 2>/dev/null || complain "$from → $to, $kind: no JSON" ;;
                *) xmllint --noout "$out" 2>"$work/lint" || complain "$from → $to, $kind: no XML: $(head -2 "$work/lint")" ;;
            esac
            [ -s "$err" ] && losses=$((losses + 1))
            if [ "$to" = social_insurance ]; then
                xmllint --noout --schema "plugins/social_insurance/${document[$to/$kind]%%_*}-1.xsd" "$out" 2>"$work/lint" ||
                    complain "$from → $to, $kind: $(head -3 "$work/lint")"
            fi
            "$stafett" translate --explain --config config/examples/single-node --from "$from" --to "$to" "$file" >"$work/why" 2>&1 ||
                complain "$from → $to, $kind: no explanation"
            [ "$(wc -l <"$work/why")" -gt "$(wc -l <"$out")" ] || complain "$from → $to, $kind: the explanation says nothing"
        done
    done
done
[ "$losses" -gt 0 ] || complain "no pair lost anything: the losses are not told"
echo "$pairs translations, $losses with losses told, $failed wrong"
[ "$pairs" -ge 36 ] && [ "$failed" -eq 0 ]
