#!/bin/bash
# Servers that are slow, silent, lying, flooding, malformed, a tarpit, or die: the prober ends in time, believes none of them,
# says what it could not see, and a replay of each talk gives the same facts.  Modes take turns between IPv4 and IPv6.
# usage: tests/end_to_end/hostile.sh [PROGRAM [MODE…]]
set -eu
here=$(cd "$(dirname "$0")/../.." && pwd)
if [ "$(id -u)" != 0 ]; then
	exec sudo -E "$0" "$@"
fi
program=${1:-$here/build/release/hopquy}
shift $(($# > 0))

# Rules that are broken today, "MODE RULE: detail" as printed.  To be emptied.
known='
'

modes=${*:-slow hanging lying flooding malformed tarpit dying returning}
work=$(mktemp -d)
export HOPQUY_DEVICES=$work/units
trap '"$here/scripts/device" down all || true; rm -rf "$work"' EXIT
all="slow hanging lying flooding malformed tarpit dying returning"

one() {
	local mode=$1 address=$2 begin=$SECONDS status=0 replay=0
	"$here/scripts/device" exec "hostile-$mode" timeout -k 5 120 "$program" probe "$address" --level login --max-minutes 1 \
		--record "$work/$mode.talk" >"$work/$mode.facts" 2>"$work/$mode.log" || status=$?
	local seconds=$((SECONDS - begin))
	timeout -k 5 60 "$program" probe --replay "$work/$mode.talk" >"$work/$mode.replayed" 2>>"$work/$mode.log" || replay=$?
	[ "$replay" = "$status" ] || echo "$mode replay: exit $replay where the talk gave $status" >>"$work/$mode.broken"
	python3 "$here/tests/end_to_end/hostile.py" "$mode" "$work/$mode.facts" "$work/$mode.replayed" "$status" "$seconds" >>"$work/$mode.broken" ||
		echo "$mode judge: did not run" >>"$work/$mode.broken"
	echo "$seconds" >"$work/$mode.seconds"
}

for mode in $modes; do "$here/scripts/device" up "hostile-$mode" >/dev/null; done
number=20 running=
for mode in $all; do
	address=192.0.2.$number
	[ $((number % 2)) = 0 ] || address=2001:db8::$number
	number=$((number + 1))
	case " $modes " in
	*" $mode "*)
		one "$mode" "$address" &
		running="$running $!"
		;;
	esac
done
for pid in $running; do wait "$pid" || true; done

wrong=0
echo "$known" | grep . >"$work/known" || true
for mode in $modes; do
	grep . "$work/$mode.broken" | sort -u >"$work/broken" || true
	new=$(grep -vxFf "$work/known" "$work/broken" || true)
	echo "$mode: $(cat "$work/$mode.seconds") s, $(wc -l <"$work/broken") rules broken"
	if [ -n "$new" ]; then
		echo "$new" | sed 's/^/  /'
		tail -n 1 "$work/$mode.log" | sed 's/^/  log: /'
		wrong=$((wrong + 1))
	fi
done
# What is known and no longer so has to leave the list.
cat "$work"/*.broken | sort -u >"$work/broken"
[ "$modes" != "$all" ] || grep -vxFf "$work/broken" "$work/known" | sed 's/^/no longer broken, take it out of the list: /' || true
[ "$wrong" = 0 ]
