#!/bin/sh
# OpenSSL as the second opinion on signatures: it accepts ours, and refuses them altered.
# usage: BUILD=build/release tests/oracles/cert.sh      which makes fresh files and comes back with
#        tests/oracles/cert.sh FOLDER [--sign]            (files as tests/cert/test_oracle.c writes them)
set -eu
[ $# -gt 0 ] || exec "${BUILD:-build/release}/tests/cert/test_oracle"
folder=$1
cd "$folder"
command -v openssl >/dev/null || { echo "cert.sh: openssl is not installed" >&2; exit 1; }

if [ "${2-}" = --sign ]; then
	openssl cms -sign -binary -nodetach -cades -nosmimecap -md sha256 -outform DER \
	    -signer body.pem -inkey body.key -in content.xml -out cades.p7m
	openssl cms -sign -binary -nodetach -nosmimecap -md sha256 -outform DER \
	    -signer body.pem -inkey body.key -in content.xml -out plain.p7m
	exit 0
fi

# The fixtures are signed at a fixed date: verify as of it.
at=1795305600
verify() {
	openssl cms -verify -cades -binary -inform DER -CAfile root.pem -attime $at "$@" 2>openssl.log
}
refuse() {
	echo "cert.sh: $1" >&2
	cat openssl.log >&2
	exit 1
}

for file in bare registered trust bundle; do
	verify -in $file.p7m -out $file.xml || refuse "openssl refuses $file.p7m"
done
verify -in detached.p7s -content content.xml -out detached.xml || refuse "openssl refuses detached.p7s"
cmp -s bare.xml content.xml || refuse "openssl reads other content than we signed"
cmp -s detached.xml content.xml || refuse "openssl reads other detached content than we signed"

# One changed letter of the content must be refused, so that the above means something.
LC_ALL=C sed 's/C-200/C-300/' bare.p7m >altered.p7m
cmp -s bare.p7m altered.p7m && refuse "nothing was altered"
verify -in altered.p7m -out altered.xml && refuse "openssl accepts an altered certificate"

# Form: version 1, SHA-256, one signer, CAdES attributes, ECDSA.
openssl cms -cmsout -print -inform DER -in registered.p7m >form.txt
for wanted in 'algorithm: sha256' 'algorithm: ecdsa-with-SHA256' id-smime-aa-signingCertificateV2 \
    'object: signingTime' 'object: messageDigest' 2.25.243560627622518058919591970612448222703.2; do
	grep -qF -- "$wanted" form.txt || refuse "no \"$wanted\" in the signed file"
done
openssl x509 -in body.pem -noout -text | grep -q 'Extended Key Usage' && refuse "the body has an extended key usage"
openssl verify -attime $at -CAfile root.pem body.pem >openssl.log 2>&1 || refuse "openssl refuses the body's certificate"
exit 0
