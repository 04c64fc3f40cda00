#!/usr/bin/env bash
# What an image alone says, in both languages and for programs; and the life of an explanation, from a fail to what a
# tester accepted.
set -u
cd "$(dirname "$0")/../.." || exit 70
hopquy=$PWD/build/release/hopquy
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
wrong=0

# expect STATUS "sentence" command…
expect()
{
	local wanted=$1 what=$2 status=0
	shift 2
	"$@" >"$work/out" 2>"$work/err" || status=$?
	if [ "$status" = "$wanted" ]; then
		echo "ok    $what"
	else
		echo "FAIL  $what: exit $status, not $wanted"
		head -n 5 "$work/out" "$work/err"
		wrong=1
	fi
}

bad()
{
	echo "FAIL  … $1"
	head -n 5 "$work/out" "$work/err"
	wrong=1
}

says()
{
	# lines are broken anywhere
	cat "$work/out" "$work/err" | tr -s ' \n' ' ' | grep -qF -- "$1" || bad "and says \"$1\""
}

says_not()
{
	if grep -qF -- "$1" "$work/out" "$work/err"; then
		bad "and never says \"$1\""
	fi
}

narrow()
{
	python3 - "$work/out" <<-'EOF' || bad "within 80 columns"
		import sys, unicodedata
		lines = open(sys.argv[1], encoding="utf-8").read().split("\n")
		sys.exit(any(sum(1 for c in line if not unicodedata.combining(c)) > 80 for line in lines))
	EOF
}

# image NAME: packs $work/root
image()
{
	mksquashfs "$work/root" "$work/$1" -noappend -all-root -mkfs-time 0 -all-time 0 -quiet -no-progress >/dev/null
}

# json FILE EXPRESSION: what Python makes of the lines of objects in a file, as `all`
json()
{
	python3 -c 'import json, sys
all = [json.loads(line) for line in open(sys.argv[1], encoding="utf-8")]
print(eval(sys.argv[2]))' "$1" "$2"
}

# rows FILE EXPRESSION: of a case in JSON: every finding as `all`
rows()
{
	python3 -c 'import json, sys
case = json.load(open(sys.argv[1], encoding="utf-8"))
all = [finding for row in case["requirements"] for rule in row["rules"] for finding in rule["findings"]]
print(eval(sys.argv[2]))' "$1" "$2"
}

# A small product with a key and accounts baked in.
mkdir -p "$work/root/etc/ssl" "$work/root/bin"
openssl genrsa -out "$work/root/etc/ssl/device.key" 2048 2>/dev/null
printf 'root:$6$saltsalt$%s:19000:0:99999:7:::\nguest::19000:0:99999:7:::\n' "$(printf 'x%.0s' {1..86})" >"$work/root/etc/shadow"
printf 'root:x:0:0:root:/root:/bin/sh\nguest:x:500:500::/home:/bin/sh\n' >"$work/root/etc/passwd"
printf '#!/bin/sh\n' >"$work/root/bin/sh"
chmod 755 "$work/root/bin/sh"
image bad.img
mkdir -p "$work/keep" && mv "$work/root/etc" "$work/keep/etc" && mkdir "$work/root/etc" && echo camera >"$work/root/etc/hostname"
image good.img
rm -rf "$work/root/etc" && mv "$work/keep/etc" "$work/root/etc"

