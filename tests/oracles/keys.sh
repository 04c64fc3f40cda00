#!/bin/bash
# Keys and certificates that the keys collector found, as openssl x509 and openssl pkey read them from the same bytes.
# usage: HOPQUY_CORPUS=… tests/oracles/keys.sh [IMAGE…]    (from the root of the tree; HOPQUY names the program, build/release/hopquy else)
set -u
hopquy=${HOPQUY:-build/release/hopquy}
agree=0 differ=0

for tool in jq openssl "$hopquy"; do
	command -v "$tool" >/dev/null || { echo "$tool is not installed" >&2; exit 1; }
done
[ $# != 0 ] || set -- "${HOPQUY_CORPUS:?names the folder of the corpus}"/{xiongmai,built,linksys,openwrt}*
work=$(mktemp -d)
trap 'chmod -R u+w "$work"; rm -rf "$work"' EXIT

# compare WHAT OURS THEIRS
compare() {
	if [ "$2" = "$3" ]; then
		agree=$((agree + 1))
	else
		differ=$((differ + 1))
		echo "DIFFERS $1: ours '$2', openssl '$3'"
	fi
}

digest() { sha256sum | cut -d' ' -f1; }
seconds() { date -u -d "$1" +%s; }
# the number of bits in "Public-Key: (2048 bit)"
bits() { sed -n 's/.*Key: (\([0-9]*\) bit.*/\1/p' | head -n 1; }

# block FILE OFFSET: the PEM block there, or the DER value: its own length says where it ends
block() {
	local head length=0
	tail -c +$(($2 + 1)) "$1" >"$work/rest"
	head=$(head -c 4 "$work/rest" | od -An -tx1 | tr -d ' \n')
	if head -c 11 "$work/rest" | grep -q '^-----BEGIN '; then
		tr '\0' '\n' <"$work/rest" | sed '/^-----END /q' >"$work/block"
		return
	fi
	case $head in
	3082*) length=$((4 + 16#${head:4:4})) ;;
	3081*) length=$((3 + 16#${head:4:2})) ;;
	30*) length=$((2 + 16#${head:2:2})) ;;
	esac
	if [ "$length" != 0 ]; then
		head -c "$length" "$work/rest" >"$work/block"
	else
		cp "$work/rest" "$work/block"
	fi
}

# public_of FILE FORMAT: the public half of a key that is not openssl's, as openssl reads it
public_of() {
	case $2 in
	dropbear)
		command -v dropbearkey >/dev/null || return
		dropbearkey -y -f "$1" 2>/dev/null | grep -E '^(ssh|ecdsa)-' >"$work/line"
		;;
	OpenSSH)
		if head -c 4 "$1" | grep -q -e '----'; then
			chmod 600 "$1"
			ssh-keygen -y -P '' -f "$1" >"$work/line" 2>/dev/null
		else
			head -n 1 "$1" | grep -oE '^[a-z0-9-]+ [A-Za-z0-9+/]+=*' >"$work/line"
		fi
		;;
	esac
	ssh-keygen -e -m PKCS8 -f "$work/line" 2>/dev/null
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

check_certificate() {
	local fact=$1 file=$2 name
	name=$(jq -r '.path + "+" + (.offset | tostring)' <<<"$fact")
	openssl x509 -in "$work/block" -outform DER -out "$work/der" 2>/dev/null || { compare "$name" certificate none; return; }
	compare "$name fingerprint" "$(jq -r .fingerprint <<<"$fact")" "$(digest <"$work/der")"
	compare "$name key_fingerprint" "$(jq -r .key_fingerprint <<<"$fact")" \
		"$(openssl x509 -in "$work/der" -inform DER -noout -pubkey | openssl pkey -pubin -outform DER | digest)"
	compare "$name serial" "$(jq -r '.serial_number | sub("^0+"; "")' <<<"$fact")" \
		"$(openssl x509 -in "$work/der" -inform DER -noout -serial | cut -d= -f2 | tr A-F a-f | sed 's/^-\{0,1\}0*//')"
	compare "$name not_before" "$(jq -r .not_before <<<"$fact")" \
		"$(seconds "$(openssl x509 -in "$work/der" -inform DER -noout -startdate | cut -d= -f2)")"
	compare "$name not_after" "$(jq -r .not_after <<<"$fact")" \
		"$(seconds "$(openssl x509 -in "$work/der" -inform DER -noout -enddate | cut -d= -f2)")"
	compare "$name subject" "$(jq -r .subject_name <<<"$fact")" \
		"$(openssl x509 -in "$work/der" -inform DER -noout -subject -nameopt RFC2253,-esc_msb | sed 's/^subject=//')"
	compare "$name bits" "$(jq -r .key_bits <<<"$fact")" "$(openssl x509 -in "$work/der" -inform DER -noout -text | bits)"
}

check_key() {
	local fact=$1 name public=
	name=$(jq -r '.path + "+" + (.offset | tostring)' <<<"$fact")
	if [ "$(jq -r .encrypted <<<"$fact")" = true ]; then
		openssl pkey -in "$work/block" -passin pass:wrong -noout >/dev/null 2>&1
		compare "$name encrypted" 1 $?
		if head -c 4 "$work/block" | grep -q -e '----'; then
			grep -q ENCRYPTED "$work/block"
			compare "$name says so" 0 $?
		fi
		return
	fi
	case $(jq -r .format <<<"$fact") in
	dropbear | OpenSSH)
		if [ "$(jq -r .format <<<"$fact")" = dropbear ] && ! command -v dropbearkey >/dev/null; then
			return
		fi
		compare "$name fingerprint" "$(jq -r .fingerprint <<<"$fact")" \
			"$(public_of "$work/block" "$(jq -r .format <<<"$fact")" | openssl pkey -pubin -pubout -outform DER 2>/dev/null | digest)"
		return
		;;
	PuTTY | signify | minisign | OpenPGP) return ;; # nothing of the distribution reads them
	esac
	[ "$(jq -r .private <<<"$fact")" = true ] || public=-pubin
	compare "$name fingerprint" "$(jq -r .fingerprint <<<"$fact")" \
		"$(openssl pkey $public -in "$work/block" -pubout -outform DER 2>/dev/null | digest)"
	compare "$name bits" "$(jq -r .bits <<<"$fact")" "$(openssl pkey $public -in "$work/block" -noout -text 2>/dev/null | bits)"
}

for image in "$@"; do
	folder=$work/${image##*/}
	mkdir "$folder"
	"$hopquy" facts "$image" 2>/dev/null | jq -c 'select(.kind == "key" or .kind == "certificate")' >"$folder.json"
	[ -s "$folder.json" ] || continue
	"$hopquy" unpack "$image" -C "$folder" >/dev/null 2>&1
	while read -r fact; do
		file=$(place "$folder" "$(jq -r .path <<<"$fact")")
		if ! [ -f "$file" ]; then
			compare "$file" unpacked absent
			continue
		fi
		block "$file" "$(jq -r .offset <<<"$fact")"
		case $(jq -r .kind <<<"$fact") in
		key) check_key "$fact" ;;
		*) check_certificate "$fact" "$file" ;;
		esac
	done <"$folder.json"
	# what openssl can read and we did not tell
	while read -r file; do
		[ "$(grep -ac -e '-----BEGIN CERTIFICATE-----' "$file")" = 1 ] || continue
		openssl x509 -in "$file" -noout 2>/dev/null || continue
		path=${file#"$folder"/} path=${path//.unpacked\//\/}
		compare "$file" told "$(grep -qF "\"path\":\"$path\"" "$folder.json" && echo told)"
	done < <(find "$folder" -type f -size -64k -name '*.crt' -o -type f -size -64k -name '*.pem')
done
echo "$agree agree, $differ differ"
[ "$differ" = 0 ] && [ "$agree" != 0 ]
