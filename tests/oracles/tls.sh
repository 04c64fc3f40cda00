#!/bin/sh
# Known TLS servers of several libraries: accepted (version, cipher suite) pairs, groups and signature schemes as hopquy sees them, against
# sslscan, and the pairs of some of them against testssl too; the pairs of a DTLS server against openssl, suite by suite.
# usage: tests/oracles/tls.sh [PROGRAM]
set -eu
here=$(cd "$(dirname "$0")/../.." && pwd)
program=${1:-$here/build/release/hopquy}
# shellcheck source=tests/oracles/lists
. "$here/tests/oracles/lists"
work=$(mktemp -d)
end() {
	while read -r pid; do kill "$pid" 2>/dev/null || true; done <"$work/pids"
	rm -rf "$work"
}
: >"$work/pids"
trap end EXIT
cd "$work"
openssl req -x509 -newkey rsa:2048 -nodes -keyout rsa.key -out rsa.crt -days 2 -subj /CN=rsa 2>/dev/null
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout ec.key -out ec.crt -days 2 -subj /CN=ec 2>/dev/null
openssl dhparam -out dh.pem -dsaparam 1024 2>/dev/null
port=28440 ports='' thorough=''
serve() {
	port=$((port + 1)) ports="$ports $port"
	openssl s_server -quiet -accept 127.0.0.1:$port -www "$@" >/dev/null 2>&1 &
	echo $! >>pids
}
serve_gnutls() {
	port=$((port + 1)) ports="$ports $port"
	gnutls-serv -q --http -p "$port" --x509keyfile rsa.key --x509certfile rsa.crt --x509keyfile ec.key --x509certfile ec.crt --priority "$1" >/dev/null 2>&1 &
	echo $! >>pids
}
serve -cert rsa.crt -key rsa.key -tls1 -cipher 'ALL:@SECLEVEL=0'
serve -cert rsa.crt -key rsa.key -tls1_1 -cipher 'ALL:COMPLEMENTOFALL:@SECLEVEL=0'
serve -cert rsa.crt -key rsa.key -tls1_2 -cipher 'ALL:@SECLEVEL=0'
serve -cert rsa.crt -key rsa.key -tls1_2 -cipher 'ALL:COMPLEMENTOFALL:eNULL:@SECLEVEL=0'
serve -cert ec.crt -key ec.key -cipher 'ECDHE+AESGCM:ECDHE+CHACHA20'
thorough="$thorough $port"
serve -cert ec.crt -key ec.key -tls1_3 -ciphersuites TLS_AES_128_GCM_SHA256:TLS_AES_128_CCM_SHA256:TLS_AES_128_CCM_8_SHA256
serve -cert rsa.crt -key rsa.key -dcert ec.crt -dkey ec.key -cipher 'ALL:@SECLEVEL=0'
thorough="$thorough $port"
serve -cert rsa.crt -key rsa.key
serve -cert rsa.crt -key rsa.key -dhparam dh.pem -serverpref -groups P-384:X448 -sigalgs RSA+SHA512:RSA-PSS+SHA256
serve_gnutls 'NORMAL'
serve_gnutls 'NORMAL:+VERS-TLS1.0:+VERS-TLS1.1:+ANON-ECDH:+ANON-DH:+3DES-CBC:+ARCFOUR-128:+NULL:+MD5:+DHE-RSA:+RSA'
thorough="$thorough $port"
sleep 1
tls_names >names
total_agree=0 total_differ=0

# What only one of the files `ours` and `theirs` has.
compare() {
	comm -3 ours theirs | sed "s/^\t/only $1, port $port: /; t; s/^/only hopquy, port $port: /"
	total_agree=$((total_agree + $(comm -12 ours theirs | wc -l)))
	total_differ=$((total_differ + $(comm -3 ours theirs | wc -l)))
}

parameters() {
	grep '"kind":"tls_parameter"' facts | grep '"accepted":true' | grep "\"class\":\"$1\"" |
		sed 's/.*"version":"\([^"]*\)".*"name":"\([^"]*\)".*/\1 \2/' | sort -u
}