expect 1 "what fails in an image is told" "$hopquy" unpack "$work/bad.img" --findings --lang en
says "Not met: The firmware image holds no private key."
says "0.squashfs/etc/ssl/device.key at offset 0x0"
says "| -----BEGIN"
says "clause: VN135-04.3 (5.4-3)"
says "remedy: Remove the private key from the image"
says "What is not told here is not passed"
says "As an update: NOT SIGNED."
says "no signature in the image; declared: neither"
says "software/secure_boot_evidence: the dossier"
says_not $'\033'
says_not 'xxxxxxxxxxxx'
narrow
cp "$work/out" "$work/english"
expect 1 "… in Vietnamese" "$hopquy" unpack "$work/bad.img" --findings --lang vi
says "Không đạt: Tệp firmware không chứa khóa bí mật nào."
says "Điều không nêu ở đây không có nghĩa là đạt"
says "Khi dùng để cập nhật: KHÔNG KÝ."
narrow
{ printf 'made here'; cat "$work/good.img"; } >"$work/plain"
mkimage -A arm -O linux -T filesystem -C none -d "$work/plain" "$work/uimage.img" >/dev/null
expect 2 "a checksum alone is an open question" "$hopquy" unpack "$work/uimage.img" --findings --lang en
says "As an update: NOT SIGNED."
says "a checksum only in the image; declared: neither"
narrow
expect 1 "… under another profile" "$hopquy" unpack "$work/bad.img" --findings --profile qcvn-135-2024
expect 1 "… from a pipe" sh -c "'$hopquy' unpack - --findings --lang en <'$work/bad.img'"
expect 1 "colours are for a terminal" script -qec "TERM=xterm NO_COLOR= '$hopquy' unpack '$work/bad.img' --findings" /dev/null
says $'\033[1;31m'
expect 1 "and not for who wants none" script -qec "TERM=xterm NO_COLOR=1 '$hopquy' unpack '$work/bad.img' --findings" /dev/null
says_not $'\033'
"$hopquy" unpack "$work/good.img" --findings --json >"$work/good.json"
status=$(json "$work/good.json" '1 if all[-1]["failed"] else 2 if all[-1]["questions"] or not all[-1]["complete"] else 0')
expect "$status" "the status is that of what was found" "$hopquy" unpack "$work/good.img" --findings --lang en
says_not "holds no private key"
says "What is not told here is not passed"
{ cat "$work/good.img" && head -c 300000 /dev/urandom; } >"$work/gap.img"
expect 2 "what was not looked at leaves it open" "$hopquy" unpack "$work/gap.img" --findings --lang en
says "not recognised"
says "kinds of facts; what was not found of them does not count as absent"
says "As an update: CANNOT BE TOLD"
[ "$(grep -c 'component, component' "$work/out")" = 0 ] || bad "each kind once"
narrow
expect 74 "a verdict that could not be written is none" sh -c "'$hopquy' unpack '$work/gap.img' --findings >/dev/full"
says "cannot be written"
expect 74 "… nor one of a fail" sh -c "'$hopquy' unpack '$work/bad.img' --findings --json >/dev/full"

# An output is a file, and nothing that is no file is put away for it.
mkfifo "$work/fifo"
cat "$work/fifo" >"$work/piped" &
expect 0 "a pipe is written into" timeout 60 "$hopquy" sbom "$work/good.img" -o "$work/fifo"
wait
[ -p "$work/fifo" ] && [ -s "$work/piped" ] || bad "and stays a pipe"
echo old >"$work/sbom.json"
ln -s sbom.json "$work/link.json"
expect 0 "a link is followed" "$hopquy" sbom "$work/good.img" -o "$work/link.json"
[ -L "$work/link.json" ] && cmp -s "$work/piped" "$work/sbom.json" || bad "and stays a link"
expect 0 "a hyphen is standard output" "$hopquy" sbom "$work/good.img" -o -
[ ! -e ./- ] && cmp -s "$work/piped" "$work/out" || bad "and no file called so"
expect 0 "/dev/stdout is added to, where the shell adds" sh -c "echo before >'$work/log'; '$hopquy' sbom '$work/good.img' -o /dev/stdout >>'$work/log'; head -n 1 '$work/log'"
says before
expect 73 "a folder cannot be written" "$hopquy" sbom "$work/good.img" -o "$work"
expect 65 "a file that is nothing" "$hopquy" unpack Makefile --findings
expect 66 "a file that is not there" "$hopquy" unpack /no/such --findings
expect 66 "a profile that is not there" "$hopquy" unpack "$work/bad.img" --findings --profile nobody
expect 64 "findings are no list" "$hopquy" unpack "$work/bad.img" --findings --list
expect 64 "nor files" "$hopquy" unpack "$work/bad.img" --findings -C "$work/files"
expect 64 "a profile is for findings" "$hopquy" unpack "$work/bad.img" --profile qcvn-11-2026
expect 64 "keys are for findings" "$hopquy" unpack "$work/bad.img" --trust "$work/root/etc/ssl/device.key"
expect 66 "a key that is not there" "$hopquy" unpack "$work/bad.img" --findings --trust /no/such
expect 0 "the tree is as ever" "$hopquy" unpack "$work/bad.img"

