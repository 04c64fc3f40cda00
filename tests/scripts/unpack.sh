#!/usr/bin/env bash
# What `hopquy unpack` says to a person: the tree in 80 columns, what is explained, the picture.
set -eu
cd "$(dirname "$0")/../.."
program=${1:-build/release/hopquy}
fixtures/images/build.sh build/fixtures/images
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failed=0
expect() { # PATTERN FILE
	grep -qE -- "$1" "$2" || { echo "no '$1' in:"; cat "$2"; failed=1; }
}

"$program" unpack build/fixtures/images/flash.img --entropy "$work/flash.svg" >"$work/tree" 2>"$work/err"
expect '^98\.[0-9] % of [0-9]{2},[0-9]{3} bytes explained; 1000 B unknown$' "$work/tree"
expect 'inside what was unpacked, 11 KiB were not read' "$work/tree"
awk 'length($0) > 80 { print "wider than 80 columns: " $0; bad = 1 } END { exit bad }' "$work/tree" || failed=1
"$program" --lang vi unpack build/fixtures/images/flash.img >"$work/vi" 2>/dev/null
expect '^đã nhận diện 98,[0-9] % trong [0-9]{2}\.[0-9]{3} byte; 1000 B không rõ$' "$work/vi"

xmllint --noout "$work/flash.svg" || failed=1
expect '>[0-9]{2},[0-9]{3} bytes</text>' "$work/flash.svg"
expect '<title>0x[0-9a-f]+ gap 1000 bytes .*url\(#gap\)' "$work/flash.svg"
[ "$(grep -c '<g><title>0x' "$work/flash.svg")" -ge 5 ] || { echo "regions are missing from the picture"; failed=1; }

# markup in a name or a detail stays text
cp build/fixtures/images/little/uimage.img "$work/<b>&.img"
"$program" unpack "$work/<b>&.img" --entropy "$work/name.svg" >/dev/null
xmllint --noout "$work/name.svg" || failed=1
expect '&lt;b&gt;&amp;.img' "$work/name.svg"

status=0
"$program" unpack build/fixtures/images/flash.img --entropy "$work/no/such/folder.svg" >/dev/null 2>"$work/err" || status=$?
[ "$status" = 73 ] || { echo "a picture that cannot be written: status $status"; failed=1; }
exit "$failed"
