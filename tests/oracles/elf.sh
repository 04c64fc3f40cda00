#!/bin/bash
# What the elf_hardening collector says of programs and libraries, as checksec says it.
# usage: HOPQUY_CORPUS=… tests/oracles/elf.sh [IMAGE…]    (from the root of the tree; HOPQUY names the program, build/release/hopquy else)
#
# Where checksec cannot know, neither do we: a value of ours that is unknown is counted apart.
set -u
hopquy=${HOPQUY:-build/release/hopquy}
agree=0 differ=0 unknown=0

for tool in jq checksec readelf "$hopquy"; do
	command -v "$tool" >/dev/null || { echo "$tool is not installed" >&2; exit 1; }
done
[ $# != 0 ] || set -- "${HOPQUY_CORPUS:?names the folder of the corpus}"/{built_debian-armhf_rauc-verity.raucb,openwrt_r35817_tl-wr841n-v8-factory.bin,xiongmai_gm8135s_romfs-x.cramfs.img}
work=$(mktemp -d)
trap 'chmod -R u+w "$work"; rm -rf "$work"' EXIT

# compare WHAT OURS THEIRS
compare() {
	if [ "$2" = null ]; then
		unknown=$((unknown + 1))
	elif [ "$2" = "$3" ]; then
		agree=$((agree + 1))
	else
		differ=$((differ + 1))
		echo "DIFFERS $1: ours $2, checksec $3"
	fi
}

# place FOLDER PATH: a file within a file is unpacked beside it, in NAME.unpacked
place() {
	local at=$1 part
	while IFS= read -r -d / part; do
		[ -f "$at/$part" ] && part=$part.unpacked
		at=$at/$part
	done <<<"${2%/*}/"
	echo "$at/${2##*/}"
}

boolean() { [ "$1" = "$2" ] && echo true || echo false; }

for image in "$@"; do
	folder=$work/${image##*/}
	mkdir "$folder"
	"$hopquy" facts "$image" 2>/dev/null | jq -c 'select(.kind == "elf" and (.type == "program" or .type == "library"))' >"$folder.json"
	"$hopquy" unpack "$image" -C "$folder" >/dev/null 2>&1
	[ -s "$folder.json" ] || { differ=$((differ + 1)); echo "DIFFERS $image: no program read"; }
	while read -r fact; do
		path=$(jq -r .path <<<"$fact")
		file=$(place "$folder" "$path")
		said=$(checksec --format=json --file="$file" 2>/dev/null | jq -c '.[]')
		if [ -z "$said" ]; then
			compare "$path" read "not read"
			continue
		fi
		compare "$path relro" "$(jq -r .relro <<<"$fact")" "$(jq -r .relro <<<"$said" | sed s/no/none/)"
		compare "$path nx" "$(jq -r .nx <<<"$fact")" "$(boolean "$(jq -r .nx <<<"$said")" yes)"
		compare "$path canary" "$(jq -r .canary <<<"$fact")" "$(boolean "$(jq -r .canary <<<"$said")" yes)"
		pie=$(jq -r .pie <<<"$said") # no, yes, dso
		compare "$path pie" "$(jq -r .pie <<<"$fact")" "$([ "$pie" = no ] && echo false || echo true)"
		compare "$path stripped" "$(jq -r .stripped <<<"$fact")" "$(boolean "$(jq -r .symbols <<<"$said")" no)"
		compare "$path build_id" "$(jq -r '.build_id // ""' <<<"$fact")" \
			"$(readelf -n "$file" 2>/dev/null | sed -n 's/.*Build ID: //p' | head -n 1)"
	done <"$folder.json"
done
echo "$unknown unknown to us"
echo "$agree agree, $differ differ"
[ "$differ" = 0 ] && [ "$agree" != 0 ]
