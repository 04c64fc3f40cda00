#!/bin/sh
# The files hopquy finds are those unsquashfs, fsck.cramfs, cpio, tar, unzip, 7z, dpkg-deb, rpm2cpio, gcab and
# the packers of single streams find.
# usage: tests/oracles/unpack.sh [PROGRAM]
set -eu
cd "$(dirname "$0")/../.."
program=${1:-build/release/hopquy}
LC_ALL=C
export LC_ALL
for tool in unsquashfs fsck.cramfs cpio tar 7z dumpimage dpkg-deb rpm2cpio gcab gzip bzip2 xz zstd lz4 lzip lzop compress \
	fsck.erofs simg2img sha256sum; do
	command -v "$tool" >/dev/null || { echo "unpack: $tool is missing: run scripts/setup" >&2; exit 1; }
done
fixtures/images/build.sh build/fixtures/images
work=$(mktemp -d)
trap 'chmod -R u+rwx "$work"; rm -rf "$work"' EXIT
failed=0

# "SHA256  PATH" of a folder's regular files
listing() {
	(cd "$1" && find . -type f -print0 | sort -z | xargs -0 -r sha256sum | sed 's|  \./|  |')
}

# compare NAME CONTAINER FOLDER: ours below CONTAINER against a folder some tool extracted to
compare() {
	listing "$3" >"$work/theirs"
	# names with strange bytes are escaped by both, each in its way: compared by digest alone
	"$program" unpack "build/fixtures/images/$1.img" --list | grep -v '^\\' |
		sed -n "s|^\([0-9a-f]*\)  $2/|\1  |p" | grep -v '/[0-9a-f]*\.[a-z0-9_]*/' >"$work/ours" || true
	if cmp -s "$work/theirs" "$work/ours"; then
		echo "agrees  $1 ($(wc -l <"$work/ours") files)"
	else
		echo "DIFFERS $1"
		diff "$work/theirs" "$work/ours" | head -5
		failed=1
	fi
	chmod -R u+rwx "$3"
	rm -rf "$3"
}

for image in build/fixtures/images/squashfs_*.img; do
	name=$(basename "$image" .img)
	unsquashfs -no-progress -quiet -d "$work/out" "$image" >/dev/null 2>&1 || [ -d "$work/out" ]
	rm -f "$work/out/fifo"
	compare "$name" 0.squashfs "$work/out"
done
fsck.cramfs --extract="$work/out" build/fixtures/images/cramfs_little.img >/dev/null
compare cramfs_little 0.cramfs "$work/out"
for format in newc crc; do
	mkdir "$work/out"
	(cd "$work/out" && cpio -idm --quiet --no-absolute-filenames) <"build/fixtures/images/cpio_$format.img"
	compare "cpio_$format" 0.cpio "$work/out"
done
for format in gnu ustar pax; do
	mkdir "$work/out"
	tar -C "$work/out" -xf "build/fixtures/images/tar_$format.img"
	compare "tar_$format" 0.tar "$work/out"
done
# 7z refuses links that lead upwards
7z x -y -snl -x'!bin/link' -x'!dangling' -o"$work/out" build/fixtures/images/zip.img >/dev/null
compare zip 0.zip "$work/out"
7z x -y -snl -tsquashfs -x'!bin/link' -x'!dangling' -x'!fifo' -o"$work/out" \
	build/fixtures/images/squashfs_gzip.img >/dev/null
compare squashfs_gzip 0.squashfs "$work/out"
for name in fit fit_outside fit_positioned; do
	mkdir "$work/out"
	i=0
	for part in kernel-1 fdt-1 ramdisk-1; do
		dumpimage -T flat_dt -p $i -o "$work/out/$part" "build/fixtures/images/$name.img" >/dev/null
		i=$((i + 1))
	done
	compare "$name" 0.fit "$work/out"
done
# 7z calls the files of a volume something else, and gives what is read as settings too: all of ours are there
for name in uefi_stored uefi_crc32 uefi_lzma uefi_efi uefi_vendor uefi_nested uefi_capsule; do
	7z x -y -o"$work/out" "build/fixtures/images/$name.img" >/dev/null
	listing "$work/out" | cut -c1-64 | sort -u >"$work/theirs"
	"$program" unpack "build/fixtures/images/$name.img" --list | grep 'ccddeeff00\(/raw\)\?$' | cut -c1-64 | sort -u >"$work/ours"
	if [ -s "$work/ours" ] && [ -z "$(comm -13 "$work/theirs" "$work/ours")" ]; then
		echo "agrees  $name"
	else
		echo "DIFFERS $name"
		failed=1
	fi
	rm -rf "$work/out"
