#!/bin/sh
# The open TCP ports of this machine's loopback: hopquy's scan against nmap -sT -p-, over known daemons and random ports.
# usage: tests/oracles/ports.sh [PROGRAM]
set -eu
here=$(cd "$(dirname "$0")/../.." && pwd)
program=${1:-$here/build/release/hopquy}
work=$(mktemp -d)
trap '"$here/scripts/device" down "$work/units" || true; rm -rf "$work"' EXIT
"$here/scripts/device" up "$work/units" >/dev/null
agree=0 differ=0
for address in 192.0.2.2 192.0.2.6; do
	"$here/scripts/device" exec "$work/units" timeout 120 "$program" probe "$address" --only ports |
		grep '"kind":"open_port"' | grep -o '"port":[0-9]*' | cut -d: -f2 | sort -n >"$work/ours"
	"$here/scripts/device" exec "$work/units" timeout 120 nmap -sT -p- -n -oG - "$address" |
		tr ',' '\n' | grep -o '[0-9]*/open/tcp' | cut -d/ -f1 | sort -n >"$work/theirs"
	[ -s "$work/theirs" ] || { echo "nmap found nothing on $address" >&2; exit 1; }
	both=$(comm -12 "$work/ours" "$work/theirs" | wc -l)
	one=$(comm -3 "$work/ours" "$work/theirs" | wc -l)
	comm -3 "$work/ours" "$work/theirs" | sed "s/^\t/only nmap, $address: /; t; s/^/only hopquy, $address: /"
	agree=$((agree + both)) differ=$((differ + one))
done
echo "$agree agree, $differ differ"
[ "$differ" -eq 0 ]
