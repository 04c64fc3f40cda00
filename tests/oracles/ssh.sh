#!/bin/sh
# What known SSH servers offer: hopquy's lists against ssh-audit's, its host keys against the keys they were started with.
# usage: tests/oracles/ssh.sh [PROGRAM]
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
mkdir -p /run/sshd
for type in rsa ecdsa ed25519; do ssh-keygen -q -t $type -N '' -f "host_$type"; done
ssh-keygen -q -t rsa -b 1024 -N '' -f host_small
dropbearkey -t rsa -s 1024 -f dropbear_rsa >/dev/null 2>&1
dropbearkey -t ecdsa -f dropbear_ecdsa >/dev/null 2>&1
ssh-keygen -q -t dsa -N '' -f host_dss
ssh-keygen -q -t ed25519 -N '' -f authority
cp host_ecdsa certified && cp host_ecdsa.pub certified.pub
ssh-keygen -q -s authority -I unit -h certified.pub
port=26820 ports=
serve() {
	"$@" >/dev/null 2>&1 &
	echo $! >>pids
}
sshd_with() {
	port=$((port + 1)) ports="$ports $port"
	{ printf 'ListenAddress 127.0.0.1:%s\nPidFile none\nUsePAM no\n' $port && cat; } >"sshd_$port"
	sed -n 's/^HostKey //p' "sshd_$port" | while read -r key; do cat "$key.pub"; done >"keys_$port"
	serve /usr/sbin/sshd -D -e -f "$work/sshd_$port"
}
sshd_with <<EOF
HostKey $work/host_rsa
HostKey $work/host_ecdsa
HostKey $work/host_ed25519
EOF
sshd_with <<EOF
HostKey $work/host_small
KexAlgorithms diffie-hellman-group1-sha1,diffie-hellman-group14-sha1
Ciphers 3des-cbc,aes128-cbc
MACs hmac-sha1,hmac-md5
HostKeyAlgorithms ssh-rsa
RequiredRSASize 1024
EOF
sshd_with <<EOF
HostKey $work/host_ed25519
KexAlgorithms sntrup761x25519-sha512@openssh.com,curve25519-sha256
Ciphers chacha20-poly1305@openssh.com,aes256-gcm@openssh.com
MACs hmac-sha2-256-etm@openssh.com
Compression no
EOF
# Primes of 1024 bits where OpenSSH is told to; what it gives is bounded from below by itself.
sshd_with <<EOF
HostKey $work/host_dss
HostKey $work/host_rsa
HostKeyAlgorithms +ssh-dss,ssh-rsa
KexAlgorithms diffie-hellman-group-exchange-sha256,diffie-hellman-group-exchange-sha1
EOF
sshd_with <<EOF
HostKey $work/certified
HostCertificate $work/certified-cert.pub
HostKey $work/host_ed25519
KexAlgorithms ecdh-sha2-nistp521,diffie-hellman-group14-sha256,diffie-hellman-group18-sha512
EOF
for kex in sntrup761x25519-sha512 curve25519-sha256@libssh.org ecdh-sha2-nistp256 ecdh-sha2-nistp384 diffie-hellman-group14-sha1 \
	diffie-hellman-group16-sha512 diffie-hellman-group18-sha512; do
	sshd_with <<-EOF
	HostKey $work/host_ed25519
	KexAlgorithms $kex
	EOF
done
port=$((port + 1)) ports="$ports $port"
for key in dropbear_rsa dropbear_ecdsa; do dropbearkey -y -f $key | grep -E '^(ssh|ecdsa)-'; done >"keys_$port"
serve dropbear -F -E -r dropbear_rsa -r dropbear_ecdsa -p 127.0.0.1:$port
for port in $ports; do
	for _ in $(seq 50); do
		ssh-keyscan -T 2 -p "$port" 127.0.0.1 2>/dev/null | grep -q . && break
		sleep 0.2
	done
done
agree=0 differ=0
for port in $ports; do
	timeout 120 "$program" probe 127.0.0.1 --ports "$port" --only ssh >facts
	{
		ssh_of_hopquy facts
		grep '"kind":"key"' facts | sed 's/.*"algorithm":"\([^"]*\)","bits":\([0-9]*\).*/host \1 \2/'
	} | sort -u >ours
	timeout 60 ssh-audit -jj -p "$port" 127.0.0.1 >audit.json 2>/dev/null || [ $? -lt 4 ]
	ssh_of_audit audit.json >lists
	ssh-keygen -lf "keys_$port" | awk '{ gsub(/[()]/, "", $NF); print "host", $NF, $1 }' | sed 's/ECDSA/EC/; s/ED25519/Ed25519/' >>lists
	sort -u lists >theirs
	[ -s theirs ] || { echo "ssh-audit found nothing on port $port" >&2; exit 1; }
	comm -3 ours theirs | sed "s/^\t/only ssh-audit, port $port: /; t; s/^/only hopquy, port $port: /"
	agree=$((agree + $(comm -12 ours theirs | wc -l)))
	differ=$((differ + $(comm -3 ours theirs | wc -l)))
done
echo "$agree agree, $differ differ"
[ "$differ" -eq 0 ]
