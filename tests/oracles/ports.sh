#!/bin/sh
# The open ports of known units: hopquy's connect scan, SYN scan and UDP questions against nmap, over IPv4 and IPv6.
# usage: tests/oracles/ports.sh [PROGRAM]
set -eu
here=$(cd "$(dirname "$0")/../.." && pwd)
program=${1:-$here/build/release/hopquy}
work=$(mktemp -d)
# The units listen on their IPv4 addresses; this one, in a namespace of its own, listens on both families and over UDP.
lab=hopquy-ports-$$-lab unit=hopquy-ports-$$-unit
end() {
	while read -r pid; do kill "$pid" 2>/dev/null || true; done <"$work/pids"
	"$here/scripts/device" down "$work/units" || true
	ip netns del "$lab" 2>/dev/null || true
	ip netns del "$unit" 2>/dev/null || true
	rm -rf "$work"
}
: >"$work/pids"
trap end EXIT
"$here/scripts/device" up "$work/units" >/dev/null

ip netns add "$lab"
ip netns add "$unit"
ip link add l0 netns "$lab" type veth peer name u0 netns "$unit"
ip -n "$lab" address add 198.51.100.1/24 dev l0
ip -n "$unit" address add 198.51.100.2/24 dev u0
ip -n "$lab" address add 2001:db8::1/64 dev l0 nodad
ip -n "$unit" address add 2001:db8::2/64 dev u0 nodad
for end in lo u0; do ip -n "$unit" link set "$end" up; done
for end in lo l0; do ip -n "$lab" link set "$end" up; done
in_unit() {
	ip netns exec "$unit" "$@" >"$work/log.$(basename "$1")" 2>&1 </dev/null &
	echo $! >>"$work/pids"
}
printf 'listener 1883\nallow_anonymous true\n' >"$work/mosquitto.conf"
printf 'rocommunity public\nrocommunity6 public\n' >"$work/snmpd.conf"
export SNMP_PERSISTENT_DIR="$work"
in_unit mosquitto -c "$work/mosquitto.conf"
in_unit busybox telnetd -F -p 23 -l /bin/sh
in_unit dnsmasq -k --no-resolv --no-hosts --conf-file=/dev/null --pid-file= --user=root \
	--listen-address=198.51.100.2 --listen-address=2001:db8::2 --bind-interfaces
in_unit in.tftpd -L -a :69 -s "$work"
in_unit snmpd -f -Lo -C -c "$work/snmpd.conf" udp:161 udp6:161
sleep 3
zone=$(ip -n "$unit" -br address show u0 | grep -o 'fe80[^/]*')%l0

in_lab() { ip netns exec "$lab" timeout 120 "$@"; }
in_units() { "$here/scripts/device" exec "$work/units" timeout 120 "$@"; }

agree=0 differ=0
# compare WORDS: the sorted numbers in $work/ours and $work/theirs
compare() {
	[ -s "$work/theirs" ] || { echo "nmap found nothing: $1" >&2; exit 1; }
	both=$(comm -12 "$work/ours" "$work/theirs" | wc -l)
	one=$(comm -3 "$work/ours" "$work/theirs" | wc -l)
	comm -3 "$work/ours" "$work/theirs" | sed "s/^\t/only nmap, $1: /; t; s/^/only hopquy, $1: /"
	agree=$((agree + both)) differ=$((differ + one))
}
ours() { # WHERE ADDRESS OPTION…: open TCP ports
	where=$1 address=$2
	shift 2
	"$where" "$program" probe "$address" --only ports "$@" | grep '"kind":"open_port"' |
		grep -o '"port":[0-9]*' | cut -d: -f2 | sort >"$work/ours"
}
theirs() { # WHERE ADDRESS PROTOCOL OPTION…
	where=$1 address=$2 protocol=$3
	shift 3
	"$where" nmap "$@" -n -Pn -oG - "$address" | tr ',' '\n' | grep -o "[0-9]*/open/$protocol" | cut -d/ -f1 | sort >"$work/theirs"
}

for address in 192.0.2.2 192.0.2.6; do
	theirs in_units "$address" tcp -sT -p- -T4
	ours in_units "$address"
	compare "$address, connect"
	ours in_units "$address" --syn
	compare "$address, SYN"
done
for address in 198.51.100.2 2001:db8::2 "$zone"; do
	family=
	case $address in *:*) family=-6 ;; esac
	# shellcheck disable=SC2086
	theirs in_lab "$address" tcp $family -sS -p- -T4
	ours in_lab "$address"
	compare "$address, connect"
	ours in_lab "$address" --syn
	compare "$address, SYN"
done
# Over UDP nmap is asked about the same ports that hopquy asks.
asked=$(sed -n 's/^UDP(\([0-9]*\),.*/\1/p' "$here/device/udp_requests.def" | sort -un | paste -sd, -)
for address in 198.51.100.2 2001:db8::2; do
	family=
	case $address in *:*) family=-6 ;; esac
	# shellcheck disable=SC2086
	theirs in_lab "$address" udp $family -sU -sV --version-intensity 0 -p "$asked" -T4
	in_lab "$program" probe "$address" --only udp | grep '"kind":"open_port","source":"udp"' | grep '"status":"open"' |
		grep -o '"port":[0-9]*' | cut -d: -f2 | sort >"$work/ours"
	compare "$address, UDP"
done
echo "$agree agree, $differ differ"
[ "$differ" -eq 0 ]