# What was signed verifies with the key that was given for it, and is a question without.
mkdir "$work/swu"
printf 'software =\n{\n\tversion = "1.0.0";\n\timages: ( { filename = "good.img"; device = "/dev/mtdblock3"; sha256 = "%s"; } );\n}\n' \
	"$(sha256sum "$work/good.img" | cut -d' ' -f1)" >"$work/swu/sw-description"
cp "$work/good.img" "$work/swu/good.img"
openssl req -x509 -newkey rsa:3072 -nodes -sha256 -days 3650 -subj "/CN=update" -keyout "$work/swu.key" -out "$work/swu.crt" 2>/dev/null
(cd "$work/swu" && openssl cms -sign -in sw-description -out sw-description.sig -signer "$work/swu.crt" -inkey "$work/swu.key" -outform DER -nosmimecap -binary -md sha256 &&
	printf '%s\n' sw-description sw-description.sig good.img | cpio -o -H crc --quiet) >"$work/signed.swu"
verifying='sorted(f["verdict"] for f in all if f.get("check") == "updates/signature_verifies")'
"$hopquy" unpack "$work/signed.swu" --findings --json >"$work/out"
[ "$(json "$work/out" "$verifying")" = "['INCONCLUSIVE']" ] || bad "without its key a signature is a question"
"$hopquy" unpack "$work/signed.swu" --findings --json --trust "$work/swu.crt" >"$work/out"
[ "$(json "$work/out" "$verifying")" = "[]" ] || bad "with its key a signature is none"

# For programs: one object a line, with everything, and the ids of a case.
expect 1 "one JSON object a line" "$hopquy" unpack "$work/bad.img" --findings --json
cp "$work/out" "$work/findings.json"
[ "$(json "$work/findings.json" 'all[-1]["is"], all[-1]["complete"], all[-1]["failed"] == sum(f["is"] == "finding" and f["verdict"] == "FAIL" for f in all)')" = "('summary', True, True)" ] ||
	bad "and a summary"
[ "$(json "$work/findings.json" '[f["check"] for f in all if f["is"] == "finding" and not (f["claim"] and f["remedy"] and f["clauses"] and "offset" in f)]')" = "[]" ] ||
	bad "each with clause, place and remedy"
[ "$(json "$work/findings.json" 'sorted((f["path"], f["offset"], f["excerpt"][:10]) for f in all if f.get("check") == "crypto/no_secret_key_in_image")')" = \
	"[('0.squashfs/etc/ssl/device.key', 0, '-----BEGIN')]" ] || bad "and what stands there"
[ "$(json "$work/findings.json" 'all[-1]["signature"], [f["needs"] for f in all if f["is"] == "elsewhere" and f["check"] == "software/secure_boot_evidence"], all[-1]["questions_elsewhere"] == sum(f["is"] == "elsewhere" for f in all)')" = "('not signed', [['dossier']], True)" ] ||
	bad "and the signature, and what is asked elsewhere"
expect 1 "the same in any language" "$hopquy" unpack "$work/bad.img" --findings --json --lang vi
cmp -s "$work/out" "$work/findings.json" || bad "byte for byte"
expect 2 "the gap is in it" "$hopquy" unpack "$work/gap.img" --findings --json
[ "$(json "$work/out" '[f["bytes"] for f in all if f["is"] == "unread"] == [300000], any(f["is"] == "incomplete" for f in all)')" = "(True, True)" ] || bad "with its size"

