#!/bin/sh
# Profiles, procedures and dossiers as other tools see them: oscap, xmllint with the NIST schemas, xmllint with our RelaxNG.
# usage: tests/oracles/profile.sh    (from the root of the tree; HOPQUY names the program, build/release/hopquy else)
set -eu
schemas=/usr/share/openscap/schemas
hopquy=${HOPQUY:-build/release/hopquy}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failed=0

# agree WANTED(0|1) NAME COMMAND…: the tool's yes or no is the one wanted
agree() {
	wanted=$1 name=$2
	shift 2
	got=0
	"$@" >"$work/out" 2>&1 || got=1
	if [ "$got" = "$wanted" ]; then
		echo "ok      $name"
	else
		echo "DIFFERS $name"
		sed 's/^/        /' "$work/out"
		failed=1
	fi
}

for tool in oscap xmllint; do
	command -v "$tool" >/dev/null || { echo "$tool is not installed"; exit 1; }
done

for profile in profiles/qcvn-11-2026 profiles/qcvn-135-2024 fixtures/profiles/small; do
	agree 0 "oscap accepts $profile.xml" oscap xccdf validate "$profile.xml"
	agree 0 "oscap makes a guide of $profile.xml" oscap xccdf generate guide --output "$work/guide.html" "$profile.xml"
	for language in en vi; do
		agree 0 "OCIL 2.0 schema accepts $profile.ocil.$language.xml" \
			xmllint --nonet --noout --schema "$schemas/ocil/2.0/ocil-2.0.xsd" "$profile.ocil.$language.xml"
	done
done

# The two languages ask the same questions.
for profile in profiles/qcvn-11-2026 profiles/qcvn-135-2024; do
	for language in en vi; do
		grep -o 'ocil:vn\.hopquy:[a-z]*:[0-9]*' "$profile.ocil.$language.xml" >"$work/$language"
	done
	agree 0 "$profile has the same ids in both languages" cmp "$work/en" "$work/vi"
done

# The tools refuse what they should, so their yes means something.
sed 's/operator="AND"/operator="XOR"/' profiles/qcvn-11-2026.xml >"$work/bad.xml"
agree 1 "oscap refuses an unknown operator" oscap xccdf validate "$work/bad.xml"
sed 's/<questionnaires>/<questionnaires lang="en">/' profiles/qcvn-11-2026.ocil.en.xml >"$work/bad.xml"
agree 1 "the OCIL schema refuses an unknown attribute" \
	xmllint --nonet --noout --schema "$schemas/ocil/2.0/ocil-2.0.xsd" "$work/bad.xml"

for file in camera-good camera-bad; do
	agree 0 "RelaxNG accepts $file" xmllint --nonet --noout --relaxng profiles/dossier.rng "fixtures/dossiers/$file.xml"
done
agree 0 "RelaxNG accepts answers-good" xmllint --nonet --noout --relaxng profiles/answers.rng fixtures/dossiers/answers-good.xml
for file in unknown-element wrong-code reason-missing; do
	agree 1 "RelaxNG refuses $file" xmllint --nonet --noout --relaxng profiles/dossier.rng "fixtures/dossiers/hostile/$file.xml"
done

if [ -x "$hopquy" ]; then
	# The printed dossier has the shape of the schema; only its question marks are no answers.
	"$hopquy" dossier new >"$work/new.xml"
	sed -E 's#<param name="(pattern|minInclusive|maxInclusive)">[^<]*</param>##g; s#<data type="[a-zA-Z]+"#<data type="string"#g
		s#<value>(Y)</value>#<data type="string"/>#' profiles/dossier.rng >"$work/shape.rng"
	agree 0 "the printed dossier has the shape of the schema" xmllint --nonet --noout --relaxng "$work/shape.rng" "$work/new.xml"
	agree 1 "the printed dossier is not yet a dossier" xmllint --nonet --noout --relaxng profiles/dossier.rng "$work/new.xml"
	for profile in qcvn-11-2026 qcvn-135-2024; do
		agree 0 "hopquy accepts $profile" "$hopquy" profile check "$profile"
		agree 0 "camera-good is complete for $profile" \
			"$hopquy" dossier check fixtures/dossiers/camera-good.xml --profile "$profile"
		agree 1 "camera-bad lacks tables for $profile" \
			"$hopquy" dossier check fixtures/dossiers/camera-bad.xml --profile "$profile"
	done
else
	echo "not built: $hopquy"
	failed=1
fi
exit $failed
