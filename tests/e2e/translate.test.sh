#!/bin/bash
# stafett translate, for each of the 12 pairs and each of the 12 kinds that parties send, from golden documents: prints the
# receiver's document, losses on standard error, an explanation; what is written to the Social Insurance Agency is valid by its
# schemas.
set -uo pipefail
cd "$(dirname "$0")/../.."
build=$(realpath "${STAFETT_BUILD:-build/dev}")
stafett=$build/bin/stafett
command -v xmllint >/dev/null || { echo "xmllint is not installed (libxml2-utils)"; exit 77; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failed=0
complain() { echo "FAILED $*"; failed=$((failed + 1)); }

declare -A document=(
    [employment_service/referral]=leverantorsavrop_whole [employment_service/handover]=slutredovisning_whole
    [employment_service/answer]=overtagande_accepts [employment_service/plan]=planering_R37_whole
    [employment_service/joint_assessment]=kartlaggning_result_suggests_a_measure
    [employment_service/progress]=stegforflyttning_whole [employment_service/closure]=avslut_R41_the_right_benefit_was_found
    [employment_service/deviation]=avvikelse_R8_good_example [employment_service/consent]=samtycke_given_whole
    [employment_service/cancel]=aterkallelse_whole_registered_by_mistake [employment_service/reminder]=paminnelse_whole_first
    [employment_service/caseworker_change]=handlaggarbyte_R30_names_nobody
    [social_insurance/referral]=remiss_whole [social_insurance/handover]=overlamning_whole
    [social_insurance/answer]=svar_takes_over [social_insurance/plan]=planering_whole
    [social_insurance/joint_assessment]=kartlaggning_came_to_a_measure
    [social_insurance/progress]=stegforflyttning_R13_six_hours_are_a_big_step [social_insurance/closure]=avslut_to_work_with_eight_hours
    [social_insurance/deviation]=avvikelse_R7_the_rule_of_ten_hours [social_insurance/consent]=samtycke_given_with_what_it_covers
    [social_insurance/cancel]=aterkallelse_registered_by_mistake [social_insurance/reminder]=paminnelse_second_time
    [social_insurance/caseworker_change]=handlaggarbyte_R30_to_another_function
    [municipality/referral]=remiss_whole_in_latin1 [municipality/handover]=overlamning_whole
    [municipality/answer]=svar_ja [municipality/plan]=planering_R37_whole
    [municipality/joint_assessment]=kartlaggning_resultat
    [municipality/progress]=stegforflyttning_R6_whole [municipality/closure]=avslut_R12_arbete_with_support_but_no_decision
    [municipality/deviation]=avvikelse_R7_regelverk_ten_hours [municipality/consent]=samtycke_lamnat
    [municipality/cancel]=aterkallelse_felregistrering [municipality/reminder]=paminnelse_second
    [municipality/caseworker_change]=handlaggarbyte_R30_whole
    [region/referral]=remiss_whole [region/handover]=overlamning_whole
    [region/answer]=svar_accepts [region/plan]=planering_whole
    [region/joint_assessment]=kartlaggning_result
    [region/progress]=stegforflyttning_trap25_eight_hours [region/closure]=avslut_to_work
    [region/deviation]=avvikelse_ten_hours_stood_in_the_way [region/consent]=samtycke_given
    [region/cancel]=aterkallelse_registered_by_mistake [region/reminder]=paminnelse_the_second
    [region/caseworker_change]=handlaggarbyte_another_unit
)
dialects="employment_service social_insurance municipality region"
kinds="referral handover answer plan joint_assessment progress deviation consent closure cancel reminder caseworker_change"
pairs=0
losses=0
for from in $dialects; do
    for kind in $kinds; do
        folder=plugins/$from/cases/${document[$from/$kind]}
        file=$(ls "$folder"/wire.*)
        for to in $dialects; do
            [ "$from" = "$to" ] && continue
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
# A rule of the sender's dialect refuses here too, in its own words.
absence=plugins/employment_service/cases/avvikelse_refused_trap21_an_absence_beside_a_category/wire.json
"$stafett" translate --config config/examples/single-node --from employment_service --to region --form avvikelse "$absence" >"$out" 2>"$err" &&
    complain "a report of an absence was translated"
grep -q '^AF-AVVIKELSERAPPORT \[franvaro\] ' "$err" || complain "a report of an absence: $(head -3 "$err")"
[ "$losses" -gt 0 ] || complain "no pair lost anything: the losses are not told"
echo "$pairs translations, $losses with losses told, $failed wrong"
[ "$pairs" -eq 144 ] && [ "$failed" -eq 0 ]