# The life of an explanation.
expect 1 "the case fails" "$hopquy" test --profile qcvn-11-2026 --firmware "$work/bad.img" --gate machine -o "$work/case.hopquy" --lang en
says "explained 0: 1"
"$hopquy" case report "$work/case.hopquy" --format json -o "$work/case.json"
json "$work/findings.json" 'sorted(c["finding"] for f in all if f["is"] == "finding" and f["verdict"] == "FAIL" for c in f["clauses"])' >"$work/ids.image"
rows "$work/case.json" 'sorted(f["id"] for f in all if f["verdict"] == "FAIL" and f["check"])' >"$work/ids.case"
cmp -s "$work/ids.image" "$work/ids.case" || bad "by the ids that the image alone has"
expect 0 "a template to fill in" "$hopquy" case explain "$work/case.hopquy" --template -o "$work/mine.xml"

# What is read, and a case above all, is never written over.
sum=$(cd "$work" && sha256sum case.hopquy good.img mine.xml)
ln -s case.hopquy "$work/link"
ln "$work/good.img" "$work/same.img"
expect 73 "a case is no place for its own report" "$hopquy" case report "$work/case.hopquy" --format html -o "$work/case.hopquy" --lang en
says "a database, perhaps a case: it is not written over; give another file"
expect 73 "… through a link, in Vietnamese" "$hopquy" case report "$work/case.hopquy" --format html -o "$work/link" --lang vi
says "một cơ sở dữ liệu, có thể là hồ sơ đánh giá: không ghi đè lên; hãy nêu tệp khác"
expect 73 "nor for its template" "$hopquy" case explain "$work/case.hopquy" --template -o "$work/case.hopquy"
expect 73 "nor for a talk" "$hopquy" probe 127.0.0.1 --ports 1 --record "$work/case.hopquy"
printf '*\tadmin\tsecret\n' >"$work/known"
expect 73 "what is known of a unit is none either" "$hopquy" probe 127.0.0.1 --ports 1 --credentials "$work/known" --record "$work/known" --lang en
says "what is read here is not written over; give another file"
expect 73 "nor an image for its components" "$hopquy" sbom "$work/good.img" -o "$work/good.img"
expect 73 "… under another name" "$hopquy" sbom "$work/good.img" -o "$work/same.img" --lang vi
says "không ghi đè lên tệp đang đọc; hãy nêu tệp khác"
expect 73 "nor for its picture" "$hopquy" unpack "$work/good.img" --entropy "$work/good.img"
[ "$sum" = "$(cd "$work" && sha256sum case.hopquy good.img mine.xml)" ] || bad "and all of them are what they were"
[ "$(cat "$work/known")" = "$(printf '*\tadmin\tsecret')" ] || bad "and what is known too"
# A folder that only can be read, where this account may make one.
mkdir "$work/kept"
cp "$work/case.hopquy" "$work/kept/"
kept()
{
	# shellcheck disable=SC2016
	unshare -rm sh -c 'mount --bind "$1" "$1" && mount -o remount,bind,ro "$1" && shift && exec "$@"' sh "$work/kept" "$hopquy" "$@"
}
if kept --version >/dev/null 2>&1; then
	expect 74 "nor for a case that cannot be written" kept case probe "$work/kept/case.hopquy" --device u=127.0.0.1 --ports 1 --lang vi
	says "kept/case.hopquy: hồ sơ đánh giá chỉ đọc được, không ghi được"
fi

expect 64 "a unit that is not there is told" "$hopquy" case exchange "$work/case.hopquy" 1 --device nobody --lang en
says "there is no unit 'nobody' in the case"
expect 64 "… in Vietnamese" "$hopquy" case exchange "$work/case.hopquy" 1 --device nobody --lang vi
says "hồ sơ đánh giá không có thiết bị 'nobody'"
expect 64 "and so is an exchange" "$hopquy" case exchange "$work/case.hopquy" 1 --lang en
says "no talk of the case has an exchange 1"

