#!/bin/sh
# Who gets files of known FTP and TFTP servers: hopquy's answer against curl's, and whether a log-in in the clear is taken.
# usage: tests/oracles/files.sh [PROGRAM]      needs root: port 69, and vsftpd's own root
set -eu
here=$(cd "$(dirname "$0")/../.." && pwd)
program=${1:-$here/build/release/hopquy}
work=$(mktemp -d)
end() {
	while read -r pid; do kill "$pid" 2>/dev/null || true; done <"$work/pids"
	chmod -R u+w "$work"
	rm -rf "$work"
}
: >"$work/pids"
trap end EXIT
cd "$work"
chmod 755 "$work"
mkdir -p ftp/pub tftp empty
echo manual >ftp/pub/manual.txt
head -c 3000 /dev/zero >tftp/firmware.bin
chmod 644 tftp/firmware.bin
chmod a-w ftp ftp/pub empty
openssl req -x509 -newkey rsa:2048 -nodes -keyout key -out certificate -days 2 -subj /CN=files 2>/dev/null
port=28320 agree=0 differ=0
serve() {
	"$@" >/dev/null 2>&1 &
	echo $! >>pids
}
ftp_with() {
	port=$((port + 1))
	{
		printf 'listen=YES\nlisten_address=127.0.0.1\nlisten_port=%s\nbackground=NO\nxferlog_enable=NO\nseccomp_sandbox=NO\n' $port
		printf 'anon_root=%s/ftp\nsecure_chroot_dir=%s/empty\nrsa_cert_file=%s/certificate\nrsa_private_key_file=%s/key\n' \
			"$work" "$work" "$work" "$work"
		cat
	} >"ftp_$port"
	serve vsftpd "$work/ftp_$port"
}
same() {
	if [ "$2" = "$3" ]; then
		agree=$((agree + 1))
	else
		differ=$((differ + 1))
		echo "$1: hopquy says \"$2\", curl \"$3\""
	fi
}
field() { sed -n "s/.*\"kind\":\"$1\".*\"$2\":\\([a-z]*\\).*/\\1/p" facts | head -1; }
ftp_with <<EOF
anonymous_enable=YES
local_enable=NO
EOF
ftp_with <<EOF
anonymous_enable=YES
local_enable=YES
EOF
ftp_with <<EOF
anonymous_enable=NO
local_enable=YES
EOF
ftp_with <<EOF
anonymous_enable=NO
local_enable=YES
ssl_enable=YES
force_local_logins_ssl=YES
EOF
ftp_with <<EOF
anonymous_enable=YES
local_enable=YES
ssl_enable=YES
force_local_logins_ssl=YES
EOF
serve in.tftpd -L -a 127.0.0.69:69 -s "$work/tftp"
sleep 1
for port in 28321 28322 28323 28324 28325; do
	timeout 60 "$program" probe 127.0.0.1 --ports $port --only ftp >facts 2>/dev/null || true
	if timeout 20 curl -s --user anonymous:a@b "ftp://127.0.0.1:$port/" >/dev/null; then listed=false; else listed=true; fi
	same "port $port: a stranger needs a log-in" "$(field resource needs_login)" "$listed"
	# A user that asks for TLS first, and is refused without it.
	words=$(timeout 20 curl -sv --user nobody:none "ftp://127.0.0.1:$port/" 2>&1 || true)
	case $words in *encryption*) encrypted=true ;; *) encrypted=false ;; esac
	same "port $port: the log-in is encrypted" "$(field login_service encrypted)" "$encrypted"
done
for address in 127.0.0.69 127.0.0.68; do
	timeout 60 "$program" probe $address --ports 69 --only tftp >facts 2>/dev/null || true
	given=$(grep -c '"name":"firmware.bin".*"needs_login":false' facts || true)
	if timeout 10 curl -s "tftp://$address/firmware.bin" -o got && [ -s got ]; then wanted=1; else wanted=0; fi
	same "$address gives firmware.bin" "$given" "$wanted"
done
echo "$agree agree, $differ differ"
[ "$differ" -eq 0 ] && [ "$agree" -eq 12 ]
