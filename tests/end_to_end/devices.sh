#!/bin/bash
# The units of fixtures/devices, probed at level login over IPv4 and over IPv6: ports, services, log-ins and open resources are
# those of their truth.tsv, over both alike, and a replay gives the same facts.
# usage: tests/end_to_end/devices.sh [PROGRAM [UNIT…]]
set -eu
here=$(cd "$(dirname "$0")/../.." && pwd)
if [ "$(id -u)" != 0 ]; then
	exec sudo -E "$0" "$@"
fi
program=${1:-$here/build/release/hopquy}
shift $(($# > 0))
units=${*:-bad good gateway}

# What is so and not seen yet, as printed (the same over both families).  To be emptied.
gaps='
'

work=$(mktemp -d)
# A laboratory for each family, with units of its own: they are probed side by side.
trap 'for family in 4 6; do "$here/scripts/device" down all "$work/units$family" || true; done; rm -rf "$work"' EXIT

# One unit over one family: told in $work/UNIT-FAMILY.{facts,differs,seconds}
one() {
	local unit=$1 family=$2 address=$3 begin=$SECONDS status=0 at=$work/$1-$2
	HOPQUY_DEVICES=$work/units$family "$here/scripts/device" exec "$unit" timeout -k 5 280 "$program" probe "$address" --level login --record "$at.talk" \
		>"$at.facts" 2>"$at.log" || status=$?
	echo $((SECONDS - begin)) >"$at.seconds"
	[ "$status" = 0 ] || echo "$unit wrong: exit $status" >"$at.differs"
	python3 "$here/tests/end_to_end/devices.py" "$unit" "$here/fixtures/devices/$unit/truth.tsv" "$at.facts" >>"$at.differs" ||
		echo "$unit wrong: the facts were not compared" >>"$at.differs"
	timeout -k 5 60 "$program" probe --replay "$at.talk" >"$at.replayed" 2>>"$at.log" || echo "$unit wrong: the replay gives exit $?" >>"$at.differs"
	cmp -s <(tail -n +2 "$at.facts") <(tail -n +2 "$at.replayed") || echo "$unit wrong: the replay differs" >>"$at.differs"
}

running=
for unit in $units; do
	case $unit in bad) number=2 ;; good) number=6 ;; *) number=10 ;; esac
	for family in 4 6; do
		[ $family = 4 ] && address=192.0.2.$number || address=2001:db8::$number
		begin=$(date +%s%N)
		"$here/scripts/device" up "$unit" "$work/units$family" | head -n 1 >/dev/null # it stays up for who reads no further
		echo "$unit is up after $((($(date +%s%N) - begin) / 1000000)) ms"
		one "$unit" $family "$address" &
		running="$running $!"
	done
done
for pid in $running; do wait "$pid" || true; done

wrong=0
echo "$gaps" | grep . >"$work/gaps" || true
for unit in $units; do
	for family in 4 6; do
		at=$work/$unit-$family
		new=$(grep -vxFf "$work/gaps" "$at.differs" || true)
		echo "$unit IPv$family: $(cat "$at.seconds") s, $(wc -l <"$at.facts") facts, $(wc -l <"$at.differs") gaps"
		if [ -n "$new" ]; then
			echo "$new" | sed 's/^/  /'
			grep -v 'up to' "$at.log" | tail -n 1 | sed 's/^/  log: /' || true
			wrong=$((wrong + 1))
		fi
	done
	# Units of a kind answer the same over both.
	if ! cmp -s <(grep -vxFf "$work/gaps" "$work/$unit-4.differs") <(grep -vxFf "$work/gaps" "$work/$unit-6.differs"); then
		echo "  $unit shows another face over IPv6"
		wrong=$((wrong + 1))
	fi
done
cat "$work"/*.differs | sort -u >"$work/all"
[ "$units" != "bad good gateway" ] || grep -vxFf "$work/all" "$work/gaps" | sed 's/^/seen now, take it out of the list: /' || true
for family in 4 6; do
	lab=$(cat "$work/units$family/laboratory")
	"$here/scripts/device" down all "$work/units$family"
	if ip netns list | grep -q "^$lab-" || [ -d "$work/units$family" ]; then
		echo "scripts/device down left something behind"
		wrong=$((wrong + 1))
	fi
done
[ "$wrong" = 0 ]
