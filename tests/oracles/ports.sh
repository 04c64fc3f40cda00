#!/bin/sh
# The open TCP ports of the units of fixtures/devices: hopquy's scan against nmap -sT -p-, over IPv4 and over IPv6; and both against
# what the units' configuration opens.
# usage: tests/oracles/ports.sh [PROGRAM]
set -eu
here=$(cd "$(dirname "$0")/../.." && pwd)
program=${1:-$here/build/release/hopquy}
work=$(mktemp -d)
export HOPQUY_DEVICES="$work/units"
trap '"$here/scripts/device" down all || true; rm -rf "$work"' EXIT
"$here/scripts/device" up all >/dev/null
agree=0 differ=0
compare() {
	comm -3 "$work/ours" "$1" | sed "s/^\t/only $2, $address: /; t; s/^/only hopquy, $address: /"
	agree=$((agree + $(comm -12 "$work/ours" "$1" | wc -l)))
	differ=$((differ + $(comm -3 "$work/ours" "$1" | wc -l)))
}
for unit in bad:2 good:6 gateway:10; do
	for address in "192.0.2.${unit#*:}" "2001:db8::${unit#*:}"; do
		family=
		[ "$address" = "${address#*::}" ] || family=-6
		truth=$here/fixtures/devices/${unit%:*}/truth.tsv
		"$here/scripts/device" exec "${unit%:*}" timeout 120 "$program" probe "$address" --only ports --max-minutes 1 |
			grep '"kind":"open_port"' | grep -o '"port":[0-9]*' | cut -d: -f2 | sort >"$work/ours"
		"$here/scripts/device" exec "${unit%:*}" timeout 120 nmap $family -sT -p- -n -oG - "$address" |
			tr ',' '\n' | grep -o '[0-9]*/open/tcp' | cut -d/ -f1 | sort >"$work/theirs"
		[ -s "$work/theirs" ] || { echo "nmap found nothing on $address" >&2; exit 1; }
		compare "$work/theirs" nmap
		awk '$1 == "port" && $2 == "tcp" { print $3 }' "$truth" | sort >"$work/truth"
		compare "$work/truth" truth.tsv
	done
done
echo "$agree agree, $differ differ"
[ "$differ" -eq 0 ]
