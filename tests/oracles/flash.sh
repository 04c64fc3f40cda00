#!/bin/sh
# The files hopquy finds in YAFFS images are those unyaffs finds.
# usage: tests/oracles/flash.sh [PROGRAM]
set -eu
cd "$(dirname "$0")/../.."
program=${1:-build/release/hopquy}
LC_ALL=C
export LC_ALL
for tool in unyaffs sha256sum; do
	command -v "$tool" >/dev/null || { echo "flash: $tool is missing: run scripts/setup" >&2; exit 1; }
done
fixtures/images/build.sh build/fixtures/images
work=$(mktemp -d)
trap 'chmod -R u+rwx "$work"; rm -rf "$work"' EXIT
failed=0
# unyaffs knows pages of 1 KiB and more, little-endian, with tags at the beginning or behind the mark
for name in yaffs2_little yaffs2_large; do
	mkdir "$work/out"
	unyaffs "build/fixtures/images/$name.img" "$work/out" >"$work/log" 2>&1 || true
	(cd "$work/out" && find . -type f -print0 | sort -z | xargs -0 -r sha256sum | sed 's|  \./|  |') | grep -v '^\\' >"$work/theirs"
	"$program" unpack "build/fixtures/images/$name.img" --list | grep -v '^\\' |
		sed -n "s|^\([0-9a-f]*\)  0.yaffs/|\1  |p" >"$work/ours" || true
	if cmp -s "$work/theirs" "$work/ours"; then
		echo "agrees  $name with unyaffs ($(wc -l <"$work/ours") files)"
	else
		echo "DIFFERS $name from unyaffs"
		diff "$work/theirs" "$work/ours" | head -5
		failed=1
	fi
	rm -rf "$work/out"
done
exit "$failed"