# A writer that is killed when its pages are on the disk leaves a journal, which whoever comes next plays back.
half_write()
{
	python3 - "$1" <<-'EOF'
		import os, signal, sqlite3, sys
		case = sqlite3.connect(sys.argv[1], isolation_level=None)
		case.execute("PRAGMA cache_size = 1")
		case.execute("BEGIN IMMEDIATE")
		case.execute("CREATE TABLE half AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 999) SELECT randomblob(999) FROM n")
		case.execute("UPDATE meta SET value = 'half'")
		os.kill(os.getpid(), signal.SIGKILL)
	EOF
	[ -s "$1-journal" ] || bad "a journal was left"
}
for step in audit compare show; do
	cp "$work/case.hopquy" "$work/half.hopquy"
	half_write "$work/half.hopquy" 2>/dev/null
	wanted=0
	"$hopquy" case $step "$work/case.hopquy" >"$work/whole" 2>/dev/null || wanted=$?
	expect "$wanted" "case $step of a case that was half written" "$hopquy" case $step "$work/half.hopquy"
	[ ! -s "$work/half.hopquy-journal" ] || bad "and it is whole again"
done
half_write "$work/kept/case.hopquy" 2>/dev/null
if kept --version >/dev/null 2>&1; then
	expect 74 "… that cannot be made whole" kept case audit "$work/kept/case.hopquy" --lang en
	says "kept/case.hopquy: half written by a command that was cut off, which the -journal beside it undoes"
fi
expect 73 "no unit is asked for what cannot be kept" "$hopquy" probe 127.0.0.1 --record /nonexistent/talk
says_not "probe:"
expect 74 "what was learned is told where the talk cannot be kept" "$hopquy" probe 127.0.0.1 --ports 1 --only ports --record /dev/full
says '"kind":"looked"'
rm "$work/link" "$work/same.img"

expect 65 "which nobody takes before it is" "$hopquy" case explain "$work/case.hopquy" "$work/mine.xml"
says 'attribute "person" is empty'
sed 's/person=""/person="Trần Dũng"/' "$work/mine.xml" >"$work/unsaid.xml"
expect 65 "nor without a reason" "$hopquy" case explain "$work/case.hopquy" "$work/unsaid.xml"
says 'element "reason" is empty'
"$hopquy" dossier new >"$work/dossier.xml"
expect 65 "nor a dossier that nobody filled in" "$hopquy" dossier check "$work/dossier.xml"
says 'tax_code="?"'
sed -i 's/person=""/person="Trần Dũng"/; s|<reason></reason>|<reason>Each unit replaces it in the factory.</reason>|' "$work/mine.xml"
expect 0 "filled in it is taken" "$hopquy" case explain "$work/case.hopquy" "$work/mine.xml"
says_not "changes nothing"
says "Now run \"hopquy case assess\"."
expect 64 "a form that is none, of a case that changed too" "$hopquy" case report "$work/case.hopquy" --format pdf
expect 66 "a folder is no file" "$hopquy" case explain "$work/case.hopquy" "$work"
expect 66 "… nor a key" "$hopquy" update-check "$work/bad.img" --trust "$work"
for step in show report explain; do
	expect 0 "case $step helps" "$hopquy" case "$step" --help
	says "hopquy case $step CASE"
done
expect 0 "and so does dossier new" "$hopquy" dossier new --help
expect 64 "what is too much is named" "$hopquy" test --profile qcvn-11-2026 stray -o "$work/none.hopquy" --lang en
says "unexpected argument: stray"
expect 64 "an option is called what it was called" "$hopquy" sbom "$work/bad.img" -o
says "-o wants a value"
expect 73 "an output that cannot be is not blamed on the image" "$hopquy" sbom "$work/good.img" -o /no/such/folder/out
says "hopquy: /no/such/folder/out: "
expect 66 "nor is a profile" "$hopquy" unpack "$work/bad.img" --findings --profile nobody
says_not "bad.img"
for command in "" unpack update-check test case probe verify issue registry authority sbom; do
	for language in en vi; do
		expect 0 "the help of '$command' fits ($language)" "$hopquy" $command --help --lang "$language"
		narrow
		[ "$language" = en ] || says "cách dùng:"
	done
done
strange=$work/$(printf 'x\033]0;pwn\a.img')
cp "$work/good.img" "$strange"
for form in "" --findings --list; do
	"$hopquy" unpack "$strange" $form >"$work/out" 2>"$work/err"
	says_not $'\033'
	[ "$form" = --list ] || says '\x1b]0;pwn'
