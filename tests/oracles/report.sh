#!/bin/sh
# Another XCCDF implementation must accept our results and draw its own report from them.
# usage: BUILD=build/release tests/oracles/report.sh
set -eu
program=${BUILD:-build/release}/tests/assess/test_report_forms
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT INT TERM
"$program" --write "$folder"

oscap xccdf validate "$folder/result.xml" >"$folder/validate" 2>&1 || {
	cat "$folder/validate" >&2
	echo "oracle: oscap refuses our TestResult" >&2
	exit 1
}
# Advice about the benchmark is its author's; about our result there must be none.
if grep -E 'TestResult|rule-result|score' "$folder/validate" >&2; then
	echo "oracle: oscap warns of our TestResult" >&2
	exit 1
fi
oscap xccdf generate report "$folder/result.xml" >"$folder/oscap.html" 2>"$folder/warnings"
if [ -s "$folder/warnings" ]; then
	cat "$folder/warnings" >&2
	echo "oracle: oscap does not understand all of our TestResult" >&2
	exit 1
fi
for id in 5.1-1-1:pass 5.1-1-2:fail 5.5-1-2:unknown 5.3-2-2:pass 5.5-2-1:notapplicable; do
	rule=${id%%:*} want=${id#*:}
	got=$(grep -o "rule-detail-[a-z]* rule-detail-id-xccdf_org.example_rule_$rule\"" "$folder/oscap.html" |
		sed 's/^rule-detail-\([a-z]*\) .*/\1/')
	[ "$got" = "$want" ] || {
		echo "oracle: oscap reads rule $rule as '$got', we say $want" >&2
		exit 1
	}
done
if grep -q '<script>alert' "$folder/oscap.html"; then
	echo "oracle: a finding's words act in oscap's report" >&2
	exit 1
fi
for page in en vi public; do
	tail -n +2 "$folder/$page.html" | xmllint --noout --nonet - || {
		echo "oracle: xmllint refuses the $page page" >&2
		exit 1
	}
done

# The bad camera of the demonstration: oscap reads as many fails and unknowns as our JSON has.
case=build/demo/cases/bad.hopquy
hopquy=${BUILD:-build/release}/hopquy
if [ ! -f "$case" ]; then
	echo "oracle: no demonstration to look at (scripts/demo makes it)"
elif ! "$hopquy" case report "$case" --format xccdf -o "$folder/bad.xml" 2>"$folder/refusal"; then
	grep -q 'has changed since this case was begun\|evidence changed after' "$folder/refusal" || {
		cat "$folder/refusal" >&2
		exit 1
	}
	echo "oracle: the demonstration is of another profile (scripts/demo makes it anew)"
else
	"$hopquy" case report "$case" --format json -o "$folder/bad.json"
	oscap xccdf validate "$folder/bad.xml" >"$folder/validate" 2>&1 || {
		cat "$folder/validate" >&2
		echo "oracle: oscap refuses the TestResult of the bad camera" >&2
		exit 1
	}
	oscap xccdf generate report "$folder/bad.xml" >"$folder/oscap.html" 2>"$folder/warnings"
	for pair in fail:FAIL unknown:INCONCLUSIVE pass:PASS; do
		read=$(grep -o "rule-detail-${pair%%:*} rule-detail-id-" "$folder/oscap.html" | wc -l)
		said=$(grep -o "\"verdict\":\"${pair#*:}\",\"decided_by\"" "$folder/bad.json" | wc -l)
		[ "$read" = "$said" ] || {
			echo "oracle: oscap reads $read rules as ${pair%%:*}, we say $said" >&2
			exit 1
		}
	done
	if [ -s "$folder/warnings" ]; then
		cat "$folder/warnings" >&2
		echo "oracle: oscap does not understand all of the bad camera's TestResult" >&2
		exit 1
	fi
	echo "oracle: oscap reads the bad camera's TestResult as we say it"
fi
echo "oracle: oscap and xmllint agree with 5 rule results and 3 pages"
