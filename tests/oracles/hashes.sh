#!/bin/bash
# Passwords that the accounts collector found, as openssl passwd or crypt(3) of perl hash them, and as the list of the corpus has them.
# usage: HOPQUY_CORPUS=… tests/oracles/hashes.sh    (from the root of the tree; HOPQUY names the program, build/release/hopquy else)
set -u
hopquy=${HOPQUY:-build/release/hopquy}
truth=${HOPQUY_CORPUS:?names the folder of the corpus}/truth/PASSWORDS.tsv
agree=0 differ=0 absent=0

for tool in jq openssl perl john "$hopquy"; do
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
		echo "$user:$hash" >>"$work/john.in"
		echo "$password" >>"$work/john.words"
	done < <(jq -r 'select(.password != null and .scheme != "plain") | [.user, .hash, .password] | @tsv' "$work/$image")
done

# john, given these words, opens as many hashes as we did
if [ -s "$work/john.in" ]; then
	sort -u -o "$work/john.in" "$work/john.in"
	for format in $(cut -d: -f2 "$work/john.in" | sed -E 's/^\$1\$.*/md5crypt/; s/^\$5\$.*/sha256crypt/; s/^\$6\$.*/sha512crypt/; s/^[^$].{12}$/descrypt/' | sort -u); do
		(cd "$work" && HOME=$work john --format="$format" --wordlist=john.words --pot=john.pot john.in) >/dev/null 2>&1
	done
	ours=$(cut -d: -f2 "$work/john.in" | sort -u | wc -l)
	theirs=$(cut -d: -f1 "$work/john.pot" 2>/dev/null | sort -u | wc -l)
	[ "$ours" = "$theirs" ]
	say $? "we opened $ours different hashes, john $theirs"
fi
[ "$absent" = 0 ] || echo "$absent images without accounts"
echo "$agree agree, $differ differ"
[ "$differ" = 0 ] && [ "$agree" != 0 ]