done
expect 66 "a name is written so that it does nothing" "$hopquy" unpack "$strange.not"
says_not $'\033'
says '\x1b]0;pwn'
"$hopquy" test --profile qcvn-11-2026 --firmware "$strange" -o "$work/strange.hopquy" >"$work/out" 2>"$work/err"
says_not $'\033'
expect 2 "and then nothing fails, and nothing passes" "$hopquy" case assess "$work/case.hopquy" --lang en
says "explained by Trần Dũng: Each unit replaces it in the factory. (a statement, which a tester has not accepted)"
says "no tester has accepted yet"
narrow
expect 0 "it replays" "$hopquy" case assess "$work/case.hopquy" --replay
expect 0 "the file travels with the case" sqlite3 "$work/case.hopquy" "SELECT 'kept' FROM attachment WHERE name = 'mine.xml' AND sha256 = '$(sha256sum "$work/mine.xml" | cut -d' ' -f1)'"
says kept
"$hopquy" case report "$work/case.hopquy" --format json -o "$work/case.json"
finding=$(rows "$work/case.json" '[f["id"] for f in all if f["verdict"] == "FAIL" and f["check"]][0]')
other=$(rows "$work/case.json" '[f["id"] for f in all if f["verdict"] == "FAIL" and f["check"]][1]')
echo "seen in the factory" >"$work/record.txt"
cat >"$work/ruling.xml" <<-EOF
	<answers xmlns="urn:hopquy:answers:1">
		<close finding="$finding" person="Nguyễn An" role="tester" time="2026-11-16T01:00:00Z"><note>Seen in the factory.</note><attachment href="record.txt"/></close>
	</answers>
EOF
expect 0 "a tester accepts one" "$hopquy" case answers "$work/case.hopquy" "$work/ruling.xml"
expect 2 "the others stay questions" "$hopquy" case assess "$work/case.hopquy" --lang en
says "accepted by a tester 1, refused by a tester 0"
"$hopquy" case report "$work/case.hopquy" --format json -o "$work/case.json"
[ "$(rows "$work/case.json" 'case["explained"]["accepted"], [(f["verdict"], f["closed"], f["closed_by"], f["explanation"]["state"], f["explanation"]["person"]) for f in all if f["id"] == "'"$finding"'"]')" = \
	"(1, [('FAIL', True, 'Nguyễn An', 'accepted', 'Trần Dũng')])" ] || bad "and it stays visible, with who said and who accepted"
for language in en vi; do
	expect 0 "HTML says both ($language)" "$hopquy" case report "$work/case.hopquy" --format html --lang "$language"
	says "Trần Dũng"
	says "Nguyễn An"
	says "-----BEGIN"
	says "$finding"
	if [ "$language" = en ]; then
		says "Everything that failed is explained (below); none of it is mended."
		says "<b>Remedy</b>"
	else
		says "chưa điều nào được khắc phục"
	fi
done
expect 0 "the public form says neither" "$hopquy" case report "$work/case.hopquy" --format html --public
says_not "Trần Dũng"
says_not "-----BEGIN"
expect 0 "XCCDF says both" "$hopquy" case report "$work/case.hopquy" --format xccdf
says "explained by Trần Dũng"
says "accepted by Nguyễn An"
sed "s/<close finding=\"$finding\"/<close result=\"fail\" finding=\"$other\"/" "$work/ruling.xml" >"$work/refusal.xml"
expect 0 "a tester refuses another" "$hopquy" case answers "$work/case.hopquy" "$work/refusal.xml"
expect 1 "and it fails again" "$hopquy" case assess "$work/case.hopquy" --lang en
says "a tester says that it fails all the same"
expect 0 "whatever the supplier says later" "$hopquy" case explain "$work/case.hopquy" "$work/mine.xml"
expect 1 "it fails" "$hopquy" case assess "$work/case.hopquy"

