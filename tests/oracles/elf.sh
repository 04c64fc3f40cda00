#!/bin/bash
# What the elf_hardening collector says of programs and libraries, as checksec says it; names, branch protection and what
# elf_imports finds, as readelf says it.
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

# protection FILE: as the property of the program says, of the two machines that have one
protection() {
	local said
	said=$(readelf -n "$1" 2>/dev/null | sed -nE 's/.*(x86|AArch64) feature: //p' | head -n 1 | tr -d ' ' | tr 'A-Z,' 'a-z+')
	if [ -n "$said" ]; then
		echo "$said"
	elif readelf -h "$1" 2>/dev/null | grep -qE 'Machine: +(AArch64|Intel 80386|Advanced Micro Devices X86-64)'; then
		echo none
	fi
}

# functions FILE: of those in the table, what the program asks for; some have no section headers, and are read as a loader does
functions() {
	{ readelf --dyn-syms -W "$1" 2>/dev/null | grep . || readelf -sDW "$1" 2>/dev/null; } |
		awk '$7 == "UND" && NF >= 8 { sub(/@.*/, "", $8); print $8 }' | sort -u | grep -xF -f "$work/table"
}

sed -n 's/^IMPORT(\([A-Za-z0-9_]*\),.*/\1/p' firmware/collectors/elf_imports.def >"$work/table"
for image in "$@"; do
	folder=$work/${image##*/}
	mkdir "$folder"
	"$hopquy" facts "$image" 2>/dev/null | jq -c 'select(.kind == "elf" and (.type == "program" or .type == "library"))' >"$folder.json"
	"$hopquy" facts "$image" --kind import 2>/dev/null >"$folder.imports"
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
		compare "$path soname" "$(jq -r '.soname // ""' <<<"$fact")" \
			"$(readelf -dW "$file" 2>/dev/null | sed -n 's/.*(SONAME).*\[\(.*\)\].*/\1/p')"
		compare "$path branch protection" "$(jq -r '.branch_protection // ""' <<<"$fact")" "$(protection "$file")"
		compare "$path libraries" \
			"$(jq -r --arg path "$path" 'select(.path == $path and .symbol == null) | .library' "$folder.imports" | sort -u | xargs)" \
			"$(readelf -dW "$file" 2>/dev/null | sed -n 's/.*(NEEDED).*\[\(.*\)\].*/\1/p' | sort -u | xargs)"
		compare "$path functions" \
			"$(jq -r --arg path "$path" 'select(.path == $path) | .symbol // empty' "$folder.imports" | LC_ALL=C sort -u | xargs)" \
			"$(functions "$file" | LC_ALL=C sort -u | xargs)"
	done <"$folder.json"
done
echo "$unknown unknown to us"
echo "$agree agree, $differ differ"
[ "$differ" = 0 ] && [ "$agree" != 0 ]
