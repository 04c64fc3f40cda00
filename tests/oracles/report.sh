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
oscap xccdf generate report "$folder/result.xml" >"$folder/oscap.html" 2>/dev/null
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
echo "oracle: oscap and xmllint agree with 5 rule results and 3 pages"
