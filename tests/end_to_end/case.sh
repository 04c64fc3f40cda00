#!/usr/bin/env bash
# What happens to a case, a signature and a certificate that somebody touches; and what a wrong command line gets.
# Needs scripts/demo to have run.
set -u
cd "$(dirname "$0")/../.." || exit 70
hopquy=$PWD/build/release/hopquy
demo=$PWD/build/demo
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

says()
{
	if grep -qF -- "$1" "$work/out" "$work/err"; then
		return
	fi
	echo "FAIL  … and says \"$1\""
	head -n 5 "$work/out" "$work/err"
	wrong=1
}

copy()
{
	cp "$demo/cases/good.hopquy" "$work/$1.hopquy"
}

# The same bytes elsewhere: another process, locale, time zone, one core, and no assessment to copy from.
"$hopquy" case report "$demo/cases/good.hopquy" --format json -o "$work/first.json"
copy again
at=$(sqlite3 "$work/again.hopquy" "SELECT strftime('%Y-%m-%dT%H:%M:%SZ', value, 'unixepoch') FROM meta WHERE name = 'assessed_at' ORDER BY entry DESC LIMIT 1")
expect 0 "a replay elsewhere gives the same bytes" env LC_ALL=vi_VN.UTF-8 TZ=Asia/Tokyo taskset -c 0 "$hopquy" case assess "$work/again.hopquy" --replay
expect 0 "judging anew as of that time gives PASS" env LC_ALL=tr_TR.UTF-8 TZ=America/St_Johns taskset -c 1 "$hopquy" case assess "$work/again.hopquy" --at "$at" --json
cmp -s "$work/first.json" "$work/out" || { echo "FAIL  … byte for byte"; wrong=1; }
expect 0 "another day is another assessment" "$hopquy" case assess "$work/again.hopquy" --at 2026-12-24 --json
cmp -s "$work/first.json" "$work/out" && { echo "FAIL  … which must differ"; wrong=1; }

# An edited case.
for edit in "UPDATE account SET enabled = 0" "DELETE FROM login_attempt WHERE accepted = 1 OR control = 0" "DELETE FROM assessment" \
	"UPDATE answer SET result = 'pass'" "DROP TABLE key; CREATE VIEW key AS SELECT 1 AS fact" "UPDATE journal SET time = time + 1"; do
	cp "$demo/cases/bad.hopquy" "$work/edited.hopquy"
	sqlite3 "$work/edited.hopquy" "INSERT INTO answer (fact, journal_entry, procedure, result) VALUES (99999, 1, '5.1-1-1', 'fail'); $edit" 2>/dev/null
	expect 65 "found: $edit" "$hopquy" case assess "$work/edited.hopquy"
done

# Signatures.
issue()
{
	"$hopquy" issue "$1" --registry "$work/registry" --key "$demo/keys/body.key" --cert "$demo/keys/body.pem" \
		--method 14/2026/TT-BKHCN:5 --valid-until "$(date -u -d '+1 year' +%F)" --trial -o "$work/new"
}
cp -R "$demo/registry" "$work/registry"
copy stale
"$hopquy" case answers "$work/stale.hopquy" fixtures/dossiers/answers-good.xml
"$hopquy" case assess "$work/stale.hopquy" >/dev/null
expect 77 "a case changed after it was signed gives no certificate" issue "$work/stale.hopquy"
says stale
copy own
expect 77 "a tester does not sign the decision" "$hopquy" case sign "$work/own.hopquy" --as decision --key "$demo/keys/an.key" --cert "$demo/keys/an.pem"
expect 77 "nobody signs with another's key" "$hopquy" case sign "$work/own.hopquy" --as tester --key "$demo/keys/chi.key" --cert "$demo/keys/an.pem"
expect 1 "a bad camera's case gives no certificate" issue "$demo/cases/bad.hopquy"
[ ! -e "$work/new.p7m" ] || { echo "FAIL  a certificate was left behind"; wrong=1; }

