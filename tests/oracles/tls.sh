#!/bin/sh
# Accepted (version, cipher suite) pairs of known TLS servers: hopquy against sslscan, which names suites as OpenSSL does.
# usage: tests/oracles/tls.sh [PROGRAM]
set -eu
here=$(cd "$(dirname "$0")/../.." && pwd)
program=${1:-$here/build/release/hopquy}
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
port=28440 ports=
serve() {
	port=$((port + 1)) ports="$ports $port"
	openssl s_server -quiet -accept 127.0.0.1:$port -www "$@" >/dev/null 2>&1 &
	echo $! >>pids
}
serve -cert rsa.crt -key rsa.key -tls1 -cipher 'ALL:@SECLEVEL=0'
serve -cert rsa.crt -key rsa.key -tls1_1 -cipher 'ALL:COMPLEMENTOFALL:@SECLEVEL=0'
serve -cert rsa.crt -key rsa.key -tls1_2 -cipher 'ALL:@SECLEVEL=0'
serve -cert rsa.crt -key rsa.key -tls1_2 -cipher 'ALL:COMPLEMENTOFALL:eNULL:@SECLEVEL=0'
serve -cert ec.crt -key ec.key -cipher 'ECDHE+AESGCM:ECDHE+CHACHA20'
serve -cert ec.crt -key ec.key -tls1_3 -ciphersuites TLS_AES_128_GCM_SHA256:TLS_AES_128_CCM_SHA256:TLS_AES_128_CCM_8_SHA256
serve -cert rsa.crt -key rsa.key -dcert ec.crt -dkey ec.key -cipher 'ALL:@SECLEVEL=0'
serve -cert rsa.crt -key rsa.key
sleep 1
# OpenSSL's name of a suite to IANA's.
openssl ciphers -V -stdname 'ALL:COMPLEMENTOFALL:@SECLEVEL=0' | awk '{print $5, $3}' | sort -u >names
total_agree=0 total_differ=0
for port in $ports; do
	timeout 120 "$program" probe 127.0.0.1 --ports "$port" --only tls |
		grep '"kind":"tls_offer"' | grep '"accepted":true' |
		sed 's/.*"version":"\([^"]*\)".*"cipher":"\([^"]*\)".*/\1 \2/' | sort -u >ours
	timeout 120 sslscan --no-colour --no-heartbleed --no-groups --no-renegotiation --no-compression --no-fallback --show-ciphers "127.0.0.1:$port" 2>/dev/null |
		awk '/^(Preferred|Accepted)/ { print $2, $5 }' |
		while read -r version suite; do
			name=$(awk -v suite="$suite" '$1 == suite || $2 == suite { print $2; exit }' names)
			echo "$version ${name:-$suite}"
		done | sort -u >theirs
	[ -s theirs ] || { echo "sslscan found nothing on port $port" >&2; exit 1; }
	comm -3 ours theirs | sed "s/^\t/only sslscan, port $port: /; t; s/^/only hopquy, port $port: /"
	total_agree=$((total_agree + $(comm -12 ours theirs | wc -l)))
	total_differ=$((total_differ + $(comm -3 ours theirs | wc -l)))
done
echo "$total_agree agree, $total_differ differ"
[ "$total_differ" -eq 0 ]