# The next build: other lines above it, another file system around it; then one weakness more.
sed -i '1i made by the factory' "$work/root/etc/ssl/device.key"
head -c 50000 /dev/zero | tr '\0' 'a' >"$work/root/etc/motd"
image next.img
expect 0 "explained fails are no new ones in the next build" "$hopquy" test --profile qcvn-11-2026 --firmware "$work/next.img" --gate machine --explanations "$work/mine.xml" -o "$work/next.hopquy" --lang en
says "Findings that the supplier explained"
says_not "changes nothing"
openssl genrsa -out "$work/root/etc/ssl/second.key" 2048 2>/dev/null
image more.img
expect 1 "a new one is" "$hopquy" test --profile qcvn-11-2026 --firmware "$work/more.img" --gate machine --explanations "$work/mine.xml" -o "$work/more.hopquy"
says "second.key"
expect 1 "… beside a baseline too" "$hopquy" test --profile qcvn-11-2026 --firmware "$work/more.img" --gate machine --baseline "$work/next.hopquy" -o "$work/again.hopquy" --lang en
says "new: more.img: 0.squashfs/etc/ssl/second.key"
says "(in the baseline)"
[ "$(tail -n 1 "$work/out" | sed 's/[2-9]/N/g')" = "Gate: new fails 1, in the baseline N, explained 0: 1" ] || bad "and the gate is the last line"
narrow
cp "$work/out" "$work/gated"
rm -f "$work/again.hopquy"
expect 1 "… for programs" "$hopquy" test --profile qcvn-11-2026 --firmware "$work/more.img" --gate machine --baseline "$work/next.hopquy" -o "$work/again.hopquy" --json
json "$work/out" '[all[0]["gate"]["status"], [len(f["findings"]) == len(f["clauses"]) > 0 for f in all[0]["gate"]["new"]], all[0]["gate"]["baseline"] > 0]' >"$work/gate"
[ "$(cat "$work/gate")" = "[1, [True], True]" ] || bad "and JSON has the gate"
expect 0 "what was in the baseline is old" "$hopquy" test --profile qcvn-11-2026 --firmware "$work/next.img" --gate machine --baseline "$work/case.hopquy" -o "$work/old.hopquy" --lang en
says "Gate: new fails 0, in the baseline"
expect 64 "a verdict has no baseline" "$hopquy" test --profile qcvn-11-2026 --firmware "$work/next.img" --baseline "$work/case.hopquy" -o "$work/none.hopquy"
expect 66 "nor one that is not there" "$hopquy" test --profile qcvn-11-2026 --firmware "$work/next.img" --gate machine --baseline /no/such -o "$work/none.hopquy"
expect 65 "nor one that is no case" "$hopquy" test --profile qcvn-11-2026 --firmware "$work/next.img" --gate machine --baseline "$work/mine.xml" -o "$work/none.hopquy"
expect 65 "explanations that are none leave no case" "$hopquy" test --profile qcvn-11-2026 --firmware "$work/next.img" --explanations "$work/ruling.xml" -o "$work/none.hopquy"
expect 66 "nor do those that are not there" "$hopquy" test --profile qcvn-11-2026 --firmware "$work/next.img" --explanations /no/such -o "$work/none.hopquy"
says_not "unpacking"
sed "0,/finding id=\"[0-9a-f-]*\"/s//finding id=\"0123456789abcdef\"/" "$work/mine.xml" >"$work/unknown.xml"
expect 0 "an unknown id" "$hopquy" case explain "$work/more.hopquy" "$work/unknown.xml" --lang en
says "no finding that fails has the id 0123456789abcdef"
expect 64 "explain wants a file or a template" "$hopquy" case explain "$work/case.hopquy"
sed 's/ time="[^"]*"/ time="2099-01-01T00:00:00Z"/' "$work/mine.xml" >"$work/later.xml"
expect 65 "nobody has explained anything tomorrow" "$hopquy" case explain "$work/case.hopquy" "$work/later.xml" --lang en
expect 64 "not both" "$hopquy" case explain "$work/case.hopquy" "$work/mine.xml" --template
expect 65 "answers are no explanations" "$hopquy" case explain "$work/case.hopquy" "$work/ruling.xml"
expect 66 "a file that is not there" "$hopquy" case explain "$work/case.hopquy" /no/such
[ ! -e "$work/none.hopquy" ] || { echo "FAIL  a half-written case was left behind"; wrong=1; }
exit "$wrong"