# The decider took no part in testing, whatever role the answer claims.
cat >"$work/decider.xml" <<-EOF
	<answers xmlns="urn:hopquy:answers:1">
		<answer procedure="5.1-1-1" result="pass" person="Lê Chi" role="tester" time="2026-11-16T01:00:00Z"><note>Read table 1.</note></answer>
	</answers>
EOF
copy decider
expect 0 "an answer by the person who will decide is taken" "$hopquy" case answers "$work/decider.hopquy" "$work/decider.xml"
expect 0 "and leaves the verdict as it is" "$hopquy" case assess "$work/decider.hopquy"
for step in tester:an reviewer:binh decision:chi; do
	"$hopquy" case sign "$work/decider.hopquy" --as "${step%%:*}" --key "$demo/keys/${step#*:}.key" --cert "$demo/keys/${step#*:}.pem"
done
expect 77 "but gives no certificate" issue "$work/decider.hopquy"
says "takes no part in testing"

# Nor did anybody who signs speak for the supplier.
tester=$(openssl x509 -in "$demo/keys/an.pem" -noout -subject -nameopt utf8,-esc_msb,sep_multiline | sed -n 's/^ *CN=//p')
cat >"$work/explained.xml" <<-EOF
	<explanations xmlns="urn:hopquy:explanations:1">
		<explanation person="$tester" time="2026-11-16T01:00:00Z"><finding id="0123456789abcdef"/><reason>It is nothing.</reason></explanation>
	</explanations>
EOF
copy explained
expect 0 "an explanation in a signer's name is taken" "$hopquy" case explain "$work/explained.hopquy" "$work/explained.xml"
expect 0 "and changes no verdict" "$hopquy" case assess "$work/explained.hopquy"
for step in tester:an reviewer:binh decision:chi; do
	"$hopquy" case sign "$work/explained.hopquy" --as "${step%%:*}" --key "$demo/keys/${step#*:}.key" --cert "$demo/keys/${step#*:}.pem"
done
expect 77 "but gives no certificate" issue "$work/explained.hopquy"
says "has explained a finding for the supplier"

