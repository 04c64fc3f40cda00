#!/bin/sh
# The files hopquy finds in file systems of disks are those debugfs, mtools, 7z, The Sleuth Kit and GRUB find.
# usage: tests/oracles/file_systems.sh [PROGRAM]
set -eu
cd "$(dirname "$0")/../.."
program=${1:-build/release/hopquy}
LC_ALL=C
export LC_ALL
for tool in debugfs mcopy 7z tsk_recover grub-fstest fsck.minix sha256sum; do
	command -v "$tool" >/dev/null || { echo "file_systems: $tool is missing: run scripts/setup" >&2; exit 1; }
done
fixtures/images/build.sh build/fixtures/images
images=build/fixtures/images
work=$(mktemp -d)
trap 'chmod -R u+rwx "$work"; rm -rf "$work"' EXIT
failed=0

ours() { # IMAGE CONTAINER
	# names with strange bytes are escaped by sha256sum
	"$program" unpack "$images/$1.img" --list | grep -v '^\\' | sed -n "s|^\([0-9a-f]*\)  $2/|\1  |p" >"$work/ours" || true
}

agree() { # NAME OF-WHOM: theirs against ours
	if cmp -s "$work/theirs" "$work/ours"; then
		echo "agrees  $1 with $2 ($(wc -l <"$work/ours") files)"
	else
		echo "DIFFERS $1 from $2"
		diff "$work/theirs" "$work/ours" | head -5
		failed=1
	fi
}

# compare IMAGE CONTAINER TOOL: ours against the folder $work/out that the tool extracted to
compare() {
	(cd "$work/out" && find . -type f -print0 | sort -z | xargs -0 -r sha256sum | sed 's|  \./|  |') >"$work/theirs"
	ours "$1" "$2"
	agree "$1" "$3"
	chmod -R u+rwx "$work/out"
	rm -rf "$work/out"
}

# debugfs 1.47.0 writes files that lie in their inode too long
for name in ext2 ext2_types ext3 ext4 ext4_no_extents; do
	mkdir "$work/out"
	debugfs -R "rdump / $work/out" "$images/$name.img" 2>"$work/log"
	rm -f "$work/out/fifo"
	compare "$name" 0.ext debugfs
done
7z x -y -snl -x'!bin/link' -x'!dangling' -x'!fifo' -o"$work/out" "$images/ext4_no_extents.img" >/dev/null
compare ext4_no_extents 0.ext 7z
for name in fat12 fat16 fat32; do
	mkdir "$work/out"
	LC_ALL=C.UTF-8 mcopy -s -n -i "$images/$name.img" :: "$work/out"
	compare "$name" 0.fat mtools
done
7z x -y -o"$work/out" "$images/fat16.img" >/dev/null
compare fat16 0.fat 7z
for name in fat32 exfat; do
	tsk_recover -e "$images/$name.img" "$work/out" >/dev/null
	rm -f "$work/out/\$ALLOC_BITMAP" "$work/out/\$UPCASE_TABLE"
	: >"$work/out/etc/empty" # it writes none of no bytes
	compare "$name" "0.${name%32}" "The Sleuth Kit"
done
for name in iso_rock_ridge iso_genisoimage iso_joliet; do
	7z x -y -snl -x'!bin/link' -x'!dangling' -x'!fifo' -o"$work/out" "$images/$name.img" >/dev/null
	compare "$name" 0.iso9660 7z
done

# GRUB reads one file at a time, so that of the little tree
by_grub() { # NAME CONTAINER
	sed 's/^[0-9a-f]*  //' "$images/little.files" | while read -r path; do
		printf '%s  %s\n' "$(grub-fstest "$images/little/$1.img" cat "(loop0)/$path" | sha256sum | cut -c1-64)" "$path"
	done >"$work/theirs"
	ours "little/$1" "$2"
	agree "$1" GRUB
}
by_grub romfs 0.romfs
for order in little big; do
	for version in 114 130 214 230; do
		by_grub "minix${version}_$order" 0.minix
	done
done
by_grub minix3 0.minix
by_grub minix3_big 0.minix
fsck.minix -f "$images/minix3.img" >"$work/log" || { echo "DIFFERS minix3: fsck.minix finds faults"; failed=1; }
exit "$failed"
