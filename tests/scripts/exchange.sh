#!/usr/bin/env bash
# One exchange of a recorded talk, as a person and as a program read it.
set -u
cd "$(dirname "$0")/../.." || exit 70
hopquy=${1:-$PWD/build/release/hopquy}
talks=fixtures/devices/transcripts
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
wrong=0

# expect STATUS "sentence" argument…
expect()
{
	local wanted=$1 what=$2 status=0
	shift 2
	"$hopquy" "$@" >"$work/out" 2>"$work/err" </dev/null || status=$?
	[ "$status" = "$wanted" ] && return
	echo "FAIL  $what: exit $status, not $wanted"
	head -n 5 "$work/out" "$work/err"
	wrong=1
}

says()
{
	grep -qF -- "$1" "$work/out" "$work/err" || { echo "FAIL  … and says \"$1\""; wrong=1; }
}

says_not()
{
	if grep -qF -- "$1" "$work/out"; then
		echo "FAIL  … and never says \"$1\""
		wrong=1
	fi
}

telnet=$talks/telnet_busybox.jsonl
expect 0 "text is text" probe --replay "$telnet" --exchange 3
says "IPCamera HI3516 V1.2"
says "ff fd 01 ff fd 1f ff fb 01 ff fb 03"
expect 0 "in Vietnamese" probe --replay "$telnet" --exchange 3 --lang vi
says "Trao đổi 3"
says "đã nhận, 12 byte"
says "nhìn từ: local: trong mạng của thiết bị"
says "mức dò: observe: chỉ quan sát"
expect 0 "for programs" probe --replay "$telnet" --exchange 3 --json
says '"event":"received","text":"camera login: "'
says '"port":23'

# What the laboratory sends as a secret is shown when it asks, and so is what a unit says back of its passwords.
for talk in "$talks"/*.jsonl; do
	for number in $(grep '"secret":true' "$talk" | head -n 3 | grep -o '^{"exchange":[0-9]*' | cut -d: -f2 | sort -u); do
		expect 0 "$talk, exchange $number" probe --replay "$talk" --exchange "$number"
		says "a secret of the laboratory"
		expect 0 "$talk, exchange $number, for programs" probe --replay "$talk" --exchange "$number" --json
		if grep '"secret":true' "$work/out" | grep -qE '"(text|hex)"'; then
			echo "FAIL  $talk: a secret is shown"
			wrong=1
		fi
		expect 0 "$talk, exchange $number, with secrets" probe --replay "$talk" --exchange "$number" --secrets
		says_not "a secret of the laboratory"
	done
done

# Every exchange of every talk stays within eighty columns.
for talk in "$talks"/*.jsonl; do
	number=$(tail -n 1 "$talk" | grep -o '^{"exchange":[0-9]*' | cut -d: -f2)
	[ "${number:-0}" -gt 0 ] || continue
	expect 0 "$talk, exchange $number" probe --replay "$talk" --exchange "$number"
	python3 - "$work/out" <<-'EOF' || { echo "FAIL  $talk, exchange $number: wider than 80 columns"; wrong=1; }
		import sys
		sys.exit(any(len(line) > 80 for line in open(sys.argv[1], encoding="utf-8").read().split("\n")))
	EOF
done

expect 64 "an exchange that is not there" probe --replay "$telnet" --exchange 4711
expect 64 "no number" probe --replay "$telnet" --exchange three
expect 64 "an exchange of nothing" probe --exchange 3
expect 64 "secrets of nothing" probe --replay "$telnet" --secrets
expect 65 "no transcript" probe --replay README.md --exchange 3
expect 66 "no file" probe --replay "$work/none" --exchange 3
printf '{"transcript":1,"address":"192.0.2.2","state":"","reach":"","level":"observe","credentials":"*\\troot\\ts3cret pass\\n","now":0}\n%s\n' \
	'{"exchange":1,"port":23,"at":0,"event":"received","text":"your s3cret pass is \u001b[31mred\u202e"}' >"$work/hostile.jsonl"
expect 0 "a hostile unit" probe --replay "$work/hostile.jsonl" --exchange 1
says_not "s3cret"
says_not $'\033'
says_not $'\u202e'
expect 0 "its password asked for" probe --replay "$work/hostile.jsonl" --exchange 1 --secrets
says "s3cret pass"
sed 's/"event":"received",//' "$work/hostile.jsonl" >"$work/nameless.jsonl"
expect 65 "an event without a name" probe --replay "$work/nameless.jsonl" --exchange 1
expect 64 "a case needs an exchange" case exchange "$work/none"
expect 66 "a case that is not there" case exchange "$work/none" 3
# A talk over an address of a link: the machine that plays it again need not have that link.
sed '1s/"address":"192.0.2.2"/"address":"fe80::2%far0"/' "$talks/ssh_dropbear.jsonl" >"$work/link.jsonl"
expect 0 "a talk of another machine's link is played" probe --replay "$work/link.jsonl"
grep -q '"address":"fe80::2%far0"' "$work/out" || { echo "FAIL  … and its facts name the link"; wrong=1; }

exit "$wrong"