# Does a handshake of this version end in this group?
agreed() {
	case $1 in TLSv1.3) option=-tls1_3 ;; TLSv1.2) option=-tls1_2 ;; TLSv1.1) option=-tls1_1 ;; *) option=-tls1 ;; esac
	case $2 in
		ffdhe*) [ "$1" != TLSv1.3 ] && return 0 ;; # told by the prime itself
		secp256r1) name=P-256 temp='ECDH, prime256v1' ;;
		secp384r1) name=P-384 temp='ECDH, secp384r1' ;;
		secp521r1) name=P-521 temp='ECDH, secp521r1' ;;
		*) name=$(echo "$2" | tr x X) temp=$name ;;
	esac
	timeout 20 openssl s_client -connect "127.0.0.1:$port" "$option" -groups "$name:P-256" -cipher 'ECDHE:@SECLEVEL=0' </dev/null 2>/dev/null | grep -q "Server Temp Key: ${temp:-$2}"
}

for port in $ports; do
	timeout 120 "$program" probe 127.0.0.1 --ports "$port" --only tls >facts
	timeout 120 sslscan --no-colour --no-heartbleed --no-renegotiation --no-compression --no-fallback --show-ciphers --show-sigs "127.0.0.1:$port" >scan 2>/dev/null
	tls_of_hopquy facts >suites
	cp suites ours
	tls_of_sslscan scan names >theirs
	[ -s theirs ] || { echo "sslscan found nothing on port $port" >&2; exit 1; }
	compare sslscan
	awk '/Server Key Exchange Group/ { on = 1; next } /^$/ { on = 0 } on { print $1, $4 }' scan | sort -u >theirs
	# Before TLS 1.3 it asks for no group of RFC 7919, and for one group at a time, which is no offer to a certificate on another curve:
	# what it leaves out has to be what a client agrees on.
	parameters group | while read -r version group; do
		if ! grep -qx "$version $group" theirs && ! agreed "$version" "$group"; then continue; fi
		echo "$version $group"
	done >ours
	parameters group | comm -23 - ours | sed "s/^/not agreed by openssl, port $port: /"
	parameters group | comm -12 - ours | comm -23 - theirs | sort -u - theirs >extended
	mv extended theirs
	compare "sslscan (groups)"
	# It leaves out RSA-PSS with SHA-384 and SHA-512 before TLS 1.3 and SHA-224 anywhere: what it names must be there.
	parameters signature_algorithm >all
	awk '/Server Signature Algorithm/ { on = 1; next } /^$/ { on = 0 } on && !/accepts all/ { print $1, $2 }' scan | sort -u >theirs
	sed -i 's/ecdsa_secp\(256r1\|384r1\|521r1\)_/ecdsa_/' all theirs
	sort -u -o all all
	sort -u -o theirs theirs
	comm -12 all theirs >ours
	compare "sslscan (signatures)"
	case " $thorough " in *" $port "*) ;; *) continue ;; esac
	cp suites ours
	timeout 300 testssl --warnings off --quiet --color 0 -p -E "127.0.0.1:$port" >scan 2>/dev/null </dev/null || true
	tls_of_testssl scan >theirs
	[ -s theirs ] || { echo "testssl found nothing on port $port" >&2; exit 1; }
	compare testssl
done
cat >agree <<'END'
#!/bin/sh
timeout 20 openssl s_client -connect 127.0.0.84:5684 "$1" -cipher "$2:@SECLEVEL=0" -psk 31323334 </dev/null 2>/dev/null | grep -q "Cipher is $2\$" || exit 0
echo "$1 $(awk -v suite="$2" '$1 == suite { print $2; exit }' names)" | sed 's/-dtls1_2/DTLSv1.2/; s/-dtls1 /DTLSv1.0 /'
END
chmod +x agree
# DTLS listens where the probe of UDP asks: on an address of its own.
datagrams() {
	coap-server-openssl -A 127.0.0.84 -p 5683 "$@" >/dev/null 2>&1 &
	server=$!
	echo $server >>pids
	sleep 0.5
	timeout 120 "$program" probe 127.0.0.84 --ports 1 --only udp,tls >facts 2>/dev/null || true # no TCP port is open
	tls_of_hopquy facts >ours
	# The server takes its time to let go of one, not to answer the next.
	openssl ciphers 'aPSK:kPSK:kECDHEPSK:aECDSA:@SECLEVEL=0' | tr : '\n' | grep -v ^TLS_ | sed 'h; s/^/-dtls1_2 /; p; g; s/^/-dtls1 /' |
		xargs -P 8 -n 2 ./agree | sort -u >theirs
	kill $server
	[ -s theirs ] || { echo "openssl found nothing on port 5684" >&2; exit 1; }
	port=5684
	compare openssl
}
datagrams -k 1234
datagrams -c ec.crt -j ec.key -n
echo "$total_agree agree, $total_differ differ"
[ "$total_differ" -eq 0 ]