# Evidence is superseded by the operator's own word only, and never by less.
copy twice
mkdir -p "$work/a"
cp "$demo/bad.swu" "$work/a/good.swu"
expect 64 "another image of the same name is not taken silently" "$hopquy" case add-firmware "$work/twice.hopquy" "$work/a/good.swu"
expect 0 "it is with --replace" "$hopquy" case add-firmware "$work/twice.hopquy" "$work/a/good.swu" --replace
expect 1 "and then it speaks" "$hopquy" case assess "$work/twice.hopquy"
expect 64 "one command takes no two inputs of one name" "$hopquy" test --profile qcvn-11-2026 --firmware "$demo/good.swu" --firmware "$work/a/good.swu" -o "$work/none.hopquy"
expect 77 "a run of fewer ports does not supersede one of all" "$hopquy" case probe "$work/twice.hopquy" --device A=127.0.0.1 --reach remote --ports 1-2 --level login --replace
expect 77 "nor a run that tries no password one that did" "$hopquy" case probe "$work/twice.hopquy" --device A=127.0.0.1 --reach remote --level observe --replace
address=$(sqlite3 "$demo/cases/good.hopquy" "SELECT address FROM looked WHERE address LIKE '%.%' AND state = 'initialised' LIMIT 1")
first=$(sqlite3 "$demo/cases/good.hopquy" "SELECT name FROM subject WHERE fact = (SELECT subject FROM looked WHERE address = '$address' LIMIT 1)")
expect 77 "nor a run that leaves an address out" "$hopquy" case probe "$work/twice.hopquy" --device "$first=$address" --reach remote --level stress --replace
says "too: a run without that address does not supersede it"
expect 64 "an address is one unit's in one state" "$hopquy" case probe "$work/twice.hopquy" --device "Z=$address@initialised" --reach remote
says "$address is already unit $first in state initialised"
python3 -m http.server --bind 127.0.0.77 18080 >/dev/null 2>&1 &
server=$!
"$hopquy" case new "$work/less.hopquy" --profile qcvn-135-2024 --dossier fixtures/dossiers/camera-good.xml
expect 0 "a unit is probed" "$hopquy" case probe "$work/less.hopquy" --device A=127.0.0.77
[ "$(sqlite3 "$work/less.hopquy" "SELECT DISTINCT level FROM looked WHERE address IS NOT NULL")" = observe ] || { echo "FAIL  … and no password is tried unasked"; wrong=1; }
expect 77 "a run cut short does not supersede one that was whole" "$hopquy" case probe "$work/less.hopquy" --device A=127.0.0.77 --level observe --max-connections 20 --replace
says "that one stays"
expect 0 "one as whole does" "$hopquy" case probe "$work/less.hopquy" --device A=127.0.0.77 --level observe --replace
kill "$server"
expect 64 "nobody sees an address of the local link from outside" "$hopquy" case probe "$work/twice.hopquy" --device Z=fe80::1%lo --reach remote
expect 69 "a unit that nobody reached is not entered" "$hopquy" case probe "$work/twice.hopquy" --device Z=192.0.2.99 --ports 1-3 --only ports --level observe
says "Z: nobody answered at 192.0.2.99; nothing was entered in the case"
says "Z 192.0.2.99: done in"
[ -z "$(sqlite3 "$work/twice.hopquy" "SELECT fact FROM subject WHERE name = 'Z'")" ] || { echo "FAIL  … and is in it"; wrong=1; }
expect 2 "a test goes on without it" "$hopquy" test --profile qcvn-11-2026 --device Z=192.0.2.99 --ports 1-3 --only ports -o "$work/unreached.hopquy"
says "Z: nobody answered at 192.0.2.99"
[ -z "$(sqlite3 "$work/unreached.hopquy" "SELECT fact FROM subject WHERE name = 'Z'")" ] || { echo "FAIL  … and enters it"; wrong=1; }
copy other
"$hopquy" case assess "$work/other.hopquy" --profile qcvn-135-2024 >/dev/null
expect 77 "nobody signs an assessment under another profile than the evidence's" "$hopquy" case sign "$work/other.hopquy" --as tester --key "$demo/keys/an.key" --cert "$demo/keys/an.pem"

# Certificates.
verify()
{
	"$hopquy" verify "$1" --trust "$demo/authority/root.pem" --bundle "$work/bundle.p7m" --trial "${@:2}"
}
copy fresh
expect 0 "the untouched case gives one" issue "$work/fresh.hopquy"
"$hopquy" registry bundle "$work/registry" -o "$work/bundle.p7m"
expect 0 "it verifies" verify "$work/new.p7m"
expect 0 "the root may be named by the environment" env HOPQUY_TRUST="$demo/authority/root.pem" "$hopquy" verify "$work/new.p7m" --bundle "$work/bundle.p7m" --trial
"$hopquy" authority init "$work/forged" >/dev/null
"$hopquy" registry init "$work/forged-registry" --authority "$work/forged" >/dev/null
"$hopquy" registry bundle "$work/forged-registry" -o "$work/forged.p7m" >/dev/null
expect 77 "a status list of another root is refused" verify "$work/new.p7m" --bundle "$work/forged.p7m"
expect 77 "another root does not take ours" verify "$work/new.p7m" --trust "$work/forged/root.pem"
if [ ! -e /etc/hopquy/root.pem ]; then
	expect 2 "who names no root is told nothing" env -u HOPQUY_TRUST "$hopquy" verify "$work/new.p7m" --bundle "$work/bundle.p7m" --trial --lang en
	says "is not known here; its certificate's SHA-256 is $(openssl x509 -in "$demo/authority/root.pem" -outform DER | sha256sum | cut -d' ' -f1)"
	expect 2 "… in Vietnamese too" env -u HOPQUY_TRUST "$hopquy" verify "$work/new.p7m" --bundle "$work/bundle.p7m" --trial --lang vi
	says "Chưa biết chứng thư gốc"
