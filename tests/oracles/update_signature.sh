#!/bin/bash
# What mkimage, rauc, mender-artifact, mkeficapsule, signify and openssl sign, hopquy verifies: with the right key alone, unchanged alone.
# Where the distribution has a tool that verifies, it says the same of each, changed ones too.
# usage: tests/oracles/update_signature.sh [PROGRAM]
set -eu
cd "$(dirname "$0")/../.."
program=${1:-build/release/hopquy}
for tool in rauc mender-artifact swupdate signify-openbsd openssl; do
	command -v "$tool" >/dev/null || { echo "update_signature: $tool is missing: run scripts/setup" >&2; exit 1; }
done
failed=0
python3 tests/accuracy/update_signature.py --made >build/update_signature.txt
cut -f1-3,5- build/update_signature.txt
if grep -q "^\(miss\|extra\)" build/update_signature.txt; then
	failed=1
fi
samples=build/fixtures/signatures
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# compare IMAGE KEY COMMAND…: the tool takes it exactly when hopquy verifies it with that key
compare() {
	image=$1
	key=$samples/keys/$2
	shift 2
	theirs=no
	ours=no
	if "$@" >"$work/log" 2>&1; then theirs=yes; fi
	if "$program" facts "$image" --kind update_signature --trust "$key" | grep -q '"verified":true'; then ours=yes; fi
	if [ "$theirs" = "$ours" ]; then
		echo "agrees  $(basename "$image") with $(basename "$key"): $ours"
	else
		echo "DIFFERS $(basename "$image") with $(basename "$key"): $1 says $theirs, hopquy $ours"
		failed=1
	fi
}

for whose in right wrong; do
	# of a verity bundle rauc info reads the manifest alone, so changed ones are left out
	for image in "$samples"/rauc-plain.raucb "$samples"/rauc-plain.raucb.flip? "$samples"/rauc-verity.raucb; do
		compare "$image" "$whose-rsa4096.crt" rauc info --keyring="$samples/keys/$whose-rsa4096.crt" "$image"
	done
	for kind in p256 rsa3072; do
		for image in "$samples/mender-$kind.mender" "$samples/mender-$kind.mender.flip0" "$samples/mender-$kind.mender.changed"; do
			cp "$image" "$work/artifact.mender"
			compare "$image" "$whose-$kind.pub.pem" mender-artifact validate -k "$samples/keys/$whose-$kind.pub.pem" "$work/artifact.mender"
		done
	done
	for image in "$samples"/swu-cms-rsa.swu "$samples"/swu-cms-rsa.swu.flip?; do
		# its sockets have fixed names, one of them of the network: another one at work would be spoken to
		compare "$image" "$whose-rsa2048.crt" env TMPDIR="$work" unshare --net swupdate -c -k "$samples/keys/$whose-rsa2048.crt" -H board:1.0 -i "$image"
	done
done
exit $failed
