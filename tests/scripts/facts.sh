#!/usr/bin/env bash
# Facts do not depend on how many cores there are: all samples, and the corpus where there is one.
set -eu
cd "$(dirname "$0")/../.."
program=${1:-build/release/hopquy}
fixtures/images/build.sh build/fixtures/images
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failed=0
compared=0
# elapsed_ms is a clock's, and no evidence
facts() { "$@" 2>/dev/null | sed 's/"elapsed_ms":[0-9]*,\?//' || true; }

for image in build/fixtures/images/squashfs_*.img build/fixtures/images/fit*.img build/fixtures/images/ubi*.img \
	${HOPQUY_CORPUS:+"$HOPQUY_CORPUS"/*wr841n* "$HOPQUY_CORPUS"/xiongmai* "$HOPQUY_CORPUS"/built_* "$HOPQUY_CORPUS"/linksys*}; do
	facts taskset -c 0 "$program" facts "$image" >"$work/one"
	facts "$program" facts "$image" >"$work/all"
	compared=$((compared + 1))
	[ -s "$work/one" ] || { echo "$image: no facts"; failed=1; }
	cmp "$work/one" "$work/all" || { echo "$image: one core and all cores differ"; failed=1; }
done
echo "$compared images compared"
[ "$compared" -gt 5 ] || failed=1
exit "$failed"
