#!/bin/bash
# hopquy update-check in the sandbox, on what other tools signed: its exit status is its answer.
# usage: tests/end_to_end/update_check.sh [PROGRAM]
set -eu
cd "$(dirname "$0")/../.."
program=${1:-build/release/hopquy}
samples=build/fixtures/signatures
fixtures/signatures/build.sh "$samples"
passed=0
failed=0

expect() { # STATUS WHAT ARGUMENTS…
	wanted=$1
	what=$2
	shift 2
	status=0
	"$program" update-check "$@" >/dev/null 2>&1 || status=$?
	if [ "$status" = "$wanted" ]; then
		passed=$((passed + 1))
	else
		failed=$((failed + 1))
		echo "update_check: $what: exit $status where $wanted was expected"
	fi
}

expect 0 "a given certificate" "$samples/fit-rsa2048.itb" --trust "$samples/keys/right-rsa2048.crt"
expect 0 "one of several keys" "$samples/mcuboot-p256.bin" --trust "$samples/keys/wrong-p256.pub.pem" --trust "$samples/keys/right-p256.pub.pem"
expect 0 "the authority of the signer" "$samples/rauc-verity.raucb" --trust "$samples/keys/right-rsa4096.crt"
expect 0 "usign" "$samples/usign.img" --trust "$samples/keys/right-usign.pub"
expect 1 "another key" "$samples/fit-rsa2048.itb" --trust "$samples/keys/wrong-rsa2048.crt"
expect 1 "a changed byte" "$samples/mcuboot-p256.bin.flip1" --trust "$samples/keys/right-p256.pub.pem"
expect 1 "a signature torn off" "$samples/mcuboot-p256.bin.stripped" --trust "$samples/keys/right-p256.pub.pem"
expect 2 "no key at all" "$samples/fit-rsa2048.itb"
expect 2 "the key in the message alone" "$samples/swu-cms-rsa.swu"
expect 2 "a part alone" "$samples/fit-kernel-only.itb" --trust "$samples/keys/right-rsa2048.crt"
expect 65 "a key file without a key" "$samples/fit-rsa2048.itb" --trust "$samples/keys/right-rsa2048.key"
expect 66 "a key file that is not there" "$samples/fit-rsa2048.itb" --trust "$samples/none"
expect 64 "no image"
expect 0 "as JSON" "$samples/uefi-rsa2048.cap" --trust "$samples/keys/right-rsa2048.crt" --json
# what it says, within eighty columns
says() { # FILE LANGUAGE "sentence"
	"$program" update-check "$1" --lang "$2" >"$samples/said" 2>/dev/null || true
	if tr -s ' \n' ' ' <"$samples/said" | grep -qF -- "$3" && python3 -c '
import sys, unicodedata
sys.exit(any(sum(1 for c in line if not unicodedata.combining(c)) > 80 for line in open(sys.argv[1], encoding="utf-8").read().split("\n")))' "$samples/said"; then
		passed=$((passed + 1))
	else
		failed=$((failed + 1))
		echo "update_check: $1 does not say \"$3\" in 80 columns"
	fi
	rm -f "$samples/said"
}
says "$samples/fit-rsa2048.itb" en "It is signed; give the signer's key with --trust to verify it."
says "$samples/fit-rsa2048.itb" vi "hãy cho khóa của bên ký"
says "$samples/swu-cms-rsa.swu" en "its key comes with it, which does not show who made it"
says "$samples/swu-cms-rsa.swu" en "Verified: only with a key that comes with the image"
says "$samples/mcuboot-p256.bin.stripped" vi "KHÔNG KÝ"
echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