done
7z x -y -o"$work/out" /usr/share/OVMF/OVMF_CODE.fd >/dev/null
listing "$work/out" | grep '\.efi$' | cut -c1-64 | sort -u >"$work/theirs"
"$program" unpack /usr/share/OVMF/OVMF_CODE.fd --list | cut -c1-64 | sort -u >"$work/ours"
if [ "$(wc -l <"$work/theirs")" -gt 50 ] && [ -z "$(comm -23 "$work/theirs" "$work/ours")" ]; then
	echo "agrees  OVMF ($(wc -l <"$work/theirs") programs)"
else
	echo "DIFFERS OVMF"
	failed=1
fi
rm -rf "$work/out"
# unsquashfs reads no LZMA before version 4
for name in squashfs_1_big squashfs_3_little vendor_squashfs_3_openwrt vendor_squashfs_4_broadcom; do
	7z x -y -snl -tsquashfs -x'!bin/link' -x'!dangling' -x'!fifo' -o"$work/out" \
		"build/fixtures/images/$name.img" >/dev/null
	compare "$name" 0.squashfs "$work/out"
done
for name in zip_bzip2 zip_lzma zip_zip64 zip_descriptors sevenzip sevenzip_lzma sevenzip_ppmd; do
	7z x -y -snl -x'!bin/link' -x'!dangling' -o"$work/out" "build/fixtures/images/$name.img" >/dev/null
	compare "$name" "0.${name%%_*}" "$work/out"
done
mkdir "$work/out"
gcab -x -C "$work/out" build/fixtures/images/cab.img >/dev/null
compare cab 0.cab "$work/out"
for kind in xz:xz gzip:gz zstd:zst; do
	dpkg-deb -x "build/fixtures/images/deb_${kind%:*}.img" "$work/out"
	compare "deb_${kind%:*}" "0.deb/data.tar.${kind#*:}/0.${kind%:*}/data/0.tar" "$work/out"
done
for kind in gzip xz zstd lzma; do
	mkdir "$work/out"
	rpm2cpio "build/fixtures/images/rpm_$kind.img" | (cd "$work/out" && cpio -idm --quiet --no-absolute-filenames)
	compare "rpm_$kind" "0.rpm/[0-9a-f]*.$kind/data/0.cpio" "$work/out"
done
# ar itself takes the slash of "bin/copy" for the end of a name
7z x -y -tar -o"$work/out" build/fixtures/images/ar.img >/dev/null
compare ar 0.ar "$work/out"
# streams: the one file that comes out
for kind in gzip bzip2 xz lzma zstd lz4 lzip lzop compress; do
	case $kind in
	lzma) unpacker="xz --format=lzma" ;;
	*) unpacker=$kind ;;
	esac
	mkdir "$work/out"
	$unpacker -dc <"build/fixtures/images/$kind.img" >"$work/out/data"
	compare "$kind" "0.$kind" "$work/out"
done

# what stands on disk after -C is what --list says
"$program" unpack build/fixtures/images/flash.img -C "$work/disk" >/dev/null
"$program" unpack build/fixtures/images/flash.img --list | sed 's/^\\//' | cut -c1-64 | sort >"$work/ours"
listing "$work/disk" | sed 's/^\\//' | cut -c1-64 | sort >"$work/theirs"
# the pipe became an empty file
"$program" unpack build/fixtures/images/flash.img --list --json | grep -c '"type":"fifo"' >"$work/pipes"
while read -r pipes; do
	i=0
	while [ "$i" -lt "$pipes" ]; do
		echo e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855 >>"$work/ours"
		i=$((i + 1))
	done
done <"$work/pipes"
sort -o "$work/ours" "$work/ours"
if cmp -s "$work/ours" "$work/theirs"; then
	echo "agrees  -C and --list ($(wc -l <"$work/ours") files)"
else
	echo "DIFFERS -C and --list"
	failed=1
fi
exit "$failed"