fi
expect 1 "not before its day" verify "$work/new.p7m" --at 2020-01-01
expect 1 "not after its last" verify "$work/new.p7m" --at 2035-01-01
expect 1 "not for another model" verify "$work/new.p7m" --expect model=OTHER
LC_ALL=C sed 's/MS-C200/MS-C900/' "$work/new.p7m" >"$work/altered.p7m"
expect 1 "not with one word altered" verify "$work/altered.p7m"
head -c 1000 "$work/new.p7m" >"$work/cut.p7m"
expect 65 "not when cut" verify "$work/cut.p7m"
expect 2 "without a status source it is genuine, status unknown" "$hopquy" verify "$work/new.p7m" --trust "$work/registry/authority/trust.p7m" --trial
expect 1 "a number nobody was given" verify VN-2026-999999-9
expect 19 "the register refuses to forget" sqlite3 "$work/registry/registry.db" "DELETE FROM event"

# Wrong command lines, and nothing half-written.
expect 64 "no command" "$hopquy"
expect 64 "an unknown command" "$hopquy" frobnicate
expect 64 "an unknown option" "$hopquy" unpack --frobnicate x
expect 74 "an answer that cannot be written" sh -c "'$hopquy' case report '$demo/cases/good.hopquy' --format html >/dev/full"
expect 65 "a folder is no case" "$hopquy" case show "$work"
expect 64 "a missing value" "$hopquy" test --profile
expect 66 "a file that is not there" "$hopquy" unpack /no/such/file
expect 65 "a file that is nothing" "$hopquy" unpack Makefile
expect 66 "a profile that is not there" "$hopquy" test --profile nobody -o "$work/none.hopquy"
expect 66 "firmware that is not there" "$hopquy" test --profile qcvn-11-2026 --firmware /no/such -o "$work/none.hopquy"
expect 65 "firmware that is nothing" "$hopquy" test --profile qcvn-11-2026 --dossier fixtures/dossiers/camera-good.xml --firmware Makefile -o "$work/none.hopquy"
for hostile in fixtures/dossiers/hostile/*.xml; do
	case $hostile in *answers*) continue ;; esac
	expect 65 "hostile dossier $(basename "$hostile")" "$hopquy" test --profile qcvn-11-2026 --dossier "$hostile" -o "$work/none.hopquy"
done
[ ! -e "$work/none.hopquy" ] || { echo "FAIL  a half-written case was left behind"; wrong=1; }
expect 73 "a case is not written over" "$hopquy" test --profile qcvn-11-2026 -o "$work/fresh.hopquy"
expect 2 "nobody looked: nothing can be told" "$hopquy" test --profile qcvn-11-2026 --dossier fixtures/dossiers/camera-good.xml -o "$work/empty.hopquy"
says INCONCLUSIVE
# What was said with the units leads to the facts of the case, and a talk that was changed does not fit.
expect 0 "every talk of the case leads to its facts again" "$hopquy" case audit "$demo/cases/good.hopquy"
says "talks with units played again"
expect 0 "the same for programs" "$hopquy" case audit "$demo/cases/good.hopquy" --json
says '"facts_missing":0,"facts_new":0,"talks_unread":0}'
# What was said where a finding was made.
"$hopquy" case report "$demo/cases/bad.hopquy" --format json -o "$work/rows.json"
finding=$(grep -o '{"id":"[^"]*","check":"ports/no_telnet","procedure":null,"verdict":"FAIL"' "$work/rows.json" | head -n 1 | cut -d'"' -f4)
expect 0 "the exchange a finding rests on" "$hopquy" case exchange "$demo/cases/bad.hopquy" "$finding"
says "port: 23 (telnet)"
says "ff fd 01"
expect 0 "the same for programs" "$hopquy" case exchange "$demo/cases/bad.hopquy" "$finding" --json
says '"is":"exchange"'
finding=$(grep -o '{"id":"[^"]*","check":"passwords/declared_passwords_are_unique_per_unit"' "$work/rows.json" | head -n 1 | cut -d'"' -f4)
expect 2 "a finding that rests on the dossier" "$hopquy" case exchange "$demo/cases/bad.hopquy" "$finding"
expect 64 "an exchange of several talks" "$hopquy" case exchange "$demo/cases/good.hopquy" 3
says "choose with --device"
expect 0 "and of one of them" "$hopquy" case exchange "$demo/cases/good.hopquy" 3 --device A --address 192.0.2.11 --state initialised
expect 64 "an exchange that is in no talk" "$hopquy" case exchange "$demo/cases/good.hopquy" 999999999
expect 0 "a case without an image has nothing to compare a unit with" "$hopquy" case compare "$work/empty.hopquy"
says "holds no firmware image"
expect 0 "units and firmware are held against each other" "$hopquy" case compare "$demo/cases/bad.hopquy"
says "the same in"
expect 0 "the same for programs" "$hopquy" case compare "$demo/cases/bad.hopquy" --json
says '"view":"agreement"'
sqlite3 "$demo/cases/bad.hopquy" "SELECT writefile('$work/talk', bytes) FROM attachment WHERE name = 'transcript' LIMIT 1" >/dev/null
expect 0 "a talk is played again by itself" "$hopquy" probe --replay "$work/talk"
sed '$d' "$work/talk" >"$work/short"
expect 65 "a talk without its end does not fit" "$hopquy" probe --replay "$work/short"
expect 65 "a text is no talk" "$hopquy" probe --replay /etc/os-release
says "/etc/os-release: not a transcript of hopquy probe"
expect 64 "a talk and a unit at once" "$hopquy" probe 127.0.0.1 --replay "$work/talk"
expect 64 "a level nobody knows" "$hopquy" probe 127.0.0.1 --level hard
says "--level does not know 'hard': observe, login, stress"
expect 64 "an own address that is none" "$hopquy" probe 127.0.0.1 --from here
expect 69 "an own address that is another's" "$hopquy" probe 127.0.0.1 --from 192.0.2.99
says "--from 192.0.2.99: this machine does not have that address"
for only in "" "http," foo; do
	expect 64 "probes nobody knows: '$only'" "$hopquy" probe 127.0.0.1 --only "$only"
	[ ! -s "$work/out" ] || { echo "FAIL  … and prints something before"; wrong=1; }
done
says "--only does not know 'foo'; there are: ports, udp,"
expect 64 "the last of several addresses is looked at before the first packet" "$hopquy" probe 127.0.0.1 fe80::1
says "fe80::1 is link-local: add its interface, fe80::1%eth0"
[ ! -s "$work/out" ] || { echo "FAIL  … and prints something before"; wrong=1; }
expect 64 "an interface nobody has" "$hopquy" probe fe80::1%nope
says "no interface 'nope' here"
expect 64 "a name is no address" "$hopquy" probe camera.local
says "camera.local is a name: give an address"
expect 69 "what may happen to the unit is said before, in Vietnamese too" "$hopquy" probe 127.0.0.1 --level stress --ports 1 --only ports --lang vi
says "tối đa 20 cặp tên và mật khẩu ở mỗi chỗ đăng nhập"
says "có thể làm khóa thiết bị"
expect 64 "two units at one address" "$hopquy" probe A=127.0.0.1 B=127.0.0.1
expect 64 "no minutes" "$hopquy" probe 127.0.0.1 --max-minutes 0
expect 64 "a state nobody knows" "$hopquy" probe 127.0.0.1 --state new
printf 'ssh root\n' >"$work/credentials"
expect 64 "credentials that are none" "$hopquy" probe 127.0.0.1 --credentials "$work/credentials"

exit "$wrong"
