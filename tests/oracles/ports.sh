#!/bin/sh
# The open ports of the units of fixtures/devices, over IPv4 and over IPv6: hopquy's scan by connecting, its scan by SYN and its
# questions over UDP, each against nmap's; and all against what the units' configuration opens.
# usage: tests/oracles/ports.sh [PROGRAM]
set -eu
here=$(cd "$(dirname "$0")/../.." && pwd)
program=${1:-$here/build/release/hopquy}
work=$(mktemp -d)
export HOPQUY_DEVICES="$work/units"
trap '"$here/scripts/device" down all || true; rm -rf "$work"' EXIT
"$here/scripts/device" up all >/dev/null
compare() {
	comm -3 "$at/ours" "$1" | sed "s/^\t/only $2, $address: /; t; s/^/only hopquy, $address: /"
	echo "$(comm -12 "$at/ours" "$1" | wc -l) $(comm -3 "$at/ours" "$1" | wc -l)" >>"$at/counts"
}
# truth TRANSPORT: the ports that the configuration opens, of those in $asked when it is UDP
asked=$(sed -n 's/^UDP(\([0-9]*\),.*/\1/p' "$here/device/udp_requests.def" | sort -un | paste -sd, -)
truth() {
	awk -v transport="$1" -v asked=",$asked," '$1 == "port" && $2 == transport && (transport == "tcp" || index(asked, "," $3 ",")) { print $3 }' \
		"$here/fixtures/devices/$unit/truth.tsv" | sort >"$at/truth"
}
ours() { # PROBE OPTION…: what the probe saw open
	probe=$1
	shift
	"$here/scripts/device" exec "$unit" timeout 120 "$program" probe "$address" --only "$probe" --max-minutes 1 "$@" |
		grep "\"kind\":\"open_port\",\"source\":\"$probe\"" | grep '"status":"open"' | grep -o '"port":[0-9]*' | cut -d: -f2 | sort >"$at/ours"
}
theirs() { # TRANSPORT OPTION…
	transport=$1
	shift
	"$here/scripts/device" exec "$unit" timeout 120 nmap $family "$@" -n -Pn -oG - "$address" | tr ',' '\n' |
		grep -o "[0-9]*/open/$transport" | cut -d/ -f1 | sort >"$at/theirs"
}
one() { # UNIT ADDRESS
	unit=$1 address=$2 family='' at=$work/$1-$2
	[ "$address" = "${address#*::}" ] || family=-6
	mkdir "$at"
	truth tcp
	ours ports
	theirs tcp -sT -p- -T4
	[ -s "$at/theirs" ] || { echo "nmap found nothing on $address" >&2; return 1; }
	compare "$at/theirs" nmap
	compare "$at/truth" truth.tsv
	ours ports --syn
	compare "$at/theirs" "nmap, by SYN"
	truth udp
	ours udp
	compare "$at/truth" "truth.tsv, UDP"
	theirs udp -sU -sV --version-intensity 0 -T4 -p "$asked"
	# nmap does not hear an answer from another port (TFTP) and knows fewer protocols: what the configuration opens is no error of ours
	sort -u "$at/theirs" "$at/truth" >"$at/both"
	compare "$at/both" "nmap or truth.tsv, UDP"
	echo >"$at/whole"
}
# Most of it is waiting for ports that stay silent: the units do that side by side.
for net in 192.0.2. 2001:db8::; do
	for each in bad:2 good:6 gateway:10; do
		one "${each%:*}" "$net${each#*:}" >"$work/${each%:*}.out" &
	done
	wait
	cat "$work"/*.out
done
[ "$(cat "$work"/*/whole | wc -l)" = 6 ] || { echo "not every address was looked at" >&2; exit 1; }
cat "$work"/*/counts | awk '{ agree += $1; differ += $2 } END { print agree " agree, " differ + 0 " differ"; exit differ > 0 }'
