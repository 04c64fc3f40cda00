#!/bin/bash
# Passwords that the accounts collectors found: as openssl passwd or perl's crypt(3) hash them, as john opens them, as the corpus
# lists them; and every scheme as mkpasswd, htpasswd and openssl make it.
# usage: HOPQUY_CORPUS=… tests/oracles/hashes.sh    (from the root of the tree; HOPQUY names the program, build/release/hopquy else)
set -u
hopquy=${HOPQUY:-build/release/hopquy}
truth=${HOPQUY_CORPUS:?names the folder of the corpus}/truth/PASSWORDS.tsv
agree=0 differ=0 absent=0

for tool in jq openssl perl john mkpasswd htpasswd tar "$hopquy"; do
	command -v "$tool" >/dev/null || { echo "$tool is not installed" >&2; exit 1; }
done
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# say CONDITION WORDS…
say() {
	if [ "$1" = 0 ]; then
		agree=$((agree + 1))
	else
		differ=$((differ + 1)) && shift && echo "DIFFERS $*"
	fi
}

# hash PASSWORD HASH: the same password hashed again with the same salt
rehash() {
	case $2 in
	'$1$'*) openssl passwd -1 -salt "$(cut -d'$' -f3 <<<"$2")" "$1" ;;
	'$5$rounds'* | '$6$rounds'*) perl -e 'print crypt($ARGV[0], $ARGV[1])' "$1" "$2" ;;
	'$5$'*) openssl passwd -5 -salt "$(cut -d'$' -f3 <<<"$2")" "$1" ;;
	'$6$'*) openssl passwd -6 -salt "$(cut -d'$' -f3 <<<"$2")" "$1" ;;
	*) perl -e 'print crypt($ARGV[0], $ARGV[1])' "$1" "$2" ;;
	esac
}

# every row of the list must be found, in images that can be read at all
images=$(tail -n +2 "$truth" | cut -d' ' -f1 | sort -u)
for image in $images; do
	"$hopquy" facts "$HOPQUY_CORPUS/$image" 2>"$work/reason" | jq -c 'select(.kind == "account")' >"$work/$image"
	if ! [ -s "$work/$image" ]; then
		absent=$((absent + 1))
		echo "ABSENT  $image: no accounts read: $(tail -n 1 "$work/reason")"
		continue
	fi
	while IFS=$'\t' read -r set user hash password _; do
		[ "${set%% *}" = "$image" ] || continue
		found=$(jq -r --arg u "$user" --arg h "$hash" 'select(.user == $u and .hash == $h) | .password' "$work/$image" | sort -u)
		[ "$found" = "$password" ]
		say $? "$image: $user is '$found', the list says '$password'"
	done < <(tail -n +2 "$truth")
	# every password found must give its hash again
	while IFS=$'\t' read -r user hash password; do
		[ "$(rehash "$password" "$hash")" = "$hash" ]
		say $? "$image: '$password' does not hash to the hash of $user"
		printf '%s\t%s\n' "$hash" "$password" >>"$work/opened"
		echo "$password" >>"$work/john.words"
	done < <(jq -r 'select(.password != null and .scheme != "plain") | [.user, .hash, .password] | @tsv' "$work/$image")
done

# john, given these words (it keeps what it opened in its user's ~/.john), opens each hash with the same one
i=0
while IFS=$'\t' read -r hash password; do
	i=$((i + 1)) format=crypt
	case $hash in
	'$1$'*) format=md5crypt ;;
	'$2'*) format=bcrypt ;;
	[!$]*) format=descrypt ;;
	esac
	echo "u:$hash" >"$work/john.$i"
	(cd "$work" && john --format=$format --wordlist=john.words "john.$i") >/dev/null 2>&1
	shown=$(john --show --format=$format "$work/john.$i" 2>/dev/null | sed -n 's/^u://p')
	[ "$shown" = "$password" ]
	say $? "john opens $hash with '$shown', we with '$password'"
done < <(sort -u "$work/opened" 2>/dev/null)

# opened FILE ROW SCHEME PASSWORD: a hash that another tool made is named and opened
opened() {
	rm -rf "$work/tree" && mkdir -p "$work/tree/etc"
	echo "$2" >"$work/tree/etc/$1"
	tar -cf "$work/tree.tar" -C "$work/tree" .
	local found
	found=$("$hopquy" facts "$work/tree.tar" --kind account 2>/dev/null | jq -r '[.scheme, .password] | @tsv')
	[ "$found" = "$3"$'\t'"$4" ]
	say $? "$1 $2: '$found', made as $3 of $4"
}
while read -r method scheme options; do
	# shellcheck disable=SC2086
	hash=$(mkpasswd -m "$method" $options xmhdipc) || continue
	opened shadow "root:$hash:1:0:9:7:::" "$scheme" xmhdipc
done <<'END'
descrypt des
bsdicrypt bsdicrypt
md5crypt md5crypt
sunmd5 sunmd5
nt nthash
sha256crypt sha256crypt
sha512crypt sha512crypt
bcrypt bcrypt -R 5
bcrypt-a bcrypt -R 5
yescrypt yescrypt
gost-yescrypt gost-yescrypt
END
opened shadow "xmhdipc:$(mkpasswd -m scrypt xmhdipc):1:0:9:7:::" scrypt xmhdipc
opened shadow "root:$(perl -e 'print crypt("xmhdipc", "\$sha1\$20000\$saltsalt")'):1:0:9:7:::" sha1crypt xmhdipc
for option in -d:des -m:apr1 -s:sha1 -B:bcrypt -p:plain; do
	opened htpasswd "$(htpasswd -nb "${option%:*}" admin admin | head -n 1)" "${option#*:}" admin
done
for salt in a saltsalt 12345678; do
	for password in 1 12345678 1234567890123456 admin; do
		opened htpasswd "$password:$(openssl passwd -apr1 -salt $salt "$password")" apr1 "$password"
	done
done
opened users.htdigest "admin:cam:$(printf 'admin:cam:admin' | openssl md5 -r | cut -d' ' -f1)" digest admin
opened users.htdigest "admin:cam:$(printf 'admin:cam:admin' | openssl sha256 -r | cut -d' ' -f1)" digest admin
for kind in md5 sha1 sha256 sha512; do
	opened htpasswd "admin:$(printf admin | openssl $kind -r | cut -d' ' -f1)" $kind admin
done

[ "$absent" = 0 ] || echo "$absent images without accounts"
echo "$agree agree, $differ differ"
[ "$differ" = 0 ] && [ "$agree" != 0 ]
